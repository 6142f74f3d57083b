// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/question_dialog.h"

#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QWindow>

namespace gatehouse::ui {

namespace {

/// Whether a window of ours has the focus. The application's state alone does not tell: where a window that
/// had the focus is closed, no platform event says that another program has it now.
bool isOurs()
{
    const QWindow *focused = QGuiApplication::focusWindow();
    return QGuiApplication::applicationState() == Qt::ApplicationActive && focused && focused->isVisible();
}

bool canAnswer(int key)
{
    return key == Qt::Key_Escape || key == Qt::Key_Enter || key == Qt::Key_Return || key == Qt::Key_Space;
}

} // namespace

QuestionDialog::QuestionDialog(const QString &heading, ConsentGuard::Ticks ticks, QWidget *parent)
    : Dialog(heading, parent)
    , m_guard(std::move(ticks))
{
    setAttribute(Qt::WA_ShowWithoutActivating);
    // Of no other window: a dialog that is open over the main window would shut it, a hidden one would hide
    // it.
    winId();
    windowHandle()->setTransientParent(nullptr);
    m_opens.setSingleShot(true);
    connect(&m_opens, &QTimer::timeout, this, &QuestionDialog::refreshGuard);
    qApp->installEventFilter(this);
}

void QuestionDialog::present(Asked how)
{
    const bool ours = isOurs();
    show();
    if (how == Asked::ByItself && !ours) {
        QApplication::alert(this);
        return;
    }
    raise();
    activateWindow();
}

void QuestionDialog::end()
{
    m_over = true;
    close();
}

GuardedButton *QuestionDialog::addAnswer(const QString &text, const char *role)
{
    auto *answer = new GuardedButton(text, m_guard);
    answer->setProperty("role", role ? QVariant(QString::fromLatin1(role)) : QVariant());
    buttons().addWidget(answer);
    m_answers.append(answer);
    return answer;
}

void QuestionDialog::questionChanged()
{
    if (m_guard.isShown())
        m_guard.appeared();
    refreshGuard();
}

void QuestionDialog::refreshGuard()
{
    for (GuardedButton *answer : m_answers)
        answer->refresh();
    if (m_guard.isShown() && !m_guard.isOpen())
        m_opens.start(static_cast<int>(m_guard.remaining()));
}

bool QuestionDialog::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::WindowActivate:
        m_guard.appeared();
        emit lookedAt();
        break;
    case QEvent::WindowDeactivate:
    case QEvent::Hide: m_guard.disappeared(); break;
    default: return Dialog::event(event);
    }
    refreshGuard();
    return Dialog::event(event);
}

bool QuestionDialog::isAnswer(const QObject *receiver, int key) const
{
    const auto *widget = qobject_cast<const QWidget *>(receiver);
    if (!widget || widget->window() != this)
        return false;
    if (key == Qt::Key_Escape)
        return true;
    const bool isButton = qobject_cast<const QPushButton *>(widget) != nullptr;
    if (key == Qt::Key_Enter || key == Qt::Key_Return)
        return isButton || widget == this;
    return isButton && key == Qt::Key_Space;
}

/// Sees every key that any of our windows gets. One that answers an open guard is let through; every other,
/// and everyone while it is shut, shuts it again.
bool QuestionDialog::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Quit: m_over = true; break; // what is not answered then is denied, or asked again
    case QEvent::KeyPress:
    case QEvent::ShortcutOverride: {
        if (watched->isWindowType())
            break; // on its way to the widget that has the focus
        const auto *key = static_cast<QKeyEvent *>(event);
        // Looked for among the shortcuts first, by every parent of its widget too: those that can answer come
        // again.
        if (event->type() == QEvent::ShortcutOverride && canAnswer(key->key()))
            break;
        if (m_guard.isOpen() && !key->isAutoRepeat() && isAnswer(watched, key->key()))
            break;
        m_guard.typed();
        refreshGuard();
        break;
    }
    case QEvent::InputMethod:
        m_guard.typed();
        refreshGuard();
        break;
    default: break;
    }
    return Dialog::eventFilter(watched, event);
}

/// What none of the parts took. QDialog would give every Enter to the default button.
void QuestionDialog::keyPressEvent(QKeyEvent *event)
{
    const QWidget *focused = focusWidget();
    if (isEnter(*event) && focused && focused != this && !qobject_cast<const QPushButton *>(focused))
        return;
    Dialog::keyPressEvent(event);
}

void QuestionDialog::reject()
{
    if (m_over || m_guard.isOpen())
        Dialog::reject();
}

} // namespace gatehouse::ui
