// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/verify.h"

#include "gateway_core/audit/event.h"

#include <algorithm>

namespace gatehouse {

namespace {

bool isSame(const Checkpoint &one, const Checkpoint &other)
{
    return one.seq == other.seq && one.head == other.head && one.signature == other.signature;
}

JournalState findingOf(BreakKind kind)
{
    switch (kind) {
    case BreakKind::Edited: return JournalState::Edited;
    case BreakKind::Moved: return JournalState::Moved;
    case BreakKind::Missing: return JournalState::Missing;
    }
    return JournalState::Edited;
}

std::string number(std::int64_t seq)
{
    return std::to_string(seq);
}

} // namespace

std::string_view nameOf(JournalState finding)
{
    switch (finding) {
    case JournalState::Sound: return "sound";
    case JournalState::Edited: return "edited";
    case JournalState::Moved: return "moved";
    case JournalState::Missing: return "missing";
    case JournalState::Rewritten: return "rewritten";
    case JournalState::TailCut: return "tail_cut";
    case JournalState::RolledBack: return "rolled_back";
    case JournalState::HeadCut: return "head_cut";
    case JournalState::BadCheckpoint: return "bad_checkpoint";
    }
    return "unknown";
}

Verifier::Verifier(Evidence evidence)
    : m_evidence(std::move(evidence))
    , m_walk(m_evidence.profile)
{
    if (m_evidence.kept)
        m_verdict.keptTo = m_evidence.kept->seq;
    if (m_evidence.kept && m_evidence.key
        && !isGenuine(m_evidence.profile, *m_evidence.kept, *m_evidence.key))
        find(JournalState::BadCheckpoint, m_evidence.kept->seq,
             "the keychain's checkpoint is not signed by its key");
}

bool Verifier::take(const JournalRow &row)
{
    if (!m_verdict.isSound())
        return false;
    if (const auto found = m_walk.take(row)) {
        find(findingOf(found->kind), found->seq, found->detail);
        return false;
    }
    noteCut(row);
    noteRestore(row);
    compareKept(row);
    compare(row);
    return m_verdict.isSound();
}

VerificationReport Verifier::finish()
{
    m_verdict.rows = m_walk.count();
    m_verdict.first = m_walk.first();
    m_verdict.last = m_walk.last();
    if (m_foreign > 0)
        findForeign();
    if (m_verdict.isSound())
        judgeBeginning();
    if (m_verdict.isSound())
        judgeEnd();
    m_verdict.unsignedFrom = std::max(m_verdict.vouchedTo + 1, m_verdict.first);
    m_verdict.unsignedTo = m_verdict.last;
    return m_verdict;
}

void Verifier::compare(const JournalRow &row)
{
    const auto &stored = m_evidence.stored;
    while (m_next < stored.size() && stored[m_next].seq < row.seq)
        ++m_next; // of rows that a cut took away, or that a break hid
    if (!m_evidence.key || m_next == stored.size() || stored[m_next].seq != row.seq)
        return;
    const Checkpoint &signedHere = stored[m_next++];
    if (!isGenuine(m_evidence.profile, signedHere, *m_evidence.key)) {
        // A restore that is still to come may account for it: the key of that time was lost.
        if (m_foreign == 0)
            m_foreign = row.seq;
        return;
    }
    if (signedHere.head != row.hash)
        return find(JournalState::Rewritten, std::max(m_verdict.vouchedTo + 1, m_walk.first()),
                    "up to row " + number(row.seq) + " these are not the rows that were signed");
    m_verdict.vouchedTo = row.seq;
    m_verdict.vouchedAt = signedHere.at;
}

void Verifier::compareKept(const JournalRow &row)
{
    const auto &kept = m_evidence.kept;
    if (!kept || kept->seq != row.seq)
        return;
    if (kept->head != row.hash) {
        const auto &stored = m_evidence.stored;
        const bool isStored
            = std::any_of(stored.begin(), stored.end(), [&](const auto &one) { return isSame(one, *kept); });
        if (isStored)
            return; // compare() says which rows
        if (m_foreign > 0)
            return findForeign(); // no restore accounts for it: it says more
        return find(JournalState::RolledBack, std::max(m_verdict.vouchedTo + 1, m_walk.first()),
                    "the keychain holds another row " + number(row.seq)
                        + ": an older copy went on from here");
    }
    if (m_evidence.key && m_verdict.vouchedTo < row.seq) {
        m_verdict.vouchedTo = row.seq;
        m_verdict.vouchedAt = kept->at;
    }
}

void Verifier::noteCut(const JournalRow &row)
{
    if (row.kind != nameOf(EventKind::JournalCut))
        return;
    const Json body = Json::parse(row.body, nullptr, false);
    const auto more = body.find("more");
    if (more == body.end() || !more->is_object() || !more->contains("checkpoint"))
        return;
    if (auto cut = checkpointFrom((*more)["checkpoint"]))
        m_cuts.emplace_back(row.seq, std::move(*cut));
}

/// Nobody gains by writing such a row: whatever changes rows before it differs from the keychain's copy.
void Verifier::noteRestore(const JournalRow &row)
{
    if (row.kind != nameOf(EventKind::StorageRestored))
        return;
    m_verdict.restoredRow = row.seq;
    const Json body = Json::parse(row.body, nullptr, false);
    const auto more = body.find("more");
    if (!m_evidence.key || more == body.end() || !more->is_object())
        return;
    const auto key = more->find("new_key");
    if (key == more->end() || *key != hex(*m_evidence.key))
        return;
    m_foreign = 0;
    m_keyFrom = row.seq;
}

void Verifier::judgeBeginning()
{
    if (m_evidence.mayBeginAnywhere || m_walk.count() == 0)
        return;
    if (m_walk.first() == 1) {
        if (m_walk.before() != Digest{})
            find(JournalState::HeadCut, 1, "row 1 follows another row");
        return;
    }
    const bool accounted = std::any_of(m_cuts.begin(), m_cuts.end(), [this](const auto &entry) {
        const auto &[row, cut] = entry;
        return cut.seq == m_walk.first() - 1 && cut.head == m_walk.before()
            && (!m_evidence.key || row < m_keyFrom || isGenuine(m_evidence.profile, cut, *m_evidence.key));
    });
    if (!accounted)
        find(JournalState::HeadCut, 1,
             "rows 1 to " + number(m_walk.first() - 1) + " are gone, and no cut is on record");
}

void Verifier::judgeEnd()
{
    const std::int64_t last = m_walk.last();
    const auto &stored = m_evidence.stored;
    const auto beyond = std::find_if(stored.begin(), stored.end(), [&](const Checkpoint &one) {
        return one.seq > last && (!m_evidence.key || isGenuine(m_evidence.profile, one, *m_evidence.key));
    });
    if (beyond != stored.end())
        return find(JournalState::TailCut, last + 1,
                    "rows up to " + number(stored.back().seq) + " were signed");
    // No trace of the later rows in the database itself: it is from before them.
    if (m_evidence.kept && m_evidence.kept->seq > last)
        find(JournalState::RolledBack, last + 1,
             "the keychain has signed rows up to " + number(m_evidence.kept->seq));
}

void Verifier::findForeign()
{
    find(JournalState::BadCheckpoint, m_foreign,
         "the checkpoint at row " + number(m_foreign) + " has another signature");
}

void Verifier::find(JournalState finding, std::int64_t row, std::string detail)
{
    if (!m_verdict.isSound())
        return; // the first counts
    m_verdict.finding = finding;
    m_verdict.badRow = row;
    m_verdict.detail = std::move(detail);
}

} // namespace gatehouse
