// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"
#include "ui/models/pin_flow.h"

#include <QAbstractListModel>

namespace gatehouse::ui {

/// The owner's agents, retired ones last, and what can be done to one. Reads itself again on
/// directoryChanged. Thread: ui. Owns: the rows.
class AgentListModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        NameRole, ///< foreign text
        StateRole, ///< active | paused | retired
        StateTextRole,
        StateIconRole,
        StateToneRole,
        LineRole, ///< "2 clients · 5 min ago"
    };

    AgentListModel(GatewayPort &gateway, PinFlow &pins, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

    [[nodiscard]] std::optional<AgentSummary> agent(const QString &id) const;
    [[nodiscard]] int rowOf(const QString &id) const; ///< -1: not there
    [[nodiscard]] const QList<AgentSummary> &agents() const { return m_agents; }
    /// Whose clients *stop everything* can revoke: kEveryAgent, then each agent that has some, as name and
    /// text.
    [[nodiscard]] QList<std::pair<QString, QString>> revocable() const;
    /// A name that can be given: not empty, 80 characters at most, not taken by another agent.
    [[nodiscard]] bool isNameFree(const QString &name, const QString &besides = {}) const;

    void reload();
    void create(const QString &name);
    void rename(const QString &agent, const QString &name);
    void setState(const QString &agent, const QString &state);
    /// "5 min ago" grows older.
    void refreshTimes();

signals:
    void reloaded();
    void created(const QString &agent);
    void failed(const QString &sentence);

private:
    void replace(const QList<AgentSummary> &agents);
    [[nodiscard]] QString line(const AgentSummary &agent) const;
    [[nodiscard]] static QString clientsText(const AgentSummary &agent);
    void act(std::function<QFuture<Result<AgentSummary>>()> what,
             std::function<void(const AgentSummary &)> then);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    Now m_now;
    QList<AgentSummary> m_agents;
};

} // namespace gatehouse::ui
