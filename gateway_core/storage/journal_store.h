// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// JournalStore in SQL; remembers what was appended until it is taken, for the commit's listeners.
/// Thread: storage. The connection must outlive it.
class SqlJournalStore final : public JournalStore
{
public:
    SqlJournalStore(sql::Connection &connection, ProfileId profile);

    [[nodiscard]] Result<JournalRow> append(JournalRow row) override;
    [[nodiscard]] Result<std::optional<JournalRow>> last() override;
    [[nodiscard]] Result<std::vector<JournalRow>> from(std::int64_t seq, int limit) override;
    [[nodiscard]] Result<> saveCheckpoint(const Checkpoint &checkpoint) override;
    [[nodiscard]] Result<std::vector<Checkpoint>> checkpoints() override;
    [[nodiscard]] Result<std::vector<Checkpoint>> checkpointsFrom(std::int64_t seq, int limit) override;
    [[nodiscard]] Result<> cutAt(const Checkpoint &checkpoint) override;

    [[nodiscard]] Result<std::int64_t> leftOfCut() override;
    /// The last row that is gone; 0: none is.
    [[nodiscard]] Result<std::int64_t> cut();

    [[nodiscard]] std::size_t appendedCount() const { return m_appended.size(); }
    /// Forgets rows of a unit that was undone.
    void forgetBeyond(std::size_t count) { m_appended.resize(count); }
    [[nodiscard]] std::vector<JournalRow> takeAppended() { return std::exchange(m_appended, {}); }
    /// Was there a cut since it was asked last?
    [[nodiscard]] bool takeWasCut() { return std::exchange(m_wasCut, false); }

private:
    sql::Connection &m_connection;
    ProfileId m_profile;
    std::vector<JournalRow> m_appended;
    bool m_wasCut = false;
};

} // namespace gatehouse
