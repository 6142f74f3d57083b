// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QAbstractListModel>
#include <QTimer>

namespace gatehouse::ui {

/// Projects found by a few letters. Waits until typing pauses for kTypingPauseMs; an answer to an older
/// question is dropped. Thread: ui. Owns: the rows.
class ProjectSearchModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int kTypingPauseMs = 250;

    explicit ProjectSearchModel(GatewayPort &gateway, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] std::optional<ProjectSummary> project(int row) const;

    void setQuery(const QString &query);
    void searchNow();

signals:
    void searched(int found);
    void failed(const QString &sentence);

private:
    GatewayPort &m_gateway;
    QTimer m_pause;
    QString m_query;
    int m_asked = 0;
    QList<ProjectSummary> m_projects;
};

} // namespace gatehouse::ui
