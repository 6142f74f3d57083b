// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/getting_started_model.h"

#include <algorithm>

namespace gatehouse::ui {

GettingStartedModel::GettingStartedModel(GatewayPort &gateway, const AgentListModel &agents, QObject *parent)
    : QAbstractListModel(parent)
    , m_gateway(gateway)
    , m_agents(agents)
{
    connect(&gateway, &GatewayPort::statusChanged, this, &GettingStartedModel::announce);
    connect(&agents, &AgentListModel::reloaded, this, &GettingStartedModel::announce);
}

int GettingStartedModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : StepCount;
}

QVariant GettingStartedModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    struct Words
    {
        QString title, text, action;
    };
    const auto words = [&]() -> Words {
        switch (static_cast<Step>(index.row())) {
        case ConnectTasker:
            return { tr("Connect Tasker"),
                     isDone(ConnectTasker)
                         ? tr("Its address and your credential are stored, and Tasker answers.")
                         : m_gateway.status().connected
                         ? tr("Its address and your credential are stored, but Tasker has not answered yet.")
                         : tr("Its address and your credential; the credential goes to the keychain."),
                     tr("Connect") };
        case SetPin:
            return { tr("Set a PIN"), tr("Whatever widens what agents may do asks for it."), tr("Set PIN") };
        case CreateAgent:
            return { tr("Create an agent"), tr("The name under which Tasker shows what it does."),
                     tr("Create") };
        case GiveGrant:
            return { tr("Give it a grant"), tr("Choose a project and what the agent may do there."),
                     tr("Give") };
        case PairCodex:
            return { tr("Pair a Codex"), tr("Connect the program that works as this agent."), tr("Pair") };
        case StepCount: break;
        }
        return {};
    }();
    switch (role) {
    case Qt::DisplayRole: return words.title;
    case TextRole: return words.text;
    case ActionRole: return words.action;
    case DoneRole: return isDone(index.row());
    case Qt::AccessibleTextRole:
        return isDone(index.row()) ? tr("%1: done").arg(words.title) : tr("%1: to do").arg(words.title);
    default: return {};
    }
}

bool GettingStartedModel::isDone(int step) const
{
    const auto anyAgent = [this](auto &&has) {
        return std::any_of(
            m_agents.agents().begin(), m_agents.agents().end(),
            [&](const AgentSummary &agent) { return agent.state != u"retired" && has(agent); });
    };
    switch (static_cast<Step>(step)) {
    case ConnectTasker: return m_gateway.status().connected && m_gateway.status().heard;
    case SetPin: return m_gateway.status().pinSet;
    case CreateAgent: return anyAgent([](const AgentSummary &) { return true; });
    case GiveGrant: return anyAgent([](const AgentSummary &agent) { return agent.grants > 0; });
    case PairCodex: return anyAgent([](const AgentSummary &agent) { return agent.clients > 0; });
    case StepCount: break;
    }
    return false;
}

int GettingStartedModel::next() const
{
    int step = 0;
    while (step < StepCount && isDone(step))
        ++step;
    return step;
}

void GettingStartedModel::announce()
{
    emit dataChanged(index(0), index(StepCount - 1));
    emit changed();
}

} // namespace gatehouse::ui
