// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/dialog.h"
#include "ui/models/consent_guard.h"

#include <QList>
#include <QTimer>

namespace gatehouse::ui {

class GuardedButton;

/// A question that comes by itself: a call to allow, a program to pair. It takes the focus from no other
/// program (present()), and no answer counts, neither a button nor Enter, Escape or the window's cross, until
/// it has had the focus, and no key was pressed, for kConsentDelayMs. Enter presses the focused button, and
/// the default one only where nothing has the focus. Thread: ui. Owns: the guard.
class QuestionDialog : public Dialog
{
    Q_OBJECT

public:
    QuestionDialog(const QString &heading, ConsentGuard::Ticks ticks, QWidget *parent);

    enum class Asked { ByItself, ByTheOwner };
    /// Puts it on the screen. ByItself it gets the focus only where one of our windows has it already;
    /// otherwise it appears beside what the owner works in, and the desktop marks it as waiting.
    void present(Asked how);
    /// Closes it whatever the guard says: the question is over.
    void end();

    void reject() override;

signals:
    void lookedAt(); ///< it got the focus

protected:
    [[nodiscard]] GuardedButton *addAnswer(const QString &text, const char *role = nullptr);
    /// What is decided on has only now come, or is another: the guard starts again.
    void questionChanged();

    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] bool isAnswer(const QObject *receiver, int key) const;
    void refreshGuard();

    ConsentGuard m_guard;
    QList<GuardedButton *> m_answers;
    QTimer m_opens;
    bool m_over = false;
};

} // namespace gatehouse::ui
