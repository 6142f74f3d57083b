// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/agent_list_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/display_names.h"

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kNameMost = 80;

} // namespace

AgentListModel::AgentListModel(GatewayPort &gateway, PinFlow &pins, Now now, QObject *parent)
    : QAbstractListModel(parent)
    , m_gateway(gateway)
    , m_pins(pins)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::directoryChanged, this, &AgentListModel::reload);
}

int AgentListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_agents.size());
}

QVariant AgentListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const AgentSummary &agent = m_agents[index.row()];
    const Mark state = agentStateMark(agent.state);
    switch (role) {
    case Qt::DisplayRole:
    case NameRole: return foreignText(agent.name);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(foreignText(agent.name), state.text, line(agent));
    case Qt::ToolTipRole:
        return agent.lastCallAt ? tr("Last call: %1").arg(exactTime(*agent.lastCallAt))
                                : tr("Created: %1").arg(exactTime(agent.createdAt));
    case IdRole: return agent.id;
    case StateRole: return agent.state;
    case StateTextRole: return state.text;
    case StateIconRole: return state.icon;
    case StateToneRole: return static_cast<int>(state.tone);
    case LineRole: return line(agent);
    default: return {};
    }
}

QString AgentListModel::clientsText(const AgentSummary &agent)
{
    return tr("%n client(s)", nullptr, agent.clients);
}

QString AgentListModel::line(const AgentSummary &agent) const
{
    const QString clients = clientsText(agent);
    const QString last = agent.lastCallAt ? relativeTime(*agent.lastCallAt, m_now()) : tr("no calls yet");
    return QStringLiteral("%1 · %2").arg(clients, last);
}

std::optional<AgentSummary> AgentListModel::agent(const QString &id) const
{
    const int row = rowOf(id);
    return row < 0 ? std::nullopt : std::optional(m_agents[row]);
}

int AgentListModel::rowOf(const QString &id) const
{
    const auto found
        = std::find_if(m_agents.begin(), m_agents.end(), [&](const auto &one) { return one.id == id; });
    return found == m_agents.end() ? -1 : static_cast<int>(found - m_agents.begin());
}

bool AgentListModel::isNameFree(const QString &name, const QString &besides) const
{
    const QString wanted = name.trimmed();
    const bool taken = std::any_of(m_agents.begin(), m_agents.end(), [&](const AgentSummary &one) {
        return one.id != besides && one.name.compare(wanted, Qt::CaseInsensitive) == 0;
    });
    return !wanted.isEmpty() && wanted.size() <= kNameMost && !taken;
}

void AgentListModel::reload()
{
    hear(m_gateway.agents(), this, [this](const Result<QList<AgentSummary>> &agents) {
        if (agents)
            replace(*agents);
        else
            emit failed(sentenceFor(agents.error()));
    });
}

void AgentListModel::replace(const QList<AgentSummary> &agents)
{
    QList<AgentSummary> sorted = agents;
    const auto rank = [](const AgentSummary &one) { return one.state == u"retired" ? 1 : 0; };
    std::stable_sort(sorted.begin(), sorted.end(), [&](const auto &a, const auto &b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.name.localeAwareCompare(b.name) < 0;
    });
    const bool sameRows = std::equal(sorted.begin(), sorted.end(), m_agents.begin(), m_agents.end(),
                                     [](const auto &a, const auto &b) { return a.id == b.id; });
    if (sameRows) {
        m_agents = sorted;
        refreshTimes();
    } else {
        beginResetModel();
        m_agents = sorted;
        endResetModel();
    }
    emit reloaded();
}

void AgentListModel::refreshTimes()
{
    if (!m_agents.isEmpty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

void AgentListModel::act(std::function<QFuture<Result<AgentSummary>>()> what,
                         std::function<void(const AgentSummary &)> then)
{
    m_pins.run<AgentSummary>(this, std::move(what), [this, then](const Result<AgentSummary> &agent) {
        if (!agent) {
            emit failed(sentenceFor(agent.error()));
            return;
        }
        if (then)
            then(*agent);
        reload();
    });
}

void AgentListModel::create(const QString &name)
{
    act([this, name] { return m_gateway.createAgent(name.trimmed()); },
        [this](const AgentSummary &agent) {
            QList<AgentSummary> agents = m_agents;
            agents.append(agent);
            replace(agents); // so that `created` can be answered by selecting it
            emit created(agent.id);
        });
}

void AgentListModel::rename(const QString &agent, const QString &name)
{
    act([this, agent, name] { return m_gateway.renameAgent(agent, name.trimmed()); }, {});
}

void AgentListModel::setState(const QString &agent, const QString &state)
{
    act([this, agent, state] { return m_gateway.setAgentState(agent, state); }, {});
}

QList<std::pair<QString, QString>> AgentListModel::revocable() const
{
    QList<std::pair<QString, QString>> choices;
    for (const AgentSummary &agent : m_agents) {
        if (agent.clients > 0)
            choices.append(
                { agent.id, QStringLiteral("%1 · %2").arg(foreignText(agent.name), clientsText(agent)) });
    }
    if (!choices.isEmpty())
        choices.prepend({ kEveryAgent, tr("All agents") });
    return choices;
}

} // namespace gatehouse::ui
