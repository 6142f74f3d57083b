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
    std::string checkNumber; ///< six digits, shown on both sides
    AgentId agent;
    std::string agentName;
    std::string clientName;
    Peer peer; ///< who asks: the first process in the chain that is not ours, its folder, its parents
    std::int64_t expiresAt = 0;
    bool login = false; ///< an OAuth login, not a pairing code
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
/// Closed -> Open -> Redeemed -> Confirmed | Denied | Expired | Void -> Closed. One code, one question at a
/// time. Everything that happens is on record. Thread: core. Owns: the open code and the open question.
class Pairing final : public QObject
{
    Q_OBJECT

public:
    Pairing(Registry &registry, Journal &journal, Clock &clock, Random &random, QObject *parent = nullptr);
    ~Pairing() override;

    /// Closes any open code and opens a new one. The code leaves this object only in the answer.
    /// NotFound: no such agent. AgentPaused: not active. RateLimited: pairing pauses (retry_after).
    /// ValidationFailed: a lifetime beyond kCodeLifetimeMost. `via` for the record: window | ctl.
    void open(const AgentId &agent, std::chrono::seconds lifetime, const std::string &via,
              std::function<void(Result<PairingCode>)> done);
    /// The open code, for showing again. nullopt: none.
    [[nodiscard]] std::optional<PairingCode> openCode() const;
    void close(const std::string &via);

    /// Spends the code and asks the owner. NotFound: wrong or no code. RateLimited: too many wrong ones.
    /// ValidationFailed: name or nonce malformed.
    void redeem(const RedeemRequest &request, const Peer &peer,
                std::function<void(Result<Confirmation>)> done);
    /// Waits up to kLongPoll for the owner. nullopt: still open, ask again. NotFound: no such question
    /// or another nonce. ApprovalDenied. PairingExpired. The token comes once; not fetched within
    /// kTokenFetchTime it is revoked.
    void await(const ConfirmationId &id, const std::string &nonce,
               std::function<void(Result<std::optional<PairedClient>>)> done);

    [[nodiscard]] std::vector<Confirmation> questions() const;
    /// The owner's yes; the caller has passed whatever gate its door has. Mints the client.
    /// NotFound: no such question, or already answered.
    void confirm(const ConfirmationId &id, const std::string &via, Storage::Done done);
    void deny(const ConfirmationId &id, const std::string &via, Storage::Done done);

signals:
    void codeChanged();
    void confirmationAsked(const gatehouse::Confirmation &confirmation);
    void confirmationClosed(const gatehouse::ConfirmationId &id);
    void clientPaired(const gatehouse::ClientId &client);
    /// Ten wrong codes within a minute: pairing pauses, the owner is told.
    void pausedForGuessing(std::int64_t untilWall);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
