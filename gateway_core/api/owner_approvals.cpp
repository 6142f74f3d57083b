// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner_approvals.h"

#include "gateway_core/api/owner_caller.h"
#include "gateway_core/api/wire.h"

namespace gatehouse {

OwnerApprovals::OwnerApprovals(Desk &desk, Approvals &approvals)
    : m_desk(desk)
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
    m_desk.preview(approval->id, [shown, reply = call.reply](const Result<Preview> &preview) mutable {
        shown["preview"] = preview ? wire::toJson(*preview) : Json(nullptr);
        shown["preview_problem"] = preview ? Json(nullptr) : Json(nameOf(preview.error().code));
        reply.ok(std::move(shown));
    });
}

void OwnerApprovals::allow(RouteCall &call)
{
    const Yes yes(reachNamed(wire::text(call.body, "reach")).value_or(Reach::Once),
                  coversNamed(wire::text(call.body, "covers")));
    m_desk.allowCall(ownerOf(call), ApprovalId(call.parameters.front()), yes,
                     [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerApprovals::deny(RouteCall &call)
{
    m_desk.denyCall(ownerOf(call), ApprovalId(call.parameters.front()), wire::text(call.body, "reason"),
                    call.body.value("pause_agent", false),
                    [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerApprovals::standing(RouteCall &call)
{
    Json standing = Json::array();
    for (const StandingYes &yes : m_approvals.standing())
        standing.push_back(wire::toJson(yes));
    call.reply.ok({ { "standing_approvals", std::move(standing) } });
}

void OwnerApprovals::end(RouteCall &call)
{
    m_desk.endYes(ownerOf(call), ApprovalId(call.parameters.front()),
                  [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
