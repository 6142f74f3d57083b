// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_approvals.h"

#include "gateway_core/api/owner/owner_caller.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerApprovals::routes()
{
    // clang-format off
    static constexpr std::string_view kAllowCall = R"({
  "type":"object","additionalProperties":false,"properties":{
    "reach":{"enum":["once","15m","1h","8h"]},
    "covers":{"enum":["issue","turn","project"]}}})";
    static constexpr std::string_view kDenyCall = R"({
  "type":"object","additionalProperties":false,"properties":{
    "reason":{"type":"string","maxLength":500},
    "pause_agent":{"type":"boolean"}}})";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/api/v1/approvals", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Calls that wait for an answer",
               .answer = to<&OwnerApprovals::list>,
               .responses = {{ { 200, "approvals:Approval[]" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/api/v1/approvals/{id}", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "One of them, with what it would write",
               .answer = to<&OwnerApprovals::show>,
               .responses = {{ { 200, "ShownApproval" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/approvals/{id}/allow", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Allow it",
               .answer = to<&OwnerApprovals::allow>, .bodySchema = kAllowCall,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/approvals/{id}/deny", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Deny it",
               .answer = to<&OwnerApprovals::deny>, .bodySchema = kDenyCall,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/standing-approvals", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The yeses that last for a time",
               .answer = to<&OwnerApprovals::standing>,
               .responses = {{ { 200, "standing_approvals:StandingApproval[]" } }},
               .example = { true } },
        Route{ .method = Method::Delete, .path = "/api/v1/standing-approvals/{id}", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "End one now",
               .answer = to<&OwnerApprovals::end>,
               .responses = {{ { 204, "" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerApprovals>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerApprovals::OwnerApprovals(OwnerService &owner, Approvals &approvals)
    : m_owner(owner)
    , m_approvals(approvals)
{
}

void OwnerApprovals::list(RouteCall &call)
{
    Json open = Json::array();
    for (const Approval &approval : m_approvals.open())
        open.push_back(wire::toJson(approval));
    call.reply.ok({ { "approvals", std::move(open) } });
}

void OwnerApprovals::show(RouteCall &call)
{
    const auto approval = m_approvals.find(ApprovalId(call.parameters.front()));
    if (!approval)
        return call.reply.fail(ErrorCode::NotFound);
    Json shown = wire::toJson(*approval);
    shown["arguments"] = approval->asked.arguments;
    m_owner.preview(approval->id, [shown, reply = call.reply](const Result<Preview> &preview) mutable {
        shown["preview"] = preview ? wire::toJson(*preview) : Json(nullptr);
        shown["preview_problem"] = preview ? Json(nullptr) : Json(nameOf(preview.error().code));
        reply.ok(std::move(shown));
    });
}

void OwnerApprovals::allow(RouteCall &call)
{
    const Yes yes(reachNamed(wire::text(call.body, "reach")).value_or(Reach::Once),
                  coversNamed(wire::text(call.body, "covers")));
    m_owner.allowCall(ownerOf(call), ApprovalId(call.parameters.front()), yes,
                      [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerApprovals::deny(RouteCall &call)
{
    m_owner.denyCall(ownerOf(call), ApprovalId(call.parameters.front()), wire::text(call.body, "reason"),
                     call.body.value("pause_agent", false),
                     [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerApprovals::standing(RouteCall &call)
{
    Json standing = Json::array();
    for (const TimedApproval &yes : m_approvals.standing())
        standing.push_back(wire::toJson(yes));
    call.reply.ok({ { "standing_approvals", std::move(standing) } });
}

void OwnerApprovals::end(RouteCall &call)
{
    m_owner.endYes(ownerOf(call), ApprovalId(call.parameters.front()),
                   [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
