// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

namespace gatehouse::ui {

/// What a yes for a time lets an agent do: as it is offered, listed and shown beside a grant. Thread: any.
struct YesWords
{
    QString agent, tool, project;
    QString covers; ///< issue | turn | project
    QString issue; ///< of `issue`
};

/// "Scribe may change issues in Engine until 18:40 without asking".
[[nodiscard]] QString yesSentence(const YesWords &yes, const QDateTime &until, const QDateTime &now);
/// For a cell: "Allowed until 18:40", with the issue or the turn where it covers no more.
[[nodiscard]] QString allowedText(const QString &covers, const QString &issue, const QDateTime &until,
                                  const QDateTime &now);
/// "Allowed by your yes of 10:41".
[[nodiscard]] QString allowedByText(const QDateTime &givenAt, const QDateTime &now);

} // namespace gatehouse::ui
