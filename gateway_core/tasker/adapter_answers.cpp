// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter.h"

#include <algorithm>
#include <span>

namespace gatehouse::adapter {

namespace {

enum class Kind { Text, TextOrNull, Number, Whole, Flag, Texts, Object, Objects };

struct Shape;

struct Field
{
    std::string_view name;
    Kind kind;
    bool required = false;
    const Shape *shape = nullptr; ///< of Object and of each of Objects
};

struct Shape
{
    std::span<const Field> fields;
};

constexpr bool kRequired = true;

// The schemas of contracts/tasker-adapter.openapi.yaml, in its order.
constexpr Field kProjectFields[]{
    { "id", Kind::Text, kRequired },   { "identifier", Kind::Text, kRequired },
    { "name", Kind::Text, kRequired }, { "workspace_slug", Kind::Text, kRequired },
    { "description", Kind::Text },
};
constexpr Shape kProject{ kProjectFields };
constexpr Field kStateFields[]{
    { "id", Kind::Text, kRequired }, { "name", Kind::Text, kRequired }, { "group", Kind::Text, kRequired },
    { "color", Kind::Text },         { "sequence", Kind::Number },      { "default", Kind::Flag },
};
constexpr Shape kState{ kStateFields };
constexpr Field kLabelFields[]{ { "id", Kind::Text, kRequired },
                                { "name", Kind::Text, kRequired },
                                { "color", Kind::Text } };
constexpr Shape kLabel{ kLabelFields };
constexpr Field kMemberFields[]{ { "id", Kind::Text, kRequired },
                                 { "display_name", Kind::Text, kRequired },
                                 { "kind", Kind::Text } };
constexpr Shape kMember{ kMemberFields };
constexpr Field kContextFields[]{
    { "project", Kind::Object, kRequired, &kProject },
    { "states", Kind::Objects, kRequired, &kState },
    { "labels", Kind::Objects, kRequired, &kLabel },
    { "members", Kind::Objects, kRequired, &kMember },
};
constexpr Shape kContext{ kContextFields };
constexpr Field kIssueFields[]{
    { "id", Kind::Text, kRequired },
    { "project_id", Kind::Text, kRequired },
    { "sequence_id", Kind::Whole, kRequired },
    { "identifier", Kind::Text, kRequired },
    { "name", Kind::Text, kRequired },
    { "description_markdown", Kind::Text },
    { "priority", Kind::Text, kRequired },
    { "state", Kind::Object, kRequired, &kState },
    { "label_ids", Kind::Texts, kRequired },
    { "assignee_ids", Kind::Texts, kRequired },
    { "parent_id", Kind::TextOrNull },
    { "start_date", Kind::TextOrNull },
    { "target_date", Kind::TextOrNull },
    { "created_by", Kind::Text },
    { "url", Kind::Text },
    { "created_at", Kind::Text, kRequired },
    { "updated_at", Kind::Text, kRequired },
};
constexpr Shape kIssue{ kIssueFields };
constexpr Field kPageFields[]{
    { "items", Kind::Objects, kRequired, &kIssue },
    { "next_cursor", Kind::TextOrNull, kRequired },
    { "total", Kind::Whole },
};
constexpr Shape kPage{ kPageFields };
constexpr Field kMatchFields[]{ { "project", Kind::Object, kRequired, &kProject },
                                { "score", Kind::Number, kRequired } };
constexpr Shape kMatch{ kMatchFields };
constexpr Field kMatchesFields[]{ { "matches", Kind::Objects, kRequired, &kMatch } };
constexpr Shape kMatches{ kMatchesFields };
constexpr Field kCommentFields[]{
    { "id", Kind::Text, kRequired },
    { "issue_id", Kind::Text, kRequired },
    { "body_markdown", Kind::Text, kRequired },
    { "created_by", Kind::Text, kRequired },
    { "created_at", Kind::Text, kRequired },
};
constexpr Shape kComment{ kCommentFields };

/// Where a value is not as the contract has it, from the value that is being looked at.
struct Misfit
{
    std::string field; ///< empty: the value itself
    std::string_view problem;
};
using Trimmed = tl::expected<Json, Misfit>;

constexpr std::size_t kRowsNamed = 100; ///< the contract's largest page
constexpr std::size_t kWordLimit = 80;

bool fits(const Json &value, Kind kind)
{
    switch (kind) {
    case Kind::Text: return value.is_string();
    case Kind::TextOrNull: return value.is_string() || value.is_null();
    case Kind::Number: return value.is_number();
    case Kind::Whole: return value.is_number_integer();
    case Kind::Flag: return value.is_boolean();
    case Kind::Texts:
        return value.is_array()
            && std::all_of(value.begin(), value.end(), [](const Json &each) { return each.is_string(); });
    case Kind::Object: return value.is_object();
    case Kind::Objects: return value.is_array();
    }
    return false;
}

Trimmed trim(const Json &value, const Shape &shape, Json &unreadable);

std::string textIn(const Json &object, const char *field)
{
    const auto found = object.is_object() ? object.find(field) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// How a row that was left out can be found again: its place, and its ids where they are ids.
Json namedRow(std::string_view list, std::size_t place, const Json &row, const Misfit &misfit)
{
    Json named{ { "list", list },
                { "row", place + 1 },
                { "field", misfit.field.empty() ? "row" : misfit.field },
                { "problem", misfit.problem } };
    const Json &thing = row.is_object() && row.contains("project") ? row["project"] : row;
    for (const char *field : { "id", "project_id" }) {
        if (auto id = textIn(thing, field); checkId(id, field))
            named[field] = std::move(id);
    }
    return named;
}

/// The sound rows. One that is not takes nothing but itself away.
Json soundRows(const Json &rows, const Field &field, Json &unreadable)
{
    Json sound = Json::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto row = trim(rows[i], *field.shape, unreadable);
        if (row)
            sound.push_back(*std::move(row));
        else if (unreadable.size() < kRowsNamed)
            unreadable.push_back(namedRow(field.name, i, rows[i], row.error()));
    }
    return sound;
}

Trimmed trim(const Json &value, const Shape &shape, Json &unreadable)
{
    if (!value.is_object())
        return tl::unexpected<Misfit>(Misfit{ {}, "not an object" });
    Json kept = Json::object();
    for (const auto &field : shape.fields) {
        const std::string name(field.name);
        const auto found = value.find(name);
        // Plane writes null where it has nothing.
        const bool absent = found == value.end() || (found->is_null() && field.kind != Kind::TextOrNull);
        if (absent && field.required)
            return tl::unexpected<Misfit>(Misfit{ name, "missing" });
        if (absent)
            continue;
        if (!fits(*found, field.kind))
            return tl::unexpected<Misfit>(Misfit{ name, "of the wrong type" });
        if (field.kind == Kind::Objects) {
            kept[name] = soundRows(*found, field, unreadable);
        } else if (field.kind == Kind::Object) {
            auto inner = trim(*found, *field.shape, unreadable);
            if (!inner)
                return tl::unexpected<Misfit>(
                    Misfit{ name + '.' + inner.error().field, inner.error().problem });
            kept[name] = *std::move(inner);
        } else {
            kept[name] = *found;
        }
    }
    return kept;
}

bool isWord(const Json &value)
{
    if (!value.is_string())
        return false;
    const auto &text = value.get_ref<const std::string &>();
    return !text.empty() && text.size() <= kWordLimit && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c == ' ';
    });
}

/// What an earlier check() left out stays named when its answer is checked again. Nothing in it is
/// believed to be ours: should Tasker send such a member, it gets no further than names and numbers.
Json namedBefore(const Json &answer)
{
    Json named = Json::array();
    const auto before = answer.is_object() ? answer.find(kUnreadable) : answer.end();
    if (before == answer.end() || !before->is_array())
        return named;
    for (const Json &row : *before) {
        const bool good = row.is_object() && row.contains("row") && row["row"].is_number_unsigned()
            && isWord(row.value("list", Json())) && isWord(row.value("field", Json()))
            && isWord(row.value("problem", Json()));
        if (!good || named.size() == kRowsNamed)
            continue;
        Json kept{ { "list", row["list"] },
                   { "row", row["row"] },
                   { "field", row["field"] },
                   { "problem", row["problem"] } };
        for (const char *field : { "id", "project_id" }) {
            if (auto id = textIn(row, field); checkId(id, field))
                kept[field] = std::move(id);
        }
        named.push_back(std::move(kept));
    }
    return named;
}

Result<Json> checked(const Json &answer, const Shape &shape)
{
    Json unreadable = namedBefore(answer);
    auto kept = trim(answer, shape, unreadable);
    if (!kept)
        return unreadableField(kept.error().field, kept.error().problem);
    if (!unreadable.empty())
        (*kept)[kUnreadable] = std::move(unreadable);
    return *std::move(kept);
}

} // namespace

tl::unexpected<Error> unreadableField(const std::string &field, std::string_view problem)
{
    const std::string name = field.empty() ? "answer" : field;
    return failure(ErrorCode::UpstreamInvalidResponse, name + ": " + std::string(problem),
                   { { "field", name } });
}

Result<Json> checkMatches(const Json &answer)
{
    return checked(answer, kMatches);
}

Result<Json> checkContext(const Json &answer)
{
    return checked(answer, kContext);
}

Result<Json> checkIssuePage(const Json &answer)
{
    return checked(answer, kPage);
}

Result<Json> checkIssue(const Json &answer)
{
    return checked(answer, kIssue);
}

Result<Json> checkComment(const Json &answer)
{
    return checked(answer, kComment);
}

} // namespace gatehouse::adapter
