// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/mark_label.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int kMarkIcon = 14;
constexpr int kMarkGap = 6;
constexpr int kMarkSide = 10;

QFont bold(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

MarkLabel::MarkLabel(const Mark &mark, QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setMark(mark);
}

void MarkLabel::setMark(const Mark &mark)
{
    m_mark = mark;
    setAccessibleName(mark.text);
    setVisible(!mark.text.isEmpty());
    updateGeometry();
    update();
}

QSize MarkLabel::sizeHint() const
{
    const QFontMetrics metrics(bold(font()));
    const int iconRoom = m_mark.icon.isEmpty() ? 0 : kMarkIcon + kMarkGap;
    return { metrics.horizontalAdvance(m_mark.text) + iconRoom + 2 * kMarkSide, metrics.height() + 8 };
}

void MarkLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneSoft(m_mark.tone));
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    QRect words = rect().adjusted(kMarkSide, 0, -kMarkSide, 0);
    if (!m_mark.icon.isEmpty()) {
        paintIcon(painter, { words.left(), (height() - kMarkIcon) / 2, kMarkIcon, kMarkIcon }, m_mark.icon,
                  toneColor(m_mark.tone));
        words.setLeft(words.left() + kMarkIcon + kMarkGap);
    }
    painter.setFont(bold(font()));
    painter.setPen(toneColor(m_mark.tone));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, m_mark.text);
}

} // namespace gatehouse::ui
