// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/reach_choices.h"

#include "ui/models/foreign_text.h"
#include "ui/models/display_names.h"
#include "ui/models/yes_text.h"
#include "ui/widgets/labels.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QRadioButton>
#include <QVBoxLayout>

#include <array>

namespace gatehouse::ui {

namespace {

struct Time
{
    const char *reach;
    int minutes;
};
constexpr std::array kTimes{ Time{ "15m", 15 }, Time{ "1h", 60 }, Time{ "8h", 480 } };
constexpr int kNameMost = 24; ///< characters of a name in a choice; the whole one is in its tooltip

} // namespace

ReachChoices::ReachChoices(const Now &now, QWidget *parent)
    : QWidget(parent)
    , m_now(now)
    , m_choices(new QVBoxLayout)
    , m_group(new QButtonGroup(this))
    , m_time(new QComboBox)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_choices->setSpacing(2);
    column->addLayout(m_choices);
    for (const Time &time : kTimes)
        m_time->addItem(reachTitle(QString::fromLatin1(time.reach)), QString::fromLatin1(time.reach));
    m_time->setAccessibleName(tr("How long a yes for a time lasts"));
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("A yes for a time lasts"), "muted"));
    row->addWidget(m_time);
    row->addStretch();
    column->addLayout(row);
    connect(m_time, &QComboBox::currentIndexChanged, this, &ReachChoices::refreshTimes);
}

void ReachChoices::setQuestion(const ApprovalSummary &asked)
{
    m_asked = asked;
    qDeleteAll(m_group->buttons());
    for (int one = 0; one <= asked.covers.size(); ++one) {
        auto *choice = new QRadioButton;
        m_group->addButton(choice, one);
        m_choices->addWidget(choice);
    }
    m_group->button(0)->setText(tr("Only this once"));
    m_group->button(0)->setChecked(true);
    m_time->setCurrentIndex(0);
    refreshTimes();
}

void ReachChoices::refreshTimes()
{
    const QDateTime now = m_now();
    const QDateTime until
        = now.addSecs(60LL * kTimes[static_cast<std::size_t>(m_time->currentIndex())].minutes);
    const auto cut = [](const QString &name) {
        return name.size() > kNameMost ? QString(name.left(kNameMost - 1) + QChar(0x2026)) : name;
    };
    for (int one = 0; one < m_asked.covers.size(); ++one) {
        YesWords words{ m_asked.agentName, m_asked.tool, m_asked.projectName, m_asked.covers[one],
                        m_asked.issue };
        QAbstractButton *choice = m_group->button(one + 1);
        const QString whole = yesSentence(words, until, now);
        choice->setToolTip(plainToolTip(whole));
        choice->setAccessibleName(whole);
        words.agent = cut(words.agent);
        words.project = cut(words.project);
        // An ampersand of a name is no mnemonic.
        choice->setText(yesSentence(words, until, now).replace(u'&', QStringLiteral("&&")));
    }
}

QString ReachChoices::reach() const
{
    return m_group->checkedId() == 0 ? QStringLiteral("once") : m_time->currentData().toString();
}

QString ReachChoices::covers() const
{
    return m_asked.covers.value(m_group->checkedId() - 1);
}

} // namespace gatehouse::ui
