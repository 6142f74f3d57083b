// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/window_models.h"

#include <QMainWindow>

class QButtonGroup;
class QStackedWidget;

namespace gatehouse::ui {

class ActivityPage;
class AgentsPage;
class ConnectionPage;
class NoticeBar;
class OverviewPage;
class Questions;

/// The window: navigation on the left, the mode on top, the pages, and nothing else. Questions open as
/// dialogs over it. With a tray (see setHidesToTray) closing it only hides it. Grants that are not saved are
/// never left behind without a question: not by another page, not by another agent, not by the end. Thread:
/// ui. The port must outlive it.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    enum Page { Overview, Agents, Activity, Connection };

    explicit MainWindow(GatewayPort &gateway, QWidget *parent = nullptr);
    /// The same with a clock that a test holds.
    MainWindow(GatewayPort &gateway, const Now &now, QWidget *parent = nullptr);

    [[nodiscard]] WindowModels &models() { return m_models; }
    void show(Page page);
    using QMainWindow::show;
    void bringToFront();
    void reviewFirst(); ///< the question that has waited longest
    /// Ends the program, after what is not saved was saved or dropped.
    void askToQuit();
    void setHidesToTray(bool hides) { m_hidesToTray = hides; }

public slots:
    void askToStopEverything();

signals:
    void attentionWanted(const QString &what);

protected:
    void closeEvent(QCloseEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QWidget *makeSidebar();
    [[nodiscard]] QWidget *makePages();
    void joinPages();
    void turnTo(Page page);
    void markPage();
    void goToStep(GettingStartedModel::Step step);

    WindowModels m_models;
    QButtonGroup *m_navigation;
    QStackedWidget *m_pages;
    NoticeBar *m_notice;
    OverviewPage *m_overview;
    AgentsPage *m_agents;
    ActivityPage *m_activity;
    ConnectionPage *m_connection;
    Questions *m_questions;
    bool m_hidesToTray = false;
    bool m_ends = false; ///< the program ends: nothing is asked any more
};

} // namespace gatehouse::ui
