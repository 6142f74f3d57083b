// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/refusals.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/oauth/oauth_fault.h"
#include "gateway_core/api/oauth/oauth_page.h"

namespace gatehouse {

namespace {

HttpResponse oauthRefusal(const Error &error, const std::string &requestId)
{
    return oauthAnswer(oauthFaultInFront(error), error, requestId);
}

LoginPage wordsFor(const Error &error)
{
    if (error.code == ErrorCode::HeadersTooLarge)
        return { "Your browser sends too much along",
                 { "Programs on this machine have left more cookies for this address than Gatehouse reads.",
                   "Open the same address in a private window, or remove the cookies of localhost and "
                   "127.0.0.1 in "
                   "your browser, and reload this page." },
                 {},
                 {} };
    const int status = httpStatusOf(error.code);
    if (status == 429 || status >= 500)
        return { "Not now", { std::string(sentenceOf(error.code)), "Reload this page later." }, {}, {} };
    return { "Gatehouse does not take this request",
             { std::string(sentenceOf(error.code)),
               "Start the login again in the program that wants to log in." },
             {},
             {} };
}

HttpResponse pageRefusal(const Error &error, const std::string &requestId)
{
    const HttpResponse plain = errorAnswer(error, requestId);
    HttpResponse page = pageAnswer(plain.status, wordsFor(error), requestId);
    for (const auto &header : plain.headers) {
        if (header.first == "retry-after")
            page.headers.push_back(header);
    }
    return page;
}

} // namespace

RefusalForm refusalFormAt(std::string_view path)
{
    if (path == "/oauth/authorize" || path.starts_with("/oauth/logins/"))
        return &pageRefusal;
    return path.starts_with("/oauth/") ? &oauthRefusal : &errorAnswer;
}

HttpResponse refusalAt(int status, std::string_view reason, std::string_view path,
                       const std::string &requestId)
{
    const Error error{ codeOfStatus(status), {}, { { "reason", reason } } };
    HttpResponse answer = refusalFormAt(path)(error, requestId);
    answer.status = status;
    return answer;
}

} // namespace gatehouse
