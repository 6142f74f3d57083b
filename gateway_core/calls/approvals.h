// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/journal.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/peer.h"
#include "gateway_core/base/random.h"
#include "gateway_core/calls/standing_yes.h"
#include "gateway_core/identity/registry.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

inline constexpr auto kHoldTime = std::chrono::seconds(45);
inline constexpr auto kQuestionTime = std::chrono::minutes(30);
inline constexpr int kHeldPerClient = 8;
inline constexpr int kHeldInAll = 64;
inline constexpr auto kCoolDown = std::chrono::minutes(5);
inline constexpr int kUnansweredBeforeCoolDown = 2;
/// Profile note with what was open, so that a start can close it on record.
inline constexpr const char *kOpenQuestionsNote = "approvals.open";

/// What makes two asked calls the same question.
struct AskedCall
{
    CallId call;
    ClientId client;
    std::string clientName;
    AgentId agent;
    std::string agentName;
    std::string tool;
    ProjectId project;
    std::string projectName;
    std::string issue; ///< identifier or id; empty for create
    std::string title;
    std::string issueId; ///< of an existing issue, for the preview
    std::string argumentDigest; ///< HMAC over the canonical arguments
    std::int64_t grantRevision = 0;
    std::vector<AskingGrant> asking; ///< the grants that want the owner asked
    std::string
        turn; ///< what the client says it is at work on (Codex: thread and turn); empty: it does not say
    std::string issueUpdatedAt; ///< of the issue when asked; a newer one asks again
    bool withPin = false;
    Peer peer;
    Json arguments; ///< for the owner; never stored, never on the wire to an agent
    Json request; ///< the body that Tasker would get, ids in place of names; for the preview, as above
    /// The issue as the owner was shown it: when this was asked or, where it is a repeat of a question about
    /// an older state of the issue, when that one was. Null for a new issue. For the preview, as above.
    Json issueSeen;
};

struct Approval
{
    ApprovalId id;
    AskedCall asked;
    std::int64_t askedAt = 0;
    std::int64_t expiresAt = 0;
    bool held = true; ///< a call is waiting for it right now; else a yes is kept for the next repeat
    std::int64_t heldUntil = 0; ///< when the last call that waits, or waited, stops; 0: none ever did
};

/// Held -> Pending (45 s) -> Closed (30 min); at any time Allowed | Denied | Withdrawn -> Closed.
/// Every question and every end is on record. Thread: core. Owns: the open questions and the yeses not yet
/// used.
class Approvals final : public QObject
{
    Q_OBJECT

public:
    /// What the held call hears, exactly once: the yes (go on); ApprovalPending {approval_id}; ApprovalDenied
    /// {reason}; Cancelled.
    using Heard = std::function<void(Result<GivenYes>)>;

    Approvals(Registry &registry, Journal &journal, Clock &clock, Random &random, QObject *parent = nullptr);
    ~Approvals() override;

    /// Asks, or finds the yes already given to the same call, or joins the same open question.
    /// ApprovalsFull at once where the bounds are reached; ApprovalPending at once during a cool-down.
    /// Returns the question's id, empty if it was answered at once.
    ApprovalId ask(const AskedCall &asked, Heard heard);
    /// The held call was cancelled: its question is withdrawn.
    void withdraw(const CallId &call);
    /// The held call's connection is lost: it hears ApprovalPending, and its question stays open for the
    /// repeats.
    void finish(const CallId &call);
    /// Nobody will repeat the call: the question is withdrawn, unless another call waits for it.
    void withdraw(const ApprovalId &id);

    [[nodiscard]] std::vector<Approval> open() const; ///< oldest first
    [[nodiscard]] std::optional<Approval> find(const ApprovalId &id) const;
    /// True if one more question of this client would be ApprovalsFull; no client: of any client.
    [[nodiscard]] bool isFull(const ClientId &client) const;

    /// The yeses that stand now, oldest first.
    [[nodiscard]] std::vector<TimedApproval> standing() const;
    /// Ends one before its time, at once; `done` when that is on record. NotFound: it does not stand.
    /// AuditUnavailable: ended, but not on record.
    void end(const ApprovalId &id, const std::string &via, Storage::Done done);

    /// The caller has passed its gate. Once: the one held call goes on, or the same call within
    /// kOnceReach. Beyond: every call that it covers, for that time (TimedApproval).
    /// NotFound: closed, answered or never there. ValidationFailed {field}: it cannot cover that.
    /// AuditUnavailable: the question stays open.
    void allow(const ApprovalId &id, const Yes &yes, const std::string &via, Storage::Done done);
    void deny(const ApprovalId &id, const std::string &reason, bool pauseAgent, const std::string &via,
              Storage::Done done);
    /// The owner has the question on screen; two seen and unanswered bring the cool-down.
    void seen(const ApprovalId &id);
    void withdrawAll(const std::string &reason);

signals:
    void asked(const gatehouse::Approval &approval);
    void askedAgain(const gatehouse::Approval &approval); ///< a repeat waits for an open question
    void closed(const gatehouse::ApprovalId &id);
    /// Whether a program waits for the answer just now: Approval::held has changed.
    void heldChanged(const gatehouse::ApprovalId &id, bool held);
    void standingChanged(); ///< one more, one less, or one was used

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
