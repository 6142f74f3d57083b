// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSystemTrayIcon>

class QAction;
class QMenu;

namespace gatehouse::ui {

class MainWindow;

/// The icon in the tray: the mode at a glance, what waits for an answer, *Pause all*, and the window. It
/// asks, by a notification, where a question came while the owner works in another program. Closing the
/// window hides it there, but only where a tray exists; without one this does nothing. Thread: ui. The window
/// must outlive it.
class Tray final : public QObject
{
    Q_OBJECT

public:
    explicit Tray(MainWindow &window, QObject *parent = nullptr);
    ~Tray() override;

    [[nodiscard]] bool isThere() const { return m_icon != nullptr; }

signals:
    void quitAsked();

private:
    void refresh();

    MainWindow &m_window;
    QSystemTrayIcon *m_icon = nullptr;
    QMenu *m_menu = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_mode = nullptr;
    QAction *m_questions = nullptr;
};

} // namespace gatehouse::ui
