// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/response_schemas.h"

namespace gatehouse {

namespace {

// clang-format off
constexpr std::array kShapes{
    NamedShape{"Error", "error:text message:text details:any request_id:text"},
    NamedShape{"Agent", "id:text display_name:text state:active/paused/retired created_at:time"},
    NamedShape{"Client", "id:text agent_id:text name:text token_tail:text paired_by:text created_at:time expires_at:time last_used_at:time~ crowded_at:time~ revoked_at:time~"},
    NamedShape{"MintedClient", "id:text agent_id:text name:text token_tail:text paired_by:text created_at:time expires_at:time last_used_at:time~ crowded_at:time~ revoked_at:time~ token:text"},
    NamedShape{"OwnerToken", "id:text name:text token_tail:text created_at:time expires_at:time revoked_at:time~"},
    NamedShape{"MintedOwnerToken", "id:text name:text token_tail:text created_at:time expires_at:time revoked_at:time~ token:text"},
    NamedShape{"Grant", "id:text agent_id:text project_id:text project_name:text project_identifier:text scope:text answer:allow/ask/ask_with_pin/off until:time~ revision:int by_approval:bool allowed_until:time~ allowed_covers:text~ allowed_issue:text~ allowed_by:text[]"},
    NamedShape{"Process", "pid:int executable:text folder:text"},
    NamedShape{"Peer", "uid:int unix_socket:bool process:Process parents:Process[]"},
    NamedShape{"PairingCode", "code:text agent_id:text expires_at:time command:text"},
    NamedShape{"Confirmation", "id:text check_number:text agent_id:text agent_name:text client_name:text peer:Peer login:bool asks_for:text expires_at:time"},
    NamedShape{"Approval", "id:text call_id:text agent_id:text agent_name:text client_id:text client_name:text tool:text project_id:text project_name:text issue:text title:text with_pin:bool covers:text[] held:bool peer:Peer asked_at:time held_until:time~ expires_at:time"},
    NamedShape{"PreviewField", "name:text before:text after:text"},
    NamedShape{"Preview", "issue:text title:text changed_meanwhile:bool changed:PreviewField[] fields:PreviewField[]"},
    NamedShape{"ShownApproval", "id:text call_id:text agent_id:text agent_name:text client_id:text client_name:text tool:text project_id:text project_name:text issue:text title:text with_pin:bool covers:text[] held:bool peer:Peer asked_at:time held_until:time~ expires_at:time arguments:any preview:Preview~ preview_problem:text~"},
    NamedShape{"StandingApproval", "id:text agent_id:text agent_name:text client_id:text client_name:text tool:text project_id:text project_name:text covers:issue/turn/project issue:text scopes:text[] given_at:time until:time last_used_at:time~ uses:int"},
    NamedShape{"AuditLine", "seq:int at:time kind:text call_id:text agent_id:text agent_name:text client_id:text client_name:text via:text tool:text project_id:text project_name:text issue:text title:text decision:text outcome:text transport:text protocol:text upstream:text duration_ms:int~ refusals:int~ refused_tools:RefusedTool[] allowed_by:GivenYes~ text:text"},
    NamedShape{"GivenYes", "approval_id:text given_at:time"},
    NamedShape{"RefusedTool", "tool:text count:int"},
    NamedShape{"Connection", "tasker_url:text owner_user_id:text owner_email:text ca_file:text configured:bool heard:bool last_error:text~ reason:text~ last_heard_at:time~"},
    NamedShape{"StepUp", "pin_set:bool fresh:bool locked_seconds:int"},
    NamedShape{"Clock", "latest:time wall:time question:none/ahead/behind"},
    NamedShape{"Retention", "step:idle/exporting/checking/removing rows:int of:int"},
    NamedShape{"Crowded", "client_id:text client_name:text agent_name:text crowded_at:time most:int"},
    NamedShape{"Status", "version:text address:text profile:text mode:running/paused/draining mode_reason:text calls_under_way:int approvals_open:int confirmations_open:int recording:bool signing_held:none/rolled_back/key_lost step_up:StepUp clock:Clock retention:Retention versions:any connection:Connection crowded_clients:Crowded[]"},
    NamedShape{"Project", "id:text identifier:text name:text workspace_slug:text? description:text?"},
    NamedShape{"ProjectMatch", "project:Project score:any"},
    NamedShape{"ProjectGrant", "scope:text answer:allow/ask/ask_with_pin until:time~"},
    NamedShape{"GrantedProject", "id:text name:text identifier:text grants:ProjectGrant[]"},
    NamedShape{"OwnClient", "id:text name:text token_tail:text expires_at:time"},
    NamedShape{"Gateway", "name:text version:text mode:running/paused/draining mode_reason:text"},
    NamedShape{"PairedAgent", "id:text display_name:text"},
    NamedShape{"PairedGateway", "name:text version:text mcp_url:text rest_url:text"},
    NamedShape{"ScopeAnswer", "scope:text project:own/of_the_parent answer:off/allow/ask/ask_with_pin"},
    NamedShape{"ExplainedStep", "step:text says:on/ask/stop because:text details:any"},
};

// clang-format on

std::string_view takeUntil(std::string_view &rest, char end)
{
    const std::string_view part = rest.substr(0, rest.find(end));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

bool dropSuffix(std::string_view &type, std::string_view suffix)
{
    if (!type.ends_with(suffix))
        return false;
    type.remove_suffix(suffix.size());
    return true;
}

Json typeSchema(std::string_view type)
{
    if (dropSuffix(type, "~"))
        return { { "anyOf", Json::array({ typeSchema(type), { { "type", "null" } } }) } };
    if (dropSuffix(type, "[]"))
        return { { "type", "array" }, { "items", typeSchema(type) } };
    Json schema = Json::object();
    if (type == "any")
        return schema;
    if (type.front() >= 'A' && type.front() <= 'Z')
        return { { "$ref", "#/components/schemas/" + std::string(type) } };
    if (type == "int" || type == "bool") {
        schema["type"] = type == "int" ? "integer" : "boolean";
    } else {
        schema["type"] = "string";
        if (type == "time")
            schema["format"] = "date-time";
        else if (type != "text")
            for (schema["enum"] = Json::array(); !type.empty();)
                schema["enum"].push_back(takeUntil(type, '/'));
    }
    return schema;
}

} // namespace

std::span<const NamedShape> namedShapes()
{
    return kShapes;
}

Json schemaOf(std::string_view notation)
{
    if (notation.find(':') == std::string_view::npos)
        return typeSchema(notation);
    Json properties = Json::object();
    Json required = Json::array();
    while (!notation.empty()) {
        std::string_view type = takeUntil(notation, ' ');
        const std::string name(takeUntil(type, ':'));
        if (!dropSuffix(type, "?"))
            required.push_back(name);
        properties[name] = typeSchema(type);
    }
    return { { "type", "object" },
             { "properties", std::move(properties) },
             { "required", std::move(required) },
             { "additionalProperties", false } };
}

} // namespace gatehouse
