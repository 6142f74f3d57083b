// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/yes_text.h"

#include "ui/models/foreign_text.h"
#include "ui/models/time_text.h"
#include "ui/models/display_names.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

struct YesText
{
    Q_DECLARE_TR_FUNCTIONS(YesText)
};

} // namespace

QString yesSentence(const YesWords &yes, const QDateTime &until, const QDateTime &now)
{
    const QString agent = foreignText(yes.agent);
    const QString project = foreignText(yes.project);
    const QString time = clockText(until, now);
    // In one go: a name that itself says %4 stays what it is.
    if (yes.covers == u"issue")
        return YesText::tr("%1 may %2 until %3 without asking", "agent, 'change ENG-42', time")
            .arg(agent, deedOnIssue(yes.tool, yes.issue), time);
    if (yes.covers == u"turn")
        return YesText::tr("%1 may %2 in %3 until %4 without asking, in this turn only",
                           "agent, 'change issues', project, time")
            .arg(agent, deedOnIssues(yes.tool), project, time);
    return YesText::tr("%1 may %2 in %3 until %4 without asking", "agent, 'change issues', project, time")
        .arg(agent, deedOnIssues(yes.tool), project, time);
}

QString allowedText(const QString &covers, const QString &issue, const QDateTime &until, const QDateTime &now)
{
    const QString time = clockText(until, now);
    if (covers == u"issue")
        return YesText::tr("%1 allowed until %2", "an issue, time").arg(foreignText(issue), time);
    if (covers == u"turn")
        return YesText::tr("One turn allowed until %1").arg(time);
    return YesText::tr("Allowed until %1").arg(time);
}

QString allowedByText(const QDateTime &givenAt, const QDateTime &now)
{
    return YesText::tr("Allowed by your yes of %1").arg(clockText(givenAt, now));
}

} // namespace gatehouse::ui
