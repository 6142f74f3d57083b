// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/oauth/oauth_page.h"

#include "gateway_core/base/digest.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.25rem; font-weight: 600 }
.number { font: 600 2.5rem/1.2 ui-monospace, monospace; letter-spacing: .15em }
)";

/// The style is ours if it hashes to this (CSP level 3, section 2.3.1); nothing else may apply.
std::string policy()
{
    std::string hash = base64Url(sha256({ kStyle }));
    std::ranges::replace(hash, '-', '+');
    std::ranges::replace(hash, '_', '/');
    return "default-src 'none'; style-src 'sha256-" + hash
        + "='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

Headers pageHeaders(const std::string &requestId)
{
    static const std::string kPolicy = policy();
    return { { "cache-control", "no-store" },      { "content-security-policy", kPolicy },
             { "referrer-policy", "no-referrer" }, { "x-content-type-options", "nosniff" },
             { "x-frame-options", "DENY" },        { "cross-origin-opener-policy", "same-origin" },
             { "x-request-id", requestId } };
}

} // namespace

std::string htmlEscaped(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

HttpResponse pageAnswer(int status, const LoginPage &page, const std::string &requestId)
{
    std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">";
    if (!page.refreshTo.empty())
        html += "<meta http-equiv=\"refresh\" content=\"2;url=" + htmlEscaped(page.refreshTo) + "\">";
    html += "<title>Gatehouse</title><style>";
    html += kStyle;
    html += "</style></head><body><main><h1>" + htmlEscaped(page.title) + "</h1>";
    if (!page.number.empty())
        html += "<p class=\"number\">" + htmlEscaped(page.number) + "</p>";
    for (const std::string &line : page.lines)
        html += "<p>" + htmlEscaped(line) + "</p>";
    html += "</main></body></html>\n";

    HttpResponse answer{ status, pageHeaders(requestId), std::move(html) };
    answer.headers.emplace_back("content-type", "text/html; charset=utf-8");
    return answer;
}

HttpResponse seeOther(const std::string &address, const std::string &requestId)
{
    HttpResponse answer{ 303, pageHeaders(requestId), {} };
    answer.headers.emplace_back("location", address);
    return answer;
}

} // namespace gatehouse
