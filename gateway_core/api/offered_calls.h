// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp_offer.h"
#include "gateway_core/api/peer_sights.h"
#include "gateway_core/api/request_state.h"
#include "gateway_core/calls/hallway.h"

#include <QObject>

#include <map>
#include <vector>

namespace gatehouse {

/// Requests that are calls of the hallway, and what becomes of one that has to wait for the owner:
///   in a session              progress, then approval_pending after kHoldTime
///   without one               input_required with a requestState; repeated with it, the call waits again
///   where tasks are followed  tools/call goes on as a task, until the owner has answered or the question is
///                             over
/// A pending answer that came at once (a cool-down) is the last word: a client may repeat input_required
/// without a pause. Thread: core. The references must outlive it.
class OfferedCalls final : public QObject
{
    Q_OBJECT

public:
    struct Rooms
    {
        Hallway &hallway;
        Approvals &approvals;
        PeerSights &sights;
        Clock &clock;
        Random &random;
    };

    explicit OfferedCalls(const Rooms &rooms);

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

    Rooms m_rooms;
    RequestStates m_states;
    std::map<ApprovalId, std::vector<UsePtr>> m_waiting; ///< tasks, by their open question
};

} // namespace gatehouse
