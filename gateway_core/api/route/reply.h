// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <functional>
#include <string>

namespace gatehouse {

/// A JSON answer with the headers that every answer of ours has (no-store, nosniff, X-Request-Id).
[[nodiscard]] HttpResponse jsonAnswer(int status, const Json &body, const std::string &requestId);

/// In what form a failure is told (refusals.h chooses). Pure.
using RefusalForm = HttpResponse (*)(const Error &error, const std::string &requestId);

/// The way back for one request, as a route's function uses it: a value that outlives the RouteCall.
/// Exactly one of ok(), send(), noContent(), accepted() or fail(). Thread: core.
class Reply final
{
public:
    /// Told of every failure on its way out, before it is sent: counts refusals, adds the challenge.
    using Failing = std::function<void(const Error &error, HttpResponse &answer)>;

    Reply(ResponderPtr responder, const HttpRequest &request, RefusalForm form, Failing failing = {});

    void ok(const Json &body) const { send(200, body); }
    void send(int status, const Json &body, Headers more = {}) const;
    /// 200 with a text that is no JSON; UTF-8.
    void text(std::string_view mediaType, std::string body) const;
    void noContent() const { bare(204); }
    void accepted() const { bare(202); }
    void fail(const Error &error, Headers more = {}) const;
    void fail(ErrorCode code, Json details = nullptr) const { fail(Error{ code, {}, std::move(details) }); }

    /// ok() with what `shape` makes of the value, or fail().
    template <typename T, typename Shape> void answer(const Result<T> &result, int status, Shape shape) const
    {
        if (result)
            send(status, shape(*result));
        else
            fail(result.error());
    }
    void done(const Result<> &result) const { result ? noContent() : fail(result.error()); }

    [[nodiscard]] const std::string &requestId() const { return m_requestId; }
    [[nodiscard]] const ResponderPtr &responder() const { return m_responder; }
    /// Counts a refusal that leaves in-band, inside an answer of status 200 (MCP).
    void countRefusal(ErrorCode code) const;

private:
    void bare(int status) const;

    ResponderPtr m_responder;
    std::string m_requestId;
    RefusalForm m_form;
    Failing m_failing;
};

} // namespace gatehouse
