// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/examples.h"

#include <algorithm>

namespace gatehouse {

namespace {

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
    const RouteExample &shown = route.example;
    if (!shown.isShown)
        return {};
    std::string path(route.path);
    if (!shown.query.empty())
        path.append("?").append(shown.query);
    fill(path, "{id}", agent);
    fill(path, "{agent}", agent);
    fill(path, "{project}", project);
    if (agent.empty()
        && (route.path.find("{id}") != std::string_view::npos || shown.query.starts_with("agent_id=")))
        return {};
    if (route.access == Access::Anyone)
        return get(path, Token::None);
    return send(route.method, path, shown.body);
}

std::string Examples::of(const Tool &tool) const
{
    if (tool.example.empty())
        return {};
    std::string body(tool.example);
    fill(body, "{project}", project);
    return send(Method::Post, "/api/v1/tools/" + std::string(tool.name), body);
}

} // namespace gatehouse
