// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/approval_dialog.h"

#include "ui/dialogs/call_facts.h"
#include "ui/dialogs/reach_choices.h"
#include "ui/models/foreign_text.h"
#include "ui/models/display_names.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QScreen>
#include <QScrollBar>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kSecondMs = 1000;
constexpr int kReasonMost = 300;
constexpr int kLeastWidth = 600;
constexpr QSize kUsual{ 700, 720 };
constexpr QSize kWindowFrame{ 16, 48 }; // what a window manager puts around it

/// Takes its room also while it is hidden, so that nothing moves when it comes.
void keepRoom(QWidget &widget)
{
    QSizePolicy policy = widget.sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    widget.setSizePolicy(policy);
}

} // namespace

ApprovalDialog::ApprovalDialog(const Now &now, ConsentGuard::Ticks ticks, QWidget *parent)
    : QuestionDialog(tr("An agent asks"), std::move(ticks), parent)
    , m_now(now)
    , m_facts(new CallFacts)
    , m_reach(new ReachChoices(now))
    , m_reason(new QLineEdit)
    , m_place(plainLabel({}, "muted"))
    , m_times(wrappedLabel({}, "muted"))
    , m_pin(wrappedLabel(tr("Your PIN is asked for when you allow this.")))
    , m_next(button(tr("Next question"), "quiet"))
{
    // From the choice down everything has its room, whatever the question: what comes and goes is above it.
    body().addWidget(m_facts, 1);
    body().addWidget(m_pin);
    makeAnswers();
    connect(&m_tick, &QTimer::timeout, this, &ApprovalDialog::countDown);
    m_tick.start(kSecondMs);
    setMinimumWidth(kLeastWidth);
    resize(kUsual.boundedTo(screen()->availableSize() - kWindowFrame));
}

QLayout *ApprovalDialog::makeTimes()
{
    m_times->setMinimumHeight(2 * fontMetrics().lineSpacing());
    keepRoom(*m_place);
    keepRoom(*m_next);
    connect(m_next, &QPushButton::clicked, this, [this] { emit skipped(m_asked.id); });
    auto *row = new QHBoxLayout;
    row->addWidget(m_times, 1);
    row->addWidget(m_place);
    row->addWidget(m_next);
    return row;
}

void ApprovalDialog::makeAnswers()
{
    body().addWidget(m_reach);
    m_reason->setPlaceholderText(tr("Reason for a no; the agent is told (optional)"));
    m_reason->setAccessibleName(tr("Reason for a no"));
    m_reason->setMaxLength(kReasonMost);
    body().addWidget(m_reason);
    body().addLayout(makeTimes());

    m_denyAndPause = addAnswer(tr("Deny and pause the agent"));
    m_deny = addAnswer(tr("Deny"));
    m_allow = addAnswer(tr("Allow"), "primary");
    setDefaultButton(*m_deny);
    connect(m_deny, &GuardedButton::consented, this, [this] { deny(false); });
    connect(m_denyAndPause, &GuardedButton::consented, this, [this] { deny(true); });
    connect(m_allow, &GuardedButton::consented, this, [this] {
        m_answered = true;
        refresh();
        emit allowed(m_asked.id, m_reach->reach(), m_reach->covers());
    });
}

void ApprovalDialog::deny(bool pauseAgent)
{
    m_answered = true;
    refresh();
    emit denied(m_asked.id, m_reason->text().trimmed(), pauseAgent);
}

void ApprovalDialog::showQuestion(const ApprovalSummary &asked, int place, int of)
{
    m_place->setText(tr("Question %1 of %2").arg(place).arg(of));
    m_place->setVisible(of > 1);
    m_next->setVisible(of > 1);
    const bool same = asked.id == m_asked.id;
    m_asked = asked;
    if (same) {
        countDown();
        return;
    }
    m_preview.reset();
    m_noPreview.clear();
    m_answered = false;
    const QString heading = QStringLiteral("%1 %2").arg(foreignText(asked.agentName), toolDeed(asked.tool));
    headingLabel()->setText(heading);
    setWindowTitle(heading);
    m_reach->setQuestion(asked);
    m_reason->clear();
    m_pin->setVisible(asked.withPin);
    showFacts();
    countDown();
    m_deny->setFocus();
}

void ApprovalDialog::showPreview(const PreviewSummary &preview)
{
    m_preview = preview;
    showFacts();
}

void ApprovalDialog::showNoPreview(const QString &sentence)
{
    m_noPreview = sentence;
    showFacts();
}

void ApprovalDialog::showFacts()
{
    m_facts->showCall(m_asked, m_preview, m_noPreview);
    questionChanged();
}

void ApprovalDialog::countDown()
{
    if (m_asked.id.isEmpty())
        return;
    m_reach->refreshTimes();
    const QDateTime now = m_now();
    const qint64 open = now.msecsTo(m_asked.expiresAt);
    const qint64 waits = m_asked.heldUntil ? now.msecsTo(*m_asked.heldUntil) : 0;
    if (open <= 0)
        m_times->setText(tr("The question has run out"));
    else if (waits > 0)
        m_times->setText(
            tr("The agent waits %1 more for your answer, then it has to repeat the call. Open for %2.")
                .arg(countdownText(waits), countdownText(open)));
    else
        m_times->setText(tr("The agent waits no more and has to repeat the call; your answer counts for "
                            "that. Open for %1.")
                             .arg(countdownText(open)));
    refresh();
}

void ApprovalDialog::refresh()
{
    const bool open = !m_answered && m_now() < m_asked.expiresAt;
    for (GuardedButton *one : { m_allow, m_deny, m_denyAndPause })
        one->setEnabled(open);
}

void ApprovalDialog::answerAgain()
{
    m_answered = false;
    refresh();
}

/// The text is scrolled from wherever the focus is.
void ApprovalDialog::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = m_facts->verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_PageDown: bar->triggerAction(QAbstractSlider::SliderPageStepAdd); return;
    case Qt::Key_PageUp: bar->triggerAction(QAbstractSlider::SliderPageStepSub); return;
    default: QuestionDialog::keyPressEvent(event);
    }
}

} // namespace gatehouse::ui
