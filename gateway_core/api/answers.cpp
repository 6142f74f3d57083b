// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/answers.h"

namespace gatehouse {

namespace {

constexpr std::string_view kFilters
    = "agent_id:text? client_id:text? tool:text? project_id:text? decision:text? outcome:text? kind:text? "
      "text:text? from:time? to:time?";
constexpr std::string_view kFiltersAndPage
    = "agent_id:text? client_id:text? tool:text? project_id:text? decision:text? outcome:text? kind:text? "
      "text:text? from:time? to:time? limit:int? cursor:text?";
constexpr std::string_view kFiltersOfTheStream
    = "agent_id:text? client_id:text? tool:text? project_id:text? decision:text? outcome:text? kind:text? "
      "text:text? from:time? to:time? last_event_id:text? ticket:text?";
static_assert(kFiltersAndPage.starts_with(kFilters) && kFiltersOfTheStream.starts_with(kFilters),
              "the list and the stream filter alike");

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

constexpr std::array kRows{
    AnswerRow{Method::Get,    "/describe", 200, "text/markdown"},
    AnswerRow{Method::Get,    "/describe/agent", 200, "text/markdown"},
    AnswerRow{Method::Get,    "/describe/owner", 200, "text/markdown"},
    AnswerRow{Method::Get,    "/healthz", 200, "status:text version:text"},
    AnswerRow{Method::Get,    "/readyz", 200, "status:ready/degraded checks:any mode:running/paused/draining"},
    AnswerRow{Method::Get,    "/readyz", 503, "status:unavailable checks:any"},
    AnswerRow{Method::Get,    "/api/v1/meta/capabilities", 200, "name:text version:text protocols:any endpoints:any scopes:text[] tools:any[] routes:any[] limits:any"},
    AnswerRow{Method::Get,    "/api/v1/openapi.json", 200, "any"},
    AnswerRow{Method::Post,   "/api/v1/pairing/redeem", 202, "confirmation_id:text check_number:text expires_at:time"},
    AnswerRow{Method::Post,   "/api/v1/pairing/confirmations/{id}", 200, "token:text client_id:text agent:PairedAgent gateway:PairedGateway"},
    AnswerRow{Method::Post,   "/api/v1/pairing/confirmations/{id}", 202, "confirmation_id:text status:waiting"},
    AnswerRow{Method::Post,   "/api/v1/owner/sign-in", 201, "MintedOwnerToken"},
    AnswerRow{Method::Get,    "/api/v1/agent-session", 200, "agent:Agent client:OwnClient gateway:Gateway projects:GrantedProject[] limits:any"},
    AnswerRow{Method::Post,   "/mcp", 200, "any"},
    AnswerRow{Method::Get,    "/mcp", 200, "text/event-stream"},
    AnswerRow{Method::Delete, "/mcp", 204, ""},
    AnswerRow{Method::Get,    "/.well-known/oauth-protected-resource/mcp", 200, "any"},
    AnswerRow{Method::Get,    "/.well-known/oauth-protected-resource", 200, "any"},
    AnswerRow{Method::Get,    "/.well-known/oauth-authorization-server", 200, "any"},
    AnswerRow{Method::Post,   "/oauth/register", 201, "any"},
    AnswerRow{Method::Get,    "/oauth/authorize", 200, "text/html"},
    AnswerRow{Method::Get,    "/oauth/logins/{page}", 200, "text/html"},
    AnswerRow{Method::Post,   "/oauth/token", 200, "any"},
    AnswerRow{Method::Post,   "/oauth/revoke", 200, "any"},

    AnswerRow{Method::Get,    "/api/v1/status", 200, "Status"},
    AnswerRow{Method::Post,   "/api/v1/step-up", 200, "step_up_token:text expires_at:time"},
    AnswerRow{Method::Delete, "/api/v1/step-up", 204, ""},
    AnswerRow{Method::Post,   "/api/v1/mode", 200, "Status"},
    AnswerRow{Method::Post,   "/api/v1/clock", 200, "Status"},
    AnswerRow{Method::Post,   "/api/v1/stop-everything", 200, "questions_withdrawn:int streams_closed:int clients_revoked:int calls_finished:int quiet_after_ms:int"},
    AnswerRow{Method::Get,    "/api/v1/agents", 200, "agents:Agent[]"},
    AnswerRow{Method::Post,   "/api/v1/agents", 201, "Agent"},
    AnswerRow{Method::Get,    "/api/v1/agents/{id}", 200, "Agent"},
    AnswerRow{Method::Patch,  "/api/v1/agents/{id}", 200, "Agent"},
    AnswerRow{Method::Get,    "/api/v1/agents/{id}/grants", 200, "grants:Grant[]"},
    AnswerRow{Method::Put,    "/api/v1/agents/{id}/grants", 200, "grants:Grant[]"},
    AnswerRow{Method::Delete, "/api/v1/agents/{id}/grants/{grant}", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/agents/{id}/tokens", 200, "tokens:Client[]"},
    AnswerRow{Method::Post,   "/api/v1/agents/{id}/tokens", 201, "MintedClient"},
    AnswerRow{Method::Post,   "/api/v1/agents/{id}/tokens/{token}/rotate", 200, "MintedClient"},
    AnswerRow{Method::Delete, "/api/v1/agents/{id}/tokens/{token}", 204, ""},
    AnswerRow{Method::Post,   "/api/v1/pairing/codes", 201, "PairingCode"},
    AnswerRow{Method::Get,    "/api/v1/pairing/codes", 200, "PairingCode"},
    AnswerRow{Method::Delete, "/api/v1/pairing/codes", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/confirmations", 200, "confirmations:Confirmation[]"},
    AnswerRow{Method::Post,   "/api/v1/confirmations/{id}/confirm", 204, ""},
    AnswerRow{Method::Post,   "/api/v1/confirmations/{id}/deny", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/approvals", 200, "approvals:Approval[]"},
    AnswerRow{Method::Get,    "/api/v1/approvals/{id}", 200, "ShownApproval"},
    AnswerRow{Method::Post,   "/api/v1/approvals/{id}/allow", 204, ""},
    AnswerRow{Method::Post,   "/api/v1/approvals/{id}/deny", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/standing-approvals", 200, "standing_approvals:StandingApproval[]"},
    AnswerRow{Method::Delete, "/api/v1/standing-approvals/{id}", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/audit/events", 200, "events:AuditLine[] next_cursor:text~ searched_back_to:time~ searched_percent:int", kFiltersAndPage},
    AnswerRow{Method::Post,   "/api/v1/audit/verify", 200, "sound:bool finding:text bad_row:int~ detail:text restored_row:int~ rows:int first:int last:int vouched_to:int vouched_at:time~ kept_to:int unsigned_from:int~ unsigned_to:int~"},
    AnswerRow{Method::Post,   "/api/v1/audit/export", 201, "folder:text rows:int first:int last:int"},
    AnswerRow{Method::Get,    "/api/v1/audit/retention", 200, "kept_days:int folder:text step:idle/exporting/checking/removing rows:int of:int"},
    AnswerRow{Method::Put,    "/api/v1/audit/retention", 200, "kept_days:int folder:text step:idle/exporting/checking/removing rows:int of:int"},
    AnswerRow{Method::Post,   "/api/v1/audit/accept-restore", 204, ""},
    AnswerRow{Method::Post,   "/api/v1/streams/tickets", 201, "ticket:text expires_at:time"},
    AnswerRow{Method::Get,    "/api/v1/streams/audit", 200, "text/event-stream", kFiltersOfTheStream},
    AnswerRow{Method::Get,    "/api/v1/streams/status", 200, "text/event-stream", "last_event_id:text? ticket:text?"},
    AnswerRow{Method::Get,    "/api/v1/explain", 200, "agent:Agent tool:text project_id:text fields:text[] mode:running/paused/draining verdict:allow/ask/ask_with_pin/refused because:text scope:text scopes:ScopeAnswer[] grants:text steps:ExplainedStep[]", "agent_id:text project_id:text tool:text client_id:text? fields:text?"},
    AnswerRow{Method::Get,    "/api/v1/owner-tokens", 200, "owner_tokens:OwnerToken[] current:text"},
    AnswerRow{Method::Post,   "/api/v1/owner-tokens", 201, "MintedOwnerToken"},
    AnswerRow{Method::Delete, "/api/v1/owner-tokens/{id}", 204, ""},
    AnswerRow{Method::Get,    "/api/v1/connection", 200, "Connection"},
    AnswerRow{Method::Put,    "/api/v1/connection", 200, "Connection"},
    AnswerRow{Method::Post,   "/api/v1/connection/test", 200, "matches:ProjectMatch[] unreadable:any? tasker_url:text"},
    AnswerRow{Method::Get,    "/api/v1/projects", 200, "matches:ProjectMatch[] unreadable:any?", "query:text? limit:int?"},
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

std::span<const AnswerRow> answerRows()
{
    return kRows;
}

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
