// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/dialog.h"

#include "ui/widgets/command_row.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QDateEdit>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kOptionsHeight = 160; // more are scrolled to

} // namespace

Dialog::Dialog(const QString &heading, QWidget *parent)
    : QDialog(parent)
    , m_heading(wrappedLabel(heading, "title"))
    , m_body(new QVBoxLayout)
    , m_buttons(new QHBoxLayout)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(heading);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(14);
    column->addWidget(m_heading);
    column->addLayout(m_body, 1);
    column->addLayout(m_buttons);
    m_body->setSpacing(10);
    m_buttons->setSpacing(8);
    m_buttons->addStretch();
    setMinimumWidth(440);
}

QPushButton *Dialog::addCancel(const QString &text)
{
    QPushButton *cancel = button(text.isEmpty() ? tr("Cancel") : text);
    m_buttons->addWidget(cancel);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return cancel;
}

void Dialog::setDefaultButton(QPushButton &button)
{
    button.setDefault(true);
    m_default = &button;
}

bool Dialog::isEnter(const QKeyEvent &event)
{
    return event.key() == Qt::Key_Enter || event.key() == Qt::Key_Return;
}

/// Where no button is the default one, QDialog makes the first of them so; Enter does nothing instead.
void Dialog::keyPressEvent(QKeyEvent *event)
{
    if (!isEnter(*event) || m_default)
        QDialog::keyPressEvent(event);
}

NameDialog::NameDialog(const QString &heading, const QString &explanation, const QString &acceptText,
                       const QString &initial, Problem problem, QWidget *parent)
    : Dialog(heading, parent)
    , m_problem(std::move(problem))
    , m_name(new QLineEdit(initial))
    , m_wrong(wrappedLabel({}, "bad"))
    , m_accept(button(acceptText, "primary"))
{
    body().addWidget(wrappedLabel(explanation, "muted"));
    body().addWidget(m_name);
    body().addWidget(m_wrong);
    m_name->setAccessibleName(heading);
    m_name->setMaxLength(80);
    m_name->selectAll();
    addCancel();
    buttons().addWidget(m_accept);
    setDefaultButton(*m_accept);
    connect(m_name, &QLineEdit::textChanged, this, &NameDialog::check);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        emit named(m_name->text().trimmed());
        accept();
    });
    check();
}

void NameDialog::check()
{
    const QString wrong = m_name->text().trimmed().isEmpty() ? QString() : m_problem(m_name->text());
    m_wrong->setText(wrong);
    m_accept->setEnabled(!m_name->text().trimmed().isEmpty() && wrong.isEmpty());
}

AskDialog::AskDialog(const QString &heading, const QString &text, const QString &yes, QWidget *parent)
    : Dialog(heading, parent)
    , m_yes(button(yes, "danger"))
{
    body().addWidget(wrappedLabel(text));
    QPushButton *no = addCancel();
    setDefaultButton(*no);
    no->setFocus();
    buttons().addWidget(m_yes);
    connect(m_yes, &QPushButton::clicked, this, [this] {
        emit agreed(ticked());
        accept();
    });
}

void AskDialog::addOptions(const QString &text, const Options &options)
{
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    for (const auto &[name, words] : options) {
        auto *box = new QCheckBox(QString(words).replace(u'&', QStringLiteral("&&")));
        box->setObjectName(name);
        column->addWidget(box);
        m_options.append(box);
    }
    auto *area = new QScrollArea;
    area->setAccessibleName(text);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(list);
    area->setFixedHeight(std::min(list->sizeHint().height(), kOptionsHeight));
    body().addWidget(wrappedLabel(text));
    body().addWidget(area);
}

QStringList AskDialog::ticked() const
{
    QStringList names;
    for (const QCheckBox *box : m_options) {
        if (box->isChecked())
            names.append(box->objectName());
    }
    return names;
}

void AskDialog::mustType(const QString &word)
{
    body().addWidget(wrappedLabel(tr("Type %1 to go on:").arg(word)));
    auto *typed = new QLineEdit;
    typed->setAccessibleName(tr("Type %1 to go on:").arg(word));
    body().addWidget(typed);
    m_yes->setEnabled(false);
    connect(typed, &QLineEdit::textChanged, m_yes, [this, word](const QString &text) {
        m_yes->setEnabled(text.trimmed().compare(word, Qt::CaseInsensitive) == 0);
    });
}

UnsavedDialog::UnsavedDialog(const QString &heading, const QString &text, QWidget *parent)
    : Dialog(heading, parent)
{
    body().addWidget(wrappedLabel(text));
    QPushButton *discard = button(tr("Discard"), "danger");
    QPushButton *stay = button(tr("Stay"));
    QPushButton *save = button(tr("Save"), "primary");
    for (QPushButton *one : { discard, stay, save })
        buttons().addWidget(one);
    setDefaultButton(*stay);
    stay->setFocus();
    connect(stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(discard, &QPushButton::clicked, this, [this] {
        accept();
        emit discardChosen();
    });
    connect(save, &QPushButton::clicked, this, [this] {
        accept();
        emit saveChosen();
    });
}

TokenDialog::TokenDialog(const QString &heading, const QString &warning, const QString &token,
                         QWidget *parent)
    : Dialog(heading, parent)
{
    body().addWidget(new CommandRow(tr("Token"), token));
    body().addWidget(wrappedLabel(warning));
    QPushButton *done = button(tr("I have copied it"), "primary");
    buttons().addWidget(done);
    setDefaultButton(*done);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    setMinimumWidth(560);
}

DateDialog::DateDialog(const QDateTime &now, QWidget *parent)
    : Dialog(tr("Until when?"), parent)
{
    auto *day = new QDateEdit(now.date().addDays(7));
    day->setMinimumDate(now.date());
    day->setCalendarPopup(true);
    day->setAccessibleName(tr("Last day"));
    body().addWidget(wrappedLabel(tr("The grants of this project end when this day is over."), "muted"));
    body().addWidget(day);
    addCancel();
    QPushButton *choose = button(tr("Set"), "primary");
    setDefaultButton(*choose);
    buttons().addWidget(choose);
    connect(choose, &QPushButton::clicked, this, [this, day] {
        emit chosen(day->date().addDays(1).startOfDay());
        accept();
    });
}

} // namespace gatehouse::ui
