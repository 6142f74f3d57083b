// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/openapi.h"

#include "gateway_core/api/documents/response_schemas.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/tool.h"

#include <algorithm>
#include <cctype>

namespace gatehouse {

namespace {

constexpr std::string_view kSchemas = "#/components/schemas/";

Json jsonContent(Json schema)
{
    return { { "application/json", { { "schema", std::move(schema) } } } };
}

Json errorAnswers()
{
    return { { "description", "An error, in the one shape that all of them have" },
             { "content", jsonContent({ { "$ref", std::string(kSchemas) + "Error" } }) } };
}

Json answerOf(const RouteResponse &row)
{
    Json answer{ { "description", row.status == 204 ? "Done" : "As the schema says" } };
    const bool isMediaType
        = row.body.find('/') != std::string_view::npos && row.body.find(':') == std::string_view::npos;
    if (isMediaType)
        answer["content"] = { { std::string(row.body), { { "schema", { { "type", "string" } } } } } };
    else if (!row.body.empty())
        answer["content"] = jsonContent(schemaOf(row.body));
    return answer;
}

void addParameters(Json &operation, std::string_view place, const Json &schema)
{
    for (const auto &[name, type] : schema.at("properties").items()) {
        const bool required = std::ranges::count(schema.at("required"), Json(name)) > 0;
        operation["parameters"].push_back(
            { { "name", name }, { "in", place }, { "required", required }, { "schema", type } });
    }
}

/// `/api/v1/agents/{id}` as {id}: a text that is needed.
void addPathParameters(Json &operation, std::string_view path)
{
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
        const auto name = path.substr(open + 1, path.find('}', open) - open - 1);
        addParameters(operation, "path", schemaOf(std::string(name) + ":text"));
    }
}

Json securityOf(Access access)
{
    const Json agent{ { "agent_token", Json::array() } };
    const Json owner{ { "owner_token", Json::array() } };
    switch (access) {
    case Access::Anyone:
    case Access::Ceremony: return Json::array();
    case Access::Agent: return Json::array({ agent });
    case Access::AgentOrOwner: return Json::array({ agent, owner });
    case Access::Owner: return Json::array({ owner });
    case Access::OwnerOrTicket: return Json::array({ owner, { { "ticket", Json::array() } } });
    case Access::OwnerStepUp:
        return Json::array({ { { "owner_token", Json::array() }, { "step_up", Json::array() } } });
    }
    return Json::array();
}

std::string operationId(Method method, std::string_view path)
{
    std::string id;
    for (const char c : nameOf(method))
        id += static_cast<char>(c | 0x20);
    for (const char c : path) {
        if (std::isalnum(static_cast<unsigned char>(c)))
            id += c;
        else if (id.back() != '_')
            id += '_';
    }
    while (id.ends_with('_'))
        id.pop_back();
    return id;
}

Json operationOf(const Route &route)
{
    Json operation{ { "operationId", operationId(route.method, route.path) },
                    { "summary", route.summary },
                    { "security", securityOf(route.access) },
                    { "parameters", Json::array() },
                    { "responses", { { "default", errorAnswers() } } } };
    addPathParameters(operation, route.path);
    for (const RouteResponse &response : route.responses) {
        if (response.status != 0)
            operation["responses"][std::to_string(response.status)] = answerOf(response);
    }
    if (!route.query.empty())
        addParameters(operation, "query", schemaOf(route.query));
    if (!route.bodySchema.empty()) {
        Json schema = Json::parse(route.bodySchema);
        operation["requestBody"]
            = { { "required", schema.contains("required") }, { "content", jsonContent(std::move(schema)) } };
    }
    return operation;
}

Json operationOf(const Route &route, const Tool &tool)
{
    Json operation{
        { "operationId", tool.name },
        { "summary", tool.title },
        { "description", std::string(tool.description) + " Scope: " + std::string(nameOf(tool.scope)) },
        { "security", securityOf(route.access) },
        { "requestBody", { { "required", true }, { "content", jsonContent(tool.inputSchema) } } },
        { "responses",
          { { "200",
              { { "description", "What the tool found or did" },
                { "content", jsonContent(tool.outputSchema) } } },
            { "202",
              { { "description", "approval_pending: the owner is asked; repeat the very same call" },
                { "content", jsonContent({ { "$ref", std::string(kSchemas) + "Error" } }) } } },
            { "default", errorAnswers() } } }
    };
    operation["parameters"] = Json::array(
        { { { "name", "Idempotency-Key" },
            { "in", "header" },
            { "required", false },
            { "description", "The same key with the same body is the same call" },
            { "schema", { { "type", "string" }, { "minLength", 1 }, { "maxLength", 255 } } } } });
    return operation;
}

/// The named shapes that `text` refers to, and those that they refer to.
void addSchemas(Json &schemas, const std::string &text)
{
    for (const NamedShape &shape : namedShapes()) {
        const std::string name(shape.name);
        const std::string reference = '"' + std::string(kSchemas) + name + '"';
        if (schemas.contains(name) || text.find(reference) == std::string::npos)
            continue;
        schemas[name] = schemaOf(shape.fields);
        addSchemas(schemas, schemas[name].dump());
    }
}

Json securitySchemes(Audience audience)
{
    if (audience == Audience::Agent)
        return {
            { "agent_token",
              { { "type", "http" }, { "scheme", "bearer" }, { "description", "gh_a_…, by pairing" } } }
        };
    return { { "owner_token",
               { { "type", "http" },
                 { "scheme", "bearer" },
                 { "description", "gh_o_…, made in the window or by sign-in" } } },
             { "step_up", { { "type", "apiKey" }, { "in", "header" }, { "name", "X-Step-Up-Token" } } },
             { "ticket", { { "type", "apiKey" }, { "in", "query" }, { "name", "ticket" } } } };
}

/// Each document names only the schemes that it explains.
void keepKnownSchemes(Json &operation, const Json &schemes)
{
    Json known = Json::array();
    for (const Json &alternative : operation["security"]) {
        if (std::ranges::all_of(alternative.items(),
                                [&](const auto &scheme) { return schemes.contains(scheme.key()); }))
            known.push_back(alternative);
    }
    operation["security"] = std::move(known);
}

} // namespace

std::vector<const Route *> routesFor(const RouteTable &table, Audience audience)
{
    std::vector<const Route *> routes;
    for (const Route *route : table.routes()) {
        const bool forBoth = route->kind == Kind::Probe || route->access == Access::AgentOrOwner;
        // The owner signs in without a token.
        const bool forOwner = isOfTheOwner(route->access) || route->path.starts_with("/api/v1/owner/");
        if (forBoth || forOwner == (audience == Audience::Owner))
            routes.push_back(route);
    }
    return routes;
}

Json openApi(Audience audience, const RouteTable &table, const ToolCatalogue &catalogue,
             const Condition &condition)
{
    const Json schemes = securitySchemes(audience);
    Json paths = Json::object();
    const auto add = [&](std::string_view path, Method method, Json operation) {
        keepKnownSchemes(operation, schemes);
        std::string name;
        for (const char c : nameOf(method))
            name += static_cast<char>(c | 0x20);
        paths[std::string(path)][name] = std::move(operation);
    };
    for (const Route *route : routesFor(table, audience)) {
        if (route->path != kToolPath) {
            add(route->path, route->method, operationOf(*route));
            continue;
        }
        for (const Tool *tool : catalogue.tools())
            add("/api/v1/tools/" + std::string(tool->name), route->method, operationOf(*route, *tool));
    }
    Json schemas = Json::object();
    addSchemas(schemas, paths.dump());
    const bool forAgents = audience == Audience::Agent;
    return { { "openapi", "3.1.0" },
             { "info",
               { { "title", forAgents ? "Gatehouse, for agents" : "Gatehouse, for its owner" },
                 { "version", condition.version },
                 { "description",
                   forAgents ? "GET /describe/agent says how to work with it"
                             : "GET /describe/owner says how to work with it" } } },
             { "servers", Json::array({ { { "url", condition.origin } } }) },
             { "paths", std::move(paths) },
             { "components", { { "schemas", std::move(schemas) }, { "securitySchemes", schemes } } } };
}

} // namespace gatehouse
