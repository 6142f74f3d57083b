// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/conformance/suite_content.h"
#include "tests/e2e/conformance/suite_offer.h"

namespace gatehouse::suite {

namespace {

constexpr Millis kStep{ 50 }; // between two notifications, as the scenarios ask

void answerWith(const McpExchangePtr &exchange, std::vector<Json> blocks)
{
    exchange->answer(contentOf(std::move(blocks)));
}

SuiteTool saying(const char *name, const char *description, std::vector<Json> blocks)
{
    return { name, description, schemaOf(),
             [blocks = std::move(blocks)](SuiteProvider &, const McpExchangePtr &exchange) {
                 answerWith(exchange, blocks);
             } };
}

/// Does these one after another, a step of time between them.
void inSteps(SuiteProvider &offer, std::vector<std::function<void()>> acts, std::size_t at = 0)
{
    acts[at]();
    if (at + 1 == acts.size())
        return;
    offer.clock().after(kStep, &offer,
                        [&offer, acts = std::move(acts), at] { inSteps(offer, acts, at + 1); });
}

void log(const McpExchangePtr &exchange, const char *words)
{
    exchange->log(McpLogLevel::Info, "suite", words);
}

void withLogging(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    inSteps(offer,
            { [exchange] { log(exchange, "Tool execution started"); },
              [exchange] { log(exchange, "Tool processing data"); },
              [exchange] {
                  log(exchange, "Tool execution completed");
                  answerWith(exchange, { text("Logged three times.") });
              } });
}

void withProgress(SuiteProvider &offer, const McpExchangePtr &exchange)
{
    inSteps(offer,
            { [exchange] { exchange->progress(0, 100, "begun"); },
              [exchange] { exchange->progress(50, 100, "half way"); },
              [exchange] {
                  exchange->progress(100, 100, "done");
                  answerWith(exchange, { text("Reported three times.") });
              } });
}

void failing(SuiteProvider &, const McpExchangePtr &exchange)
{
    Json result = contentOf({ text("This tool intentionally returns an error for testing") });
    result["isError"] = true;
    exchange->answer(std::move(result));
}

std::function<void(SuiteProvider &, const McpExchangePtr &)> flipping(const char *list)
{
    return [list](SuiteProvider &offer, const McpExchangePtr &exchange) {
        offer.flip(list);
        answerWith(exchange, { text("Changed.") });
    };
}

Json needs(const char *property)
{
    return { { "required", Json::array({ property }) } };
}

Json schema2020()
{
    const Json string{ { "type", "string" } };
    return { { "$schema", "https://json-schema.org/draft/2020-12/schema" },
             { "type", "object" },
             { "$defs",
               { { "address",
                   { { "$anchor", "addressDef" },
                     { "type", "object" },
                     { "properties", { { "street", string }, { "city", string } } } } } } },
             { "properties",
               { { "name", string },
                 { "address", { { "$ref", "#/$defs/address" } } },
                 { "contactMethod", { { "type", "string" }, { "enum", { "phone", "email" } } } },
                 { "phone", string },
                 { "email", string } } },
             { "allOf", Json::array({ { { "anyOf", Json::array({ needs("phone"), needs("email") }) } } }) },
             { "if",
               { { "properties", { { "contactMethod", { { "const", "phone" } } } } },
                 { "required", Json::array({ "contactMethod" }) } } },
             { "then", needs("phone") },
             { "else", needs("email") },
             { "additionalProperties", false } };
}

std::vector<SuiteTool> makeTools()
{
    return {
        saying("test_simple_text", "Answers with text",
               { text("This is a simple text response for testing.") }),
        saying("test_image_content", "Answers with an image", { image() }),
        saying("test_audio_content", "Answers with sound", { audio() }),
        saying(
            "test_embedded_resource", "Answers with a resource",
            { embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.") }),
        saying("test_multiple_content_types", "Answers with text, an image and a resource",
               { text("Multiple content types test:"), image(),
                 embedded("test://mixed-content-resource", "application/json",
                          R"({"test":"data","value":123})") }),
        { "test_tool_with_logging", "Logs three times", schemaOf(), &withLogging },
        { "test_logging_tool", "Logs three times", schemaOf(), &withLogging },
        { "test_tool_with_progress", "Reports progress three times", schemaOf(), &withProgress },
        { "test_error_handling", "Always fails", schemaOf(), &failing },
        { "test_trigger_tool_change", "Changes the list of tools", schemaOf(), flipping("tools") },
        { "test_trigger_prompt_change", "Changes the list of prompts", schemaOf(), flipping("prompts") },
        { "json_schema_2020_12_tool", "Tool with JSON Schema 2020-12 features", schema2020(),
          [](SuiteProvider &, const McpExchangePtr &exchange) { answerWith(exchange, { text("Taken.") }); } },
    };
}

} // namespace

Json schemaOf(Json properties)
{
    Json required = Json::array();
    for (const auto &property : properties.items())
        required.push_back(property.key());
    return { { "type", "object" },
             { "properties", std::move(properties) },
             { "required", std::move(required) },
             { "additionalProperties", false } };
}

std::span<const SuiteTool> suiteTools()
{
    static const std::vector<SuiteTool> tools = makeTools();
    return tools;
}

} // namespace gatehouse::suite
