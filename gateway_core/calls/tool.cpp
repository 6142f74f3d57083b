// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/tool.h"

namespace gatehouse {

namespace {

enum class Nullable { OneType, AnyType };

Json shown(Json schema, Nullable nullable)
{
    if (schema.is_array()) {
        for (Json &entry : schema)
            entry = shown(std::move(entry), nullable);
    }
    if (!schema.is_object())
        return schema;
    if (const auto type = schema.find("type"); type != schema.end() && type->is_array()) {
        if (nullable == Nullable::OneType)
            *type = Json(type->front());
        else
            schema.erase(type);
    }
    if (schema.contains("format") && schema["format"].is_string()) // else it is a property of that name
        schema.erase("format");
    for (auto &[name, value] : schema.items())
        value = shown(std::move(value), nullable);
    return schema;
}

} // namespace

Json shownInput(const Tool &tool)
{
    return shown(tool.inputSchema, Nullable::OneType);
}

Json shownOutput(const Tool &tool)
{
    return shown(tool.outputSchema, Nullable::AnyType);
}

Json annotationsOf(const Tool &tool)
{
    // destructiveHint and openWorldHint stay false for writes: with either, Codex refuses to run the
    // tool at all. idempotentHint: a repeat under the same key is the same call.
    return { { "title", tool.title },
             { "readOnlyHint", !tool.writes },
             { "destructiveHint", false },
             { "idempotentHint", true },
             { "openWorldHint", false } };
}

} // namespace gatehouse
