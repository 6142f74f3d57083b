// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/journal.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/peer.h"
#include "gateway_core/base/random.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/calls/tool_family.h"
#include "gateway_core/identity/registry.h"

#include <QObject>

#include <functional>
#include <initializer_list>
#include <memory>

namespace gatehouse {

/// How an answer travels back, kept apart from what the tool and Tasker said (docs/storage.md, `calls`).
struct Delivery
{
    std::string transport; ///< the HTTP status; "no answer": the client cancelled, or is gone
    std::string protocol; ///< of MCP: result | tool error | waits | a JSON-RPC code; empty by REST
};

/// One use of a tool, as a door hands it over. The token has been checked; nothing else has.
struct Call
{
    std::string requestId; ///< a UUID, made at the door; also in the answer and at Tasker
    ClientId client;
    Peer peer;
    std::string via; ///< rest | mcp
    std::string tool;
    Json arguments;
    std::string idempotencyKey; ///< the client's own, or empty
    /// What Codex says of itself (threadId, turnId, itemId, sandbox): client-asserted, for the record,
    /// and the source of a key where the client gave none.
    Json codex = nullptr;
    std::string traceparent; ///< W3C, checked, or empty
    std::optional<std::int64_t> scopeLimit; ///< bit set over Scope by an OAuth login; only narrows
    /// What the door will make of such an answer, for the record. Pure.
    std::function<Delivery(const Result<Json> &)> delivery;
};

struct HypotheticalCall;
struct Explanation;

/// How a call ended.
struct CallAnswer
{
    CallId call;
    Result<Json> result = failure(ErrorCode::Internal); ///< the tool's output, as its output schema has it
    bool replayed = false; ///< answered from the idempotency store
    bool partial = false; ///< Tasker did less than it was asked; the result says what
};

/// The one way a call goes, for MCP and REST alike, in the order of product.md, "A call, in order",
/// steps 4 to 14. Every call ends in exactly one answer and is on record.
/// Thread: core. The constructor's references must outlive it.
class CallPipeline final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const CallAnswer &)>;
    using Progress = std::function<void(int seconds, const std::string &message)>;

    /// `families` bring what the catalogue lists; a tool without one ends the program: a mistake of ours.
    CallPipeline(Registry &registry, Journal &journal, Storage &storage, Approvals &approvals,
                 const ToolCatalogue &catalogue, std::initializer_list<ToolFamily *> families, Clock &clock,
                 Random &random, QObject *parent = nullptr);
    ~CallPipeline() override;

    /// What can be called, and who does it.
    [[nodiscard]] const ToolCatalogue &catalogue() const;
    [[nodiscard]] ToolFamily &familyOf(const Tool &tool) const;

    /// `progress` (may be null) is told every 10 s while the call waits for the owner.
    CallId begin(Call call, Done done, Progress progress = {});
    /// The client has cancelled. Before the intent is on record the call ends as Cancelled and its question
    /// is withdrawn; past it the write goes on and only its answer is dropped.
    void cancel(const CallId &call);
    /// The client's connection is lost, which is no cancellation: where the call waits for the owner it ends
    /// as ApprovalPending, and its question stays open for the repeats. Everything else goes on.
    void lose(const CallId &call);
    /// What every step would say to such a call, now (calls/explain.h). Changes nothing, and asks nobody.
    [[nodiscard]] Explanation explain(const HypotheticalCall &call) const;
    /// Calls under way, for draining and for *stop everything*.
    [[nodiscard]] int underWay() const;
    /// After a start: what was under way in the last life is unknown; open questions are closed on record.
    void recover(Storage::Done done);
    /// How many questions of the last life recover() has closed.
    [[nodiscard]] int questionsClosed() const;
    /// The key under which reduced arguments and digests are HMACed. Set before the first call.
    void setJournalKey(Secret key);

signals:
    void idle(); ///< underWay() fell to 0

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
