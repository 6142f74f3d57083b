// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter.h"

#include "gateway_core/base/identifier.h"
#include "gateway_core/tasker/wire_request.h"

#include <algorithm>
#include <array>

namespace gatehouse::adapter {

namespace {

constexpr std::size_t kIdLimit = 64;
constexpr int kPageLimit = 100;

enum class Parameter { Id, Identifier, Text, Size };

struct QueryParameter
{
    std::string_view name;
    Parameter kind;
    std::size_t limit = 0; ///< bytes of a text
};

// The contract's GET /issues, besides project_id. q: 256 characters of up to 4 bytes.
constexpr std::array kQueryParameters{
    QueryParameter{ "issue_id", Parameter::Id },
    QueryParameter{ "identifier", Parameter::Identifier },
    QueryParameter{ "q", Parameter::Text, 1024 },
    QueryParameter{ "state_group", Parameter::Text, 64 },
    QueryParameter{ "state_id", Parameter::Id },
    QueryParameter{ "priority", Parameter::Text, 64 },
    QueryParameter{ "label_id", Parameter::Id },
    QueryParameter{ "assignee_id", Parameter::Id },
    QueryParameter{ "updated_since", Parameter::Text, 64 },
    QueryParameter{ "limit", Parameter::Size },
    QueryParameter{ "cursor", Parameter::Text, 1024 },
};

bool isUpperOrDigit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isIdCharacter(char c)
{
    return isUpperOrDigit(c) || (c >= 'a' && c <= 'z') || c == '-';
}

tl::unexpected<Error> refusal(std::string_view field, std::string_view problem)
{
    return failure(ErrorCode::ValidationFailed, std::string(field) + ": " + std::string(problem),
                   Json{ { "errors", Json::array({ { { "field", field }, { "problem", problem } } }) } });
}

/// The value as text for the URL, not yet encoded.
Result<std::string> parameterText(const QueryParameter &parameter, const Json &value)
{
    if (parameter.kind == Parameter::Size) {
        if (!value.is_number_integer() || value < 1 || value > kPageLimit)
            return refusal(parameter.name, "not a whole number from 1 to 100");
        return std::to_string(value.get<int>());
    }
    if (!value.is_string())
        return refusal(parameter.name, "not a text");
    const auto &text = value.get_ref<const std::string &>();
    Result<> fits;
    if (parameter.kind == Parameter::Id)
        fits = checkId(text, parameter.name);
    else if (parameter.kind == Parameter::Identifier)
        fits = checkIdentifier(text, parameter.name);
    else if (text.size() > parameter.limit)
        fits = refusal(parameter.name, "too long");
    return fits.map([&] { return text; });
}

Result<TaskerRequest> issueWrite(const char *method, const std::string &issue, const char *what,
                                 const Json &body, Result<Json> (*check)(const Json &))
{
    return checkId(issue, "issue_id").map([&] {
        return TaskerRequest{ method, "/issues/" + issue + what, body, true, {}, check };
    });
}

} // namespace

Result<> checkId(std::string_view id, std::string_view field)
{
    if (id.empty() || id.size() > kIdLimit || !std::all_of(id.begin(), id.end(), isIdCharacter))
        return refusal(field, "not an id");
    return {};
}

Result<> checkIdentifier(std::string_view identifier, std::string_view field)
{
    const auto known = asIdentifier(identifier);
    if (!known || known->whole != identifier)
        return refusal(field, "not an identifier such as ENG-42");
    return {};
}

TaskerRequest resolveProjects(const std::string &query, int limit)
{
    return { "POST", "/projects/resolve", Json{ { "query", query }, { "limit", limit } }, false,
             {},     &checkMatches };
}

Result<TaskerRequest> projectContext(const ProjectId &project)
{
    return checkId(project.text(), "project_id").map([&] {
        return TaskerRequest{ "GET",        "/projects/" + project.text() + "/context", nullptr, false, {},
                              &checkContext };
    });
}

Result<TaskerRequest> listIssues(const ProjectId &project, const Json &query)
{
    if (auto good = checkId(project.text(), "project_id"); !good)
        return tl::unexpected(std::move(good).error());
    std::string path = "/issues?project_id=" + project.text();
    for (const auto &[name, value] : query.items()) {
        const auto parameter
            = std::find_if(kQueryParameters.begin(), kQueryParameters.end(),
                           [&wanted = name](const auto &each) { return each.name == wanted; });
        if (parameter == kQueryParameters.end())
            return refusal(percentEncoded(name), "no such filter");
        const auto text = parameterText(*parameter, value);
        if (!text)
            return tl::unexpected(text.error());
        path += '&' + name + '=' + percentEncoded(*text);
    }
    return TaskerRequest{ "GET", std::move(path), nullptr, false, {}, &checkIssuePage };
}

TaskerRequest createIssue(const Json &body)
{
    return { "POST", "/issues", body, true, {}, &checkIssue };
}

Result<TaskerRequest> updateIssue(const std::string &issue, const Json &body)
{
    return issueWrite("PATCH", issue, "", body, &checkIssue);
}

Result<TaskerRequest> moveIssue(const std::string &issue, const Json &body)
{
    return issueWrite("POST", issue, "/move", body, &checkIssue);
}

Result<TaskerRequest> addComment(const std::string &issue, const Json &body)
{
    return issueWrite("POST", issue, "/comments", body, &checkComment);
}

Result<TaskerRequest> setLabels(const std::string &issue, const Json &body)
{
    return issueWrite("PUT", issue, "/labels", body, &checkIssue);
}

Result<TaskerRequest> setAssignees(const std::string &issue, const Json &body)
{
    return issueWrite("PUT", issue, "/assignees", body, &checkIssue);
}

} // namespace gatehouse::adapter
