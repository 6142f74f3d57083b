// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

#include <functional>

// The stores, as ports: SQLCipher is the embedded default, another database can stand behind the same
// words. They are used only inside a unit of work (storage.h), so a change and its journal row are one.
// Every function can answer StorageFull, StorageReadOnly, StorageDamaged or StorageFailed.
// Thread: storage.
namespace gatehouse {

class ProfileStore
{
public:
    virtual ~ProfileStore() = default;
    /// The profile, made on the first start.
    [[nodiscard]] virtual Result<Profile> load() = 0;
    [[nodiscard]] virtual Result<> save(const Profile &profile) = 0;
    [[nodiscard]] virtual Result<std::optional<PinRecord>> pin() = 0;
    /// `nullopt` takes the PIN away.
    [[nodiscard]] virtual Result<> savePin(const std::optional<PinRecord> &pin) = 0;
    /// Small named values that survive a restart (the latest wall time ever seen, pairing counters).
    [[nodiscard]] virtual Result<std::optional<std::string>> note(const std::string &name) = 0;
    [[nodiscard]] virtual Result<> saveNote(const std::string &name, const std::string &value) = 0;
    /// The time by which things end goes back from `from` to `to`: what had ended stays ended, at `to`, and
    /// what lives keeps what it had left and no more. `idle`: how long a client lives unused. Returns how
    /// many tokens and grants stay ended by this alone.
    [[nodiscard]] virtual Result<int> setTimeBack(std::int64_t from, std::int64_t to, std::int64_t idle) = 0;
};

class AgentStore
{
public:
    virtual ~AgentStore() = default;
    [[nodiscard]] virtual Result<std::vector<Agent>> agents() = 0;
    /// Adds or replaces by id.
    [[nodiscard]] virtual Result<> save(const Agent &agent) = 0;
    [[nodiscard]] virtual Result<std::vector<Client>> clients() = 0;
    [[nodiscard]] virtual Result<> save(const Client &client) = 0;
    [[nodiscard]] virtual Result<std::vector<OwnerToken>> ownerTokens() = 0;
    [[nodiscard]] virtual Result<> save(const OwnerToken &token) = 0;
};

class GrantStore
{
public:
    virtual ~GrantStore() = default;
    [[nodiscard]] virtual Result<std::vector<Grant>> grants() = 0;
    /// Puts the grant for (agent, project, scope). Returns its new revision. GrantPolicy::Off is kept for one
    /// project only, and without an end; for every project it is StorageFailed: remove() that grant.
    [[nodiscard]] virtual Result<std::int64_t> put(const Grant &grant) = 0;
    /// Takes the grant for (agent, project, scope) away, if there is one. Returns the new revision.
    [[nodiscard]] virtual Result<std::int64_t> remove(const Grant &grant) = 0;
};

class JournalStore
{
public:
    virtual ~JournalStore() = default;
    /// Appends one row: sets seq, prev and hash of `row`. The only way a row comes to be.
    [[nodiscard]] virtual Result<JournalRow> append(JournalRow row) = 0;
    [[nodiscard]] virtual Result<std::optional<JournalRow>> last() = 0;
    /// Rows from `seq` on, ascending, `limit` at most.
    [[nodiscard]] virtual Result<std::vector<JournalRow>> from(std::int64_t seq, int limit) = 0;
    [[nodiscard]] virtual Result<> saveCheckpoint(const Checkpoint &checkpoint) = 0;
    [[nodiscard]] virtual Result<std::vector<Checkpoint>> checkpoints() = 0;
    /// Those of rows from `seq` on, ascending, `limit` at most.
    [[nodiscard]] virtual Result<std::vector<Checkpoint>> checkpointsFrom(std::int64_t seq, int limit) = 0;
    /// From this commit on nobody reads the rows up to and with a checkpoint's seq (retention, after export),
    /// nor their lines. They leave the file behind the commit, in steps that no writer waits for.
    /// InvalidRequest: no such point in the chain, or no row would be left behind it.
    [[nodiscard]] virtual Result<> cutAt(const Checkpoint &checkpoint) = 0;
    /// Rows before the cut that are still in the file.
    [[nodiscard]] virtual Result<std::int64_t> leftOfCut() = 0;
};

/// The projection that lists and filters read; can be rebuilt from the journal at any time.
class CallStore
{
public:
    virtual ~CallStore() = default;
    /// Newest first; go on with the page's nextBefore. Takes the newest journal rows first where they are
    /// few.
    [[nodiscard]] virtual Result<CallPage> page(const CallFilter &filter) = 0;
    [[nodiscard]] virtual Result<std::optional<CallRow>> call(const CallId &id) = 0;
    /// Calls of [from, to) in wall time, and the refusals that never became one.
    [[nodiscard]] virtual Result<CallCounts> counts(std::int64_t from, std::int64_t to) = 0;
    /// Takes the journal rows that it has not seen yet. Returns how many rows it changed.
    [[nodiscard]] virtual Result<int> catchUp(int atMost) = 0;
    /// Journal rows that it has not seen yet: how late the lists are.
    [[nodiscard]] virtual Result<std::int64_t> behind() = 0;
    /// Empties it; the lines come back behind the commit, oldest first.
    [[nodiscard]] virtual Result<> rebuild() = 0;
};

class IdempotencyStore
{
public:
    virtual ~IdempotencyStore() = default;
    [[nodiscard]] virtual Result<std::optional<IdempotencyRecord>>
    find(const ClientId &client, const std::string &tool, const std::string &key) = 0;
    /// Adds or replaces by (client, tool, key).
    [[nodiscard]] virtual Result<> save(const IdempotencyRecord &record) = 0;
    [[nodiscard]] virtual Result<> release(const ClientId &client, const std::string &tool,
                                           const std::string &key)
        = 0;
    /// After a start: what was Sent in the last life has an unknown outcome now.
    [[nodiscard]] virtual Result<int> markRunningUnknown() = 0;
    [[nodiscard]] virtual Result<int> dropOlderThan(std::int64_t createdBefore) = 0;
};

/// OAuth logins (docs/oauth.md).
class LoginStore
{
public:
    virtual ~LoginStore() = default;
    [[nodiscard]] virtual Result<std::vector<LoginRegistration>> registrations() = 0;
    [[nodiscard]] virtual Result<std::vector<LoginFamily>> families() = 0;
    [[nodiscard]] virtual Result<std::vector<LoginToken>> tokens() = 0;
    /// Each adds or replaces by its key: id, client, hash.
    [[nodiscard]] virtual Result<> save(const LoginRegistration &registration) = 0;
    [[nodiscard]] virtual Result<> save(const LoginFamily &family) = 0;
    [[nodiscard]] virtual Result<> save(const LoginToken &token) = 0;
    [[nodiscard]] virtual Result<> dropRegistration(const std::string &id) = 0;
    /// With its tokens.
    [[nodiscard]] virtual Result<> dropFamily(const ClientId &client) = 0;
    [[nodiscard]] virtual Result<> dropToken(const Digest &hash) = 0;
    /// Families that ran out or whose client was revoked, and tokens that ran out or lost their family.
    [[nodiscard]] virtual Result<> dropEnded(std::int64_t now) = 0;
};

/// All that one unit of work may touch.
struct Stores
{
    ProfileStore &profile;
    AgentStore &agents;
    GrantStore &grants;
    JournalStore &journal;
    CallStore &calls;
    IdempotencyStore &keys;
    LoginStore &logins;
};

} // namespace gatehouse
