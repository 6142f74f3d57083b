// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/pairing.h"

#include <deque>
#include <map>
#include <memory>

namespace gatehouse {

/// What pairing holds: the code (pairing.cpp) and the questions (pairing_questions.cpp). All of it is in
/// memory: a restart closes the code and the questions, and with them whatever could be guessed.
struct Pairing::Inside
{
    struct OpenCode
    {
        std::string letters;
        PairingCode shown;
        int wrongTries = 0;
        std::uint64_t turn = 0;
    };

    /// Asked -> Storing -> Granted -> Fetched; Asked -> Denied | Expired; Granted -> Expired (not fetched).
    enum class State { Asked, Storing, Granted, Fetched, Denied, Expired };
    using Waiting = std::function<void(Result<std::optional<PairedClient>>)>;
    struct Question
    {
        Confirmation shown;
        std::string nonce; ///< empty for a login
        State state = State::Asked;
        Peer peer; ///< whole, for the record
        std::int64_t endsAtBoot = 0;
        std::optional<PairedClient> paired;
        Waiting waiting;
        std::uint64_t waitTurn = 0;
        std::function<void(Result<AgentId>)> heard;
    };

    Inside(Pairing &pairing, Registry &registryIn, Journal &journalIn, Clock &clockIn, Random &randomIn)
        : self(pairing)
        , registry(registryIn)
        , journal(journalIn)
        , clock(clockIn)
        , random(randomIn)
    {
    }

    // The code.
    [[nodiscard]] Result<> isTakingTries() const;
    [[nodiscard]] Result<> isActive(const AgentId &agent) const;
    void show(OpenCode fresh, std::chrono::seconds lifetime);
    void voidCode(const char *reason, const std::string &via);
    void wrongTry(const RedeemRequest &request, const Peer &peer);
    void recordRefused(ErrorCode reason, const std::string &clientName, const Peer &peer);
    void pauseForGuessing();
    void recordSoon(const Event &event);
    [[nodiscard]] Event about(EventKind kind, const AgentId &agent, const std::string &via) const;

    // The questions.
    void ask(Question question, EventKind kind, std::function<void(Result<Confirmation>)> done);
    [[nodiscard]] bool isAsking(bool login) const;
    [[nodiscard]] Question *asked(const ConfirmationId &id);
    void answerYes(const ConfirmationId &id, const AgentId &agent, const std::string &via,
                   Storage::Done done);
    void mint(Question &question, const std::string &via, Storage::Done done);
    void minted(const ConfirmationId &id, PairedClient paired);
    void grantLogin(Question &question, const AgentId &agent, const std::string &via, Storage::Done done);
    void reopen(const ConfirmationId &id);
    void expire(Question &question);
    void end(Question &question, State state);
    void handOut(Question &question);
    void revokeUnfetched(const ConfirmationId &id);
    [[nodiscard]] Event about(EventKind kind, const Question &question, const std::string &via) const;

    Pairing &self;
    Registry &registry;
    Journal &journal;
    Clock &clock;
    Random &random;

    std::optional<OpenCode> code;
    std::uint64_t codeTurn = 0; ///< tells a code's timers and answers from those of an earlier one
    std::deque<std::int64_t> wrongTries; ///< boot times, of the last minute; kPairingTriesAMinute at most
    std::int64_t pausedUntilBoot = 0;
    std::map<ConfirmationId, Question>
        questions; ///< answered ones stay a minute for the client to hear of it
};

} // namespace gatehouse
