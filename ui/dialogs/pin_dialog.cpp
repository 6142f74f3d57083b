// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/pin_dialog.h"

#include "ui/models/time_text.h"
#include "ui/models/protection_model.h"
#include "ui/widgets/labels.h"

#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kSecond = 1000;

QString headingFor(PinDialog::Kind kind)
{
    switch (kind) {
    case PinDialog::Kind::Enter: return PinDialog::tr("Enter your PIN");
    case PinDialog::Kind::SetUp: return PinDialog::tr("Set a PIN");
    case PinDialog::Kind::Change: return PinDialog::tr("Change the PIN");
    }
    return {};
}

} // namespace

PinDialog::PinDialog(Kind kind, QWidget *parent)
    : Dialog(headingFor(kind), parent)
    , m_kind(kind)
    , m_wrong(wrappedLabel({}, "bad"))
    , m_give(button(kind == Kind::Enter ? tr("Go on") : tr("Set PIN"), "primary"))
{
    body().addWidget(wrappedLabel(
        kind == Kind::Enter
            ? tr("What you are about to do needs it. After that it is not asked again for five minutes.")
            : tr("Six digits or more. It protects whatever widens what agents may do, even from programs "
                 "that run as you."),
        "muted"));
    if (kind == Kind::Change)
        m_old = addField(tr("PIN until now"));
    m_pin = addField(kind == Kind::Enter ? tr("PIN") : tr("New PIN"));
    if (kind != Kind::Enter)
        m_again = addField(tr("New PIN again"));
    body().addWidget(m_wrong);
    addCancel();
    buttons().addWidget(m_give);
    setDefaultButton(*m_give);
    (m_old ? m_old : m_pin)->setFocus();
    connect(m_give, &QPushButton::clicked, this, [this] {
        m_wrong->clear();
        m_give->setEnabled(false); // one try at a time
        emit given(m_old ? m_old->text() : QString(), m_pin->text());
    });
    connect(&m_second, &QTimer::timeout, this, &PinDialog::countDown);
    check();
}

QLineEdit *PinDialog::addField(const QString &label)
{
    auto *field = new QLineEdit;
    field->setEchoMode(QLineEdit::Password);
    field->setInputMethodHints(Qt::ImhDigitsOnly | Qt::ImhSensitiveData);
    field->setAccessibleName(label);
    QLabel *name = plainLabel(label);
    name->setBuddy(field);
    body().addWidget(name);
    body().addWidget(field);
    connect(field, &QLineEdit::textChanged, this, &PinDialog::check);
    return field;
}

void PinDialog::check()
{
    if (m_lockedForMs > 0 || !m_pin) {
        m_give->setEnabled(false);
        return;
    }
    if (m_kind == Kind::Enter || !m_again) {
        m_give->setEnabled(!m_pin->text().isEmpty());
        return;
    }
    QString wrong;
    if (!m_pin->text().isEmpty())
        wrong = ProtectionModel::pinProblem(m_pin->text());
    if (wrong.isEmpty() && !m_again->text().isEmpty() && m_again->text() != m_pin->text())
        wrong = tr("The two entries differ.");
    m_wrong->setText(wrong);
    m_give->setEnabled(wrong.isEmpty() && !m_pin->text().isEmpty() && m_pin->text() == m_again->text()
                       && (!m_old || !m_old->text().isEmpty()));
}

void PinDialog::refuse(const QString &sentence, qint64 lockedForMs)
{
    QLineEdit *retyped = m_old ? m_old : m_pin;
    retyped->selectAll();
    retyped->setFocus();
    m_lockedForMs = lockedForMs;
    check();
    m_wrong->setText(sentence);
    if (lockedForMs > 0) {
        m_second.start(kSecond);
        countDown();
    }
}

void PinDialog::countDown()
{
    if (m_lockedForMs <= 0) {
        m_second.stop();
        m_wrong->setText(tr("You can try again."));
        check();
        return;
    }
    m_wrong->setText(tr("Too many wrong tries. The PIN is locked for %1.").arg(countdownText(m_lockedForMs)));
    m_lockedForMs = std::max<qint64>(m_lockedForMs - kSecond, 0);
}

} // namespace gatehouse::ui
