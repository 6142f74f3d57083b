// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tray.h"

#include "ui/main_window.h"

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
    connect(m_icon, &QSystemTrayIcon::activated, &window, [&window](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            window.bringToFront();
    });
    connect(&window, &MainWindow::attentionWanted, this, [this] {
        if (!m_window.isActiveWindow())
            m_icon->showMessage(tr("Gatehouse"), tr("A question waits for your answer."));
    });
    connect(&window.models().gateway, &GatewayModel::changed, this, &Tray::settle);
    window.setHidesToTray(true);
    settle();
    m_icon->show();
}

Tray::~Tray()
{
    delete m_menu;
}

void Tray::settle()
{
    GatewayModel &gateway = m_window.models().gateway;
    const Mark mode = gateway.mode();
    const QString file = mode.tone == Tone::Bad ? QStringLiteral("gatehouse-alert")
        : gateway.isRunning()                   ? QStringLiteral("gatehouse")
                                                : QStringLiteral("gatehouse-paused");
    m_icon->setIcon(QIcon(QStringLiteral(":/icons/%1.svg").arg(file)));
    m_icon->setToolTip(tr("Gatehouse: %1").arg(mode.text));
    m_mode->setText(mode.text);
    m_toggle->setText(gateway.isRunning() || !gateway.canChangeMode() ? tr("Pause all") : tr("Resume"));
    m_toggle->setEnabled(gateway.canChangeMode());
}

} // namespace gatehouse::ui
