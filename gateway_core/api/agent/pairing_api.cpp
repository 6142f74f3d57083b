// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/agent/pairing_api.h"

#include "gateway_core/api/route/wire.h"

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> PairingApi::routes()
{
    // clang-format off
    static constexpr std::string_view kRedeem = R"({
  "type":"object","additionalProperties":false,"required":["code","client_name","nonce"],"properties":{
    "code":{"type":"string","minLength":1,"maxLength":32},
    "client_name":{"type":"string","minLength":1,"maxLength":80},
    "nonce":{"type":"string","minLength":16,"maxLength":128}}})";
    static constexpr std::string_view kAwaitConfirmation = R"({
  "type":"object","additionalProperties":false,"required":["nonce"],"properties":{
    "nonce":{"type":"string","minLength":16,"maxLength":128}}})";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Post, .path = "/api/v1/pairing/redeem", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Spend a pairing code",
               .answer = to<&PairingApi::redeem>, .bodySchema = kRedeem,
               .responses = {{ { 202, "confirmation_id:text check_number:text expires_at:time" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/pairing/confirmations/{id}", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Wait for the owner's yes",
               .answer = to<&PairingApi::await>, .bodySchema = kAwaitConfirmation,
               .responses = {{ { 200, "token:text client_id:text agent:PairedAgent gateway:PairedGateway" }, { 202, "confirmation_id:text status:waiting" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<PairingApi>(kRoutes));
    return kRoutes;
}

PairingApi::PairingApi(Pairing &pairing, const Condition &condition)
    : m_pairing(pairing)
    , m_condition(condition)
{
}

void PairingApi::redeem(RouteCall &call)
{
    const RedeemRequest request{ wire::text(call.body, "code"), wire::text(call.body, "client_name"),
                                 wire::text(call.body, "nonce") };
    m_pairing.redeem(request, call.request.peer->sight(),
                     [reply = call.reply](const Result<Confirmation> &asked) {
                         reply.answer(asked, 202, [](const Confirmation &confirmation) -> Json {
                             return { { "confirmation_id", confirmation.id.text() },
                                      { "check_number", confirmation.checkNumber },
                                      { "expires_at", wire::timeText(confirmation.expiresAt) } };
                         });
                     });
}

void PairingApi::await(RouteCall &call)
{
    const ConfirmationId id(call.parameters.front());
    const Json gateway{ { "name", "gatehouse" },
                        { "version", m_condition.version },
                        { "mcp_url", m_condition.origin + "/mcp" },
                        { "rest_url", m_condition.origin + "/api/v1" } };
    m_pairing.await(
        id, wire::text(call.body, "nonce"),
        [reply = call.reply, id, gateway](const Result<std::optional<PairedClient>> &heard) {
            if (!heard)
                return reply.fail(heard.error());
            if (!*heard)
                return reply.send(202, { { "confirmation_id", id.text() }, { "status", "waiting" } });
            const PairedClient &paired = **heard;
            reply.ok({ { "token", paired.token.text() },
                       { "client_id", paired.client.text() },
                       { "agent", { { "id", paired.agent.text() }, { "display_name", paired.agentName } } },
                       { "gateway", gateway } });
        });
}

} // namespace gatehouse
