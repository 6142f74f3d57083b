// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/identity/pin_lock.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/secrets/scrypt.h"
#include "gateway_core/secrets/secret_store.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <unordered_map>

namespace gatehouse {

inline constexpr auto kStepUpLifetime = std::chrono::minutes(5);
inline constexpr int kPinDigitsLeast = 6;
inline constexpr int kPinTries = 5;
inline constexpr auto kPinLock = std::chrono::minutes(15);
inline constexpr std::string_view kWindowCaller = "window";

/// What a machine brings along; tests bring their own.
struct StepUpConfig
{
    std::string bootId = thisBootId();
    int scryptCost = kScryptCost; ///< log2 of N
    SecretStore *secrets = nullptr; ///< where the PIN's record lies a second time; null: nowhere
};

/// Whose record of the PIN counts where the database's and the secrets' differ.
enum class PinOf {
    Database,
    Secrets, ///< the database is older than the secrets know
};

/// What a right PIN gives: a token for the `X-Step-Up-Token` header, kept in memory only, and bound to
/// the one caller (`window`, or an owner token's id) that entered it.
struct StepUpTicket
{
    Secret token;
    std::int64_t expiresAt = 0; ///< wall time, for display; the check runs on boot time
};

/// The owner's PIN and the five minutes after it.
/// NoPin -> Set; Set --5 wrong--> Locked (15 min, doubling, on boot time, stored) -> Set.
/// A wrong try is counted on disk before the PIN is compared: a crash between gives no free guess.
/// scrypt runs on a worker thread (0.4 s); one check at a time, a second caller waits.
/// Thread: core.
class StepUp final : public QObject
{
    Q_OBJECT

public:
    StepUp(Storage &storage, Registry &registry, Journal &journal, Clock &clock, Random &random,
           QObject *parent = nullptr, StepUpConfig ground = {});
    /// Waits for a scrypt that is under way (0.4 s).
    ~StepUp() override;

    /// Reads the PIN's record once; a lock of another boot begins again. Until it has answered well,
    /// everything below that takes a PIN says GatewayLocked. A PIN that only the secrets know is taken over
    /// from them: an emptied database is no way to a new PIN. The secret store's errors.
    void load(Storage::Done done, PinOf of = PinOf::Database);
    [[nodiscard]] bool hasPin() const;
    /// Boot-clock milliseconds until tries are taken again; 0 if they are.
    [[nodiscard]] std::int64_t lockedFor() const;

    /// Sets or changes the PIN. Callers are the window and `gatehouse --set-pin`, never a route.
    /// ValidationFailed: shorter than six digits, not digits, or all the same. With a PIN set, `old`
    /// must be right: else StepUpRequired {reason: pin | locked}. Whoever was stepped up is no longer.
    void setPin(Secret old, Secret fresh, Storage::Done done);
    /// Forgotten: takes the PIN away, revokes all tokens, turns all grants to *ask*. One unit: all or
    /// nothing.
    void reset(Storage::Done done);

    /// StepUpRequired {reason: setup | pin | locked}; details carry retry_after (s) and tries_left. A text
    /// that cannot be a PIN is refused without being counted. RateLimited: eight callers wait already.
    /// Any storage error: neither a wrong nor a right PIN is answered without its row on disk.
    void enter(const std::string &caller, Secret pin, std::function<void(Result<StepUpTicket>)> done);
    /// Did `caller` enter the PIN within the last five minutes, and is this its token?
    /// The window passes an empty token: its own caller name is proof enough inside the process.
    /// StepUpRequired {reason: setup | pin | locked}.
    [[nodiscard]] Result<> check(const std::string &caller, std::string_view token) const;
    void forget(const std::string &caller);

signals:
    void changed();

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
