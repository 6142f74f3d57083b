// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QSet>

namespace gatehouse::ui {

/// Today's calls, refusals and questions: counted by the gateway once, and kept up by the live feed.
/// Thread: ui.
class TodayModel final : public QObject
{
    Q_OBJECT

public:
    explicit TodayModel(GatewayPort &gateway, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] QString calls() const { return shown(m_counts.calls); }
    [[nodiscard]] QString refused() const { return shown(m_counts.refused); }
    [[nodiscard]] QString asked() const { return shown(m_counts.asked); }

    void recount();
    /// Begins again at midnight.
    void refreshTimes();

signals:
    void changed();

private:
    void take(const QList<ActivityRow> &rows);
    void decide(const ActivityRow &row);
    [[nodiscard]] static QString shown(qint64 number);

    GatewayPort &m_gateway;
    Now m_now;
    QDate m_day;
    int m_generation = 0;
    bool m_counted = false;
    CountsSummary m_counts; ///< upTo grows with the feed
    QSet<qint64> m_undecided; ///< counted as calls, their decision not known yet
};

} // namespace gatehouse::ui
