// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/command_row.h"

#include "ui/widgets/labels.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QTimer>

namespace gatehouse::ui {

CommandRow::CommandRow(const QString &what, const QString &command, QWidget *parent)
    : QWidget(parent)
    , m_command(wrappedLabel(command, "mono"))
    , m_copy(button(tr("Copy"), nullptr, QStringLiteral("copy")))
{
    auto *inside = new QHBoxLayout;
    QFrame *well = card(inside, "well");
    inside->setContentsMargins(12, 8, 8, 8);
    inside->addWidget(m_command, 1);
    inside->addWidget(m_copy, 0, Qt::AlignTop);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(well);
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_command->setAccessibleName(what);
    m_copy->setAccessibleName(tr("Copy: %1").arg(what));
    connect(m_copy, &QPushButton::clicked, this, [this] {
        copyToClipboard(m_command->text());
        m_copy->setText(tr("Copied"));
        QTimer::singleShot(2000, m_copy, [copy = m_copy] { copy->setText(tr("Copy")); });
    });
}

void CommandRow::setCommand(const QString &command)
{
    m_command->setText(command);
}

QString CommandRow::command() const
{
    return m_command->text();
}

} // namespace gatehouse::ui
