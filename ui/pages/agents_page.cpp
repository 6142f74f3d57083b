// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/agents_page.h"

#include "ui/dialogs/dialog.h"
#include "ui/dialogs/pairing_dialog.h"
#include "ui/models/foreign_text.h"
#include "ui/pages/grant_editor.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/mark_label.h"

#include <QHeaderView>
#include <QListView>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kListWidth = 212;
constexpr int kClientsHeight = 150;

} // namespace

AgentsPage::AgentsPage(WindowModels &models, QWidget *parent)
    : QWidget(parent)
    , m_models(models)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(24, 20, 24, 20);
    row->setSpacing(16);
    row->addWidget(makeList());
    m_right = new QStackedWidget;
    auto *nothing = new QWidget;
    auto *column = new QVBoxLayout(nothing);
    QLabel *hint = wrappedLabel(tr("An agent is the name under which Tasker shows what a program does.\n"
                                   "Create one, give it grants on projects, then pair a Codex with it."),
                                "muted");
    hint->setAlignment(Qt::AlignCenter);
    column->addWidget(hint);
    m_right->addWidget(nothing);
    m_right->addWidget(makeDetail());
    row->addWidget(m_right, 1);
    connect(&models.agents, &AgentListModel::reloaded, this, &AgentsPage::chooseAnAgent);
    connect(&models.agents, &AgentListModel::created, this, &AgentsPage::select);
    chooseAnAgent();
}

void AgentsPage::chooseAnAgent()
{
    if (m_models.agents.rowOf(m_chosen) < 0 && m_models.agents.rowCount() > 0)
        m_chosen = m_models.agents.index(0).data(AgentListModel::IdRole).toString();
    turnTo(m_chosen);
}

QWidget *AgentsPage::makeList()
{
    auto *box = new QWidget;
    box->setFixedWidth(kListWidth);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    QPushButton *create = button(tr("&New agent"), "primary", QStringLiteral("plus"));
    connect(new QShortcut(QKeySequence::New, this), &QShortcut::activated, this,
            &AgentsPage::askForNewAgent); // beside Alt+N
    column->addWidget(create);
    m_list = new QListView;
    m_list->setAccessibleName(tr("Agents"));
    m_list->setModel(&m_models.agents);
    TwoLineDelegate::Roles roles;
    roles.line = AgentListModel::LineRole;
    roles.icon = AgentListModel::StateIconRole;
    roles.tone = AgentListModel::StateToneRole;
    roles.state = AgentListModel::StateTextRole;
    m_list->setItemDelegate(new TwoLineDelegate(roles, m_list));
    new EmptyState(m_list, QStringLiteral("agents"), tr("No agents yet."));
    column->addWidget(m_list, 1);
    connect(create, &QPushButton::clicked, this, &AgentsPage::askForNewAgent);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                const QString agent = index.data(AgentListModel::IdRole).toString();
                if (index.isValid() && agent != m_chosen)
                    select(agent);
            });
    return box;
}

QLayout *AgentsPage::makeHead()
{
    m_name = wrappedLabel({}, "title");
    m_state = new MarkLabel;
    m_rename = button(tr("&Rename"));
    m_toggle = button({});
    m_retire = button(tr("Retire…"));
    m_pair = button(tr("Pair a &Codex"), "primary", QStringLiteral("plug"));
    auto *name = new QHBoxLayout;
    name->addWidget(m_name, 1);
    name->addWidget(m_state, 0, Qt::AlignTop);
    auto *acts = new QHBoxLayout;
    acts->setSpacing(8);
    for (QPushButton *one : { m_pair, m_rename, m_toggle, m_retire })
        acts->addWidget(one);
    acts->addStretch();
    auto *head = new QVBoxLayout;
    head->addLayout(name);
    head->addLayout(acts);
    connect(m_rename, &QPushButton::clicked, this, &AgentsPage::rename);
    connect(m_toggle, &QPushButton::clicked, this, &AgentsPage::toggleState);
    connect(m_retire, &QPushButton::clicked, this, &AgentsPage::retire);
    connect(m_pair, &QPushButton::clicked, this, &AgentsPage::pairCodex);
    return head;
}

QWidget *AgentsPage::makeDetail()
{
    m_grants = new GrantEditor(m_models.grants, m_models.projects, m_models.now);
    auto *detail = new QWidget;
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(makeHead());
    column->addWidget(m_grants, 1);
    column->addWidget(makeClients());
    return detail;
}

QWidget *AgentsPage::makeClients()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("Clients"), "heading"));
    row->addStretch();
    m_revoke = button(tr("Re&voke…"));
    row->addWidget(m_revoke);
    column->addLayout(row);
    m_clients = new QTableView;
    m_clients->setAccessibleName(tr("Clients of this agent"));
    m_clients->setModel(&m_models.clients);
    m_clients->setItemDelegate(new PlainDelegate(m_clients));
    m_clients->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_clients->setSelectionMode(QAbstractItemView::SingleSelection);
    m_clients->setShowGrid(false);
    m_clients->setTabKeyNavigation(false);
    m_clients->verticalHeader()->hide();
    m_clients->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    m_clients->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_clients->horizontalHeader()->setHighlightSections(false);
    m_clients->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_clients->setFixedHeight(kClientsHeight);
    new EmptyState(m_clients, QStringLiteral("plug"),
                   tr("No program is paired with this agent yet. Press Pair a Codex."));
    column->addWidget(m_clients);
    const auto refreshRevoke
        = [this] { m_revoke->setEnabled(m_models.clients.canRevoke(m_clients->currentIndex().row())); };
    connect(m_clients->selectionModel(), &QItemSelectionModel::currentChanged, this, refreshRevoke);
    connect(&m_models.clients, &QAbstractItemModel::modelReset, this, refreshRevoke);
    connect(m_revoke, &QPushButton::clicked, this, &AgentsPage::revokeClient);
    refreshRevoke();
    return box;
}

std::optional<AgentSummary> AgentsPage::chosen() const
{
    return m_models.agents.agent(m_chosen);
}

void AgentsPage::refresh()
{
    const auto agent = chosen();
    m_right->setCurrentIndex(agent ? 1 : 0);
    if (!agent)
        return;
    const bool retired = agent->state == u"retired";
    m_name->setText(foreignText(agent->name));
    m_state->setMark(agentStateMark(agent->state));
    m_toggle->setText(agent->state == u"paused" ? tr("R&esume") : tr("&Pause"));
    for (QPushButton *one : { m_rename, m_toggle, m_retire })
        one->setEnabled(!retired);
    m_pair->setEnabled(agent->state == u"active");
    m_grants->setEnabled(!retired);
}

void AgentsPage::select(const QString &agent)
{
    leaveGrants([this, agent] { turnTo(agent); });
    // Where the owner stays the list does too; later, for it may be in the middle of a change.
    QMetaObject::invokeMethod(this, &AgentsPage::markAgent, Qt::QueuedConnection);
}

void AgentsPage::turnTo(const QString &agent)
{
    m_chosen = agent;
    m_models.grants.setAgent(agent);
    m_models.clients.setAgent(agent);
    markAgent();
    refresh();
}

void AgentsPage::markAgent()
{
    if (const int row = m_models.agents.rowOf(m_chosen); row >= 0)
        m_list->setCurrentIndex(m_models.agents.index(row));
}

void AgentsPage::leaveGrants(const std::function<void()> &goOn)
{
    m_grants->leave(m_name->text(), goOn);
}

void AgentsPage::askForNewAgent()
{
    auto *dialog = new NameDialog(
        tr("New agent"), tr("Tasker shows this name beside everything that the agent does."), tr("Create"),
        {},
        [this](const QString &name) {
            return m_models.agents.isNameFree(name) ? QString()
                                                    : tr("There is an agent with this name already.");
        },
        window());
    connect(dialog, &NameDialog::named, &m_models.agents, &AgentListModel::create);
    dialog->open();
}

void AgentsPage::rename()
{
    const auto agent = chosen();
    if (!agent)
        return;
    auto *dialog = new NameDialog(
        tr("Rename agent"), tr("Tasker shows the new name from the next call on."), tr("Rename"), agent->name,
        [this, id = agent->id](const QString &name) {
            return m_models.agents.isNameFree(name, id) ? QString()
                                                        : tr("There is an agent with this name already.");
        },
        window());
    connect(dialog, &NameDialog::named, &m_models.agents,
            [this, id = agent->id](const QString &name) { m_models.agents.rename(id, name); });
    dialog->open();
}

void AgentsPage::toggleState()
{
    if (const auto agent = chosen())
        m_models.agents.setState(
            agent->id, agent->state == u"paused" ? QStringLiteral("active") : QStringLiteral("paused"));
}

void AgentsPage::retire()
{
    const auto agent = chosen();
    if (!agent)
        return;
    auto *dialog = new AskDialog(tr("Retire %1?").arg(foreignText(agent->name)),
                                 tr("Its clients are revoked and its calls refused. It cannot come back; "
                                    "what it did stays in the journal."),
                                 tr("Retire"), window());
    connect(dialog, &AskDialog::agreed, &m_models.agents,
            [this, id = agent->id] { m_models.agents.setState(id, QStringLiteral("retired")); });
    dialog->open();
}

void AgentsPage::pairCodex()
{
    if (const auto agent = chosen())
        (new PairingDialog(m_models.pairing, agent->id, agent->name, window()))->open();
}

void AgentsPage::focusGrants()
{
    m_grants->focusSearch();
}

void AgentsPage::revokeClient()
{
    const int row = m_clients->currentIndex().row();
    const auto client = m_models.clients.client(row);
    if (!client)
        return;
    auto *dialog = new AskDialog(tr("Revoke %1?").arg(foreignText(client->name)),
                                 tr("Its token stops working at once. To connect it again, pair it again."),
                                 tr("Revoke"), window());
    connect(dialog, &AskDialog::agreed, &m_models.clients, [this, row] { m_models.clients.revoke(row); });
    dialog->open();
}

} // namespace gatehouse::ui
