// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/route/wire.h"
#include "tests/e2e/conformance/suite_content.h"
#include "tests/e2e/conformance/suite_offer.h"

namespace gatehouse::suite {

namespace {

constexpr Millis kJob{ 1'000 }; // how long a job takes that always fails

void say(const McpExchangePtr &exchange, const std::string &words)
{
    exchange->answer(contentOf({ text(words) }));
}

std::string argument(const McpExchangePtr &exchange, const char *name)
{
    return wire::text(exchange->asked().params.value("arguments", Json::object()), name);
}

void greet(SuiteProvider &, const McpExchangePtr &exchange)
{
    say(exchange, "Hello, " + argument(exchange, "name") + "!");
}

/// A task where the client follows tasks; the client waits where it does not.
void compute(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    const Json arguments = exchange->asked().params.value("arguments", Json::object());
    const Json seconds = arguments.value("seconds", Json(0));
    const Millis time(seconds.is_number() ? static_cast<std::int64_t>(seconds.get<double>() * 1'000) : 0);
    exchange->becomeTask("Computing");
    offer.clock().after(time, &offer, [exchange] { say(exchange, "Computed."); });
}

/// Never without a task. False: the client was told so.
bool becomeTask(const McpExchangePtr &exchange)
{
    if (exchange->becomeTask("Working"))
        return true;
    exchange->fail(mcp::tasksAreNeeded());
    return false;
}

void failToolwise(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    if (!becomeTask(exchange))
        return;
    offer.clock().after(kJob, &offer, [exchange] {
        Json result = contentOf({ text("The job failed.") });
        result["isError"] = true;
        exchange->answer(std::move(result));
    });
}

void failProtocolwise(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    if (!becomeTask(exchange))
        return;
    offer.clock().after(kJob, &offer, [exchange] {
        exchange->fail({ rpc::kInternalError, "The job broke", nullptr, nullptr });
    });
}

void greetInATask(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    const auto name = userName(exchange);
    if (!name || !becomeTask(exchange))
        return;
    offer.clock().after(kJob, &offer, [exchange, name = *name] { say(exchange, "Hello, " + name + "!"); });
}

std::vector<SuiteTool> makeTasks()
{
    const Json name{ { "name", { { "type", "string" } } } };
    const Json seconds{ { "seconds", { { "type", "number" } } } };
    return {
        { "greet", "Greets at once", schemaOf(name), &greet },
        { "slow_compute", "Takes its time", schemaOf(seconds), &compute },
        { "failing_job", "Fails as a tool", schemaOf(), &failToolwise },
        { "protocol_error_job", "Fails as a protocol", schemaOf(), &failProtocolwise },
        { "test_tool_with_task", "Needs a name, then takes its time", schemaOf(), &greetInATask },
    };
}

} // namespace

std::span<const SuiteTool> suiteTasks()
{
    static const std::vector<SuiteTool> tools = makeTasks();
    return tools;
}

} // namespace gatehouse::suite
