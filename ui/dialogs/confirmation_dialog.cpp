// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/confirmation_dialog.h"

#include "ui/dialogs/peer_facts.h"
#include "ui/models/foreign_text.h"
#include "ui/models/display_names.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QGridLayout>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kRemainingTickMs = 500;

/// What a login would be for, in words.
QString wanted(const QStringList &scopes)
{
    if (scopes.isEmpty())
        return ConfirmationDialog::tr("everything that this agent may");
    QStringList titles;
    for (const QString &scope : scopes)
        titles.append(scopeTitle(scope));
    return titles.join(QStringLiteral(", "));
}

} // namespace

ConfirmationDialog::ConfirmationDialog(const ConfirmationSummary &asked, const Now &now,
                                       ConsentGuard::Ticks ticks, QWidget *parent)
    : QuestionDialog(asked.login
                         ? tr("A program wants to log in")
                         : tr("A program wants to be paired with %1").arg(foreignText(asked.agentName)),
                     std::move(ticks), parent)
    , m_asked(asked)
    , m_now(now)
    , m_grants(wrappedLabel(tr("Reading…")))
    , m_left(plainLabel({}, "muted"))
{
    auto *inside = new QVBoxLayout;
    QLabel *number = plainLabel(asked.checkNumber, "code");
    number->setAlignment(Qt::AlignCenter);
    number->setAccessibleName(tr("Check number %1").arg(asked.checkNumber));
    QLabel *compare
        = wrappedLabel(tr("Allow only if the program on the other side shows this same number."), "muted");
    compare->setAlignment(Qt::AlignCenter);
    inside->addWidget(number);
    inside->addWidget(compare);
    body().addWidget(card(inside, "well"));

    auto *facts = new QGridLayout;
    facts->setHorizontalSpacing(18);
    addFact(*facts, tr("Calls itself"), foreignText(asked.clientName));
    addPeerFacts(*facts, asked.peer);
    if (asked.login) {
        m_agents = new QComboBox;
        m_agents->setPlaceholderText(tr("Choose an agent"));
        m_agents->setAccessibleName(tr("Would act as"));
        facts->addWidget(plainLabel(tr("Would act as"), "muted"), facts->rowCount(), 0);
        facts->addWidget(m_agents, facts->rowCount() - 1, 1);
        m_grants->clear();
    } else {
        addFact(*facts, tr("Would act as"), foreignText(asked.agentName));
    }
    if (asked.login)
        addFact(*facts, tr("Asks for"), wanted(asked.scopes));
    const int row = facts->rowCount();
    facts->addWidget(plainLabel(tr("Which may"), "muted"), row, 0, Qt::AlignTop);
    facts->addWidget(m_grants, row, 1);
    body().addLayout(facts);
    body().addStretch();

    buttons().insertWidget(0, m_left);
    GuardedButton *deny = addAnswer(tr("Deny"));
    m_allow = addAnswer(tr("Allow"), "primary");
    m_allow->setEnabled(!asked.login);
    setDefaultButton(*deny);
    deny->setFocus();
    connect(deny, &GuardedButton::consented, this, [this] { answer(false); });
    connect(m_allow, &GuardedButton::consented, this, [this] { answer(true); });
    connect(this, &QDialog::rejected, this, [this] { answer(false); });
    connect(&m_tick, &QTimer::timeout, this, &ConfirmationDialog::countDown);
    m_tick.start(kRemainingTickMs);
    setMinimumWidth(580);
    countDown();
}

void ConfirmationDialog::setGrants(const QStringList &lines)
{
    m_grants->setText(lines.isEmpty() ? tr("nothing yet: it has no grants") : lines.join(u'\n'));
}

void ConfirmationDialog::setAgents(const QList<AgentSummary> &agents)
{
    if (!m_agents)
        return;
    m_agents->clear();
    for (const AgentSummary &one : agents) {
        if (one.state == u"active")
            m_agents->addItem(foreignText(one.name), one.id);
    }
    m_agents->setCurrentIndex(m_agents->findData(m_asked.agentId));
    connect(m_agents, &QComboBox::currentIndexChanged, this, &ConfirmationDialog::choose,
            Qt::UniqueConnection);
    choose();
}

QString ConfirmationDialog::agent() const
{
    return m_agents ? m_agents->currentData().toString() : QString();
}

void ConfirmationDialog::choose()
{
    // Another agent is another question: the guard starts again.
    m_allow->setEnabled(!agent().isEmpty());
    questionChanged();
    if (!agent().isEmpty())
        emit agentChosen(m_asked.id, agent());
}

void ConfirmationDialog::answer(bool allowed)
{
    if (m_answered)
        return;
    m_answered = true;
    emit answered(m_asked.id, allowed);
    end();
}

void ConfirmationDialog::countDown()
{
    const qint64 left = m_now().msecsTo(m_asked.expiresAt);
    m_left->setText(tr("Denied by itself in %1").arg(countdownText(left)));
    if (left > 0)
        return;
    m_answered = true; // the gateway has denied it already
    end();
}

} // namespace gatehouse::ui
