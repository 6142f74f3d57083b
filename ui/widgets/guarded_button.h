// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/consent_guard.h"

#include <QPushButton>
#include <QTimer>

namespace gatehouse::ui {

/// A button that does nothing until its question has been on screen, with the focus, for kConsentDelayMs.
/// It is disabled meanwhile, so that a press begun too early does not count either. Starts again when the
/// window gets the focus, when it is shown, and by questionChanged(). Thread: ui.
class GuardedButton final : public QPushButton
{
    Q_OBJECT

public:
    explicit GuardedButton(const QString &text, ConsentGuard::Ticks ticks = {}, QWidget *parent = nullptr);

    void questionChanged();
    /// Besides the guard: is there a question at all.
    void setAnswerable(bool answerable);

signals:
    void consented();

protected:
    bool event(QEvent *event) override;

private:
    void settle();

    ConsentGuard m_guard;
    QTimer m_timer;
    bool m_answerable = true;
};

} // namespace gatehouse::ui
