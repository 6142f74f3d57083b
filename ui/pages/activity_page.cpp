// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/activity_page.h"

#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/yes_text.h"
#include "ui/widgets/activity_table.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/mark_label.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kTypingPauseMs = 300;
constexpr int kDetailsWidth = 240; // the longest name of a tool on one line
const QStringList kOutcomes{ QStringLiteral("ok"),
                             QStringLiteral("partial"),
                             QStringLiteral("unknown"),
                             QStringLiteral("scope_denied"),
                             QStringLiteral("not_found"),
                             QStringLiteral("approval_denied"),
                             QStringLiteral("approval_pending"),
                             QStringLiteral("rate_limited"),
                             QStringLiteral("validation_failed"),
                             QStringLiteral("upstream_timeout"),
                             QStringLiteral("upstream_unavailable"),
                             QStringLiteral("gateway_paused") };

} // namespace

ActivityPage::ActivityPage(WindowModels &models, QWidget *parent)
    : QWidget(parent)
    , m_models(models)
    , m_table(new ActivityTable(models.activity))
    , m_details(new QFrame)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(12);
    column->addLayout(makeFilters());
    m_table->setAccessibleName(tr("Activity"));
    m_table->setColumnHidden(ActivityModel::DurationColumn, true); // it stands in the details
    m_empty = new EmptyState(m_table, QStringLiteral("activity"), {});
    auto *split = new QSplitter;
    split->addWidget(m_table);
    m_details->setProperty("role", QStringLiteral("card"));
    m_details->setMinimumWidth(kDetailsWidth);
    m_fields = new QScrollArea; // a line with everything in it is taller than a small window
    m_fields->setWidgetResizable(true);
    m_fields->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_fields->setAccessibleName(tr("All of the line"));
    (new QVBoxLayout(m_details))->addWidget(m_fields);
    split->addWidget(m_details);
    split->setStretchFactor(0, 1);
    split->setSizes({ 780, kDetailsWidth });
    split->setHandleWidth(10);
    split->setChildrenCollapsible(false);
    column->addWidget(split, 1);
    column->addWidget(makeSearch());
    column->addLayout(makeCheck());

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingPauseMs);
    connect(&m_typing, &QTimer::timeout, this, &ActivityPage::applyFilter);
    connect(&models.agents, &AgentListModel::reloaded, this, &ActivityPage::fillAgents);
    connect(&models.activityClients, &QAbstractItemModel::modelReset, this, &ActivityPage::fillClients);
    connect(&models.projects, &QAbstractItemModel::modelReset, this, &ActivityPage::fillProjects);
    connect(&models.activity, &ActivityModel::heldBackChanged, this, &ActivityPage::refreshFollowing);
    connect(&models.activity, &ActivityModel::followingChanged, this, &ActivityPage::refreshFollowing);
    connect(&models.activity, &ActivityModel::searchChanged, this, &ActivityPage::refreshSearch);
    connect(&models.activity, &ActivityModel::loaded, this, [this] {
        if (!m_table->currentIndex().isValid() && m_models.activity.rowCount() > 0)
            m_table->setCurrentIndex(m_models.activity.index(0, 0));
        showDetails(m_table->currentIndex().row());
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) { showDetails(index.row()); });
    connect(&models.activity, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &from, const QModelIndex &to) {
                const int row = m_table->currentIndex().row();
                if (row >= from.row() && row <= to.row())
                    showDetails(row);
            });
    // Whoever scrolls away from the top wants to read: new lines wait until they come back.
    connect(m_table->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        QMetaObject::invokeMethod(
            this, [this] { m_models.activity.setFollowing(m_table->isAtTop()); }, Qt::QueuedConnection);
    });
    refreshFollowing();
    fillAgents();
    fillClients();
    showDetails(-1);
    applyFilter();
}

QComboBox *ActivityPage::addChoice(QBoxLayout &row, const QString &name)
{
    auto *choice = new QComboBox;
    choice->addItem(name, QString());
    choice->setAccessibleName(name);
    choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice->setMinimumContentsLength(6);
    connect(choice, &QComboBox::activated, this, &ActivityPage::applyFilter);
    row.addWidget(choice, 1);
    return choice;
}

QLayout *ActivityPage::makeFilters()
{
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    m_text = new QLineEdit;
    m_text->setPlaceholderText(tr("Search"));
    m_text->setAccessibleName(tr("Search in activity"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(140);
    connect(m_text, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    first->addWidget(m_text, 3);
    m_period = addChoice(*first, tr("Any time"));
    for (const auto &[period, words] :
         { std::pair{ Period::Hour, tr("Last hour") }, std::pair{ Period::Day, tr("Today") },
           std::pair{ Period::Week, tr("Last 7 days") }, std::pair{ Period::Month, tr("Last 30 days") } })
        m_period->addItem(words, static_cast<int>(period));

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    m_agent = addChoice(*row, tr("All agents"));
    m_client = addChoice(*row, tr("All clients"));
    m_tool = addChoice(*row, tr("All tools"));
    for (const QString &tool : allTools())
        m_tool->addItem(toolTitle(tool), tool);
    m_project = addChoice(*row, tr("All projects"));
    m_decision = addChoice(*row, tr("All decisions"));
    for (const char *decision : { "allowed", "denied", "asked" })
        m_decision->addItem(decisionMark(QString::fromLatin1(decision)).text, QString::fromLatin1(decision));
    m_outcome = addChoice(*row, tr("All outcomes"));
    for (const QString &outcome : kOutcomes)
        m_outcome->addItem(outcomeMark(outcome, true).text, outcome);
    m_clear = button(tr("Clear"), "quiet");
    connect(m_clear, &QPushButton::clicked, this, &ActivityPage::clearFilter);
    first->addWidget(m_clear);
    m_follow = button({});
    m_follow->setCheckable(true);
    connect(m_follow, &QPushButton::clicked, this, [this](bool on) {
        m_models.activity.setFollowing(on);
        if (on)
            m_table->scrollToTop();
    });
    first->addWidget(m_follow);
    auto *rows = new QVBoxLayout;
    rows->setSpacing(8);
    rows->addLayout(first);
    rows->addLayout(row);
    return rows;
}

/// How far a long search is; not there for one that is quick.
QWidget *ActivityPage::makeSearch()
{
    m_search = new QWidget;
    auto *row = new QHBoxLayout(m_search);
    row->setContentsMargins({});
    row->setSpacing(12);
    m_progress = plainLabel({}, "muted");
    m_stop = button({});
    row->addWidget(m_stop);
    row->addWidget(m_progress, 1);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_models.activity.isSearchStopped() ? m_models.activity.searchFurther()
                                            : m_models.activity.stopSearch();
    });
    m_search->hide();
    return m_search;
}

QLayout *ActivityPage::makeCheck()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    m_check = button(tr("Check the &journal"));
    m_verdict = wrappedLabel(
        tr("Walks the whole journal and says whether every row is the one that was written."), "muted");
    row->addWidget(m_check);
    row->addWidget(m_verdict, 1);
    connect(m_check, &QPushButton::clicked, &m_models.journal, &JournalModel::verify);
    connect(&m_models.journal, &JournalModel::changed, this, [this] {
        const bool busy = m_models.journal.isVerifying();
        m_check->setEnabled(!busy);
        m_check->setText(busy ? tr("Checking…") : tr("Check the &journal"));
    });
    connect(&m_models.journal, &JournalModel::verified, this, [this](const Mark &mark) {
        m_verdict->setText(mark.text);
        setRole(*m_verdict, mark.tone == Tone::Good ? "good" : "bad");
    });
    return row;
}

void ActivityPage::fillAgents()
{
    const QString chosen = m_agent->currentData().toString();
    while (m_agent->count() > 1)
        m_agent->removeItem(1);
    for (const AgentSummary &agent : m_models.agents.agents())
        m_agent->addItem(foreignText(agent.name), agent.id);
    m_agent->setCurrentIndex(qMax(0, m_agent->findData(chosen)));
}

/// Of the chosen agent: nobody knows a client apart from its agent.
void ActivityPage::fillClients()
{
    const QString chosen = m_client->currentData().toString();
    while (m_client->count() > 1)
        m_client->removeItem(1);
    for (int row = 0; row < m_models.activityClients.rowCount(); ++row) {
        const auto client = m_models.activityClients.client(row);
        m_client->addItem(foreignText(client->name), client->id);
    }
    m_client->setCurrentIndex(qMax(0, m_client->findData(chosen)));
    m_client->setEnabled(m_client->count() > 1);
    m_client->setToolTip(m_client->isEnabled() ? QString() : plainToolTip(tr("Choose an agent first")));
    if (m_client->currentData().toString() != chosen)
        applyFilter();
}

void ActivityPage::fillProjects()
{
    for (int row = 0; row < m_models.projects.rowCount(); ++row) {
        const auto project = m_models.projects.project(row);
        if (m_project->findData(project->id) < 0)
            m_project->addItem(foreignText(project->name), project->id);
    }
}

void ActivityPage::applyFilter()
{
    ActivityFilter filter;
    filter.text = m_text->text().trimmed();
    filter.agentId = m_agent->currentData().toString();
    m_models.activityClients.setAgent(filter.agentId);
    filter.clientId = m_client->currentData().toString();
    if (const QVariant period = m_period->currentData(); period.toString() != QString())
        filter.from = startOf(static_cast<Period>(period.toInt()), m_models.now());
    filter.tool = m_tool->currentData().toString();
    filter.projectId = m_project->currentData().toString();
    filter.decision = m_decision->currentData().toString();
    filter.outcome = m_outcome->currentData().toString();
    m_models.activity.setFilter(filter);
    m_clear->setEnabled(m_models.activity.isFiltered());
}

void ActivityPage::clearFilter()
{
    m_text->clear();
    m_typing.stop();
    for (QComboBox *choice : { m_period, m_agent, m_client, m_tool, m_project, m_decision, m_outcome })
        choice->setCurrentIndex(0);
    applyFilter();
}

void ActivityPage::refreshSearch()
{
    const ActivityModel &activity = m_models.activity;
    const bool stopped = activity.isSearchStopped();
    m_search->setVisible(stopped || activity.isSearching());
    m_progress->setText(activity.searchProgress());
    m_stop->setText(stopped ? tr("Search &further") : tr("Stop"));
    if (!stopped)
        m_stop->setShortcut(Qt::Key_Escape); // a text without a mnemonic takes it away
    m_empty->setSentence(activity.emptySentence());
}

void ActivityPage::refreshFollowing()
{
    const bool following = m_models.activity.isFollowing();
    const int waiting = m_models.activity.heldBack();
    m_follow->setChecked(following);
    m_follow->setText(following         ? tr("Following")
                          : waiting > 0 ? tr("Show %n new", nullptr, waiting)
                                        : tr("Follow"));
    setRole(*m_follow, !following && waiting > 0 ? "primary" : "");
}

void ActivityPage::focusSearch()
{
    m_text->setFocus();
    m_text->selectAll();
}

void ActivityPage::showDetails(int row)
{
    auto *fields = new QWidget;
    auto *column = new QVBoxLayout(fields);
    column->setContentsMargins(6, 4, 6, 4);
    const std::optional<ActivityRow> line = m_models.activity.line(row);
    if (!line) {
        QLabel *hint = wrappedLabel(tr("Choose a line to see all of it."), "muted");
        hint->setAlignment(Qt::AlignCenter);
        column->addWidget(hint);
        m_fields->setWidget(fields);
        return;
    }
    const bool isCall = line->kind.isEmpty() || line->kind == u"call";
    column->addWidget(
        wrappedLabel(m_models.activity.index(row, ActivityModel::ToolColumn).data().toString(), "heading"));
    auto *marks = new QVBoxLayout; // side by side they are wider than the panel in some languages
    marks->setSpacing(6);
    for (const Mark &mark : { decisionMark(line->decision), outcomeMark(line->outcome, isCall) })
        marks->addWidget(new MarkLabel(mark));
    column->addLayout(marks);
    if (const auto error = errorNamed(line->outcome))
        column->addWidget(wrappedLabel(sentenceFor(*error), "muted"));
    // A name above its value: a tool's name and a call's id are one word and as wide as the panel.
    const auto fact = [&](const QString &name, const QString &value) {
        if (!value.isEmpty())
            addFact(*column, name, value);
    };
    fact(tr("Time"), exactTime(line->at));
    fact(tr("Agent"), foreignText(line->agentName));
    fact(tr("Client"), foreignText(line->clientName));
    fact(tr("Project"), foreignText(line->projectName));
    fact(tr("Issue"), foreignText(line->issue));
    fact(tr("Title"), foreignText(line->title));
    fact(tr("Tool"), foreignText(line->tool));
    fact(tr("How many"), ActivityModel::refusalsText(*line));
    if (line->yesGivenAt)
        fact(tr("Your yes"), allowedByText(*line->yesGivenAt, line->at));
    fact(tr("Came by"), line->via.isEmpty() ? QString() : viaTitle(line->via));
    fact(tr("Outcome code"), foreignText(line->outcome));
    fact(tr("Tasker answered"), upstreamTitle(line->upstream));
    fact(tr("MCP answered"), protocolTitle(line->protocol));
    fact(tr("Sent to the client"), transportTitle(line->transport));
    fact(tr("Took"), durationText(line->durationMs));
    fact(tr("Call"), foreignText(line->callId));
    fact(tr("Journal row"), QString::number(line->seq));
    column->addStretch();
    m_fields->setWidget(fields);
}

} // namespace gatehouse::ui
