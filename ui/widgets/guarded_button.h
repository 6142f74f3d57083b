// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/consent_guard.h"

#include <QPushButton>

namespace gatehouse::ui {

/// A button that answers a question. It can be reached and has the focus like any other, but a press counts
/// only if its question's guard was open when the press began and still is when it ends, whether it comes by
/// mouse, key, shortcut or from a screen reader. Dimmed meanwhile. Thread: ui. The guard must outlive it.
class GuardedButton final : public QPushButton
{
    Q_OBJECT

public:
    GuardedButton(const QString &text, const ConsentGuard &guard, QWidget *parent = nullptr);

    /// Shows whether the guard is open; called when that changes.
    void refresh();

signals:
    void consented();

private:
    const ConsentGuard &m_guard;
    bool m_begunOpen = false;
};

} // namespace gatehouse::ui
