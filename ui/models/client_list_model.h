// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"
#include "ui/models/pin_flow.h"

#include <QAbstractTableModel>

namespace gatehouse::ui {

/// The clients paired to one agent; revoked ones stay, marked. Reads itself again on directoryChanged.
/// Thread: ui. Owns: the rows.
class ClientListModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, TokenColumn, PairedByColumn, LastUsedColumn, ExpiresColumn, ColumnCount };

    ClientListModel(GatewayPort &gateway, PinFlow &pins, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Empty: no agent, no rows.
    void setAgent(const QString &agent);
    void reload();
    void revoke(int row);
    [[nodiscard]] bool canRevoke(int row) const;
    [[nodiscard]] std::optional<ClientSummary> client(int row) const;

signals:
    void failed(const QString &sentence);

private:
    [[nodiscard]] QString text(const ClientSummary &client, int column) const;

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    Now m_now;
    QString m_agent;
    QList<ClientSummary> m_clients;
};

} // namespace gatehouse::ui
