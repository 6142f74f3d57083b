// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tray.h"

#include "ui/main_window.h"

#include <QGuiApplication>
#include <QMenu>

namespace gatehouse::ui {

Tray::Tray(MainWindow &window, QObject *parent)
    : QObject(parent)
    , m_window(window)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    m_icon = new QSystemTrayIcon(this);
    m_menu = new QMenu;
    m_mode = m_menu->addAction(QString());
    m_mode->setEnabled(false);
    m_questions = m_menu->addAction(QString(), &window, &MainWindow::reviewFirst);
    m_menu->addAction(tr("Open Gatehouse"), &window, &MainWindow::bringToFront);
    m_menu->addSeparator();
    m_toggle = m_menu->addAction(QString(), this, [this] {
        GatewayModel &gateway = m_window.models().gateway;
        if (gateway.isRunning())
            gateway.pause();
        else
            gateway.resume();
    });
    m_menu->addSeparator();
    m_menu->addAction(tr("Quit"), this, &Tray::quitAsked);
    m_icon->setContextMenu(m_menu);
    connect(m_icon, &QSystemTrayIcon::activated, &window,
            [&window](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    window.bringToFront();
            });
    connect(m_icon, &QSystemTrayIcon::messageClicked, &window, &MainWindow::reviewFirst);
    connect(&window, &MainWindow::attentionWanted, this, [this](const QString &what) {
        if (QGuiApplication::applicationState() != Qt::ApplicationActive)
            m_icon->showMessage(tr("A question waits for your answer"), what);
    });
    connect(&window.models().gateway, &GatewayModel::changed, this, &Tray::refresh);
    connect(&window.models().questions, &QAbstractItemModel::rowsInserted, this, &Tray::refresh);
    connect(&window.models().questions, &QAbstractItemModel::rowsRemoved, this, &Tray::refresh);
    window.setHidesToTray(true);
    refresh();
    m_icon->show();
}

Tray::~Tray()
{
    delete m_menu;
}

void Tray::refresh()
{
    GatewayModel &gateway = m_window.models().gateway;
    const Mark mode = gateway.mode();
    const int waiting = m_window.models().questions.rowCount();
    const QString asked = tr("%n question(s) wait for your answer", nullptr, waiting);
    const QString file = mode.tone == Tone::Bad || waiting > 0 ? QStringLiteral("gatehouse-alert")
        : gateway.isRunning()                                  ? QStringLiteral("gatehouse")
                                                               : QStringLiteral("gatehouse-paused");
    m_icon->setIcon(QIcon(QStringLiteral(":/icons/%1.svg").arg(file)));
    m_icon->setToolTip(tr("Gatehouse: %1").arg(waiting > 0 ? asked : mode.text));
    m_questions->setText(asked);
    m_questions->setVisible(waiting > 0);
    m_mode->setText(mode.text);
    m_toggle->setText(gateway.isRunning() || !gateway.canChangeMode() ? tr("Pause all") : tr("Resume"));
    m_toggle->setEnabled(gateway.canChangeMode());
}

} // namespace gatehouse::ui
