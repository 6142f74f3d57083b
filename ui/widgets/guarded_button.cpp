// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/guarded_button.h"

#include <QEvent>

namespace gatehouse::ui {

GuardedButton::GuardedButton(const QString &text, ConsentGuard::Ticks ticks, QWidget *parent)
    : QPushButton(text, parent)
    , m_guard(std::move(ticks))
{
    setAutoDefault(false);
    setEnabled(false);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &GuardedButton::settle);
    connect(this, &QPushButton::clicked, this, [this] {
        if (m_guard.isOpen() && m_answerable)
            emit consented();
    });
}

void GuardedButton::questionChanged()
{
    m_guard.appeared();
    settle();
}

void GuardedButton::setAnswerable(bool answerable)
{
    m_answerable = answerable;
    settle();
}

void GuardedButton::settle()
{
    setEnabled(m_guard.isOpen() && m_answerable);
    if (!m_guard.isOpen())
        m_timer.start(static_cast<int>(m_guard.remaining()));
}

bool GuardedButton::event(QEvent *event)
{
    if (event->type() == QEvent::Show || event->type() == QEvent::WindowActivate)
        questionChanged();
    if (event->type() == QEvent::Hide || event->type() == QEvent::WindowDeactivate) {
        m_guard.disappeared();
        m_timer.stop();
        setEnabled(false);
    }
    return QPushButton::event(event);
}

} // namespace gatehouse::ui
