// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoint.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/secrets/secret_store.h"

#include <QObject>

#include <limits>
#include <optional>

namespace gatehouse {

inline constexpr int kRowsPerCheckpoint = 256; // product.md, Numbers, journal; so the next three
inline constexpr Millis kCheckpointAfter{ 60'000 };
inline constexpr Millis kCheckpointApart{ 1'000 };
inline constexpr Millis kKeepApart{ 60'000 };

/// Signs points of the chain: once 256 rows or 60 s have gathered, at most one a second, none when idle.
/// The newest is copied to the keychain at most once a minute and at stop.
/// Off -> Starting -> Signing -> Off; Starting -> Held, if the database is older than the keychain's
/// checkpoint or the key of a signed journal is gone: then nothing is signed, because that would cover
/// the traces, until the owner accepts.
/// Thread: core. The references must outlive it.
class Checkpoints final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Journal &journal;
        Storage &storage;
        SecretStore &secrets;
        Clock &clock;
        Random &random;
    };

    /// Why nothing is signed until the owner has decided.
    enum class Hold {
        None,
        RolledBack, ///< an older or another database stands beside the keychain
        KeyLost, ///< rows were signed before, but the keychain has no key
    };

    Checkpoints(const Dependencies &dependencies, ProfileId profile, std::string bootId,
                QObject *parent = nullptr);

    /// Reads the key, makes one on the first start, and compares the database with the keychain.
    /// SecretNotFound: Held, the key is lost. StorageRolledBack: Held (rolledBack() was emitted); the detail
    /// says which row the keychain knows and which is the last here.
    /// SecretsLocked · SecretsUnavailable · SecretsRefused · storage's.
    void start(Storage::Done done);
    /// The owner knows that an older copy was put back or the key lost: `said` goes on record as
    /// StorageRestored with both points, and with the new key where one had to be made; then signing goes
    /// on, and the keychain has it at once. What a lost key signed counts as found, not as forged.
    /// Conflict: nothing is held. AuditUnavailable; the secret store's.
    void acceptRestore(Event said, Storage::Done done);
    /// Signs the newest row and copies it to the keychain, at once: the first row of a life, so that a file
    /// without it is known for an older one. Nothing where nothing is signed.
    void keepNow(Storage::Done done);
    /// Signs what is not signed yet and copies it to the keychain.
    void stop(Storage::Done done);

    [[nodiscard]] bool isHeld() const { return m_state == State::Held; }
    [[nodiscard]] Hold hold() const { return m_state == State::Held ? m_hold : Hold::None; }
    /// What exports are signed with; null before start() has found it.
    [[nodiscard]] const SigningKey *key() const { return m_key ? &*m_key : nullptr; }
    [[nodiscard]] const std::optional<Checkpoint> &last() const { return m_last; }

signals:
    void signedAt(qint64 seq);
    /// The keychain has signed up to `kept`, the database ends at or differs before it.
    void rolledBack(qint64 kept, qint64 found);
    void accepted(); ///< signing goes on after a hold
    void keychainFailed(gatehouse::ErrorCode code);

private:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    enum class State { Off, Starting, Signing, Held };

    void readKept(Storage::Done done);
    void compare(std::optional<Checkpoint> kept, Storage::Done done);
    void begin(const std::optional<JournalRow> &last);
    void holdFor(Hold why);
    void useKey(std::shared_ptr<SigningKey> key, Storage::Done done);
    void goOn(Storage::Done done);
    void gathered(const std::vector<JournalRow> &rows);
    void plan();
    void signNow(Storage::Done done);
    void planKeep();
    void keep(Storage::Done done);

    Dependencies m_services;
    const ProfileId m_profile;
    const std::string m_bootId;
    State m_state = State::Off;
    Hold m_hold = Hold::None;
    std::optional<SigningKey> m_key;
    std::optional<Checkpoint> m_last, m_kept;
    std::int64_t m_headSeq = 0; ///< of the newest row on disk
    Digest m_head{};
    std::int64_t m_gathered = 0; ///< rows behind the last checkpoint
    std::int64_t m_oldestAt = 0; ///< since boot: when the first of them came
    std::int64_t m_signedAt, m_keptAt; ///< since boot
    std::int64_t m_plannedFor = kNever; ///< since boot: the nearest look that waits
    bool m_signing = false, m_keepPlanned = false;
};

[[nodiscard]] std::string_view nameOf(Checkpoints::Hold hold); ///< none | rolled_back | key_lost

} // namespace gatehouse
