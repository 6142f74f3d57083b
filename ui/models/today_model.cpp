// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/today_model.h"

#include "ui/models/answer.h"

#include <QLocale>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kLinesAtOnce = 256;

} // namespace

TodayModel::TodayModel(GatewayPort &gateway, Now now, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::activityAdded, this, [this](const QList<ActivityRow> &rows) {
        if (m_top == 0)
            return; // the first page is still being read and will hold these
        const qint64 top = m_top;
        for (const ActivityRow &row : rows) {
            if (row.seq > top)
                count(row);
            else if (m_undecided.contains(row.seq))
                decide(row);
            m_top = std::max(m_top, row.seq);
        }
        emit changed();
    });
}

void TodayModel::recount()
{
    ++m_generation;
    m_day = m_now().toLocalTime().date();
    m_calls = m_refused = m_asked = 0;
    m_more = false;
    m_top = 0;
    m_undecided.clear();
    readBefore(0, kTodayPages);
}

void TodayModel::refreshTimes()
{
    if (m_day.isValid() && m_now().toLocalTime().date() != m_day)
        recount();
}

void TodayModel::readBefore(qint64 before, int pages)
{
    ActivityFilter filter;
    filter.before = before;
    filter.limit = kLinesAtOnce;
    hear(m_gateway.activity(filter), this, [this, before, pages, generation = m_generation](const Result<QList<ActivityRow>> &rows) {
        if (generation != m_generation || !rows)
            return;
        if (rows->isEmpty()) {
            m_top = std::max<qint64>(m_top, 1);
            return;
        }
        const auto end = std::find_if(rows->begin(), rows->end(),
                                      [this](const ActivityRow &row) { return row.at.toLocalTime().date() < m_day; });
        for (auto row = rows->begin(); row != end; ++row)
            count(*row);
        m_top = std::max(m_top, rows->first().seq);
        if (end == rows->end() && pages > 1)
            readBefore(rows->last().seq, pages - 1);
        else
            m_more = end == rows->end();
        emit changed();
    });
}

void TodayModel::count(const ActivityRow &row)
{
    if (row.kind != u"call" && row.kind != u"call_refused")
        return;
    ++m_calls;
    decide(row);
}

void TodayModel::decide(const ActivityRow &row)
{
    if (row.decision.isEmpty()) {
        m_undecided.insert(row.seq);
        return;
    }
    m_undecided.remove(row.seq);
    if (row.decision == u"denied")
        ++m_refused;
    else if (row.decision == u"asked")
        ++m_asked;
}

QString TodayModel::shown(int number) const
{
    return QLocale().toString(number) + (m_more ? QStringLiteral("+") : QString());
}

} // namespace gatehouse::ui
