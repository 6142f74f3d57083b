// SPDX-License-Identifier: GPL-3.0-or-later
// Query strings and forms of the login routes, with the redirect and the scope that come in them.
#include "gateway_core/api/route/wire.h"
#include "gateway_core/api/oauth/oauth_form.h"
#include "gateway_core/grants/scope.h"
#include "gateway_core/http/message.h"
#include "gateway_core/identity/loopback_redirect.h"
#include "tests/fuzz/promise.h"

#include <QUrl>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::fuzz;

namespace {

void checkScope(std::string_view text)
{
    const auto limit = scopeLimitOf(text);
    if (!limit)
        return;
    const auto again = scopeLimitOf(wire::scopeText(*limit));
    require(again.has_value(), "our own scope text is one");
    constexpr std::int64_t kAll = (std::int64_t{ 1 } << std::size(kScopes)) - 1;
    require(again->value_or(0) == limit->value_or(kAll), "a scope text means what it was made of");
    require((limit->value_or(kAll) & ~kAll) == 0, "no scope beyond ours");
}

void checkRedirect(const std::string &uri, const std::string &other)
{
    if (!isLoopbackRedirect(uri))
        return;
    require(uri.size() <= kRedirectMost && isVisible(uri, kRedirectMost), "a redirect fits a header");
    // The browser behind us reads it with a parser of its own.
    const QUrl url(QString::fromStdString(uri), QUrl::StrictMode);
    if (url.isValid()) {
        const QString host = url.host();
        require(url.scheme() == QLatin1String("http") && url.userInfo().isEmpty() && !url.hasFragment()
                    && (host == QLatin1String("127.0.0.1") || host == QLatin1String("::1")
                        || host == QLatin1String("localhost")),
                "a redirect leads to this machine");
    }
    require(sameRedirect(uri, uri) && sameAddress(uri, uri), "a redirect is the same as itself");
    require(!sameAddress(uri, other) || sameRedirect(uri, other), "one address is one redirect");
    require(!sameRedirect(uri, other) || isLoopbackRedirect(other), "the same as a good one is good");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    const auto fields = FormFields::parse(text);
    if (!fields)
        return 0;
    require(text.size() <= kFormMost, "a form has a bound");
    for (const char *name : { "client_id", "redirect_uri", "scope", "state", "code", "code_verifier",
                              "resource", "refresh_token" })
        require(!hasControl(fields->value(name)), "no control character in a value");
    checkScope(fields->value("scope"));
    checkRedirect(std::string(fields->value("redirect_uri")), std::string(fields->value("state")));
    return 0;
}
