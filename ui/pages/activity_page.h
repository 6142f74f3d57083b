// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/window_models.h"

#include <QTimer>
#include <QWidget>

class QBoxLayout;
class QComboBox;
class QFrame;
class QGridLayout;
class QLabel;
class QLineEdit;
class QScrollArea;
class QPushButton;

namespace gatehouse::ui {

class ActivityTable;
class EmptyState;

/// Everything that happened: live, filtered, each line with all its fields beside it. Thread: ui.
class ActivityPage final : public QWidget
{
    Q_OBJECT

public:
    ActivityPage(WindowModels &models, QWidget *parent = nullptr);
    void focusSearch();

private:
    [[nodiscard]] QLayout *makeFilters();
    [[nodiscard]] QWidget *makeSearch();
    [[nodiscard]] QLayout *makeCheck();
    [[nodiscard]] QComboBox *addChoice(QBoxLayout &row, const QString &name);
    void fillAgents();
    void fillClients();
    void fillProjects();
    void applyFilter();
    void clearFilter();
    void refreshFollowing();
    void refreshSearch();
    void showDetails(int row);

    WindowModels &m_models;
    QComboBox *m_period, *m_agent, *m_client, *m_tool, *m_project, *m_decision, *m_outcome;
    QLineEdit *m_text;
    QPushButton *m_clear, *m_follow, *m_check, *m_stop;
    QLabel *m_verdict, *m_progress;
    QWidget *m_search;
    ActivityTable *m_table;
    EmptyState *m_empty;
    QFrame *m_details;
    QScrollArea *m_fields;
    QTimer m_typing;
};

} // namespace gatehouse::ui
