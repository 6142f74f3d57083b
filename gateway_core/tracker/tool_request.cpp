// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/tracker/list_cursor.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr const char *kOwnFields[]
    = { "name", "description_markdown", "priority", "start_date", "target_date" };

bool isName(const Json &reference)
{
    return reference.is_string() && !isUuid(reference.get_ref<const std::string &>());
}

bool anyName(const Json &arguments, const char *field)
{
    const auto list = arguments.find(field);
    return list != arguments.end() && std::ranges::any_of(*list, &isName);
}

/// The value as the only one of a list, so that one look-up serves both.
Result<std::string> oneId(const Json &context, const char *list, const Json &reference,
                          const std::string &field)
{
    const auto ids = idsOf(context, list, Json::array({ reference }), field);
    if (!ids)
        return tl::unexpected<Error>(ids.error());
    return ids->front();
}

void expectUnchanged(const RequestInputs &inputs, Json &body)
{
    if (inputs.issue.is_object())
        body["expected_updated_at"] = inputs.issue.at("updated_at");
}

std::string issueIdOf(const RequestInputs &inputs)
{
    return inputs.issue.is_object() ? inputs.issue.at("id").get<std::string>()
                                    : inputs.arguments.at("issue").get<std::string>();
}

Json ownFields(const RequestInputs &inputs)
{
    Json body = Json::object();
    for (const char *field : kOwnFields) {
        if (const auto value = inputs.arguments.find(field); value != inputs.arguments.end())
            body[field] = *value;
    }
    if (const auto parent = inputs.arguments.find("parent"); parent != inputs.arguments.end())
        body["parent_id"] = parent->is_null() ? Json(nullptr) : Json(inputs.parentId);
    return body;
}

Result<TaskerRequest> create(const RequestInputs &inputs)
{
    Json body = ownFields(inputs);
    body["project_id"] = inputs.project.text();
    if (inputs.arguments.contains("state")) {
        const auto id = stateId(inputs.context, inputs.arguments.at("state").get<std::string>());
        if (!id)
            return tl::unexpected<Error>(id.error());
        body["state_id"] = *id;
    }
    for (const auto &[field, list, target] : { std::tuple("labels", "labels", "label_ids"),
                                               std::tuple("assignees", "members", "assignee_ids") }) {
        if (!inputs.arguments.contains(field))
            continue;
        const auto ids = idsOf(inputs.context, list, inputs.arguments.at(field), field);
        if (!ids)
            return tl::unexpected<Error>(ids.error());
        body[target] = *ids;
    }
    return adapter::createIssue(body);
}

Result<TaskerRequest> update(const RequestInputs &inputs)
{
    Json body = ownFields(inputs);
    expectUnchanged(inputs, body);
    return adapter::updateIssue(issueIdOf(inputs), body);
}

Result<TaskerRequest> move(const RequestInputs &inputs)
{
    const auto id = stateId(inputs.context, inputs.arguments.at("state").get<std::string>());
    if (!id)
        return tl::unexpected<Error>(id.error());
    Json body{ { "state_id", *id } };
    if (inputs.arguments.contains("sort_order"))
        body["sort_order"] = inputs.arguments.at("sort_order");
    expectUnchanged(inputs, body);
    return adapter::moveIssue(issueIdOf(inputs), body);
}

/// The whole new list: `whole` as given, or the issue's present one with `add` and without `remove`.
Result<std::vector<std::string>> newList(const RequestInputs &inputs, const char *whole, const char *list,
                                         const char *present)
{
    if (inputs.arguments.contains(whole))
        return idsOf(inputs.context, list, inputs.arguments.at(whole), whole);
    auto ids = inputs.issue.at(present).get<std::vector<std::string>>();
    const auto add = idsOf(inputs.context, list, inputs.arguments.value("add", Json::array()), "add");
    if (!add)
        return tl::unexpected<Error>(add.error());
    const auto remove
        = idsOf(inputs.context, list, inputs.arguments.value("remove", Json::array()), "remove");
    if (!remove)
        return tl::unexpected<Error>(remove.error());
    for (const auto &id : *add) {
        if (std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    }
    std::erase_if(ids, [&remove](const auto &id) { return std::ranges::find(*remove, id) != remove->end(); });
    return ids;
}

Result<TaskerRequest> setLabels(const RequestInputs &inputs)
{
    const auto ids = newList(inputs, "labels", "labels", "label_ids");
    if (!ids)
        return tl::unexpected<Error>(ids.error());
    Json body{ { "label_ids", *ids } };
    expectUnchanged(inputs, body);
    return adapter::setLabels(issueIdOf(inputs), body);
}

Result<TaskerRequest> setAssignees(const RequestInputs &inputs)
{
    const auto ids = newList(inputs, "assignees", "members", "assignee_ids");
    if (!ids)
        return tl::unexpected<Error>(ids.error());
    Json body{ { "assignee_ids", *ids } };
    expectUnchanged(inputs, body);
    return adapter::setAssignees(issueIdOf(inputs), body);
}

Result<TaskerRequest> list(const RequestInputs &inputs)
{
    const Json &given = inputs.arguments;
    const ListCursor cursor = readCursor(given.value("cursor", std::string()), given.value("limit", 25));
    Json query{ { "limit", cursor.limit } };
    if (!cursor.tasker.empty())
        query["cursor"] = cursor.tasker;
    for (const auto &[field, name] : { std::pair("query", "q"), std::pair("priority", "priority"),
                                       std::pair("updated_since", "updated_since") }) {
        if (given.contains(field))
            query[name] = given.at(field);
    }
    if (const auto state = given.value("state", std::string()); isStateGroup(state)) {
        query["state_group"] = state;
    } else if (!state.empty()) {
        const auto id = stateId(inputs.context, state);
        if (!id)
            return tl::unexpected<Error>(id.error());
        query["state_id"] = *id;
    }
    for (const auto &[field, from, name] :
         { std::tuple("label", "labels", "label_id"), std::tuple("assignee", "members", "assignee_id") }) {
        if (!given.contains(field))
            continue;
        const auto id = oneId(inputs.context, from, given.at(field), field);
        if (!id)
            return tl::unexpected<Error>(id.error());
        query[name] = *id;
    }
    return adapter::listIssues(inputs.project, query);
}

Result<TaskerRequest> readIssue(const RequestInputs &inputs)
{
    const auto text = inputs.arguments.at("issue").get<std::string>();
    const auto identifier = asIdentifier(text);
    const Json query
        = identifier ? Json{ { "identifier", identifier->whole } } : Json{ { "issue_id", text } };
    return adapter::listIssues(inputs.project, query);
}

Result<TaskerRequest> resolve(const RequestInputs &inputs)
{
    // All that Tasker gives: most of it may be filtered out again before the agent's own limit counts.
    return adapter::resolveProjects(inputs.arguments.at("query").get<std::string>(), 50);
}

struct Maker
{
    std::string_view tool;
    Result<TaskerRequest> (*make)(const RequestInputs &inputs);
};

constexpr Maker kMakers[] = {
    { "tasker_resolve_project", &resolve },
    { "tasker_get_project_context",
      [](const RequestInputs &inputs) { return adapter::projectContext(inputs.project); } },
    { "tasker_list_issues", &list },
    { "tasker_get_issue", &readIssue },
    { "tasker_create_issue", &create },
    { "tasker_update_issue", &update },
    { "tasker_move_issue", &move },
    { "tasker_add_comment",
      [](const RequestInputs &inputs) {
          return adapter::addComment(issueIdOf(inputs),
                                     { { "body_markdown", inputs.arguments.at("body_markdown") } });
      } },
    { "tasker_set_labels", &setLabels },
    { "tasker_set_assignees", &setAssignees },
};

} // namespace

Lookups lookupsOf(const Tool &tool, const Json &arguments)
{
    Lookups looks;
    for (const char *field : { "labels", "assignees", "add", "remove" })
        looks.context = looks.context || anyName(arguments, field);
    for (const char *field : { "label", "assignee" })
        looks.context = looks.context || (arguments.contains(field) && isName(arguments.at(field)));
    if (arguments.contains("state") && isName(arguments.at("state")))
        looks.context |= tool.writes || !isStateGroup(arguments.at("state").get_ref<const std::string &>());
    if (tool.writes && arguments.contains("issue")) {
        const bool byIdentifier
            = asIdentifier(arguments.at("issue").get_ref<const std::string &>()).has_value();
        looks.issue = byIdentifier || arguments.contains("add") || arguments.contains("remove");
    }
    looks.parent = arguments.contains("parent") && arguments.at("parent").is_string();
    return looks;
}

Result<TaskerRequest> requestOf(const RequestInputs &inputs)
{
    for (const Maker &maker : kMakers) {
        if (maker.tool != inputs.tool.name)
            continue;
        auto request = maker.make(inputs);
        if (request)
            request->isWrite = inputs.tool.writes;
        return request;
    }
    return failure(ErrorCode::Internal, "no request for " + std::string(inputs.tool.name));
}

} // namespace gatehouse
