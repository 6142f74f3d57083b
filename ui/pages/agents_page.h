// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/window_models.h"

#include <QWidget>

#include <functional>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace gatehouse::ui {

class GrantEditor;
class MarkLabel;

/// The owner's agents on the left; on the right the chosen one: its state, what it may do, its clients.
/// Thread: ui.
class AgentsPage final : public QWidget
{
    Q_OBJECT

public:
    AgentsPage(WindowModels &models, QWidget *parent = nullptr);

    void askForNewAgent();
    void pairCodex();
    void focusGrants();
    void select(const QString &agent);
    /// Goes on at once where no grant is unsaved; else after the owner saved or dropped them, and never where
    /// the owner stays.
    void leaveGrants(const std::function<void()> &goOn);

private:
    [[nodiscard]] QWidget *makeList();
    [[nodiscard]] QWidget *makeDetail();
    [[nodiscard]] QLayout *makeHead();
    [[nodiscard]] QWidget *makeClients();
    void chooseAnAgent();
    void turnTo(const QString &agent);
    void markAgent();
    void refresh();
    void rename();
    void toggleState();
    void retire();
    void revokeClient();
    [[nodiscard]] std::optional<AgentSummary> chosen() const;

    WindowModels &m_models;
    QListView *m_list;
    QStackedWidget *m_right;
    QLabel *m_name;
    MarkLabel *m_state;
    QPushButton *m_rename, *m_toggle, *m_retire, *m_pair, *m_revoke;
    GrantEditor *m_grants;
    QTableView *m_clients;
    QString m_chosen;
};

} // namespace gatehouse::ui
