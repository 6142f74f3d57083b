// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/client_list_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"

namespace gatehouse::ui {

ClientListModel::ClientListModel(GatewayPort &gateway, PinFlow &pins, Now now, QObject *parent)
    : QAbstractTableModel(parent)
    , m_gateway(gateway)
    , m_pins(pins)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::directoryChanged, this, &ClientListModel::reload);
}

int ClientListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_clients.size());
}

int ClientListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ClientListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ClientSummary &client = m_clients[index.row()];
    if (role == Qt::DisplayRole)
        return text(client, index.column());
    if (role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return client.crowdedAt
            ? tr("%1: as many connections were open as one token may have. If several programs "
                 "share it, give each a token of its own.")
                  .arg(exactTime(*client.crowdedAt))
            : text(client, NameColumn);
    case LastUsedColumn: return client.lastUsedAt ? exactTime(*client.lastUsedAt) : QString();
    case ExpiresColumn: return exactTime(client.revokedAt.value_or(client.expiresAt));
    case PairedByColumn: return tr("Paired: %1").arg(exactTime(client.createdAt));
    default: return text(client, index.column());
    }
}

QString ClientListModel::text(const ClientSummary &client, int column) const
{
    switch (column) {
    case NameColumn:
        return client.crowdedAt ? tr("%1 · shared by too many programs").arg(foreignText(client.name))
                                : foreignText(client.name);
    case TokenColumn: return QStringLiteral("…%1").arg(client.tokenTail);
    case PairedByColumn: return client.pairedBy.isEmpty() ? tr("By hand") : foreignText(client.pairedBy);
    case LastUsedColumn: return client.lastUsedAt ? relativeTime(*client.lastUsedAt, m_now()) : tr("Never");
    case ExpiresColumn:
        if (client.revokedAt)
            return tr("Revoked");
        return client.expiresAt <= m_now() ? tr("Ran out") : relativeTime(client.expiresAt, m_now());
    default: return {};
    }
}

QVariant ClientListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn: return tr("Client");
    case TokenColumn: return tr("Token");
    case PairedByColumn: return tr("Paired by");
    case LastUsedColumn: return tr("Last used");
    case ExpiresColumn: return tr("Valid until");
    default: return {};
    }
}

void ClientListModel::setAgent(const QString &agent)
{
    if (agent == m_agent)
        return;
    m_agent = agent;
    beginResetModel();
    m_clients.clear();
    endResetModel();
    reload();
}

void ClientListModel::reload()
{
    if (m_agent.isEmpty())
        return;
    hear(m_gateway.clients(m_agent), this,
         [this, agent = m_agent](const Result<QList<ClientSummary>> &clients) {
             if (agent != m_agent)
                 return; // another agent was chosen meanwhile
             if (!clients) {
                 emit failed(sentenceFor(clients.error()));
                 return;
             }
             beginResetModel();
             m_clients = *clients;
             endResetModel();
         });
}

void ClientListModel::revoke(int row)
{
    if (!canRevoke(row))
        return;
    m_pins.run<void>(
        this, [this, id = m_clients[row].id] { return m_gateway.revokeClient(id); },
        [this](const Result<> &result) {
            if (!result)
                emit failed(sentenceFor(result.error()));
            reload();
        });
}

bool ClientListModel::canRevoke(int row) const
{
    return row >= 0 && row < rowCount() && !m_clients[row].revokedAt;
}

std::optional<ClientSummary> ClientListModel::client(int row) const
{
    return row >= 0 && row < rowCount() ? std::optional(m_clients[row]) : std::nullopt;
}

} // namespace gatehouse::ui
