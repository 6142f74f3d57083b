// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/bodies.h"

#include "tests/support/contract_tasker/times.h"

#include <algorithm>
#include <set>
#include <span>

namespace contract {

namespace {

enum class Rule { Text, Id, IdOrNull, Ids, UniqueIds, Priority, Date, DateOrNull, Time, Number, Limit };

struct Field
{
    const char *name;
    Rule rule;
    bool required = false;
    std::size_t least = 0; ///< characters
    std::size_t most = 0;
};

constexpr Field kResolve[]{ { "query", Rule::Text, true, 1, 512 }, { "limit", Rule::Limit } };
constexpr Field kCreate[]{
    { "project_id", Rule::Id, true },
    { "name", Rule::Text, true, 1, 255 },
    { "description_markdown", Rule::Text, false, 0, 65536 },
    { "priority", Rule::Priority },
    { "state_id", Rule::Id },
    { "label_ids", Rule::Ids },
    { "assignee_ids", Rule::Ids },
    { "parent_id", Rule::Id },
    { "start_date", Rule::Date },
    { "target_date", Rule::Date },
};
constexpr Field kUpdate[]{
    { "name", Rule::Text, false, 1, 255 }, { "description_markdown", Rule::Text, false, 0, 65536 },
    { "priority", Rule::Priority },        { "parent_id", Rule::IdOrNull },
    { "start_date", Rule::DateOrNull },    { "target_date", Rule::DateOrNull },
    { "expected_updated_at", Rule::Time },
};
constexpr Field kMove[]{ { "state_id", Rule::Id, true },
                         { "sort_order", Rule::Number },
                         { "expected_updated_at", Rule::Time } };
constexpr Field kComment[]{ { "body_markdown", Rule::Text, true, 1, 65536 } };
constexpr Field kLabels[]{ { "label_ids", Rule::UniqueIds, true }, { "expected_updated_at", Rule::Time } };
constexpr Field kAssignees[]{ { "assignee_ids", Rule::UniqueIds, true },
                              { "expected_updated_at", Rule::Time } };
constexpr std::size_t kIdsLimit = 50;

std::span<const Field> fieldsOf(Body kind)
{
    switch (kind) {
    case Body::Resolve: return kResolve;
    case Body::Create: return kCreate;
    case Body::Update: return kUpdate;
    case Body::Move: return kMove;
    case Body::Comment: return kComment;
    case Body::Labels: return kLabels;
    case Body::Assignees: return kAssignees;
    }
    return {};
}

bool isText(const Json &value)
{
    return value.is_string();
}

std::size_t characters(const std::string &text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool areIds(const Json &value, bool unique)
{
    if (!value.is_array() || value.size() > kIdsLimit || !std::all_of(value.begin(), value.end(), isText))
        return false;
    return !unique || std::set<std::string>(value.begin(), value.end()).size() == value.size();
}

bool fits(const Field &field, const Json &value)
{
    switch (field.rule) {
    case Rule::Text: {
        const auto size = isText(value) ? characters(value.get<std::string>()) : 0;
        return isText(value) && size >= field.least && size <= field.most;
    }
    case Rule::Id: return isText(value);
    case Rule::IdOrNull: return isText(value) || value.is_null();
    case Rule::Ids: return areIds(value, false);
    case Rule::UniqueIds: return areIds(value, true);
    case Rule::Priority: {
        static const std::set<std::string> known{ "none", "low", "medium", "high", "urgent" };
        return isText(value) && known.contains(value.get<std::string>());
    }
    case Rule::Date: return isText(value) && isDate(value.get<std::string>());
    case Rule::DateOrNull: return value.is_null() || (isText(value) && isDate(value.get<std::string>()));
    case Rule::Time: return isText(value) && timeIn(value.get<std::string>());
    case Rule::Number: return value.is_number();
    case Rule::Limit: return value.is_number_integer() && value >= 1 && value <= 50;
    }
    return false;
}

} // namespace

std::optional<std::string> misfitOf(Body kind, const Json &body)
{
    if (!body.is_object() || (kind == Body::Update && body.empty()))
        return "body";
    const auto fields = fieldsOf(kind);
    for (const auto &field : fields) {
        const auto value = body.find(field.name);
        if (value == body.end() ? field.required : !fits(field, *value))
            return field.name;
    }
    for (const auto &[name, value] : body.items()) {
        if (std::none_of(fields.begin(), fields.end(),
                         [&name = name](const Field &field) { return name == field.name; }))
            return name;
    }
    return std::nullopt;
}

} // namespace contract
