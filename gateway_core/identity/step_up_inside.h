// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/step_up.h"

#include <deque>
#include <memory>
#include <optional>
#include <thread>

namespace gatehouse {

/// What step-up holds: the queue, one check at a time and its worker (step_up_check.cpp), the record in the
/// secrets (step_up_kept.cpp), and the tickets (step_up.cpp).
struct StepUp::Inside
{
    struct Ticket
    {
        Digest hash{};
        std::int64_t endsAtBoot = 0;
    };
    using Hashed = std::function<void(Result<Secret>)>;

    Inside(StepUp &stepUp, Storage &storageIn, Registry &registryIn, Journal &journalIn, Clock &clockIn,
           Random &randomIn, StepUpConfig groundIn)
        : self(stepUp)
        , storage(storageIn)
        , registry(registryIn)
        , journal(journalIn)
        , clock(clockIn)
        , random(randomIn)
        , ground(std::move(groundIn))
    {
    }
    ~Inside()
    {
        if (worker.joinable())
            worker.join();
    }

    /// An answer that lets the next caller in before it is given.
    Storage::Done freeing(Storage::Done done);
    /// False: too many wait.
    [[nodiscard]] bool enqueue(std::function<void()> job);
    void next();

    void verify(std::shared_ptr<Secret> pin, const std::string &caller, Storage::Done done);
    void compare(const Secret &hash, const PinRecord &counted, const std::string &caller, Storage::Done done);
    void storeFresh(std::shared_ptr<Secret> fresh, Storage::Done done);
    void resetAll(Storage::Done done);

    // The record in the secrets (step_up_kept.cpp).
    void readKept(std::function<void(Result<std::optional<PinRecord>>)> done);
    void take(const std::optional<PinRecord> &kept, PinOf of, Storage::Done done);
    /// Best effort: the next load tries again.
    void keep(const PinRecord &stored, std::function<void()> done);
    void forgetKept(Storage::Done done);
    [[nodiscard]] std::string keptEntry() const;
    void hash(std::shared_ptr<Secret> pin, std::string salt, Hashed done);
    void awaitEndOfLock();
    void serveLock();
    [[nodiscard]] tl::unexpected<Error> refusal() const;
    [[nodiscard]] Result<> isReady() const;
    [[nodiscard]] Event about(EventKind kind, const std::string &caller) const;

    StepUp &self;
    Storage &storage;
    Registry &registry;
    Journal &journal;
    Clock &clock;
    Random &random;
    StepUpConfig ground;

    bool isLoaded = false;
    std::optional<PinRecord> record; ///< as on disk, but for the one try that is being compared
    std::unordered_map<std::string, Ticket> tickets; ///< by caller
    std::deque<std::function<void()>> jobs;
    bool isBusy = false;
    std::thread worker; ///< one scrypt at a time
};

} // namespace gatehouse
