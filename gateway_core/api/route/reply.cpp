// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/reply.h"

#include "gateway_core/api/route/api_log.h"
#include "gateway_core/base/json.h"

#include <iterator>

namespace gatehouse {

namespace {

constexpr int kOurFault = 500; // and above: what an owner may want to look into

Headers commonHeaders(const std::string &requestId)
{
    return { { "cache-control", "no-store" },
             { "x-content-type-options", "nosniff" },
             { "x-request-id", requestId } };
}

void append(Headers &headers, Headers more)
{
    headers.insert(headers.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

HttpResponse jsonAnswer(int status, const Json &body, const std::string &requestId)
{
    HttpResponse answer{ status, commonHeaders(requestId), canonicalJson(body) };
    answer.headers.emplace_back("content-type", "application/json");
    return answer;
}

Reply::Reply(ResponderPtr responder, const HttpRequest &request, RefusalForm form, Failing failing)
    : m_responder(std::move(responder))
    , m_requestId(request.id)
    , m_form(form)
    , m_failing(std::move(failing))
{
}

void Reply::send(int status, const Json &body, Headers more) const
{
    HttpResponse answer = jsonAnswer(status, body, m_requestId);
    append(answer.headers, std::move(more));
    m_responder->send(std::move(answer));
}

void Reply::text(std::string_view mediaType, std::string body) const
{
    HttpResponse answer{ 200, commonHeaders(m_requestId), std::move(body) };
    answer.headers.emplace_back("content-type", std::string(mediaType) + "; charset=utf-8");
    m_responder->send(std::move(answer));
}

void Reply::bare(int status) const
{
    m_responder->send({ status, commonHeaders(m_requestId), {} });
}

void Reply::fail(const Error &error, Headers more) const
{
    HttpResponse answer = m_form(error, m_requestId);
    if (answer.status >= kOurFault)
        qCWarning(lcApi, "request %s: %d %s: %s", m_requestId.c_str(), answer.status,
                  nameOf(error.code).data(), error.detail.c_str());
    else
        qCDebug(lcApi, "request %s: %d %s: %s", m_requestId.c_str(), answer.status, nameOf(error.code).data(),
                error.detail.c_str());
    append(answer.headers, std::move(more));
    if (m_failing)
        m_failing(error, answer);
    m_responder->send(std::move(answer));
}

void Reply::countRefusal(ErrorCode code) const
{
    if (!m_failing)
        return;
    HttpResponse ignored;
    m_failing(Error{ code, {}, nullptr }, ignored);
}

} // namespace gatehouse
