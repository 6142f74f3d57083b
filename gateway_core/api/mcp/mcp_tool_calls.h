// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/route/peer_cache.h"
#include "gateway_core/api/mcp/request_state.h"
#include "gateway_core/calls/call_pipeline.h"

#include <QObject>

#include <map>
#include <vector>

namespace gatehouse {

/// Requests that are calls of the pipeline, and what becomes of one that has to wait for the owner:
///   in a session              progress, then approval_pending after kHoldTime
///   without one               input_required with a requestState; repeated with it, the call waits again
///   where tasks are followed  tools/call goes on as a task, until the owner has answered or the question is
///                             over
/// A pending answer that came at once (a cool-down) is the last word: a client may repeat input_required
/// without a pause. Thread: core. The references must outlive it.
class McpToolCalls final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        CallPipeline &pipeline;
        Approvals &approvals;
        PeerCache &sights;
        Clock &clock;
        Random &random;
    };

    explicit McpToolCalls(const Dependencies &dependencies);

    /// Makes an answer's result, or fails the exchange.
    using Finish = std::function<void(McpExchange &exchange, const CallAnswer &answer)>;
    /// `call` says the tool, its arguments and how the finished answer travels; who asks is in the exchange.
    void use(const McpExchangePtr &exchange, Call call, Finish finish);

private:
    struct Use;
    using UsePtr = std::shared_ptr<Use>;

    void begin(const UsePtr &use);
    void heard(const UsePtr &use, const CallAnswer &answer);
    /// The owner is still to answer. False: there is nothing to wait for.
    [[nodiscard]] bool waitOn(const UsePtr &use, const CallAnswer &answer);
    void goOn(const ApprovalId &closed);
    void cancel(const UsePtr &use);

    Dependencies m_services;
    RequestStates m_states;
    std::map<ApprovalId, std::vector<UsePtr>> m_waiting; ///< tasks, by their open question
};

} // namespace gatehouse
