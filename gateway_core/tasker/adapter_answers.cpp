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

tl::unexpected<Error> misfit(const std::string &where, std::string_view problem)
{
    return failure(ErrorCode::UpstreamInvalidResponse, where + ": " + std::string(problem));
}

Result<Json> trim(const Json &value, const Shape &shape, const std::string &where);

Result<Json> trimList(const Json &value, const Shape &shape, const std::string &where)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
        auto item = trim(value[i], shape, where + '[' + std::to_string(i) + ']');
        if (!item)
            return item;
        list.push_back(*std::move(item));
    }
    return list;
}

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

Result<Json> trim(const Json &value, const Shape &shape, const std::string &where)
{
    if (!value.is_object())
        return misfit(where.empty() ? "answer" : where, "not an object");
    Json kept = Json::object();
    for (const auto &field : shape.fields) {
        const std::string path = (where.empty() ? "" : where + '.') + std::string(field.name);
        const auto found = value.find(field.name);
        // Plane writes null where it has nothing.
        const bool absent = found == value.end() || (found->is_null() && field.kind != Kind::TextOrNull);
        if (absent && field.required)
            return misfit(path, "missing");
        if (absent)
            continue;
        if (!fits(*found, field.kind))
            return misfit(path, "of the wrong type");
        Result<Json> inner = field.kind == Kind::Object ? trim(*found, *field.shape, path)
            : field.kind == Kind::Objects               ? trimList(*found, *field.shape, path)
                                                        : Result<Json>(*found);
        if (!inner)
            return inner;
        kept[std::string(field.name)] = *std::move(inner);
    }
    return kept;
}

} // namespace

Result<Json> checkMatches(const Json &answer)
{
    return trim(answer, kMatches, {});
}

Result<Json> checkContext(const Json &answer)
{
    return trim(answer, kContext, {});
}

Result<Json> checkIssuePage(const Json &answer)
{
    return trim(answer, kPage, {});
}

Result<Json> checkIssue(const Json &answer)
{
    return trim(answer, kIssue, {});
}

Result<Json> checkComment(const Json &answer)
{
    return trim(answer, kComment, {});
}

} // namespace gatehouse::adapter
