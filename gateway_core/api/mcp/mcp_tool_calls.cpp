// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_tool_calls.h"

#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/json.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr const char *kLogger = "gatehouse.calls";
constexpr const char *kWaits = "Waiting for the owner's answer in Gatehouse";

/// The open question that a call ended with; empty: with none.
ApprovalId questionIn(const Result<Json> &result)
{
    const bool waits = !result && result.error().code == ErrorCode::ApprovalPending;
    return ApprovalId(waits ? textAt(result.error().details, "approval_id") : std::string());
}

} // namespace

/// One request, over as many calls of the pipeline as it takes.
struct McpToolCalls::Use
{
    McpExchangePtr exchange;
    Call call;
    Finish finish;
    CallId id;
    bool lost = false; ///< its connection: nobody hears the answer
    bool waited = false; ///< for the owner, long enough to have been told so
    ApprovalId question; ///< a task that waits on it; empty: a call is under way
    std::int64_t questionEnds = 0; ///< wall time

    /// Without a session, a wait for the owner that the client was told of outlives the call.
    [[nodiscard]] bool staysOpen(const Result<Json> &result) const
    {
        return waited && !result && result.error().code == ErrorCode::ApprovalPending
            && mcp::isStateless(exchange->asked().version);
    }

    /// The extension knows tasks of tools/call alone.
    [[nodiscard]] bool becomeTask(const std::string &status) const
    {
        return exchange->asked().method == "tools/call" && exchange->becomeTask(status);
    }
};

McpToolCalls::McpToolCalls(const Dependencies &dependencies)
    : m_services(dependencies)
    , m_states(dependencies.clock, dependencies.random)
{
    connect(&m_services.approvals, &Approvals::closed, this, &McpToolCalls::goOn);
}

void McpToolCalls::use(const McpExchangePtr &exchange, Call call, Finish finish)
{
    const McpExchange::Asked &asked = exchange->asked();
    call.requestId = asked.requestId;
    call.client = asked.caller.client->id;
    call.scopeLimit = asked.caller.scopeLimit;
    call.peer = m_services.sights.of(asked.peer);
    if (call.traceparent.empty())
        call.traceparent = asked.traceparent;
    // inputResponses are not read: nothing was asked of the client, and nothing it says is the owner's word.
    if (mcp::isStateless(asked.version) && asked.params.contains("requestState")
        && !m_states.fits(wire::text(asked.params, "requestState"), call))
        return exchange->fail(
            { rpc::kInvalidParams, "This requestState does not belong to this call", nullptr, nullptr });

    const auto use = std::make_shared<Use>();
    use->exchange = exchange;
    use->call = std::move(call);
    use->finish = std::move(finish);
    use->call.delivery
        = [use = std::weak_ptr(use), finished = use->call.delivery](const Result<Json> &result) {
              const UsePtr still = use.lock();
              return still && still->staysOpen(result) ? Delivery{ "200", "waits" } : finished(result);
          };
    exchange->onCancelled([self = QPointer(this), use = std::weak_ptr(use)] {
        if (const UsePtr still = use.lock(); self && still)
            self->cancel(still);
    });
    exchange->onLost([self = QPointer(this), use = std::weak_ptr(use)] {
        if (const UsePtr still = use.lock(); self && still) {
            still->lost = true;
            self->m_services.pipeline.lose(still->id);
        }
    });
    begin(use);
}

void McpToolCalls::begin(const UsePtr &use)
{
    use->question = {};
    use->waited = false;
    use->id = m_services.pipeline.begin(
        use->call,
        [self = QPointer(this), use](const CallAnswer &answer) {
            if (self)
                self->heard(use, answer);
        },
        [use](int seconds, const std::string &message) {
            use->waited = true;
            use->exchange->log(McpLogLevel::Info, kLogger,
                               { { "event", "waiting_for_owner" }, { "seconds", seconds } });
            if (!use->becomeTask(message))
                use->exchange->progress(seconds, kHoldTime.count(), message);
        });
}

void McpToolCalls::heard(const UsePtr &use, const CallAnswer &answer)
{
    if (use->staysOpen(answer.result) && waitOn(use, answer))
        return;
    // Its question waits for the repeats; who cancels the request, or ends the session, withdraws it yet.
    if (const ApprovalId asked = use->lost ? questionIn(answer.result) : ApprovalId(); !asked.isEmpty()) {
        use->exchange->onCancelled([self = QPointer(this), asked] {
            if (self)
                self->m_services.approvals.withdraw(asked);
        });
    }
    if (answer.partial)
        use->exchange->log(McpLogLevel::Warning, kLogger,
                           { { "event", "partial" }, { "call", answer.call.text() } });
    use->finish(*use->exchange, answer);
}

bool McpToolCalls::waitOn(const UsePtr &use, const CallAnswer &answer)
{
    const ApprovalId id = questionIn(answer.result);
    const auto question = m_services.approvals.find(id);
    if (!question)
        return false;
    if (use->becomeTask(kWaits)) {
        use->question = id;
        use->questionEnds = question->expiresAt;
        m_waiting[id].push_back(use);
        return true;
    }
    use->exchange->answer({ { "resultType", "input_required" },
                            { "requestState", m_states.seal(id, use->call) },
                            { "_meta", { { "gatehouse/callId", answer.call.text() } } } });
    return true;
}

/// Answered, withdrawn or over: the call goes down the pipeline again, where the word is waiting for it.
void McpToolCalls::goOn(const ApprovalId &closed)
{
    auto waiting = m_waiting.extract(closed);
    if (!waiting)
        return;
    for (const UsePtr &use : waiting.mapped()) {
        if (m_services.clock.now() < use->questionEnds) {
            begin(use);
            continue;
        }
        // Not asked anew behind the agent's back: it may repeat the call if it still wants it.
        const Error over{ ErrorCode::ApprovalPending, {}, { { "approval_id", closed.text() } } };
        heard(use, { use->id, tl::unexpected<Error>(over), false, false });
    }
}

void McpToolCalls::cancel(const UsePtr &use)
{
    if (use->question.isEmpty())
        return m_services.pipeline.cancel(use->id);
    const auto waiting = m_waiting.find(use->question);
    if (waiting == m_waiting.end())
        return;
    std::erase(waiting->second, use);
    if (!waiting->second.empty())
        return;
    m_waiting.erase(waiting);
    m_services.approvals.withdraw(use->question);
}

} // namespace gatehouse
