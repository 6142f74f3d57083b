// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/oauth/oauth_form.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/identity/logins.h"

namespace gatehouse {

class AccessCheck;

/// The machine's side of an OAuth login (docs/oauth.md): what a client reads and posts by itself.
/// Thread: core. The references must outlive it.
class OAuthApi final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OAuthApi(Logins &logins, AccessCheck &access, Journal &journal, const Condition &condition);

    /// RFC 9728, of the one resource that we are.
    void resource(RouteCall &call);
    /// RFC 8414.
    void server(RouteCall &call);
    /// RFC 7591. 201 with what was kept of it · 400 invalid_redirect_uri | invalid_client_metadata · 503.
    void registerClient(RouteCall &call);
    /// RFC 6749, sections 4.1.3 and 6. 200 · 400 with the RFC's words · 401 invalid_client: registered no
    /// more · 503 for whatever will pass.
    void token(RouteCall &call);
    /// RFC 7009. 200, also for a token that we do not know · 400 · 503.
    void revoke(RouteCall &call);

private:
    [[nodiscard]] std::optional<FormFields> formOf(RouteCall &call) const;
    void exchangeCode(RouteCall &call, const FormFields &form);
    void refresh(RouteCall &call, const FormFields &form);
    [[nodiscard]] std::function<void(const Result<LoginTokens> &)> answering(const RouteCall &call) const;
    [[nodiscard]] std::function<void(const Error &)> failing(const RouteCall &call) const;

    Logins &m_logins;
    AccessCheck &m_access;
    Journal &m_journal;
    const Condition &m_condition;
};

} // namespace gatehouse
