// SPDX-License-Identifier: GPL-3.0-or-later
// A tool's arguments, from the schema to the bytes that go to Tasker. The first byte chooses the tool.
#include "gateway_core/base/json.h"
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/grants/project_reference.h"
#include "gateway_core/tracker/references.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tasker/wire_request.h"
#include "tests/fuzz/promise.h"

#include <algorithm>
#include <array>
#include <set>

using namespace gatehouse;
using namespace gatehouse::fuzz;

namespace {

const ToolCatalogue kCatalogue{ { trackerTools() } };

const std::string kIssueId = "8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3c001";
const AgentId kAgent{ "agent" };

const Json &context()
{
    static const Json made{
        { "project", { { "id", "p1" }, { "identifier", "ENG" } } },
        { "states",
          { { { "id", "s1" }, { "name", "Todo" }, { "group", "unstarted" }, { "sequence", 1.0 } },
            { { "id", "s2" }, { "name", "Done" }, { "group", "completed" }, { "sequence", 2.0 } } } },
        { "labels", { { { "id", "l1" }, { "name", "bug" } } } },
        { "members", { { { "id", "m1" }, { "display_name", "Ada" } } } },
    };
    return made;
}

const Json &issue()
{
    static const Json made{ { "id", kIssueId },           { "identifier", "ENG-1" },
                            { "project_id", "p1" },       { "label_ids", { "l1" } },
                            { "assignee_ids", { "m1" } }, { "updated_at", "2026-09-01T08:00:00Z" } };
    return made;
}

/// The agent may do everything everywhere, so that any text may be a project.
const Directory &directory()
{
    static const Directory made = [] {
        Directory open;
        Grant grant;
        grant.agent = kAgent;
        grant.project = kEveryProject;
        grant.scope = "issues:read";
        grant.answer = GrantPolicy::Allow;
        open.grants[kAgent][{ grant.project, grant.scope }] = grant;
        return open;
    }();
    return made;
}

bool isPath(std::string_view target)
{
    const std::string_view path = target.substr(0, target.find('?'));
    const bool safe = std::ranges::all_of(target, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-._~/%?&=").find(c) != std::string_view::npos;
    });
    return safe && path.starts_with("/base/") && path.find("..") == std::string_view::npos
        && path.find("//") == std::string_view::npos && path.find('%') == std::string_view::npos
        && std::ranges::count(target, '?') <= 1;
}

/// One request, and nothing that its maker did not mean to be there.
void checkBytes(std::string_view bytes, const TaskerRequest &request)
{
    static const std::set<std::string, std::less<>> kNames{ "Host",
                                                            "Authorization",
                                                            "X-NodeDC-Owner-User-Id",
                                                            "X-NodeDC-Agent-Id",
                                                            "X-NodeDC-Agent-Name",
                                                            "X-Request-Id",
                                                            "traceparent",
                                                            "Idempotency-Key",
                                                            "X-NodeDC-Project-Id",
                                                            "Content-Type",
                                                            "Content-Length",
                                                            "Accept",
                                                            "User-Agent" };
    const std::size_t end = bytes.find("\r\n\r\n");
    require(end != std::string_view::npos, "a head");
    const std::string_view body = bytes.substr(end + 4);
    std::string_view head = bytes.substr(0, end + 2);
    std::set<std::string, std::less<>> seen;
    for (bool first = true; !head.empty(); first = false) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        require(!hasControl(line), "no control character in a line");
        if (first) {
            const std::size_t from = line.find(' ');
            const std::size_t to = line.rfind(' ');
            require(line.substr(0, from) == request.method && line.substr(to) == " HTTP/1.1",
                    "a request line");
            require(isPath(line.substr(from + 1, to - from - 1)), "a path of the contract");
            continue;
        }
        const std::string name(line.substr(0, line.find(':')));
        require(kNames.contains(name) && seen.insert(name).second, "a header of ours, once");
        if (name == "Content-Length")
            require(line == "Content-Length: " + std::to_string(body.size()), "the body's length");
    }
    require(body.empty() || seen.contains("Content-Length"), "a body has a length");
    if (!request.body.is_null())
        require(parseJson(body) == request.body, "the body that was meant");
}

void send(TaskerRequest request, const ProjectId &project, const Json &arguments)
{
    static const Endpoint kEndpoint{ .hostHeader = "tasker.test", .basePath = "/base" };
    static const TaskerTarget kTarget{ "https://tasker.test/base", "owner-1", Secret("credential"), {} };
    request.acting.agentId = kAgent.text();
    const auto name = arguments.find("name"); // any text can be an agent's name
    request.acting.agentName
        = name != arguments.end() && name->is_string() ? name->get<std::string>() : "agent";
    request.acting.requestId = "request-1";
    request.acting.idempotencyKey = "key-1";
    request.acting.project = project;
    if (!checkRequest(request))
        return;
    const WireBytes bytes = wireBytes(kEndpoint, kTarget, request);
    checkBytes({ bytes.bytes().constData(), static_cast<std::size_t>(bytes.bytes().size()) }, request);
}

void follow(const Tool &tool, const Json &arguments)
{
    require(!scopesOf(tool, arguments).empty(), "a call needs a scope");
    ProjectId project("p1");
    if (arguments.contains("project")) {
        const auto named = projectNamed(directory(), kAgent, arguments["project"].get<std::string>(), 0);
        if (named && !named->id.isEmpty())
            project = named->id;
    }
    if (const auto request = adapter::projectContext(project))
        send(*request, project, arguments);
    if (arguments.contains("issue"))
        (void)asIdentifier(arguments["issue"].get<std::string>());

    const Lookups lookups = lookupsOf(tool, arguments);
    const RequestInputs inputs{ tool,
                                arguments,
                                project,
                                lookups.context ? context() : Json(),
                                lookups.issue ? issue() : Json(),
                                lookups.parent ? kIssueId : std::string() };
    if (const auto request = requestOf(inputs))
        send(*request, project, arguments);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const Tool &tool = trackerTools()[data[0] % trackerTools().size()];
    const auto arguments = parseJson(textOf(data + 1, size - 1));
    if (!arguments)
        return 0;
    auto fits = kCatalogue.check(tool, *arguments);
    if (fits)
        fits = checkBeyondSchema(tool, *arguments);
    if (fits) {
        follow(tool, *arguments);
    } else {
        require(fits.error().code == ErrorCode::ValidationFailed, "what does not fit is validation_failed");
        require(!fits.error().details.at("errors").empty(), "and says where");
        (void)canonicalJson(fits.error().details);
    }
    return 0;
}
