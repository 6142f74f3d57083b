// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QAbstractListModel>

namespace gatehouse::ui {

/// The yeses for a time that stand now, oldest first: what each covers, how old it is, when it was used last,
/// and ending one. Thread: ui. Owns: the rows.
class StandingYesModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, TextRole };

    explicit StandingYesModel(GatewayPort &gateway, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    /// DisplayRole: the sentence; TextRole: age and last use.
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

    void reload();
    /// At once and without the PIN: it narrows.
    void end(const QString &id);
    void refreshTimes();

signals:
    void changed();
    void failed(const QString &sentence);

private:
    GatewayPort &m_gateway;
    Now m_now;
    QList<StandingYesSummary> m_rows;
};

} // namespace gatehouse::ui
