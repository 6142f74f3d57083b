// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

/// The delegate of every view: one line of text, elided; tooltips show foreign text as it is, never as
/// markup.
class PlainDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
};

/// A cell of icon and words in a tone. The roles say where the model keeps them.
class MarkDelegate final : public PlainDelegate
{
    Q_OBJECT

public:
    MarkDelegate(int iconRole, int toneRole, QObject *parent);
    /// Cells whose `role` is true get a soft ground (changed, not saved yet).
    void setGroundRole(int role) { m_groundRole = role; }
    /// As wide as a cell with an icon and these words has to be.
    [[nodiscard]] static int widthFor(const QFontMetrics &metrics, const QString &words);
    void setCentered(bool centered) { m_centered = centered; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

private:
    int m_iconRole, m_toneRole;
    int m_groundRole = -1;
    bool m_centered = false;
};

/// Two lines: a name with its state on the right, and a muted line under it.
class TwoLineDelegate final : public PlainDelegate
{
    Q_OBJECT

public:
    struct Roles
    {
        int line = -1, icon = -1, tone = -1, state = -1;
        bool iconFirst = false;
    };
    TwoLineDelegate(const Roles &roles, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Roles m_roles;
};

} // namespace gatehouse::ui
