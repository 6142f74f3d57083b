// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/conformance/suite_offer.h"

#include "gateway_core/api/route/wire.h"
#include "tests/e2e/conformance/suite_content.h"

#include <array>

namespace gatehouse::suite {

namespace {

const std::string kStaticText = "test://static-text";
const std::string kStaticBinary = "test://static-binary";
const std::string kWatched = "test://watched-resource";
const std::string kTemplateStart = "test://template/";
const std::string kTemplateEnd = "/data";

Json entry(const std::string &uri, const char *name, const char *mimeType)
{
    return { { "uri", uri }, { "name", name }, { "description", name }, { "mimeType", mimeType } };
}

Json contents(const std::string &uri, const char *mimeType, const char *kind, std::string value)
{
    return { { "contents",
               Json::array({ { { "uri", uri }, { "mimeType", mimeType }, { kind, std::move(value) } } }) } };
}

/// The id in test://template/{id}/data; nullopt: another address.
std::optional<std::string> templateId(const std::string &uri)
{
    const std::size_t around = kTemplateStart.size() + kTemplateEnd.size();
    if (!uri.starts_with(kTemplateStart) || !uri.ends_with(kTemplateEnd) || uri.size() <= around)
        return std::nullopt;
    return uri.substr(kTemplateStart.size(), uri.size() - around);
}

Json argument(const char *name)
{
    return { { "name", name }, { "description", name }, { "required", true } };
}

Json prompt(const char *name, const char *description, Json arguments = Json::array())
{
    return { { "name", name }, { "description", description }, { "arguments", std::move(arguments) } };
}

} // namespace

SuiteProvider::SuiteProvider(Clock &clock, Secret stateKey)
    : m_clock(clock)
    , m_stateKey(std::move(stateKey))
{
}

Json SuiteProvider::capabilities() const
{
    return { { "tools", { { "listChanged", true } } },
             { "resources", { { "subscribe", true }, { "listChanged", true } } },
             { "prompts", { { "listChanged", true } } },
             { "completions", Json::object() },
             { "logging", Json::object() } };
}

std::string SuiteProvider::instructions(const RouteCaller &) const
{
    return "What the conformance suite wants to find.";
}

Json SuiteProvider::tools(const RouteCaller &) const
{
    Json all = Json::array();
    const auto list = [&all](const std::string &name, const std::string &description,
                             const Json &inputSchema) {
        all.push_back({ { "name", name }, { "description", description }, { "inputSchema", inputSchema } });
    };
    for (const auto &tools : { suiteTools(), suiteRounds(), suiteTasks() }) {
        for (const SuiteTool &tool : tools)
            list(tool.name, tool.description, tool.inputSchema);
    }
    if (m_flipped.contains("tools"))
        list("test_added_tool", "Comes and goes", schemaOf());
    return all;
}

void SuiteProvider::callTool(const McpExchangePtr &exchange)
{
    const std::string name = wire::text(exchange->asked().params, "name");
    for (const auto &tools : { suiteTools(), suiteRounds(), suiteTasks() }) {
        const auto tool = std::ranges::find(tools, name, &SuiteTool::name);
        if (tool != tools.end())
            return tool->use(*this, exchange);
    }
    exchange->fail({ rpc::kInvalidParams, "Unknown tool", nullptr, nullptr });
}

Json SuiteProvider::resources(const RouteCaller &) const
{
    return Json::array({ entry(kStaticText, "A text", "text/plain"),
                         entry(kStaticBinary, "A picture", "image/png"),
                         entry(kWatched, "Something to watch", "text/plain") });
}

Json SuiteProvider::resourceTemplates(const RouteCaller &) const
{
    return Json::array({ { { "uriTemplate", kTemplateStart + "{id}" + kTemplateEnd },
                           { "name", "By id" },
                           { "description", "Data for an id" },
                           { "mimeType", "application/json" } } });
}

void SuiteProvider::readResource(const McpExchangePtr &exchange)
{
    const std::string uri = wire::text(exchange->asked().params, "uri");
    if (uri == kStaticText)
        return exchange->answer(
            contents(uri, "text/plain", "text", "This is the content of the static text resource."));
    if (uri == kStaticBinary)
        return exchange->answer(contents(uri, "image/png", "blob", pngBase64()));
    if (uri == kWatched)
        return exchange->answer(contents(uri, "text/plain", "text", "Watched."));
    if (const auto id = templateId(uri)) {
        const Json data{ { "id", *id }, { "templateTest", true }, { "data", "Data for ID: " + *id } };
        return exchange->answer(contents(uri, "application/json", "text", data.dump()));
    }
    exchange->fail({ rpc::kResourceNotFound, "Resource not found", { { "uri", uri } }, nullptr });
}

bool SuiteProvider::mayWatch(const RouteCaller &, const std::string &uri) const
{
    return uri == kStaticText || uri == kStaticBinary || uri == kWatched || templateId(uri);
}

Json SuiteProvider::prompts(const RouteCaller &) const
{
    Json all = Json::array({ prompt("test_simple_prompt", "Says one thing"),
                             prompt("test_prompt_with_arguments", "Says its arguments",
                                    Json::array({ argument("arg1"), argument("arg2") })),
                             prompt("test_prompt_with_embedded_resource", "Says a resource",
                                    Json::array({ argument("resourceUri") })),
                             prompt("test_prompt_with_image", "Says a picture"),
                             prompt("test_input_required_result_prompt", "Needs input first") });
    if (m_flipped.contains("prompts"))
        all.push_back(prompt("test_added_prompt", "Comes and goes"));
    return all;
}

void SuiteProvider::getPrompt(const McpExchangePtr &exchange)
{
    const Json &params = exchange->asked().params;
    const std::string name = wire::text(params, "name");
    const Json given = params.value("arguments", Json::object());
    if (name == "test_simple_prompt")
        return exchange->answer(messagesOf({ userSays(text("This is a simple prompt for testing.")) }));
    if (name == "test_prompt_with_arguments")
        return exchange->answer(
            messagesOf({ userSays(text("Prompt with arguments: arg1='" + wire::text(given, "arg1")
                                       + "', arg2='" + wire::text(given, "arg2") + "'")) }));
    if (name == "test_prompt_with_embedded_resource")
        return exchange->answer(
            messagesOf({ userSays(embedded(wire::text(given, "resourceUri"), "text/plain",
                                           "Embedded resource content for testing.")),
                         userSays(text("Please process the embedded resource above.")) }));
    if (name == "test_prompt_with_image")
        return exchange->answer(
            messagesOf({ userSays(image()), userSays(text("Please analyze the image above.")) }));
    if (name == "test_input_required_result_prompt")
        return getPromptInRounds(exchange);
    exchange->fail({ rpc::kInvalidParams, "Unknown prompt", nullptr, nullptr });
}

void SuiteProvider::complete(const McpExchangePtr &exchange)
{
    const std::string typed = wire::text(exchange->asked().params.value("argument", Json::object()), "value");
    Json values = Json::array();
    for (const char *known : { "paris", "testing", "tokyo" }) {
        if (std::string_view(known).starts_with(typed))
            values.emplace_back(known);
    }
    const std::size_t total = values.size();
    exchange->answer(
        { { "completion", { { "values", std::move(values) }, { "total", total }, { "hasMore", false } } } });
}

void SuiteProvider::flip(const std::string &list)
{
    if (m_flipped.erase(list) == 0)
        m_flipped.insert(list);
    emit listsChanged();
}

} // namespace gatehouse::suite
