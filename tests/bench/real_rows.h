// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/json.h"
#include "gateway_core/storage/records.h"

#include <cstdint>
#include <iterator>
#include <string>

// Journal rows of calls as a Gatehouse at work writes them: every field that such a row has, in its real
// length (bench_retention prints it).
namespace gatehouse::bench {

inline std::string idOf(const char *kind, std::size_t number)
{
    std::string digits = std::to_string(number);
    digits.insert(0, 12 - digits.size(), '0');
    return std::string(kind) + "-4a1c-4f3e-9b60-" + digits;
}

inline std::string agentId(std::size_t number)
{
    return idOf("cae7e9ca", number);
}
inline std::string clientId(std::size_t number)
{
    return idOf("5b092b86", number);
}
inline std::string projectId(std::size_t number)
{
    return idOf("d81b64ac", number);
}

/// The intent or the outcome of a call. A search finds `door` in each, a rare `heron` and so on
/// (bench_calls).
inline JournalRow rowOfCall(bool outcome, std::int64_t call, std::int64_t at)
{
    static const char *const kTools[] = { "tasker_create_issue", "tasker_get_issue", "tasker_list_issues",
                                          "tasker_move_issue", "tasker_set_labels" };
    const auto number = static_cast<std::size_t>(call);
    JournalRow row;
    row.kind = outcome ? "call_outcome" : "call_intent";
    row.callId = idOf("5c0e1f7a", number);
    row.at = at;
    const std::string agent = std::to_string(number % 7);
    const std::string project = std::to_string(number % 40);
    Json body{ { "at", row.at },
               { "kind", row.kind },
               { "call", row.callId },
               { "request", idOf("91d2b8c4", number) },
               { "agent", agentId(number % 7) },
               { "agent_name", "Agent " + agent },
               { "client", clientId(number % 11) },
               { "client_name", "codex on this machine" },
               { "via", "mcp" },
               { "tool", kTools[number % std::size(kTools)] },
               { "project", projectId(number % 40) },
               { "project_name", "Project " + project },
               { "issue", "ENG-" + std::to_string(number % 5000) },
               { "title", call % 50'000 == 17 ? "a rare heron" : "make the door close by itself" },
               { "decision", call % 500 == 0 ? "asked" : "allowed" },
               { "grants", "issues:create=allow@" + std::to_string(number % 90) },
               { "peer",
                 { { "uid", 1000 },
                   { "pid", 40'000 + number % 20'000 },
                   { "socket", "unix" },
                   { "executable", "/usr/bin/gatehouse-mcp" },
                   { "folder", "/home/mira/work/engine" },
                   { "parents",
                     { "/usr/local/lib/node_modules/@openai/codex/bin/codex", "/usr/bin/node",
                       "/usr/bin/bash" } } } } };
    if (outcome) {
        body["outcome"] = call % 1000 == 0 ? "upstream_timeout" : "ok";
        body["duration_ms"] = 40;
        body["transport"] = "200";
        body["protocol"] = "result";
        body["upstream"] = "200";
    } else {
        for (const char *name : { "description", "issue", "labels", "name", "project" })
            body["arguments"][name] = { { "size", 40 + number % 200 }, { "hmac", "9f86d081884c7d65" } };
    }
    row.body = canonicalJson(body);
    return row;
}

} // namespace gatehouse::bench
