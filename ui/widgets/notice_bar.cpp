// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notice_bar.h"

#include "ui/theme/icons.h"
#include "ui/widgets/labels.h"

#include <QAccessible>
#include <QFrame>
#include <QHBoxLayout>

namespace gatehouse::ui {

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent)
    , m_frame(new QFrame)
    , m_icon(plainLabel({}))
    , m_text(wrappedLabel({}))
    , m_dismiss(button(tr("Dismiss"), "quiet"))
{
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(24, 14, 24, 0);
    outer->addWidget(m_frame);
    auto *row = new QHBoxLayout(m_frame);
    row->setContentsMargins(14, 8, 8, 8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_dismiss);
    connect(m_dismiss, &QPushButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBar::say(const QString &sentence, bool isError)
{
    setRole(*m_frame, isError ? "bar-error" : "bar-note");
    m_icon->setPixmap(
        icon(isError ? QStringLiteral("alert") : QStringLiteral("info"), isError ? Tone::Bad : Tone::Accent)
            .pixmap(18, 18));
    m_text->setText(sentence);
    setAccessibleName(sentence);
    show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QString NoticeBar::sentence() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace gatehouse::ui
