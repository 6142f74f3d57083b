// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/guarded_button.h"

#include <QStyle>

namespace gatehouse::ui {

namespace {

constexpr auto kShut = "shut"; // as in theme/style_sheet.h

} // namespace

GuardedButton::GuardedButton(const QString &text, const ConsentGuard &guard, QWidget *parent)
    : QPushButton(text, parent)
    , m_guard(guard)
{
    setAutoDefault(true);
    connect(this, &QPushButton::pressed, this, [this] { m_begunOpen = m_guard.isOpen(); });
    connect(this, &QPushButton::clicked, this, [this] {
        if (m_begunOpen && m_guard.isOpen())
            emit consented();
    });
    refresh();
}

void GuardedButton::refresh()
{
    const bool shut = !m_guard.isOpen();
    if (shut)
        m_begunOpen = false; // a press that goes on across it counts for nothing
    if (property(kShut).isValid() && property(kShut).toBool() == shut)
        return;
    setProperty(kShut, shut);
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace gatehouse::ui
