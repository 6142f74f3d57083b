// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activity_search.h"

#include "ui/models/answer.h"
#include "ui/models/time_text.h"

namespace gatehouse::ui {

ActivitySearch::ActivitySearch(GatewayPort &gateway, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
{
}

void ActivitySearch::begin(const ActivityFilter &filter)
{
    m_filter = filter;
    m_filter.before = 0;
    m_state = State::Running;
    m_wanted = filter.limit;
    m_reads = 0;
    m_backTo.reset();
    m_percent = 0;
    ++m_turn;
    read();
    emit changed();
}

void ActivitySearch::goOn()
{
    if (m_state == State::Running || m_state == State::Done)
        return;
    m_state = State::Running;
    m_wanted = m_filter.limit;
    if (!m_asking)
        read();
    emit changed();
}

void ActivitySearch::stop()
{
    if (m_state != State::Running)
        return;
    m_state = State::Stopped;
    emit changed();
}

void ActivitySearch::read()
{
    m_asking = true;
    ActivityFilter filter = m_filter;
    filter.limit = static_cast<int>(m_wanted);
    hear(m_gateway.activity(filter), this, [this, turn = m_turn](const Result<ActivityFound> &answer) {
        if (turn != m_turn)
            return;
        m_asking = false;
        if (answer)
            return take(*answer);
        m_state = isLong() ? State::Stopped : State::Rested;
        emit failed(answer.error());
        emit changed();
    });
}

void ActivitySearch::take(const ActivityFound &answer)
{
    const qint64 before = m_filter.before;
    ++m_reads;
    m_wanted -= answer.lines.size();
    m_backTo = answer.searchedBackTo;
    m_percent = answer.searchedPercent;
    m_filter.before = answer.nextBefore.value_or(0);
    if (!answer.nextBefore)
        m_state = State::Done;
    else if (m_state == State::Running && m_wanted <= 0)
        m_state = State::Rested;
    if (m_state == State::Rested)
        m_reads = 0; // the next page is a search of its own
    else if (m_state == State::Running)
        read();
    emit found(answer.lines, before);
    emit changed();
}

QString ActivitySearch::progress() const
{
    if (!m_backTo)
        return {};
    const QString day = momentText(*m_backTo);
    switch (m_state) {
    case State::Rested:
    case State::Running: return tr("Searched back to %1 · %2 %").arg(day).arg(m_percent);
    case State::Stopped: return tr("Stopped at %1 · %2 % searched").arg(day).arg(m_percent);
    case State::Done: return tr("Searched everything, back to %1").arg(day);
    }
    return {};
}

} // namespace gatehouse::ui
