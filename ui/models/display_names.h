// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QString>
#include <QStringList>

namespace gatehouse::ui {

/// How something is meant; the theme knows the colour. Never the only carrier: a Mark has words and an icon.
enum class Tone { Plain, Muted, Accent, Good, Waiting, Bad };

/// A state as it is shown: icon (a name in resources/icons), tone and words, always together.
struct Mark
{
    QString icon;
    Tone tone = Tone::Plain;
    QString text;
};

// The port's words in the owner's language. A word that is not known is shown as it is, as foreign text.
[[nodiscard]] Mark modeMark(const GatewayStatus &status);
[[nodiscard]] Mark agentStateMark(const QString &state);
[[nodiscard]] Mark answerMark(const QString &answer);
[[nodiscard]] Mark decisionMark(const QString &decision);
/// `isCall`: an empty outcome of a call means that it is still running.
[[nodiscard]] Mark outcomeMark(const QString &outcome, bool isCall);

/// Scopes in the order of the matrix.
[[nodiscard]] QStringList allScopes();
[[nodiscard]] bool isOfTracker(const QString &scope); ///< what is set for a whole row is of one area only
[[nodiscard]] QString scopeTitle(const QString &scope); ///< "Create issues"
[[nodiscard]] QString scopeShort(const QString &scope); ///< a column's head: "Create"
[[nodiscard]] QString scopeMeaning(const QString &scope); ///< one sentence

[[nodiscard]] QStringList allTools();
[[nodiscard]] QString toolTitle(const QString &tool); ///< "Create issue"
/// What the call would do, as a sentence about the agent: "wants to create an issue".
[[nodiscard]] QString toolDeed(const QString &tool);
/// What a yes for a time lets an agent do, after "may": "change issues", or on one issue "change ENG-42".
[[nodiscard]] QString deedOnIssues(const QString &tool);
[[nodiscard]] QString deedOnIssue(const QString &tool, const QString &issue);
[[nodiscard]] QString argumentTitle(const QString &argument);
/// A line of Activity that is not a call: "Client paired".
[[nodiscard]] QString eventTitle(const QString &kind);
[[nodiscard]] QString viaTitle(const QString &via);
// The parts of an outcome (docs/adr/0099); empty where there is nothing to tell.
[[nodiscard]] QString transportTitle(const QString &transport); ///< "HTTP 200", "Nobody waited for it"
[[nodiscard]] QString protocolTitle(const QString &protocol); ///< "A result", "JSON-RPC error -32602"
[[nodiscard]] QString upstreamTitle(const QString &upstream); ///< "HTTP 201", "Nothing was sent"
[[nodiscard]] QString reachTitle(const QString &reach); ///< once | 15m | 1h | 8h

} // namespace gatehouse::ui
