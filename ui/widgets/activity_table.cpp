// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/activity_table.h"

#include "ui/widgets/delegates.h"

#include <QHeaderView>
#include <QScrollBar>

namespace gatehouse::ui {

ActivityTable::ActivityTable(ActivityModel &model, QWidget *parent)
    : QTableView(parent)
{
    setModel(&model);
    setItemDelegate(new PlainDelegate(this));
    for (const int column : {ActivityModel::DecisionColumn, ActivityModel::OutcomeColumn})
        setItemDelegateForColumn(column, new MarkDelegate(ActivityModel::IconRole, ActivityModel::ToneRole, this));
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
    const int em = fontMetrics().averageCharWidth();
    const QList<std::pair<int, int>> widths{
        {ActivityModel::TimeColumn, 15}, {ActivityModel::AgentColumn, 14}, {ActivityModel::ToolColumn, 20},
        {ActivityModel::ProjectColumn, 13}, {ActivityModel::DecisionColumn, 15}, {ActivityModel::OutcomeColumn, 20},
        {ActivityModel::DurationColumn, 10}};
    for (const auto &[column, characters] : widths)
        setColumnWidth(column, characters * em);
    head->setSectionResizeMode(ActivityModel::IssueColumn, QHeaderView::Stretch);
}

bool ActivityTable::isAtTop() const
{
    return verticalScrollBar()->value() <= verticalHeader()->defaultSectionSize();
}

} // namespace gatehouse::ui
