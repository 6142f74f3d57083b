// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/delegates.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace gatehouse::ui {

namespace {

constexpr int kIcon = 15;
constexpr int kGap = 6;
constexpr int kSide = 8; // as the style sheet has it for the heads of columns

void paintGround(QPainter &painter, const QStyleOptionViewItem &option)
{
    if (option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, colors().accentSoft);
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Active)) {
        painter.setPen(QPen(colors().accent, 1));
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

} // namespace

void PlainDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    painter->save();
    paintGround(*painter, option);
    const QRect words = option.rect.adjusted(kSide, 0, -kSide / 2, 0);
    painter->setFont(option.font);
    painter->setPen(option.state & QStyle::State_Enabled ? colors().text : colors().muted);
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, words.width()));
    painter->restore();
}

QSize PlainDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return { option.fontMetrics.horizontalAdvance(index.data().toString()) + 2 * kSide,
             option.fontMetrics.height() + 12 };
}

bool PlainDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                              const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), plainToolTip(index.data(Qt::ToolTipRole).toString()), view);
    return true;
}

MarkDelegate::MarkDelegate(int iconRole, int toneRole, QObject *parent)
    : PlainDelegate(parent)
    , m_iconRole(iconRole)
    , m_toneRole(toneRole)
{
}

int MarkDelegate::widthFor(const QFontMetrics &metrics, const QString &words)
{
    return metrics.horizontalAdvance(words) + kIcon + kGap + kSide + kSide / 2 + 1;
}

void MarkDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    painter->save();
    const QString text = index.data(Qt::DisplayRole).toString();
    const QString name = index.data(m_iconRole).toString();
    const QColor color = toneColor(static_cast<Tone>(index.data(m_toneRole).toInt()));
    if (m_groundRole >= 0 && index.data(m_groundRole).toBool())
        painter->fillRect(option.rect, colors().waitingSoft);
    paintGround(*painter, option);
    const int room = option.rect.width() - kSide - kSide / 2;
    const int wordWidth = qMin(option.fontMetrics.horizontalAdvance(text), room - kIcon - kGap);
    const int whole = (name.isEmpty() ? 0 : kIcon + kGap) + wordWidth;
    const int left
        = option.rect.left() + (m_centered ? qMax(kSide / 2, (option.rect.width() - whole) / 2) : kSide);
    paintIcon(*painter, { left, option.rect.center().y() - kIcon / 2, kIcon, kIcon }, name, color);
    const QRect words(left + (name.isEmpty() ? 0 : kIcon + kGap), option.rect.top(), wordWidth + 1,
                      option.rect.height());
    painter->setPen(color);
    painter->setFont(option.font);
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, wordWidth + 1));
    painter->restore();
}

TwoLineDelegate::TwoLineDelegate(const Roles &roles, QObject *parent)
    : PlainDelegate(parent)
    , m_roles(roles)
{
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return { 120, 2 * option.fontMetrics.height() + 18 };
}

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    painter->save();
    paintGround(*painter, option);
    QRect inside = option.rect.adjusted(10, 7, -10, -7);
    const int lineHeight = option.fontMetrics.height() + 2;
    const QString name = m_roles.icon < 0 ? QString() : index.data(m_roles.icon).toString();
    const auto tone = m_roles.tone < 0 ? Tone::Accent : static_cast<Tone>(index.data(m_roles.tone).toInt());
    const QColor color = toneColor(tone);
    QRect first(inside.left(), inside.top(), inside.width(), lineHeight);
    if (m_roles.iconFirst) {
        paintIcon(*painter, { inside.left(), inside.center().y() - 10, 20, 20 }, name, color);
        inside.setLeft(inside.left() + 32);
        first.setLeft(inside.left());
    } else if (m_roles.state >= 0) {
        const QString state = index.data(m_roles.state).toString();
        const int width = option.fontMetrics.horizontalAdvance(state);
        painter->setPen(color);
        painter->drawText(QRect(first.right() - width, first.top(), width + 1, lineHeight), Qt::AlignVCenter,
                          state);
        paintIcon(*painter,
                  { first.right() - width - kIcon - 4, first.center().y() - kIcon / 2, kIcon, kIcon }, name,
                  color);
        first.setRight(first.right() - width - kIcon - 12);
    }
    QFont strong = option.font;
    strong.setWeight(QFont::DemiBold);
    painter->setFont(strong);
    painter->setPen(colors().text);
    painter->drawText(first, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(strong).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight,
                                                      first.width()));
    painter->setFont(option.font);
    painter->setPen(colors().muted);
    const QRect second(inside.left(), first.bottom() + 1, inside.width(), lineHeight);
    painter->drawText(
        second, Qt::AlignVCenter | Qt::AlignLeft,
        option.fontMetrics.elidedText(index.data(m_roles.line).toString(), Qt::ElideRight, second.width()));
    painter->restore();
}

} // namespace gatehouse::ui
