// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/examples.h"

#include <algorithm>

namespace gatehouse {

namespace {

/// What the example of a route adds to its path and sends as its body. {agent} and {project} are filled in.
struct Shown
{
    Method method;
    std::string_view path;
    std::string_view query = {};
    std::string_view body = {};
};

// clang-format off
constexpr std::array kShown{
    Shown{Method::Get,   "/describe"},
    Shown{Method::Get,   "/describe/agent"},
    Shown{Method::Get,   "/describe/owner"},
    Shown{Method::Get,   "/healthz"},
    Shown{Method::Get,   "/readyz"},
    Shown{Method::Get,   "/api/v1/meta/capabilities"},
    Shown{Method::Get,   "/api/v1/openapi.json"},
    Shown{Method::Get,   "/api/v1/agent-session"},
    Shown{Method::Get,   "/.well-known/oauth-protected-resource/mcp"},
    Shown{Method::Get,   "/.well-known/oauth-authorization-server"},
    Shown{Method::Get,   "/api/v1/status"},
    Shown{Method::Post,  "/api/v1/step-up", {}, "@-"},
    Shown{Method::Delete, "/api/v1/step-up"},
    Shown{Method::Post,  "/api/v1/mode", {}, R"({"mode":"paused","reason":"lunch"})"},
    Shown{Method::Post,  "/api/v1/stop-everything", {}, "{}"},
    Shown{Method::Get,   "/api/v1/agents"},
    Shown{Method::Post,  "/api/v1/agents", {}, R"({"display_name":"Reviewer"})"},
    Shown{Method::Get,   "/api/v1/agents/{id}"},
    Shown{Method::Patch, "/api/v1/agents/{id}", {}, R"({"state":"paused"})"},
    Shown{Method::Get,   "/api/v1/agents/{id}/grants"},
    Shown{Method::Get,   "/api/v1/agents/{id}/tokens"},
    Shown{Method::Get,   "/api/v1/confirmations"},
    Shown{Method::Get,   "/api/v1/approvals"},
    Shown{Method::Get,   "/api/v1/standing-approvals"},
    Shown{Method::Get,   "/api/v1/audit/events", "limit=10&kind=call"},
    Shown{Method::Post,  "/api/v1/audit/verify", {}, "{}"},
    Shown{Method::Post,  "/api/v1/streams/tickets", {}, R"({"streams":["status"]})"},
    Shown{Method::Get,   "/api/v1/streams/audit", "kind=call"},
    Shown{Method::Get,   "/api/v1/streams/status"},
    Shown{Method::Get,   "/api/v1/explain", "agent_id={agent}&project_id={project}&tool=tasker_create_issue&fields=state,labels"},
    Shown{Method::Get,   "/api/v1/owner-tokens"},
    Shown{Method::Get,   "/api/v1/connection"},
    Shown{Method::Get,   "/api/v1/projects", "query=eng&limit=5"},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kArguments{{
    {"tasker_resolve_project",     R"({"query":"{project}"})"},
    {"tasker_get_project_context", R"({"project":"{project}"})"},
    {"tasker_list_issues",         R"({"project":"{project}","limit":5})"},
    {"tasker_get_issue",           R"({"issue":"{project}-1"})"},
    {"tasker_create_issue",        R"({"project":"{project}","name":"Tried from the command line"})"},
    {"tasker_update_issue",        R"({"issue":"{project}-1","priority":"high"})"},
    {"tasker_move_issue",          R"({"issue":"{project}-1","state":"started"})"},
    {"tasker_add_comment",         R"({"issue":"{project}-1","body_markdown":"Seen."})"},
    {"tasker_set_labels",          R"({"issue":"{project}-1","labels":[]})"},
    {"tasker_set_assignees",       R"({"issue":"{project}-1","assignees":[]})"},
}};
// clang-format on

/// A stream does not end by itself: the example does, with curl's exit code 28.
constexpr std::string_view kStreamFlags = " -N --max-time 3";

void fill(std::string &text, std::string_view name, std::string_view value)
{
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
}

/// Between single quotes of the shell nothing means anything but the quote itself.
std::string quoted(std::string text)
{
    fill(text, "'", "'\\''");
    return '\'' + text + '\'';
}

} // namespace

std::string Examples::get(std::string_view path, Token token) const
{
    return std::string("curl -fsS ") + (token == Token::InFile ? "-H @\"$GATEHOUSE_AUTH\" " : "")
        + quoted(m_origin + std::string(path));
}

std::string Examples::send(Method method, std::string_view path, std::string_view body) const
{
    std::string line = "curl -fsS";
    if (path.starts_with("/api/v1/streams/") && method == Method::Get)
        line += kStreamFlags;
    if (method == Method::Patch || method == Method::Put || method == Method::Delete)
        line.append(" -X ").append(nameOf(method));
    line += " -H @\"$GATEHOUSE_AUTH\"";
    if (!body.empty())
        line.append(" -H 'Content-Type: application/json' -d ")
            .append(body == "@-" ? "@-" : quoted(std::string(body)));
    return line + ' ' + quoted(m_origin + std::string(path));
}

std::string Examples::of(const Route &route) const
{
    const auto shown = std::ranges::find_if(
        kShown, [&](const Shown &row) { return row.method == route.method && row.path == route.path; });
    if (shown == kShown.end())
        return {};
    std::string path(route.path);
    if (!shown->query.empty())
        path.append("?").append(shown->query);
    fill(path, "{id}", agent);
    fill(path, "{agent}", agent);
    fill(path, "{project}", project);
    if (agent.empty()
        && (route.path.find("{id}") != std::string_view::npos || shown->query.starts_with("agent_id=")))
        return {};
    if (route.access == Access::Anyone)
        return get(path, Token::None);
    return send(route.method, path, shown->body);
}

std::string Examples::of(const Tool &tool) const
{
    const auto arguments
        = std::ranges::find(kArguments, tool.name, &std::pair<std::string_view, std::string_view>::first);
    if (arguments == kArguments.end())
        return {};
    std::string body(arguments->second);
    fill(body, "{project}", project);
    return send(Method::Post, "/api/v1/tools/" + std::string(tool.name), body);
}

} // namespace gatehouse
