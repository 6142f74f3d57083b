// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/journal_store.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// CallStore in SQL: the `calls` projection. It takes rows in chain order; an outcome finds its intent by
/// the call id and completes its line. Outside a unit of work it commits without a sync: what power takes
/// away is made again from the journal.
/// Thread: storage. The connection and the journal must outlive it.
class SqlCallStore final : public CallStore
{
public:
    SqlCallStore(sql::Connection &connection, SqlJournalStore &journal, ProfileId profile);

    [[nodiscard]] Result<CallPage> page(const CallFilter &filter) override;
    [[nodiscard]] Result<std::optional<CallRow>> call(const CallId &id) override;
    [[nodiscard]] Result<CallCounts> counts(std::int64_t from, std::int64_t to) override;
    [[nodiscard]] Result<int> catchUp(int atMost) override;
    [[nodiscard]] Result<std::int64_t> behind() override;
    [[nodiscard]] Result<> rebuild() override;

private:
    void catchUpForReader();
    [[nodiscard]] Result<std::int64_t> cursor();
    [[nodiscard]] Result<> moveCursor(std::int64_t seq);
    [[nodiscard]] Result<int> take(const std::vector<JournalRow> &rows);
    [[nodiscard]] Result<> takeLine(const CallRow &line);
    [[nodiscard]] Result<> add(const CallRow &row);
    [[nodiscard]] Result<> complete(std::int64_t id, const CallRow &row);
    [[nodiscard]] Result<> widenBlocks(const std::vector<JournalRow> &rows);

    sql::Connection &m_connection;
    SqlJournalStore &m_journal;
    ProfileId m_profile;
};

} // namespace gatehouse
