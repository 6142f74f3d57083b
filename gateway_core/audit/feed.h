// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/journal.h"

#include <QObject>

#include <set>
#include <string>
#include <vector>

namespace gatehouse {

inline constexpr Millis kFeedGather{ 20 }; ///< well inside the 100 ms that a window may be behind

/// The live view of the journal: which lines of *Activity* are new or changed. Commits are gathered for
/// 20 ms, so that a burst costs one look at the projection.
/// Thread: core. The references must outlive it.
class Feed final : public QObject
{
    Q_OBJECT

public:
    Feed(Storage &storage, Journal &journal, Clock &clock, QObject *parent = nullptr);

signals:
    /// Newest last. A line that was there before keeps its seq. At most kFeedBatch lines; more are
    /// announced by lagged(): read the page again.
    void changed(const std::vector<gatehouse::CallRow> &lines);
    void lagged();

private:
    void gather(const std::vector<JournalRow> &rows);
    void look();

    Storage &m_storage;
    Clock &m_clock;
    bool m_armed = false;
    std::set<std::string> m_calls;
    std::set<std::int64_t> m_others;
};

} // namespace gatehouse
