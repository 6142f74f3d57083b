// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/today_model.h"

#include "ui/models/answer.h"

#include <QLocale>

#include <algorithm>

namespace gatehouse::ui {

TodayModel::TodayModel(GatewayPort &gateway, Now now, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::activityAdded, this, &TodayModel::take);
    connect(&gateway, &GatewayPort::activityFellBehind, this, &TodayModel::recount);
}

void TodayModel::recount()
{
    m_day = m_now().toLocalTime().date();
    m_counted = false;
    hear(m_gateway.countsSince(m_day.startOfDay()), this,
         [this, generation = ++m_generation](const Result<CountsSummary> &counts) {
             if (generation != m_generation || !counts)
                 return;
             m_counts = *counts;
             m_undecided.clear();
             m_counted = true;
             emit changed();
         });
}

void TodayModel::refreshTimes()
{
    if (m_day.isValid() && m_now().toLocalTime().date() != m_day)
        recount();
}

void TodayModel::take(const QList<ActivityRow> &rows)
{
    if (!m_counted)
        return; // the answer that is on its way has these
    const qint64 known = m_counts.upTo;
    for (const ActivityRow &row : rows) {
        if (row.seq > known) {
            m_counts.upTo = std::max(m_counts.upTo, row.seq);
            if (row.kind != u"call")
                continue;
            ++m_counts.calls;
            decide(row);
        } else if (m_undecided.contains(row.seq)) {
            decide(row);
        }
    }
    emit changed();
}

void TodayModel::decide(const ActivityRow &row)
{
    if (row.decision.isEmpty()) {
        m_undecided.insert(row.seq);
        return;
    }
    m_undecided.remove(row.seq);
    if (row.decision == u"denied")
        ++m_counts.refused;
    else if (row.decision == u"asked")
        ++m_counts.asked;
}

QString TodayModel::shown(qint64 number)
{
    return QLocale().toString(number);
}

} // namespace gatehouse::ui
