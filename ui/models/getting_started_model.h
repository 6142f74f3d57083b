// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/agent_list_model.h"

namespace gatehouse::ui {

/// The five steps from nothing to a working agent, each ticked by what is really there. Thread: ui.
class GettingStartedModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Step { ConnectTasker, SetPin, CreateAgent, GiveGrant, PairCodex, StepCount };
    enum Role { DoneRole = Qt::UserRole + 1, TextRole, ActionRole };

    GettingStartedModel(GatewayPort &gateway, const AgentListModel &agents, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] bool isDone(int step) const;
    [[nodiscard]] bool allDone() const { return next() == StepCount; }
    /// The first step that is not done; StepCount when all are.
    [[nodiscard]] int next() const;

signals:
    void changed();

private:
    void announce();

    GatewayPort &m_gateway;
    const AgentListModel &m_agents;
};

} // namespace gatehouse::ui
