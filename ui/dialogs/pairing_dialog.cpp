// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/pairing_dialog.h"

#include "ui/models/foreign_text.h"
#include "ui/widgets/command_row.h"
#include "ui/widgets/labels.h"

#include <QProgressBar>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kCountdownTickMs = 500;
enum Face { CodeFace, SetupFace, ResultFace };

QVBoxLayout *columnIn(QWidget *face)
{
    auto *column = new QVBoxLayout(face);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    return column;
}

/// A program's output, line by line, each made safe.
QString linesOf(const QString &output)
{
    QStringList lines;
    for (const QString &line : output.trimmed().split(u'\n'))
        lines += foreignText(line);
    return lines.join(u'\n');
}

} // namespace

PairingDialog::PairingDialog(PairingModel &model, const QString &agent, const QString &agentName,
                             QWidget *parent)
    : Dialog(tr("Pair a Codex with %1").arg(foreignText(agentName)), parent)
    , m_model(model)
    , m_faces(new QStackedWidget)
    , m_again(button(tr("New code"), "primary"))
    , m_setUp(button(tr("Set up Codex for me…")))
    , m_run(button(tr("Run this command"), "primary"))
    , m_back(button(tr("Back to the code")))
{
    m_faces->addWidget(makeCode());
    m_faces->addWidget(makeSetup());
    m_faces->addWidget(makeResult());
    body().addWidget(m_faces);
    for (QPushButton *one : { m_setUp, m_back })
        buttons().insertWidget(0, one);
    addCancel(tr("Close"));
    buttons().addWidget(m_again);
    buttons().addWidget(m_run);
    connect(m_again, &QPushButton::clicked, this, [this, agent] { m_model.open(agent); });
    connect(m_setUp, &QPushButton::clicked, this, [this] { m_faces->setCurrentIndex(SetupFace), refresh(); });
    connect(m_back, &QPushButton::clicked, this, [this] { m_faces->setCurrentIndex(CodeFace), refresh(); });
    connect(m_run, &QPushButton::clicked, &m_model, &PairingModel::setUpCodex);
    connect(&m_model, &PairingModel::changed, this, &PairingDialog::refresh);
    connect(this, &QDialog::finished, &m_model, &PairingModel::close);
    connect(&m_tick, &QTimer::timeout, this, &PairingDialog::countDown);
    m_tick.start(kCountdownTickMs);
    setMinimumWidth(560);
    m_model.open(agent);
}

QWidget *PairingDialog::makeCode()
{
    auto *face = new QWidget;
    QVBoxLayout *column = columnIn(face);
    column->addWidget(wrappedLabel(tr("1.  In the terminal on the other side, start:")));
    m_command = new CommandRow(tr("Command to pair"), {});
    column->addWidget(m_command);
    column->addWidget(wrappedLabel(tr("2.  When it asks, type this code:")));
    m_code = plainLabel({}, "code");
    m_code->setAlignment(Qt::AlignCenter);
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *inside = new QVBoxLayout;
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Time left for the code"));
    m_left = plainLabel({}, "muted");
    m_left->setAlignment(Qt::AlignCenter);
    inside->addWidget(m_code);
    inside->addWidget(m_bar);
    inside->addWidget(m_left);
    column->addWidget(card(inside, "well"));
    m_state = wrappedLabel({}, "muted");
    column->addWidget(m_state);
    return face;
}

QWidget *PairingDialog::makeSetup()
{
    auto *face = new QWidget;
    QVBoxLayout *column = columnIn(face);
    column->addWidget(
        wrappedLabel(tr("Gatehouse will run exactly this command, which adds one entry to your Codex "
                        "configuration, and will keep the client's token in your keychain:")));
    m_setupCommand = new CommandRow(tr("Command that will run"), m_model.setupCommand());
    column->addWidget(m_setupCommand);
    column->addWidget(
        wrappedLabel(tr("Codex sees the new tools when it is started the next time."), "muted"));
    column->addStretch();
    return face;
}

QWidget *PairingDialog::makeResult()
{
    auto *face = new QWidget;
    QVBoxLayout *column = columnIn(face);
    m_result = wrappedLabel({});
    column->addWidget(m_result);
    column->addStretch();
    return face;
}

void PairingDialog::refresh()
{
    using State = PairingModel::State;
    const State state = m_model.state();
    if (state == State::Spent) {
        close(); // the question that has opened is what counts now
        return;
    }
    if (state == State::SettingUp || state == State::SetUp)
        m_faces->setCurrentIndex(ResultFace);
    else if (m_faces->currentIndex() == ResultFace)
        m_faces->setCurrentIndex(CodeFace);
    m_code->setText(state == State::Open ? m_model.code() : QStringLiteral("····-····"));
    m_code->setAccessibleName(tr("Pairing code %1").arg(m_model.code()));
    if (state == State::Open)
        m_command->setCommand(m_model.command());
    switch (state) {
    case State::Closed: m_state->clear(); break;
    case State::Opening: m_state->setText(tr("Making a code…")); break;
    case State::Open:
        m_state->setText(tr("Then compare the check number here and there, and say yes or no."));
        break;
    case State::Spent: break;
    case State::Over: m_state->setText(tr("The code is not valid any more. Make a new one.")); break;
    case State::SettingUp: m_result->setText(tr("The command is running…")); break;
    case State::SetUp:
        if (!m_model.setupProblem().isEmpty())
            m_result->setText(m_model.setupProblem());
        else
            m_result->setText(
                (m_model.setupWorked()
                     ? tr("Codex is set up. It said:\n\n%1")
                     : tr("The command failed. Run it in a terminal to see more. It said:\n\n%1"))
                    .arg(linesOf(m_model.output()))
                + (m_model.replacedClient().isEmpty() ? QString()
                                                      : QStringLiteral("\n\n")
                           + tr("The client %1 that was set up before is revoked: its token was replaced.")
                                 .arg(foreignText(m_model.replacedClient()))));
        break;
    }
    const int face = m_faces->currentIndex();
    m_again->setVisible(face == CodeFace && (state == State::Over || state == State::Closed));
    m_setUp->setVisible(face == CodeFace && m_model.canSetUp());
    m_back->setVisible(face == SetupFace);
    m_run->setVisible(face == SetupFace);
    countDown();
}

void PairingDialog::countDown()
{
    const bool open = m_model.state() == PairingModel::State::Open;
    const qint64 left = open ? m_model.millisecondsLeft() : 0;
    m_bar->setRange(0, static_cast<int>(qMax<qint64>(m_model.lifetimeMs(), 1)));
    m_bar->setValue(static_cast<int>(left));
    m_left->setText(open ? tr("valid for %1, once").arg(countdownText(left)) : QString());
}

} // namespace gatehouse::ui
