// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/moments.h"

#include "gateway_core/port/gateway_port.h"

#include <QSet>

namespace gatehouse::ui {

/// How many lines of today are counted at most when the window opens; more shows as "5,120+".
inline constexpr int kTodayPages = 20;

/// Today's calls, refusals and questions, counted from the journal's lines and kept up by the live feed.
/// Thread: ui.
class TodayModel final : public QObject
{
    Q_OBJECT

public:
    explicit TodayModel(GatewayPort &gateway, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] QString calls() const { return shown(m_calls); }
    [[nodiscard]] QString refused() const { return shown(m_refused); }
    [[nodiscard]] QString asked() const { return shown(m_asked); }

    void recount();
    /// Begins again at midnight.
    void refreshTimes();

signals:
    void changed();

private:
    void readBefore(qint64 before, int pages);
    void count(const ActivityRow &row);
    void decide(const ActivityRow &row);
    [[nodiscard]] QString shown(int number) const;

    GatewayPort &m_gateway;
    Now m_now;
    QDate m_day;
    int m_generation = 0;
    int m_calls = 0, m_refused = 0, m_asked = 0;
    bool m_more = false;
    qint64 m_top = 0; ///< lines up to here are counted
    QSet<qint64> m_undecided; ///< counted as calls, their decision not known yet
};

} // namespace gatehouse::ui
