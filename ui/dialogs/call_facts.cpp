// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/call_facts.h"

#include "ui/dialogs/peer_facts.h"
#include "ui/models/foreign_text.h"
#include "ui/models/display_names.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kBetweenColumns = 18;
constexpr int kLeastHeight = 72; // who asks can be read

QGridLayout *newGrid()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(kBetweenColumns);
    return grid;
}

QString orNothing(const QString &text)
{
    return text.isEmpty() ? CallFacts::tr("nothing") : foreignText(text, kForeignTextWhole);
}

/// The title is among what would be sent, and is shown there.
bool sendsTitle(const ApprovalSummary &asked, const std::optional<PreviewSummary> &preview)
{
    const QString name = QStringLiteral("name");
    if (!preview || preview->fields.isEmpty())
        return asked.arguments.contains(name);
    return std::any_of(preview->fields.begin(), preview->fields.end(),
                       [&](const PreviewSummary::Field &field) { return field.name == name; });
}

} // namespace

CallFacts::CallFacts(QWidget *parent)
    : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("What is asked"));
    setMinimumHeight(kLeastHeight);
}

void CallFacts::showCall(const ApprovalSummary &asked, const std::optional<PreviewSummary> &preview,
                         const QString &noPreview)
{
    auto *inside = new QWidget;
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    QGridLayout *who = newGrid();
    addFact(*who, tr("Client"), foreignText(asked.clientName));
    addPeerFacts(*who, asked.peer);
    column->addLayout(who);
    QGridLayout *what = newGrid();
    addFact(*what, tr("Project"), foreignText(asked.projectName));
    if (!asked.issue.isEmpty())
        addFact(*what, tr("Issue"), foreignText(asked.issue));
    const QString title = preview && !preview->title.isEmpty() ? preview->title : asked.title;
    if (!title.isEmpty() && !sendsTitle(asked, preview))
        addFact(*what, tr("Title"), foreignText(title, kForeignTextWhole));
    column->addLayout(what);
    if (!preview)
        column->addWidget(wrappedLabel(noPreview.isEmpty()
                                           ? tr("Reading from Tasker what is there now…")
                                           : tr("What is there now could not be read. %1").arg(noPreview),
                                       noPreview.isEmpty() ? "muted" : "bad"));
    else
        addChanged(*column, *preview);
    if (preview && !preview->fields.isEmpty())
        addFields(*column, *preview);
    else
        addArguments(*column, asked);
    column->addStretch();
    setWidget(inside);
}

void CallFacts::addChanged(QVBoxLayout &column, const PreviewSummary &preview)
{
    if (!preview.changedMeanwhile && preview.changed.isEmpty())
        return;
    auto *box = new QVBoxLayout;
    box->addWidget(plainLabel(tr("Changed since you were asked"), "heading"));
    if (preview.changedMeanwhile)
        box->addWidget(wrappedLabel(
            tr("The issue has changed since the agent looked at it. Tasker would refuse this; the agent "
               "has to look again."),
            "bad"));
    if (preview.changed.isEmpty())
        box->addWidget(wrappedLabel(tr("None of what is shown here was changed."), "muted"));
    QGridLayout *grid = newGrid();
    for (const PreviewSummary::Field &field : preview.changed) {
        const QString name = argumentTitle(field.name);
        if (!field.diff.isEmpty())
            addDiff(*grid, name, field);
        else
            addFact(*grid, name,
                    tr("%1 → %2", "before and after").arg(orNothing(field.before), orNothing(field.after)));
    }
    box->addLayout(grid);
    column.addWidget(card(box, "alarm"));
}

void CallFacts::addFields(QVBoxLayout &column, const PreviewSummary &preview)
{
    auto *box = new QVBoxLayout;
    const bool isNew = preview.issue.isEmpty();
    box->addWidget(plainLabel(isNew ? tr("What it would make") : tr("What it would change"), "heading"));
    QGridLayout *grid = newGrid();
    for (const PreviewSummary::Field &field : preview.fields) {
        const QString name = argumentTitle(field.name);
        if (!field.diff.isEmpty() && !field.before.isEmpty())
            addDiff(*grid, name, field);
        else if (isNew || field.name == u"comment")
            addText(*grid, name, field.after);
        else if (field.before == field.after)
            addFact(*grid, name, tr("%1 (as it is)").arg(orNothing(field.after)));
        else {
            addText(*grid, tr("%1 now", "before the change").arg(name), field.before);
            addText(*grid, tr("%1 then", "after the change").arg(name), field.after, "strong");
        }
    }
    box->addLayout(grid);
    column.addWidget(card(box, "well"));
}

void CallFacts::addArguments(QVBoxLayout &column, const ApprovalSummary &asked)
{
    if (asked.arguments.isEmpty())
        return;
    QGridLayout *grid = newGrid();
    for (auto argument = asked.arguments.cbegin(); argument != asked.arguments.cend(); ++argument)
        addText(*grid, argumentTitle(argument.key()), argument.value());
    auto *box = new QVBoxLayout;
    box->addWidget(plainLabel(tr("What it sends, written by the agent"), "heading"));
    box->addLayout(grid);
    column.addWidget(card(box, "well"));
}

void CallFacts::addDiff(QGridLayout &grid, const QString &name, const PreviewSummary::Field &field)
{
    auto *diff = new DiffView(name, field.diff);
    const int row = grid.rowCount();
    grid.addWidget(plainLabel(name, "muted"), row, 0, Qt::AlignTop);
    grid.addWidget(diff, row, 1);
    if (!diff->isShortened())
        return;
    QPushButton *all
        = button(tr("Show all %n line(s)", nullptr, static_cast<int>(field.diff.size())), "quiet");
    all->setCheckable(true);
    grid.addWidget(all, row + 1, 1, Qt::AlignLeft);
    connect(all, &QPushButton::toggled, diff, &DiffView::setWhole);
}

void CallFacts::addText(QGridLayout &grid, const QString &name, const QString &text, const char *role)
{
    if (isLongText(text)) {
        const int row = grid.rowCount();
        grid.addWidget(plainLabel(name, "muted"), row, 0, Qt::AlignTop);
        grid.addWidget(new WholeText(name, foreignLines(text)), row, 1);
        return;
    }
    QLabel *value = addFact(grid, name, orNothing(text));
    if (role)
        setRole(*value, role);
}

} // namespace gatehouse::ui
