// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/peer.h"
#include "gateway_core/base/random.h"
#include "gateway_core/identity/registry.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <optional>

namespace gatehouse {

inline constexpr std::string_view kCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ"; // RFC 8628, section 6.1
inline constexpr auto kCodeLifetime = std::chrono::seconds(120);
inline constexpr auto kCodeLifetimeMost = std::chrono::seconds(600);
inline constexpr int kCodeTries = 5;
inline constexpr int kPairingTriesAMinute = 10;
inline constexpr auto kPairingPause = std::chrono::minutes(5);
inline constexpr auto kConfirmationLifetime = std::chrono::seconds(60);
inline constexpr auto kTokenFetchTime = std::chrono::seconds(60);
inline constexpr auto kLongPoll = std::chrono::seconds(25);

inline constexpr std::size_t kCodeLetters = 8;
inline constexpr std::size_t kClientNameMost = 80; ///< characters
inline constexpr std::size_t kNonceLeast = 16;
inline constexpr std::size_t kNonceMost = 128;

struct PairingCode
{
    std::string text; ///< XXXX-XXXX
    AgentId agent;
    std::int64_t expiresAt = 0;
};

struct RedeemRequest
{
    std::string code; ///< as typed: case, dashes and spaces do not matter
    std::string clientName;
    std::string nonce; ///< 16 to 128 characters that only the client knows
};

/// A question to the owner: is the program that typed the code the one you meant?
struct Confirmation
{
    ConfirmationId id;
    /// Six digits, shown on both sides. They are random, not derived: whoever spent the code got these
    /// in answer to it, so a program that shows them is the one that is being asked about. A stranger who
    /// was quicker with the code has other digits than the owner's own client, which has none at all.
    std::string checkNumber;
    AgentId agent;
    std::string agentName;
    std::string clientName;
    Peer peer; ///< who asks: the first process in the chain that is not ours, its folder, its parents
    std::int64_t expiresAt = 0;
    bool login
        = false; ///< an OAuth login, not a pairing code; `agent` is only a suggestion then, maybe empty
    std::optional<std::int64_t> scopeLimit
        = {}; ///< bit set over Scope; nullopt: everything that its agent may
};

/// A login in a browser that wants the owner's yes.
struct LoginRequest
{
    std::string clientName;
    AgentId suggested; ///< what the client asked for, or empty; the owner decides with confirmAs()
    std::optional<std::int64_t> scopeLimit = {}; ///< what it asked to be narrowed to
};

/// What the waiting client gets, once.
struct PairedClient
{
    ClientId client;
    AgentId agent;
    std::string agentName;
    Secret token;
};

/// Turns a short code, shown by the owner's window, into a paired client, with the owner's yes between.
/// Closed -> Open -> Redeemed -> Confirmed | Denied | Expired | Void -> Closed. One code at a time, and
/// one open question each for a code and for a login. A login begins at the question and ends at the
/// owner's answer: what it then hands out is the affair of whoever asked.
/// Everything that happens is on record. Thread: core. Owns: the open code and the open questions.
class Pairing final : public QObject
{
    Q_OBJECT

public:
    Pairing(Registry &registry, Journal &journal, Clock &clock, Random &random, QObject *parent = nullptr);
    ~Pairing() override;

    /// Closes any open code and opens a new one. The code leaves this object only in the answer.
    /// NotFound: no such agent. AgentPaused: not active. RateLimited: pairing pauses (retry_after).
    /// ValidationFailed: no lifetime, or one beyond kCodeLifetimeMost. Conflict: another open() or
    /// close() came before this one was on record. AuditUnavailable. `via` for the record: window | ctl.
    void open(const AgentId &agent, std::chrono::seconds lifetime, const std::string &via,
              std::function<void(Result<PairingCode>)> done);
    /// The open code, for showing again. nullopt: none.
    [[nodiscard]] std::optional<PairingCode> openCode() const;
    void close(const std::string &via);

    /// Spends the code and asks the owner. NotFound: wrong or no code. RateLimited: too many wrong ones.
    /// ValidationFailed {field}: code, name or nonce malformed; that is no try. Conflict: the owner has
    /// not answered the question before; the code is not spent. AuditUnavailable: spent, and not asked.
    void redeem(const RedeemRequest &request, const Peer &peer,
                std::function<void(Result<Confirmation>)> done);
    /// Waits up to kLongPoll for the owner. nullopt: still open, ask again (also said to a wait that a
    /// newer one replaced). NotFound: no such question, another nonce, or the token was handed out.
    /// ApprovalDenied. PairingExpired. The token comes once; not fetched within kTokenFetchTime of the
    /// owner's yes it is revoked.
    void await(const ConfirmationId &id, const std::string &nonce,
               std::function<void(Result<std::optional<PairedClient>>)> done);

    /// Asks the owner about an OAuth login. `done`: the question, or RateLimited (another login waits),
    /// ValidationFailed {field}, AuditUnavailable. After a question `heard` comes exactly once: the agent
    /// that the owner chose, ApprovalDenied or PairingExpired.
    void askLogin(const LoginRequest &request, const Peer &peer,
                  std::function<void(Result<Confirmation>)> done, std::function<void(Result<AgentId>)> heard);

    /// What the owner has not answered yet.
    [[nodiscard]] std::vector<Confirmation> questions() const;
    /// The owner's yes; the caller has passed whatever gate its door has. Mints the client, or for a login
    /// says yes to the suggested agent. NotFound: no such question, already answered, or its agent is
    /// gone. AgentPaused: the agent is not active. ValidationFailed {field: agent}: a login without an
    /// agent. A storage error leaves the question open.
    void confirm(const ConfirmationId &id, const std::string &via, Storage::Done done);
    /// The same for a login, with the agent that the owner chose. NotFound also if it is not a login.
    void confirmAs(const ConfirmationId &id, const AgentId &agent, const std::string &via,
                   Storage::Done done);
    /// The owner's no: stands at once, whether or not the record can be written. NotFound as above.
    void deny(const ConfirmationId &id, const std::string &via, Storage::Done done);

signals:
    void codeChanged();
    void confirmationAsked(const gatehouse::Confirmation &confirmation);
    void confirmationClosed(const gatehouse::ConfirmationId &id);
    void clientPaired(const gatehouse::ClientId &client);
    void codeVoided(); ///< five wrong tries against the open code
    /// Ten wrong codes within a minute: pairing pauses, the owner is told.
    void pausedForGuessing(std::int64_t untilWall);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
