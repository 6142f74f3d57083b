// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/oauth/oauth_form.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/identity/logins.h"

#include <utility>
#include <vector>

namespace gatehouse {

/// The browser's side of an OAuth login: it brings the question and shows where it stands; the answer is
/// given in Gatehouse. Thread: core. The references must outlive it.
class OAuthPages final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OAuthPages(Logins &logins, const Condition &condition);

    /// Asks the owner and sends the browser to the page that waits. An unknown client, a foreign redirect
    /// or a way in from another site: 400 in plain words, and nobody is asked. Else faults go to the
    /// client's redirect (RFC 6749, section 4.1.2.1).
    void authorize(RouteCall &call);
    /// The page that waits, looked at again every two seconds; in the end the way back to the client.
    void wait(RouteCall &call);

private:
    using Parameters = std::vector<std::pair<std::string_view, std::string>>;

    /// The redirect with these parameters, `state` and `iss` (RFC 9207) behind it: the issuer is called what
    /// the browser calls it, which has that from the metadata.
    [[nodiscard]] std::string wayBack(const HttpRequest &request, const std::string &redirect,
                                      const std::string &state, const Parameters &parameters) const;
    void refuse(const RouteCall &call, const AuthorizationRequest &asked, std::string_view word) const;
    [[nodiscard]] std::string_view faultIn(const FormFields &fields, AuthorizationRequest &asked) const;

    Logins &m_logins;
    const Condition &m_condition;
};

} // namespace gatehouse
