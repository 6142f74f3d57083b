// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_headers.h"
#include "tests/core/api/api_bench.h"

namespace gatehouse::test {

inline constexpr const char *kNewest = "2026-07-28";

/// The `_meta` of a request without a session.
inline Json newMeta(Json capabilities = Json::object(), Json more = Json::object())
{
    more[mcp::kMetaVersion] = kNewest;
    more[mcp::kMetaCapabilities] = std::move(capabilities);
    return more;
}

/// A client of the door that speaks 2026-07-28.
class StatelessClient final
{
public:
    explicit StatelessClient(ApiBench &bench)
        : api(bench)
        , token(bench.agentToken)
    {
    }

    /// A request with the headers that its body asks for; `meta` is added to.
    RecordedPtr ask(const std::string &method, Json params = Json::object(), const Json &id = 1)
    {
        Json meta = newMeta(capabilities);
        if (params.contains("_meta"))
            meta.update(params["_meta"]);
        params["_meta"] = std::move(meta);
        Headers headers{ { "mcp-protocol-version", kNewest }, { "mcp-method", method } };
        for (const char *name : { "name", "uri", "taskId" }) {
            if (method != "completion/complete" && params.contains(name) && params[name].is_string())
                headers.emplace_back("mcp-name", params[name].get<std::string>());
        }
        return post(
            { { "jsonrpc", "2.0" }, { "id", id }, { "method", method }, { "params", std::move(params) } },
            std::move(headers));
    }
    RecordedPtr post(const Json &message, Headers headers)
    {
        headers.emplace_back("accept", "application/json, text/event-stream");
        return api.send({ "POST", "/mcp", token, message.dump(), std::move(headers) });
    }
    RecordedPtr create(const std::string &name = "Engine stalls", Json more = Json::object())
    {
        more["name"] = "tasker_create_issue";
        more["arguments"] = { { "project", "ENG" }, { "name", name } };
        return ask("tools/call", std::move(more), 7);
    }
    /// A create that has to ask the owner, and has got as far as the question.
    RecordedPtr hold(const std::string &name = "Engine stalls", Json more = Json::object())
    {
        api.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto record = create(name, std::move(more));
        if (!api.waitFor([&] { return !api.approvals.open().empty(); }))
            qFatal("the call was not held");
        return record;
    }
    void allow() { answer(true); }
    void deny() { answer(false); }

    ApiBench &api;
    std::string token;
    Json capabilities = Json::object();

private:
    void answer(bool yes)
    {
        const auto open = api.approvals.open();
        if (open.empty())
            qFatal("no question is open");
        bool done = false;
        const auto heard = [&done](const Result<> &) { done = true; };
        if (yes)
            api.approvals.allow(open.front().id, Reach::Once, "test", heard);
        else
            api.approvals.deny(open.front().id, "not today", false, "test", heard);
        if (!api.waitFor([&done] { return done; }))
            qFatal("the answer was not taken");
        api.settle();
    }
};

inline int codeOf(const RecordedPtr &record)
{
    return record->json().value("error", Json::object()).value("code", 0);
}

} // namespace gatehouse::test
