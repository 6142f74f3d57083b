// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/call_line.h"

#include "gateway_core/base/json.h"

#include <array>

namespace gatehouse {

namespace {

constexpr std::array kTold{ "count", "tools", "others", "yes" };

std::string aboutOf(const Json &body)
{
    const auto more = body.find("more");
    if (more == body.end() || !more->is_object())
        return {};
    Json about = Json::object();
    for (const char *name : kTold)
        if (const auto found = more->find(name); found != more->end())
            about[name] = *found;
    return about.empty() ? std::string() : canonicalJson(about);
}

} // namespace

bool isOfACall(const JournalRow &row)
{
    return !row.callId.empty()
        && (row.kind == "call_intent" || row.kind == "call_outcome" || row.kind == "call_refused");
}

CallRow lineOf(const JournalRow &row)
{
    Json body = Json::parse(row.body, nullptr, false);
    if (!body.is_object())
        body
            = Json::object(); // a damaged body is for `verify` to name; the line still shows that it is there
    CallRow line;
    line.seq = row.seq;
    line.at = row.at;
    line.kind = isOfACall(row) ? "call" : row.kind;
    line.callId = row.callId;
    const std::array<std::pair<const char *, std::string *>, 15> fields{ {
        { "agent", &line.agentId },
        { "agent_name", &line.agentName },
        { "client", &line.clientId },
        { "client_name", &line.clientName },
        { "via", &line.via },
        { "tool", &line.tool },
        { "project", &line.projectId },
        { "project_name", &line.projectName },
        { "issue", &line.issue },
        { "title", &line.title },
        { "decision", &line.decision },
        { "outcome", &line.outcome },
        { "transport", &line.transport },
        { "protocol", &line.protocol },
        { "upstream", &line.upstream },
    } };
    for (const auto &[name, field] : fields)
        *field = textAt(body, name);
    if (const auto duration = body.find("duration_ms");
        duration != body.end() && duration->is_number_integer())
        line.durationMs = duration->get<std::int64_t>();
    line.about = aboutOf(body);
    return line;
}

std::string searchTextOf(const CallRow &line)
{
    const std::string kind = line.kind == "call" ? std::string() : line.kind;
    std::string text;
    for (const auto *part : { &kind, &line.tool, &line.agentName, &line.clientName, &line.projectName,
                              &line.issue, &line.title }) {
        if (part->empty())
            continue;
        if (!text.empty())
            text += ' ';
        for (const char byte : *part)
            text += byte == '\n' || byte == '\r' ? ' ' : byte;
    }
    return text;
}

} // namespace gatehouse
