// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/window_models.h"

#include <QScrollArea>

class QFrame;
class QLabel;
class QListView;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace gatehouse::ui {

class CommandRow;

/// The first page: how the gateway is and what to do, the first steps, what waits, today, the last lines.
/// Thread: ui.
class OverviewPage final : public QScrollArea
{
    Q_OBJECT

public:
    OverviewPage(WindowModels &models, QWidget *parent = nullptr);

signals:
    void reviewAsked(const QString &question);
    void stepAsked(gatehouse::ui::GettingStartedModel::Step step);
    void connectionAsked();
    void activityAsked();

private:
    [[nodiscard]] QWidget *makeState();
    [[nodiscard]] QWidget *makePortBusy();
    [[nodiscard]] QWidget *makeSteps();
    [[nodiscard]] QWidget *makeToday();
    [[nodiscard]] QWidget *makeWaiting();
    [[nodiscard]] QWidget *makeStanding();
    [[nodiscard]] QWidget *makeLatest();
    void refreshState();
    void askAboutRestore();
    void askAboutClock();
    void refreshSteps();
    void refreshToday();
    void refreshStanding();

    WindowModels &m_models;
    QLabel *m_sign, *m_title, *m_text, *m_detail;
    QPushButton *m_retry, *m_connect, *m_restore, *m_clock;
    QWidget *m_portBusy, *m_rest;
    bool m_portOffered = false;
    QSpinBox *m_port;
    CommandRow *m_portCommand;
    QFrame *m_steps, *m_standing;
    QVBoxLayout *m_stepRows, *m_standingRows;
    QLabel *m_calls, *m_refused, *m_asked;
    QListView *m_waiting;
};

} // namespace gatehouse::ui
