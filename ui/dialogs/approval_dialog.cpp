// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/approval_dialog.h"

#include "ui/dialogs/peer_facts.h"
#include "ui/dialogs/reach_choices.h"
#include "ui/models/foreign_text.h"
#include "ui/models/words.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kSecondMs = 1000;
constexpr int kValueMost = 2000; // a description can be long; the area scrolls

} // namespace

ApprovalDialog::ApprovalDialog(const Now &now, ConsentGuard::Ticks ticks, QWidget *parent)
    : Dialog(tr("An agent asks"), parent)
    , m_now(now)
    , m_facts(new QScrollArea)
    , m_reach(new ReachChoices(now))
    , m_reason(new QLineEdit)
    , m_place(plainLabel({}, "muted"))
    , m_left(plainLabel({}, "muted"))
    , m_pin(wrappedLabel(tr("Your PIN is asked for when you allow this.")))
    , m_deny(button(tr("Deny")))
    , m_denyAndPause(button(tr("Deny and pause the agent")))
    , m_next(button(tr("Next question"), "quiet"))
    , m_allow(new GuardedButton(tr("Allow"), std::move(ticks)))
{
    auto *top = new QHBoxLayout;
    top->addWidget(m_place);
    top->addStretch();
    top->addWidget(m_next);
    body().addLayout(top);
    m_facts->setWidgetResizable(true);
    m_facts->setFrameShape(QFrame::NoFrame);
    m_facts->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    body().addWidget(m_facts, 1);
    makeAnswers();
    connect(&m_tick, &QTimer::timeout, this, &ApprovalDialog::countDown);
    m_tick.start(kSecondMs);
    setMinimumSize(640, 480);
    resize(680, 680);
}

void ApprovalDialog::makeAnswers()
{
    body().addWidget(m_reach);
    m_reason->setPlaceholderText(tr("Reason for a no; the agent is told (optional)"));
    m_reason->setAccessibleName(tr("Reason for a no"));
    m_reason->setMaxLength(300);
    body().addWidget(m_reason);
    body().addWidget(m_pin);

    buttons().insertWidget(0, m_left);
    buttons().addWidget(m_denyAndPause);
    buttons().addWidget(m_deny);
    m_allow->setProperty("role", QStringLiteral("primary"));
    buttons().addWidget(m_allow);
    m_deny->setDefault(true);
    const auto deny = [this](bool pauseAgent) {
        m_answered = true;
        settle();
        emit denied(m_asked.id, m_reason->text().trimmed(), pauseAgent);
    };
    connect(m_deny, &QPushButton::clicked, this, [deny] { deny(false); });
    connect(m_denyAndPause, &QPushButton::clicked, this, [deny] { deny(true); });
    connect(m_allow, &GuardedButton::consented, this, [this] {
        m_answered = true;
        settle();
        emit allowed(m_asked.id, m_reach->reach(), m_reach->covers());
    });
    connect(m_next, &QPushButton::clicked, this, [this] { emit skipped(m_asked.id); });
}

void ApprovalDialog::showQuestion(const ApprovalSummary &asked, int place, int of)
{
    m_place->setText(tr("Question %1 of %2").arg(place).arg(of));
    m_place->setVisible(of > 1);
    m_next->setVisible(of > 1);
    if (asked.id == m_asked.id)
        return;
    m_asked = asked;
    m_preview.reset();
    m_noPreview.clear();
    m_answered = false;
    const QString heading = QStringLiteral("%1 %2").arg(foreignText(asked.agentName), toolDeed(asked.tool));
    headingLabel()->setText(heading);
    setWindowTitle(heading);
    m_reach->setQuestion(asked);
    m_reason->clear();
    m_pin->setVisible(asked.withPin);
    fillFacts();
    countDown();
    m_deny->setFocus();
    m_allow->questionChanged();
}

void ApprovalDialog::showPreview(const PreviewSummary &preview)
{
    m_preview = preview;
    fillFacts();
    m_allow->questionChanged();
}

void ApprovalDialog::showNoPreview(const QString &sentence)
{
    m_noPreview = sentence;
    fillFacts();
}

void ApprovalDialog::fillFacts()
{
    auto *inside = new QWidget;
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto *what = new QGridLayout;
    what->setHorizontalSpacing(18);
    addFact(*what, tr("Project"), foreignText(m_asked.projectName));
    if (!m_asked.issue.isEmpty())
        addFact(*what, tr("Issue"), foreignText(m_asked.issue));
    const QString title = m_preview && !m_preview->title.isEmpty() ? m_preview->title : m_asked.title;
    if (!title.isEmpty())
        addFact(*what, tr("Title"), foreignText(title));
    column->addLayout(what);
    if (m_preview && !m_preview->fields.isEmpty())
        addChanges(*column);
    else
        addArguments(*column);
    auto *who = new QGridLayout;
    who->setHorizontalSpacing(18);
    addFact(*who, tr("Client"), foreignText(m_asked.clientName));
    addPeerFacts(*who, m_asked.peer);
    column->addLayout(who);
    column->addStretch();
    m_facts->setWidget(inside);
}

void ApprovalDialog::addChanges(QVBoxLayout &column)
{
    auto *box = new QVBoxLayout;
    const bool isNew = m_preview->issue.isEmpty();
    box->addWidget(plainLabel(isNew ? tr("What it would make") : tr("What it would change"), "heading"));
    if (m_preview->changedMeanwhile)
        box->addWidget(wrappedLabel(tr("The issue has changed since the agent looked at it. Tasker would refuse this; the agent "
                                       "has to look again."),
                                    "bad"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    for (const PreviewSummary::Field &field : m_preview->fields) {
        const QString name = argumentTitle(field.name);
        const auto orNothing = [](const QString &text) { return text.isEmpty() ? tr("nothing") : foreignText(text, kValueMost); };
        if (!field.diff.isEmpty()) {
            auto *diff = new DiffView(field.diff);
            diff->setAccessibleName(name);
            const int row = grid->rowCount();
            grid->addWidget(plainLabel(name, "muted"), row, 0, Qt::AlignTop);
            grid->addWidget(diff, row, 1);
        } else if (isNew || field.name == u"comment") {
            addFact(*grid, name, orNothing(field.after));
        } else if (field.before == field.after) {
            addFact(*grid, name, tr("%1 (as it is)").arg(orNothing(field.after)));
        } else {
            addFact(*grid, tr("%1 now", "before the change").arg(name), orNothing(field.before));
            setRole(*addFact(*grid, tr("%1 then", "after the change").arg(name), orNothing(field.after)), "strong");
        }
    }
    box->addLayout(grid);
    column.addWidget(card(box, "well"));
}

void ApprovalDialog::addArguments(QVBoxLayout &column)
{
    if (!m_preview)
        column.addWidget(wrappedLabel(m_noPreview.isEmpty() ? tr("Reading from Tasker what is there now…")
                                                            : tr("What is there now could not be read. %1").arg(m_noPreview),
                                      m_noPreview.isEmpty() ? "muted" : "bad"));
    if (m_asked.arguments.isEmpty())
        return;
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    for (auto argument = m_asked.arguments.cbegin(); argument != m_asked.arguments.cend(); ++argument)
        addFact(*grid, argumentTitle(argument.key()), foreignText(argument.value(), kValueMost));
    auto *box = new QVBoxLayout;
    box->addWidget(plainLabel(tr("What it sends, written by the agent"), "heading"));
    box->addLayout(grid);
    column.addWidget(card(box, "well"));
}

void ApprovalDialog::countDown()
{
    if (m_asked.id.isEmpty())
        return;
    const qint64 left = m_now().msecsTo(m_asked.expiresAt);
    m_reach->refreshTimes();
    m_left->setText(left > 0 ? tr("Open for %1").arg(countdownText(left)) : tr("The question has run out"));
    settle();
}

void ApprovalDialog::settle()
{
    const bool open = !m_answered && m_now() < m_asked.expiresAt;
    m_allow->setAnswerable(open);
    m_deny->setEnabled(open);
    m_denyAndPause->setEnabled(open);
}

void ApprovalDialog::answerAgain()
{
    m_answered = false;
    settle();
}

} // namespace gatehouse::ui
