// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/digest.h"
#include "tests/e2e/conformance/suite_content.h"
#include "tests/e2e/conformance/suite_offer.h"

namespace gatehouse::suite {

namespace {

Json elicit(const char *message, const char *field, const char *type = "string")
{
    return { { "method", "elicitation/create" },
             { "params",
               { { "mode", "form" },
                 { "message", message },
                 { "requestedSchema",
                   { { "type", "object" },
                     { "properties", { { field, { { "type", type } } } } },
                     { "required", Json::array({ field }) } } } } } };
}

Json sample(const char *prompt)
{
    return { { "method", "sampling/createMessage" },
             { "params",
               { { "messages", Json::array({ userSays(text(prompt)) }) }, { "maxTokens", 100 } } } };
}

Json listRoots()
{
    return { { "method", "roots/list" }, { "params", Json::object() } };
}

/// The words and their seal, so that nobody else can have written them.
std::string sealed(const Secret &key, const std::string &words)
{
    return words + "." + hex(hmacSha256(key, words));
}

/// What stands in requestState, "" without one. Where the seal is broken the request fails: nullopt.
std::optional<std::string> unsealed(const Secret &key, const McpExchangePtr &exchange)
{
    const Json state = exchange->asked().params.value("requestState", Json());
    if (state.is_null())
        return std::string();
    if (state.is_string()) {
        std::string words = state.get<std::string>();
        words.resize(std::min(words.find('.'), words.size()));
        if (state == sealed(key, words))
            return words;
    }
    exchange->fail({ rpc::kInvalidParams, "requestState is not ours", nullptr, nullptr });
    return std::nullopt;
}

/// What the client answered, once all that is wanted is there; until then it is asked: nullopt. What it
/// sent beside that is left alone.
std::optional<Json> answersTo(const Json &wanted, const McpExchangePtr &exchange,
                              const std::string &state = {})
{
    const Json given = exchange->asked().params.value("inputResponses", Json::object());
    const auto isObject = [](const Json &answer) { return answer.is_object(); };
    if (!given.is_object() || !std::ranges::all_of(given, isObject)) {
        exchange->fail({ rpc::kInvalidParams, "inputResponses must be objects by name", nullptr, nullptr });
        return std::nullopt;
    }
    const bool complete = std::ranges::all_of(
        wanted.items(), [&given](const auto &want) { return given.contains(want.key()); });
    if (complete)
        return given;
    Json result{ { "resultType", "input_required" }, { "inputRequests", wanted } };
    if (!state.empty())
        result["requestState"] = state;
    exchange->answer(std::move(result));
    return std::nullopt;
}

void finish(const McpExchangePtr &exchange, const std::string &words)
{
    exchange->answer(contentOf({ text(words) }));
}

SuiteTool oneRound(const char *name, Json wanted, const char *words)
{
    return { name, "Needs input once", schemaOf(),
             [wanted = std::move(wanted), words](SuiteProvider &, const McpExchangePtr &exchange) {
                 if (answersTo(wanted, exchange))
                     finish(exchange, words);
             } };
}

/// The same, and its own state has to come back with the answers.
SuiteTool sealedRound(const char *name, Json wanted)
{
    return { name, "Needs input once, and its state back", schemaOf(),
             [wanted = std::move(wanted)](SuiteProvider &offer, const McpExchangePtr &exchange) {
                 const auto state = unsealed(offer.stateKey(), exchange);
                 if (!state || !answersTo(wanted, exchange, sealed(offer.stateKey(), "asked")))
                     return;
                 if (*state == "asked")
                     return finish(exchange, "state-ok");
                 exchange->fail({ rpc::kInvalidParams, "requestState is missing", nullptr, nullptr });
             } };
}

void threeRounds(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    const auto state = unsealed(offer.stateKey(), exchange);
    if (!state)
        return;
    if (*state != "two") {
        const Json name{ { "step1", elicit("Step 1: What is your name?", "name") } };
        if (!answersTo(name, exchange, sealed(offer.stateKey(), "one")))
            return;
    }
    const Json color{ { "step2", elicit("Step 2: What is your favorite color?", "color") } };
    if (answersTo(color, exchange, sealed(offer.stateKey(), "two")))
        finish(exchange, "Thank you.");
}

void whatTheClientCan(SuiteProvider &, const McpExchangePtr &exchange)
{
    Json wanted = Json::object();
    if (exchange->asked().clientCapabilities.contains("elicitation"))
        wanted["name"] = elicit("What is your name?", "name");
    if (exchange->asked().clientCapabilities.contains("sampling"))
        wanted["greeting"] = sample("Generate a greeting");
    if (answersTo(wanted, exchange))
        finish(exchange, "Thank you.");
}

void needsSampling(SuiteProvider &, const McpExchangePtr &exchange)
{
    if (exchange->asked().clientCapabilities.contains("sampling"))
        return finish(exchange, "The client could be asked.");
    exchange->fail({ mcp::kMissingClientCapability,
                     "This needs sampling",
                     { { "requiredCapabilities", { { "sampling", Json::object() } } } },
                     nullptr });
}

std::vector<SuiteTool> makeRounds()
{
    const Json name{ { "user_name", elicit("What is your name?", "name") } };
    const Json confirm{ { "confirm", elicit("Please confirm", "ok", "boolean") } };
    const Json three{ { "user_name", elicit("What is your name?", "name") },
                      { "greeting", sample("Generate a greeting") },
                      { "client_roots", listRoots() } };
    return {
        oneRound("test_input_required_result_elicitation", name, "Hello!"),
        oneRound("test_streaming_elicitation", name, "Hello!"),
        oneRound("test_input_required_result_sampling",
                 { { "capital_question", sample("What is the capital of France?") } }, "So it is."),
        oneRound("test_input_required_result_list_roots", { { "client_roots", listRoots() } }, "Seen."),
        oneRound("confirm_delete", confirm, "Deleted."),
        sealedRound("test_input_required_result_request_state", confirm),
        sealedRound("test_input_required_result_tampered_state", confirm),
        sealedRound("test_input_required_result_multiple_inputs", three),
        { "test_input_required_result_multi_round", "Needs input twice", schemaOf(), &threeRounds },
        { "test_input_required_result_capabilities", "Asks for what the client can do", schemaOf(),
          &whatTheClientCan },
        { "test_missing_capability", "Needs a client that can sample", schemaOf(), &needsSampling },
    };
}

} // namespace

std::span<const SuiteTool> suiteRounds()
{
    static const std::vector<SuiteTool> tools = makeRounds();
    return tools;
}

std::optional<std::string> userName(const McpExchangePtr &exchange)
{
    const auto answers = answersTo({ { "user_name", elicit("What is your name?", "name") } }, exchange);
    if (!answers)
        return std::nullopt;
    return wire::text(answers->at("user_name").value("content", Json::object()), "name");
}

void getPromptInRounds(const McpExchangePtr &exchange)
{
    const Json wanted{ { "user_context", elicit("What context should the prompt use?", "context") } };
    if (answersTo(wanted, exchange))
        exchange->answer(messagesOf({ userSays(text("A prompt with context.")) }));
}

} // namespace gatehouse::suite
