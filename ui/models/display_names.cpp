// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/display_names.h"

#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace gatehouse::ui {

namespace {

/// One table of words: what the port says and what people read.
struct Word
{
    const char *name;
    const char *text;
    const char *more = nullptr;
    const char *meaning = nullptr;
    const char *one = nullptr;
};

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Words)
};

constexpr std::array kTrackerScopes{
    Word{ "projects:read", QT_TRANSLATE_NOOP("Words", "See the project"), QT_TRANSLATE_NOOP("Words", "See"),
          QT_TRANSLATE_NOOP("Words", "Find the project, its states, labels and members.") },
    Word{ "issues:read", QT_TRANSLATE_NOOP("Words", "Read issues"), QT_TRANSLATE_NOOP("Words", "Read"),
          QT_TRANSLATE_NOOP("Words", "List and read the project's issues.") },
    Word{ "issues:create", QT_TRANSLATE_NOOP("Words", "Create issues"), QT_TRANSLATE_NOOP("Words", "Create"),
          QT_TRANSLATE_NOOP("Words", "Create issues in the project.") },
    Word{ "issues:update", QT_TRANSLATE_NOOP("Words", "Edit issues"), QT_TRANSLATE_NOOP("Words", "Edit"),
          QT_TRANSLATE_NOOP("Words", "Change the title, description, priority and dates of issues.") },
    Word{ "issues:move", QT_TRANSLATE_NOOP("Words", "Move issues"), QT_TRANSLATE_NOOP("Words", "Move"),
          QT_TRANSLATE_NOOP("Words", "Move issues from one state to another.") },
    Word{ "comments:create", QT_TRANSLATE_NOOP("Words", "Write comments"),
          QT_TRANSLATE_NOOP("Words", "Comment"), QT_TRANSLATE_NOOP("Words", "Write comments under issues.") },
    Word{ "labels:write", QT_TRANSLATE_NOOP("Words", "Set labels"), QT_TRANSLATE_NOOP("Words", "Label"),
          QT_TRANSLATE_NOOP("Words", "Set and take away labels of issues.") },
    Word{ "assignees:write", QT_TRANSLATE_NOOP("Words", "Set assignees"),
          QT_TRANSLATE_NOOP("Words", "Assign"),
          QT_TRANSLATE_NOOP("Words", "Set and take away the people that an issue is assigned to.") },
};

constexpr std::array kTools{
    Word{ "tasker_resolve_project", QT_TRANSLATE_NOOP("Words", "Find project"),
          QT_TRANSLATE_NOOP("Words", "wants to find a project"), QT_TRANSLATE_NOOP("Words", "find projects"),
          QT_TRANSLATE_NOOP("Words", "find projects") },
    Word{ "tasker_get_project_context", QT_TRANSLATE_NOOP("Words", "Read project"),
          QT_TRANSLATE_NOOP("Words", "wants to read about a project"),
          QT_TRANSLATE_NOOP("Words", "read about the project"),
          QT_TRANSLATE_NOOP("Words", "read about the project") },
    Word{ "tasker_list_issues", QT_TRANSLATE_NOOP("Words", "List issues"),
          QT_TRANSLATE_NOOP("Words", "wants to list issues"), QT_TRANSLATE_NOOP("Words", "list issues"),
          QT_TRANSLATE_NOOP("Words", "list issues") },
    Word{ "tasker_get_issue", QT_TRANSLATE_NOOP("Words", "Read issue"),
          QT_TRANSLATE_NOOP("Words", "wants to read an issue"), QT_TRANSLATE_NOOP("Words", "read issues"),
          QT_TRANSLATE_NOOP("Words", "read %1") },
    Word{ "tasker_create_issue", QT_TRANSLATE_NOOP("Words", "Create issue"),
          QT_TRANSLATE_NOOP("Words", "wants to create an issue"), QT_TRANSLATE_NOOP("Words", "create issues"),
          QT_TRANSLATE_NOOP("Words", "create issues") },
    Word{ "tasker_update_issue", QT_TRANSLATE_NOOP("Words", "Edit issue"),
          QT_TRANSLATE_NOOP("Words", "wants to change an issue"), QT_TRANSLATE_NOOP("Words", "change issues"),
          QT_TRANSLATE_NOOP("Words", "change %1") },
    Word{ "tasker_move_issue", QT_TRANSLATE_NOOP("Words", "Move issue"),
          QT_TRANSLATE_NOOP("Words", "wants to move an issue to another state"),
          QT_TRANSLATE_NOOP("Words", "move issues to another state"),
          QT_TRANSLATE_NOOP("Words", "move %1 to another state") },
    Word{ "tasker_add_comment", QT_TRANSLATE_NOOP("Words", "Add comment"),
          QT_TRANSLATE_NOOP("Words", "wants to comment on an issue"),
          QT_TRANSLATE_NOOP("Words", "comment on issues"), QT_TRANSLATE_NOOP("Words", "comment on %1") },
    Word{ "tasker_set_labels", QT_TRANSLATE_NOOP("Words", "Set labels"),
          QT_TRANSLATE_NOOP("Words", "wants to change an issue's labels"),
          QT_TRANSLATE_NOOP("Words", "change the labels of issues"),
          QT_TRANSLATE_NOOP("Words", "change the labels of %1") },
    Word{ "tasker_set_assignees", QT_TRANSLATE_NOOP("Words", "Set assignees"),
          QT_TRANSLATE_NOOP("Words", "wants to change who an issue is assigned to"),
          QT_TRANSLATE_NOOP("Words", "change who issues are assigned to"),
          QT_TRANSLATE_NOOP("Words", "change who %1 is assigned to") },
};

constexpr std::array kArguments{
    Word{ "name", QT_TRANSLATE_NOOP("Words", "Title") },
    Word{ "description", QT_TRANSLATE_NOOP("Words", "Description") },
    Word{ "description_markdown", QT_TRANSLATE_NOOP("Words", "Description") },
    Word{ "comment", QT_TRANSLATE_NOOP("Words", "Comment") },
    Word{ "body_markdown", QT_TRANSLATE_NOOP("Words", "Comment") },
    Word{ "priority", QT_TRANSLATE_NOOP("Words", "Priority") },
    Word{ "state", QT_TRANSLATE_NOOP("Words", "State") },
    Word{ "state_id", QT_TRANSLATE_NOOP("Words", "State") },
    Word{ "labels", QT_TRANSLATE_NOOP("Words", "Labels") },
    Word{ "label_ids", QT_TRANSLATE_NOOP("Words", "Labels") },
    Word{ "add", QT_TRANSLATE_NOOP("Words", "Add") },
    Word{ "remove", QT_TRANSLATE_NOOP("Words", "Take away") },
    Word{ "assignees", QT_TRANSLATE_NOOP("Words", "Assignees") },
    Word{ "assignee_ids", QT_TRANSLATE_NOOP("Words", "Assignees") },
    Word{ "issue", QT_TRANSLATE_NOOP("Words", "Issue") },
    Word{ "project", QT_TRANSLATE_NOOP("Words", "Project") },
    Word{ "parent", QT_TRANSLATE_NOOP("Words", "Parent issue") },
    Word{ "parent_id", QT_TRANSLATE_NOOP("Words", "Parent issue") },
    Word{ "sort_order", QT_TRANSLATE_NOOP("Words", "Place in the list") },
    Word{ "query", QT_TRANSLATE_NOOP("Words", "Search") },
    Word{ "limit", QT_TRANSLATE_NOOP("Words", "At most") },
    Word{ "start_date", QT_TRANSLATE_NOOP("Words", "Start") },
    Word{ "target_date", QT_TRANSLATE_NOOP("Words", "Due") },
};

constexpr std::array kEvents{
    Word{ "call", QT_TRANSLATE_NOOP("Words", "Call") },
    Word{ "call_intent", QT_TRANSLATE_NOOP("Words", "Call") },
    Word{ "call_outcome", QT_TRANSLATE_NOOP("Words", "Call") },
    Word{ "call_refused", QT_TRANSLATE_NOOP("Words", "Call refused") },
    Word{ "refusals_counted", QT_TRANSLATE_NOOP("Words", "Refusals, counted") },
    Word{ "gateway_started", QT_TRANSLATE_NOOP("Words", "Gatehouse started") },
    Word{ "gateway_stopped", QT_TRANSLATE_NOOP("Words", "Gatehouse stopped") },
    Word{ "mode_changed", QT_TRANSLATE_NOOP("Words", "Mode changed") },
    Word{ "connection_changed", QT_TRANSLATE_NOOP("Words", "Connection changed") },
    Word{ "agent_created", QT_TRANSLATE_NOOP("Words", "Agent created") },
    Word{ "agent_changed", QT_TRANSLATE_NOOP("Words", "Agent changed") },
    Word{ "client_paired", QT_TRANSLATE_NOOP("Words", "Client paired") },
    Word{ "client_revoked", QT_TRANSLATE_NOOP("Words", "Client revoked") },
    Word{ "token_minted", QT_TRANSLATE_NOOP("Words", "Agent token made") },
    Word{ "token_rotated", QT_TRANSLATE_NOOP("Words", "Agent token renewed") },
    Word{ "owner_token_minted", QT_TRANSLATE_NOOP("Words", "Owner token made") },
    Word{ "owner_token_revoked", QT_TRANSLATE_NOOP("Words", "Owner token revoked") },
    Word{ "grant_changed", QT_TRANSLATE_NOOP("Words", "Grant changed") },
    Word{ "pairing_opened", QT_TRANSLATE_NOOP("Words", "Pairing code made") },
    Word{ "pairing_redeemed", QT_TRANSLATE_NOOP("Words", "Pairing code used") },
    Word{ "pairing_confirmed", QT_TRANSLATE_NOOP("Words", "Pairing confirmed") },
    Word{ "pairing_denied", QT_TRANSLATE_NOOP("Words", "Pairing denied") },
    Word{ "pairing_expired", QT_TRANSLATE_NOOP("Words", "Pairing code ran out") },
    Word{ "pairing_voided", QT_TRANSLATE_NOOP("Words", "Pairing code voided") },
    Word{ "pin_changed", QT_TRANSLATE_NOOP("Words", "PIN set or changed") },
    Word{ "pin_reset", QT_TRANSLATE_NOOP("Words", "PIN reset") },
    Word{ "step_up_passed", QT_TRANSLATE_NOOP("Words", "PIN entered") },
    Word{ "step_up_failed", QT_TRANSLATE_NOOP("Words", "Wrong PIN") },
    Word{ "approval_asked", QT_TRANSLATE_NOOP("Words", "You were asked") },
    Word{ "approval_allowed", QT_TRANSLATE_NOOP("Words", "You said yes") },
    Word{ "approval_denied", QT_TRANSLATE_NOOP("Words", "You said no") },
    Word{ "approval_closed", QT_TRANSLATE_NOOP("Words", "Question closed unanswered") },
    Word{ "approval_ended", QT_TRANSLATE_NOOP("Words", "A yes for a time ended") },
    Word{ "journal_exported", QT_TRANSLATE_NOOP("Words", "Journal exported") },
    Word{ "journal_cut", QT_TRANSLATE_NOOP("Words", "Old journal rows removed") },
    Word{ "storage_restored", QT_TRANSLATE_NOOP("Words", "Database restored") },
    Word{ "retention_changed", QT_TRANSLATE_NOOP("Words", "Export folder changed") },
    Word{ "login_started", QT_TRANSLATE_NOOP("Words", "Login begun") },
    Word{ "login_granted", QT_TRANSLATE_NOOP("Words", "Login granted") },
    Word{ "login_denied", QT_TRANSLATE_NOOP("Words", "Login denied") },
    Word{ "login_revoked", QT_TRANSLATE_NOOP("Words", "Login revoked") },
    Word{ "everything_stopped", QT_TRANSLATE_NOOP("Words", "Everything stopped") },
    Word{ "clock_accepted", QT_TRANSLATE_NOOP("Words", "Clock accepted after a jump") },
    Word{ "clock_set_back", QT_TRANSLATE_NOOP("Words", "Time set back: the clock was wrong") },
};

constexpr std::array kVias{
    Word{ "mcp", QT_TRANSLATE_NOOP("Words", "MCP") },
    Word{ "rest", QT_TRANSLATE_NOOP("Words", "REST") },
    Word{ "window", QT_TRANSLATE_NOOP("Words", "This window") },
    Word{ "ctl", QT_TRANSLATE_NOOP("Words", "gatehousectl") },
    Word{ "gateway", QT_TRANSLATE_NOOP("Words", "Gatehouse itself") },
};

constexpr std::array kTransports{
    Word{ "no answer", QT_TRANSLATE_NOOP("Words", "Nobody waited for it any more") },
};

constexpr std::array kProtocols{
    Word{ "result", QT_TRANSLATE_NOOP("Words", "A result") },
    Word{ "tool error", QT_TRANSLATE_NOOP("Words", "An error of the tool") },
    Word{ "waits", QT_TRANSLATE_NOOP("Words", "Wait for the owner") },
};

constexpr std::array kUpstreams{
    Word{ "no answer", QT_TRANSLATE_NOOP("Words", "No answer") },
    Word{ "nothing sent", QT_TRANSLATE_NOOP("Words", "Nothing was sent") },
};

constexpr std::array kReaches{
    Word{ "once", QT_TRANSLATE_NOOP("Words", "Once") },
    Word{ "15m", QT_TRANSLATE_NOOP("Words", "For 15 minutes") },
    Word{ "1h", QT_TRANSLATE_NOOP("Words", "For 1 hour") },
    Word{ "8h", QT_TRANSLATE_NOOP("Words", "For 8 hours") },
};

template <std::size_t N>
QString lookUp(const std::array<Word, N> &words, const QString &name, const char *Word::*which = &Word::text)
{
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const Word &word) { return name == QLatin1String(word.name); });
    return found == words.end() || !((*found).*which) ? foreignText(name) : Words::tr((*found).*which);
}

/// Digits, and a sign before them: as it is. Anything else is a word, or foreign text.
bool isNumber(const QString &word)
{
    return std::all_of(word.begin() + word.startsWith(u'-'), word.end(),
                       [](QChar one) { return one >= u'0' && one <= u'9'; })
        && word.size() > word.startsWith(u'-');
}

template <std::size_t N> QStringList namesOf(const std::array<Word, N> &words)
{
    QStringList names;
    for (const Word &word : words)
        names += QString::fromLatin1(word.name);
    return names;
}

} // namespace

Mark modeMark(const GatewayStatus &status)
{
    switch (status.state) {
    case GatewayState::Starting: return { QStringLiteral("clock"), Tone::Muted, Words::tr("Starting") };
    case GatewayState::Locked: return { QStringLiteral("lock"), Tone::Waiting, Words::tr("Locked") };
    case GatewayState::Broken: return { QStringLiteral("alert"), Tone::Bad, Words::tr("Needs you") };
    case GatewayState::Ready: break;
    }
    if (!status.recording)
        return { QStringLiteral("alert"), Tone::Bad, Words::tr("Not recording") };
    if (status.mode == u"paused")
        return { QStringLiteral("pause"), Tone::Waiting, Words::tr("Paused") };
    if (status.mode == u"draining")
        return { QStringLiteral("clock"), Tone::Waiting, Words::tr("Stopping") };
    return { QStringLiteral("play"), Tone::Good, Words::tr("Running") };
}

Mark agentStateMark(const QString &state)
{
    if (state == u"active")
        return { QStringLiteral("check"), Tone::Good, Words::tr("Active") };
    if (state == u"paused")
        return { QStringLiteral("pause"), Tone::Waiting, Words::tr("Paused") };
    if (state == u"retired")
        return { QStringLiteral("minus"), Tone::Muted, Words::tr("Retired") };
    return { QStringLiteral("question"), Tone::Muted, foreignText(state) };
}

Mark answerMark(const QString &answer)
{
    if (answer == u"allow")
        return { QStringLiteral("check"), Tone::Good, Words::tr("Allow") };
    if (answer == u"ask")
        return { QStringLiteral("question"), Tone::Accent, Words::tr("Ask") };
    if (answer == u"ask_with_pin")
        return { QStringLiteral("lock"), Tone::Waiting, Words::tr("PIN", "ask with PIN, short") };
    if (answer == u"none")
        return { QStringLiteral("arrow"), Tone::Muted,
                 Words::tr("As all", "as the row for all projects says, short") };
    return { QStringLiteral("minus"), Tone::Muted, Words::tr("Off") };
}

Mark decisionMark(const QString &decision)
{
    if (decision.isEmpty())
        return {};
    if (decision == u"allowed")
        return { QStringLiteral("check"), Tone::Good, Words::tr("Allowed") };
    if (decision == u"denied")
        return { QStringLiteral("block"), Tone::Bad, Words::tr("Denied") };
    if (decision == u"asked")
        return { QStringLiteral("question"), Tone::Accent, Words::tr("Asked") };
    return { QStringLiteral("question"), Tone::Muted, foreignText(decision) };
}

Mark outcomeMark(const QString &outcome, bool isCall)
{
    if (outcome.isEmpty())
        return isCall ? Mark{ QStringLiteral("clock"), Tone::Accent, Words::tr("Under way") } : Mark{};
    if (outcome == u"ok")
        return { QStringLiteral("check"), Tone::Good, Words::tr("Done") };
    if (outcome == u"partial")
        return { QStringLiteral("half"), Tone::Waiting, Words::tr("Done in part") };
    if (outcome == u"unknown")
        return { QStringLiteral("question"), Tone::Waiting, Words::tr("Outcome unknown") };
    if (const std::optional<ErrorCode> error = errorNamed(outcome))
        return { QStringLiteral("alert"), *error == ErrorCode::ApprovalPending ? Tone::Waiting : Tone::Bad,
                 shortWordsFor(*error) };
    return { QStringLiteral("alert"), Tone::Bad, foreignText(outcome) };
}

QStringList allScopes()
{
    return namesOf(kTrackerScopes);
}
bool isOfTracker(const QString &scope)
{
    return namesOf(kTrackerScopes).contains(scope);
}
QString scopeTitle(const QString &scope)
{
    return lookUp(kTrackerScopes, scope);
}
QString scopeShort(const QString &scope)
{
    return lookUp(kTrackerScopes, scope, &Word::more);
}
QString scopeMeaning(const QString &scope)
{
    return lookUp(kTrackerScopes, scope, &Word::meaning);
}
QStringList allTools()
{
    return namesOf(kTools);
}
QString toolTitle(const QString &tool)
{
    return lookUp(kTools, tool);
}

QString toolDeed(const QString &tool)
{
    const bool known = allTools().contains(tool);
    return known ? lookUp(kTools, tool, &Word::more) : Words::tr("wants to use %1").arg(foreignText(tool));
}

QString deedOnIssues(const QString &tool)
{
    return allTools().contains(tool) ? lookUp(kTools, tool, &Word::meaning)
                                     : Words::tr("use %1").arg(foreignText(tool));
}

QString deedOnIssue(const QString &tool, const QString &issue)
{
    const QString deed = allTools().contains(tool) ? lookUp(kTools, tool, &Word::one) : QString();
    return deed.contains(u"%1") ? deed.arg(foreignText(issue)) : deedOnIssues(tool);
}

QString argumentTitle(const QString &argument)
{
    return lookUp(kArguments, argument);
}
QString eventTitle(const QString &kind)
{
    return lookUp(kEvents, kind);
}
QString viaTitle(const QString &via)
{
    return lookUp(kVias, via);
}

QString transportTitle(const QString &transport)
{
    return isNumber(transport) ? QStringLiteral("HTTP %1").arg(transport) : lookUp(kTransports, transport);
}

QString protocolTitle(const QString &protocol)
{
    return isNumber(protocol) ? Words::tr("JSON-RPC error %1").arg(protocol) : lookUp(kProtocols, protocol);
}

QString upstreamTitle(const QString &upstream)
{
    const QString status = upstream.section(u' ', 0, 0);
    if (!isNumber(status))
        return lookUp(kUpstreams, upstream);
    const QString text = QStringLiteral("HTTP %1").arg(status);
    return status == upstream ? text : Words::tr("%1, as the time before").arg(text);
}

QString reachTitle(const QString &reach)
{
    return lookUp(kReaches, reach);
}

} // namespace gatehouse::ui
