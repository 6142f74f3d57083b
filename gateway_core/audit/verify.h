// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/chain.h"
#include "gateway_core/audit/checkpoint.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

/// What became of the journal. Everything but Sound names its first bad row.
enum class JournalState {
    Sound,
    Edited, ///< a row was changed
    Moved, ///< rows stand in each other's place
    Missing, ///< rows were taken from the middle
    Rewritten, ///< the chain fits itself, but not what was signed: rows were changed and hashed again
    TailCut, ///< signed rows are gone from the end
    RolledBack, ///< an older copy of the database was put back: the keychain has signed more, or otherwise
    HeadCut, ///< the beginning is gone, and no JournalCut row and checkpoint account for it
    BadCheckpoint, ///< a checkpoint is not signed by this profile's key, and no accepted restore says why
};

[[nodiscard]] std::string_view nameOf(JournalState finding);

struct VerificationReport
{
    JournalState finding = JournalState::Sound;
    std::int64_t badRow = 0; ///< the first bad row; for Rewritten the first of those that may be it
    std::string detail;
    std::int64_t rows = 0, first = 0, last = 0;
    /// Rows up to here are those that were signed at `vouchedAt` (wall time); 0: none.
    std::int64_t vouchedTo = 0;
    std::int64_t vouchedAt = 0;
    /// The keychain's checkpoint; 0: none. A copy of the database made since then would not be noticed.
    std::int64_t keptTo = 0;
    /// The last StorageRestored row; 0: none. Rows before it are as the owner found them then.
    std::int64_t restoredRow = 0;
    /// What it cannot vouch for: rows behind the last checkpoint can have been changed, and rows behind
    /// `last` cut, by who holds the database key, and no trace would show. Empty (from > to) where
    /// everything is signed.
    std::int64_t unsignedFrom = 1, unsignedTo = 0;

    [[nodiscard]] bool isSound() const { return finding == JournalState::Sound; }
};

/// Against what the rows are held.
struct Evidence
{
    ProfileId profile{ 1 };
    std::optional<PublicKey> key; ///< without it nothing is vouched for
    std::vector<Checkpoint> stored; ///< of the database, ascending
    std::optional<Checkpoint> kept; ///< of the keychain
    /// An export begins where it begins: its signed manifest accounts for that.
    bool mayBeginAnywhere = false;
};

/// Takes the rows one after another and gives the verdict. Pure. Thread: any, one at a time.
class Verifier final
{
public:
    explicit Verifier(Evidence evidence);

    /// False: a break was found, the rest of the rows tells nothing.
    bool take(const JournalRow &row);
    [[nodiscard]] VerificationReport finish();

private:
    void compare(const JournalRow &row);
    void compareKept(const JournalRow &row);
    void noteCut(const JournalRow &row);
    void noteRestore(const JournalRow &row);
    void judgeBeginning();
    void judgeEnd();
    void findForeign();
    void find(JournalState finding, std::int64_t row, std::string detail);

    Evidence m_evidence;
    ChainWalk m_walk;
    VerificationReport m_verdict;
    std::size_t m_next = 0; ///< in m_evidence.stored
    std::vector<std::pair<std::int64_t, Checkpoint>> m_cuts; ///< that JournalCut rows name, with the row
    std::int64_t m_foreign = 0; ///< the first row whose checkpoint another key signed; 0: none
    std::int64_t m_keyFrom = 0; ///< the row that put the present key in place of a lost one; 0: none
};

} // namespace gatehouse
