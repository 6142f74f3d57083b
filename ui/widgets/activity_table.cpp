// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/activity_table.h"

#include "ui/widgets/delegates.h"

#include <QHeaderView>
#include <QScrollBar>

namespace gatehouse::ui {

namespace {

/// Of the times that a list shows in its first days, in the language and locale of the moment.
int widestTime(const QFontMetrics &metrics)
{
    const QDateTime evening(QDate(2026, 12, 20), QTime(22, 48));
    int widest = 0;
    for (const int hours : { 3, 24, 24 * 60 })
        widest
            = qMax(widest, metrics.horizontalAdvance(relativeTime(evening.addSecs(-3600 * hours), evening)));
    return widest;
}

} // namespace

ActivityTable::ActivityTable(ActivityModel &model, QWidget *parent)
    : QTableView(parent)
    , m_lines(model)
{
    setModel(&model);
    // After the view's own work on the new rows, which keeps the chosen one in sight.
    connect(&model, &QAbstractItemModel::rowsInserted, this, &ActivityTable::follow, Qt::QueuedConnection);
    setItemDelegate(new PlainDelegate(this));
    for (const int column : { ActivityModel::DecisionColumn, ActivityModel::OutcomeColumn })
        setItemDelegateForColumn(column,
                                 new MarkDelegate(ActivityModel::IconRole, ActivityModel::ToneRole, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    // One height for all: asking a million rows for theirs would take seconds.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    QHeaderView *head = horizontalHeader();
    head->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    head->setHighlightSections(false);
    head->setSectionsMovable(false);
    const int letter = fontMetrics().horizontalAdvance(u'n');
    const QList<std::pair<int, int>> widths{
        { ActivityModel::AgentColumn, 14 },   { ActivityModel::ToolColumn, 18 },
        { ActivityModel::ProjectColumn, 12 }, { ActivityModel::DecisionColumn, 13 },
        { ActivityModel::OutcomeColumn, 15 }, { ActivityModel::DurationColumn, 9 }
    };
    for (const auto &[column, characters] : widths)
        setColumnWidth(column, characters * letter);
    setColumnWidth(ActivityModel::TimeColumn, widestTime(fontMetrics()) + 2 * letter);
    head->setSectionResizeMode(ActivityModel::IssueColumn, QHeaderView::Stretch);
}

void ActivityTable::showEvent(QShowEvent *event)
{
    QTableView::showEvent(event);
    QMetaObject::invokeMethod(this, &ActivityTable::follow, Qt::QueuedConnection);
}

void ActivityTable::follow()
{
    if (m_lines.isFollowing())
        verticalScrollBar()->setValue(0);
}

bool ActivityTable::isAtTop() const
{
    return verticalScrollBar()->value() <= verticalHeader()->defaultSectionSize();
}

} // namespace gatehouse::ui
