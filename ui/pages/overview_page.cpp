// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview_page.h"

#include "ui/dialogs/dialog.h"
#include "ui/theme/icons.h"
#include "ui/widgets/activity_table.h"
#include "ui/widgets/command_row.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QFrame>
#include <QListView>
#include <QSpinBox>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kLatestHeight = 220;
constexpr int kWaitingHeight = 164;
constexpr int kSignSize = 34;
constexpr int kStepTitleWidth = 170;
constexpr int kStepButtonWidth = 120;

QVBoxLayout *titled(const QString &title)
{
    auto *column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(plainLabel(title, "heading"));
    return column;
}

} // namespace

OverviewPage::OverviewPage(WindowModels &models, QWidget *parent)
    : QScrollArea(parent)
    , m_models(models)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    auto *inside = new QWidget;
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(14);
    column->addWidget(makeState());
    column->addWidget(makeSteps());
    m_rest = new QWidget;
    auto *rest = new QVBoxLayout(m_rest);
    rest->setContentsMargins(0, 0, 0, 0);
    rest->setSpacing(14);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(14);
    middle->addWidget(makeWaiting(), 3);
    middle->addWidget(makeToday(), 2);
    rest->addLayout(middle);
    rest->addWidget(makeStanding());
    rest->addWidget(makeLatest(), 1);
    column->addWidget(m_rest, 1);
    column->addStretch();
    setWidget(inside);
    connect(&models.gateway, &GatewayModel::changed, this, &OverviewPage::refreshState);
    connect(&models.steps, &GettingStartedModel::changed, this, &OverviewPage::refreshSteps);
    connect(&models.today, &TodayModel::changed, this, &OverviewPage::refreshToday);
    connect(&models.standing, &StandingYesModel::changed, this, &OverviewPage::refreshStanding);
    refreshState();
    refreshSteps();
    refreshToday();
    refreshStanding();
}

QWidget *OverviewPage::makeState()
{
    m_sign = plainLabel({});
    m_title = wrappedLabel({}, "title");
    m_text = wrappedLabel({});
    m_detail = wrappedLabel({}, "muted");
    m_retry = button(tr("Try again"));
    m_connect = button(tr("Open Connection"), "primary");
    m_restore = button(tr("I put it back myself…"));
    m_clock = button({});
    m_portBusy = makePortBusy();
    auto *whole = new QHBoxLayout;
    whole->setSpacing(18);
    auto *column = new QVBoxLayout;
    column->setSpacing(6);
    whole->addWidget(m_sign, 0, Qt::AlignTop);
    whole->addLayout(column, 1);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_detail);
    column->addWidget(m_portBusy);
    auto *row = new QHBoxLayout;
    row->addWidget(m_retry);
    row->addWidget(m_connect);
    row->addWidget(m_restore);
    row->addWidget(m_clock);
    row->addStretch();
    column->addLayout(row);
    connect(m_restore, &QPushButton::clicked, this, &OverviewPage::askAboutRestore);
    connect(m_clock, &QPushButton::clicked, this, &OverviewPage::askAboutClock);
    connect(m_retry, &QPushButton::clicked, this, [this] { m_models.gateway.retry(); });
    connect(m_connect, &QPushButton::clicked, this, &OverviewPage::connectionAsked);
    return card(whole);
}

QWidget *OverviewPage::makePortBusy()
{
    m_port = new QSpinBox;
    m_port->setRange(1024, 65535);
    m_port->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    m_port->setAccessibleName(tr("Another port"));
    m_portCommand = new CommandRow(tr("Commands for your programs"), {});
    auto *use = button(tr("Use this port instead"));
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("Another port:")));
    row->addWidget(m_port);
    row->addWidget(use);
    row->addStretch();
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 4, 0, 4);
    column->addLayout(row);
    column->addWidget(wrappedLabel(
        tr("Programs that Gatehouse set up through its bridge find it by themselves. Those that use "
           "the address must be told once, here for Codex:"),
        "muted"));
    column->addWidget(m_portCommand);
    connect(m_port, &QSpinBox::valueChanged, this,
            [this](int port) { m_portCommand->setCommand(GatewayModel::commandForPort(port)); });
    connect(use, &QPushButton::clicked, this, [this] { m_models.gateway.retry(m_port->value()); });
    return box;
}

void OverviewPage::refreshState()
{
    const Headline line = m_models.gateway.headline();
    m_sign->setPixmap(icon(line.mark.icon, line.mark.tone).pixmap(kSignSize, kSignSize));
    m_sign->setAccessibleName(line.mark.text);
    m_title->setText(line.title);
    m_text->setText(line.text);
    m_detail->setText(line.detail);
    m_detail->setVisible(!line.detail.isEmpty());
    m_retry->setVisible(line.canRetry);
    m_connect->setVisible(line.toConnection);
    m_restore->setVisible(line.restored);
    m_clock->setText(line.clockAnswer == u"was_wrong" ? tr("The clock was wrong…")
                                                      : tr("The clock is right…"));
    m_clock->setVisible(!line.clockAnswer.isEmpty());
    if (line.portBusy && !m_portOffered)
        m_port->setValue(m_models.gateway.otherPort());
    m_portOffered = line.portBusy;
    m_portBusy->setVisible(line.portBusy);
    m_rest->setVisible(m_models.gateway.canChangeMode());
}

void OverviewPage::askAboutRestore()
{
    auto *dialog = new AskDialog(tr("Did you put it back yourself?"), m_models.journal.restoreQuestion(),
                                 tr("Yes, sign the journal on"), window());
    connect(dialog, &AskDialog::agreed, &m_models.journal, [this] { m_models.journal.acceptRestore(); });
    dialog->open();
}

void OverviewPage::askAboutClock()
{
    const bool wasWrong = m_models.gateway.headline().clockAnswer == u"was_wrong";
    auto *dialog = new AskDialog(wasWrong ? tr("Was the clock wrong?") : tr("Is the clock right?"),
                                 m_models.gateway.clockConsequence(),
                                 wasWrong ? tr("Yes, it was wrong") : tr("Yes, it is right"), window());
    connect(dialog, &AskDialog::agreed, &m_models.gateway, [this] { m_models.gateway.settleClock(); });
    dialog->open();
}

QWidget *OverviewPage::makeSteps()
{
    QVBoxLayout *column = titled(tr("Getting started"));
    m_stepRows = new QVBoxLayout;
    m_stepRows->setSpacing(6);
    column->addLayout(m_stepRows);
    m_steps = card(column);
    return m_steps;
}

void OverviewPage::refreshSteps()
{
    while (QLayoutItem *old = m_stepRows->takeAt(0)) {
        delete old->widget();
        delete old;
    }
    m_steps->setVisible(!m_models.steps.allDone() && m_models.gateway.canChangeMode());
    for (int step = 0; step < GettingStartedModel::StepCount; ++step) {
        const QModelIndex index = m_models.steps.index(step);
        const bool done = m_models.steps.isDone(step);
        const bool next = step == m_models.steps.next();
        auto *row = new QWidget;
        row->setAccessibleName(index.data(Qt::AccessibleTextRole).toString());
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(12);
        QLabel *tick = plainLabel(done ? QString() : QString::number(step + 1), "muted");
        if (done)
            tick->setPixmap(icon(QStringLiteral("check"), Tone::Good).pixmap(18, 18));
        tick->setFixedWidth(20);
        tick->setAlignment(Qt::AlignCenter);
        line->addWidget(tick);
        QLabel *title = plainLabel(index.data().toString(), next ? "strong" : done ? "muted" : nullptr);
        title->setMinimumWidth(kStepTitleWidth);
        line->addWidget(title);
        line->addWidget(wrappedLabel(index.data(GettingStartedModel::TextRole).toString(), "muted"), 1);
        if (!done) {
            QPushButton *go
                = button(index.data(GettingStartedModel::ActionRole).toString(), next ? "primary" : nullptr);
            go->setAccessibleName(index.data().toString());
            connect(go, &QPushButton::clicked, this,
                    [this, step] { emit stepAsked(static_cast<GettingStartedModel::Step>(step)); });
            go->setMinimumWidth(kStepButtonWidth);
            line->addWidget(go);
        }
        m_stepRows->addWidget(row);
    }
}

QWidget *OverviewPage::makeToday()
{
    QVBoxLayout *column = titled(tr("Today"));
    auto *row = new QHBoxLayout;
    const auto addNumber = [&](const QString &name) {
        QLabel *number = plainLabel(QStringLiteral("0"), "number");
        auto *cell = new QVBoxLayout;
        cell->addWidget(number);
        cell->addWidget(plainLabel(name, "muted"));
        row->addLayout(cell, 1);
        return number;
    };
    m_calls = addNumber(tr("calls"));
    m_refused = addNumber(tr("refused"));
    m_asked = addNumber(tr("asked"));
    column->addLayout(row);
    column->addStretch();
    return card(column);
}

void OverviewPage::refreshToday()
{
    m_calls->setText(m_models.today.calls());
    m_refused->setText(m_models.today.refused());
    m_asked->setText(m_models.today.asked());
    m_calls->setAccessibleName(tr("Calls today: %1").arg(m_models.today.calls()));
    m_refused->setAccessibleName(tr("Refused today: %1").arg(m_models.today.refused()));
    m_asked->setAccessibleName(tr("Asked today: %1").arg(m_models.today.asked()));
}

QWidget *OverviewPage::makeWaiting()
{
    QVBoxLayout *column = titled(tr("Waiting for you"));
    m_waiting = new QListView;
    m_waiting->setObjectName(QStringLiteral("waiting"));
    m_waiting->setAccessibleName(tr("Questions that wait for your answer"));
    m_waiting->setProperty("role", QStringLiteral("flat"));
    m_waiting->setModel(&m_models.questions);
    TwoLineDelegate::Roles roles;
    roles.line = QuestionListModel::TextRole;
    roles.icon = QuestionListModel::IconRole;
    roles.iconFirst = true;
    m_waiting->setItemDelegate(new TwoLineDelegate(roles, m_waiting));
    m_waiting->setFixedHeight(kWaitingHeight);
    new EmptyState(m_waiting, QStringLiteral("check"), tr("Nothing waits for your answer."));
    const auto review = [this](const QModelIndex &index) {
        emit reviewAsked(index.data(QuestionListModel::IdRole).toString());
    };
    connect(m_waiting, &QListView::clicked, this, review);
    connect(m_waiting, &QListView::activated, this, review);
    column->addWidget(m_waiting);
    return card(column);
}

QWidget *OverviewPage::makeStanding()
{
    QVBoxLayout *column = titled(tr("Allowed without asking, for a time"));
    m_standingRows = new QVBoxLayout;
    m_standingRows->setSpacing(6);
    column->addLayout(m_standingRows);
    m_standing = card(column);
    m_standing->setObjectName(QStringLiteral("standing"));
    return m_standing;
}

void OverviewPage::refreshStanding()
{
    // What has the focus keeps it: the rows are made anew while their times go by.
    const QWidget *focused
        = m_standing->isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : nullptr;
    const QString focusedId = focused ? focused->objectName() : QString();
    while (QLayoutItem *old = m_standingRows->takeAt(0)) {
        delete old->widget();
        delete old;
    }
    m_standing->setVisible(m_models.standing.rowCount() > 0);
    for (int one = 0; one < m_models.standing.rowCount(); ++one) {
        const QModelIndex index = m_models.standing.index(one);
        const QString id = index.data(StandingYesModel::IdRole).toString();
        const QString what = index.data().toString();
        auto *row = new QWidget;
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(12);
        auto *texts = new QVBoxLayout;
        texts->setSpacing(2);
        texts->addWidget(wrappedLabel(what));
        texts->addWidget(wrappedLabel(index.data(StandingYesModel::TextRole).toString(), "muted"));
        line->addLayout(texts, 1);
        QPushButton *end = button(tr("End now"));
        end->setObjectName(QStringLiteral("end-") + id);
        end->setAccessibleName(tr("End now: %1").arg(what));
        connect(end, &QPushButton::clicked, this, [this, id] { m_models.standing.end(id); });
        line->addWidget(end);
        m_standingRows->addWidget(row);
        if (end->objectName() == focusedId)
            end->setFocus();
    }
}

QWidget *OverviewPage::makeLatest()
{
    auto *column = new QVBoxLayout;
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("Latest activity"), "heading"));
    row->addStretch();
    QPushButton *all = button(tr("Show all"), "quiet");
    row->addWidget(all);
    column->addLayout(row);
    auto *table = new ActivityTable(m_models.latest);
    table->setAccessibleName(tr("Latest activity"));
    table->setProperty("role", QStringLiteral("flat"));
    table->setMinimumHeight(kLatestHeight);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    new EmptyState(table, QStringLiteral("activity"),
                   tr("No calls yet. They show here the moment an agent makes one."));
    column->addWidget(table, 1);
    connect(all, &QPushButton::clicked, this, &OverviewPage::activityAsked);
    connect(table, &QTableView::activated, this, &OverviewPage::activityAsked);
    return card(column);
}

} // namespace gatehouse::ui
