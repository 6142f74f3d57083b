// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/reach_choice.h"

#include "ui/models/words.h"
#include "ui/widgets/labels.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QRadioButton>

namespace gatehouse::ui {

namespace {

const QStringList kReaches{QStringLiteral("once"), QStringLiteral("15m"), QStringLiteral("1h"), QStringLiteral("8h")};

} // namespace

ReachChoice::ReachChoice(QWidget *parent)
    : QWidget(parent)
    , m_choices(new QButtonGroup(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(plainLabel(tr("Allow"), "muted"));
    for (int one = 0; one < kReaches.size(); ++one) {
        auto *choice = new QRadioButton(reachTitle(kReaches[one]));
        m_choices->addButton(choice, one);
        row->addWidget(choice);
    }
    row->addStretch();
}

void ReachChoice::showQuestion(const ApprovalSummary &)
{
    m_choices->button(0)->setChecked(true);
}

QString ReachChoice::chosen() const
{
    return kReaches[m_choices->checkedId()];
}

} // namespace gatehouse::ui
