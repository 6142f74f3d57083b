// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/summaries.h"

#include "gateway_core/grants/scope.h"
#include "gateway_core/base/json.h"
#include "gateway_core/identity/requesting_process.h"

#include <algorithm>

namespace gatehouse::summaries {

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

QDateTime time(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms);
}

std::optional<QDateTime> time(const std::optional<std::int64_t> &ms)
{
    return ms ? std::optional(time(*ms)) : std::nullopt;
}

/// In the order of Scope; none where nothing is narrowed.
QStringList scopesIn(const std::optional<std::int64_t> &limit)
{
    QStringList scopes;
    for (const Scope scope : kScopes) {
        if (limit && (*limit >> static_cast<int>(scope) & 1) != 0)
            scopes.append(wordOf(nameOf(scope)));
    }
    return scopes;
}

/// A token's idle time counts from when it was made; that is no use of it.
bool wasUsed(const Client &client)
{
    return client.lastUsedAt > client.createdAt;
}

struct LineAbout
{
    int refusals = 0;
    QList<std::pair<QString, int>> tools;
    std::optional<QDateTime> yesGivenAt;
};

/// The part of a line that is JSON; a damaged journal's says nothing.
LineAbout aboutOf(const CallRow &line)
{
    LineAbout about;
    const Json told = Json::parse(line.about, nullptr, false);
    if (!told.is_object())
        return about;
    const auto number = [](const Json &object, const char *name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                                   : std::int64_t{};
    };
    about.refusals = static_cast<int>(number(told, "count"));
    for (const Json &tool : told.value("tools", Json::array())) {
        if (tool.is_object())
            about.tools.append({ text(textAt(tool, "tool")), static_cast<int>(number(tool, "count")) });
    }
    if (const auto yes = told.find("yes"); yes != told.end() && yes->is_object())
        about.yesGivenAt = time(number(*yes, "given_at"));
    return about;
}

} // namespace

AgentSummary of(const Agent &agent, const Directory &directory)
{
    AgentSummary summary{ .id = text(agent.id.text()),
                          .name = text(agent.displayName),
                          .state = wordOf(nameOf(agent.state)),
                          .createdAt = time(agent.createdAt) };
    std::int64_t heard = 0;
    for (const auto &[id, client] : directory.clients) {
        if (client.agent != agent.id || client.revokedAt)
            continue;
        ++summary.clients;
        if (wasUsed(client))
            heard = std::max(heard, client.lastUsedAt);
    }
    if (heard > 0)
        summary.lastCallAt = time(heard);
    if (const auto grants = directory.grants.find(agent.id); grants != directory.grants.end())
        summary.grants = static_cast<int>(
            std::count_if(grants->second.begin(), grants->second.end(),
                          [](const auto &entry) { return entry.second.answer != GrantPolicy::Off; }));
    return summary;
}

ClientSummary of(const Client &client)
{
    return { .id = text(client.id.text()),
             .agentId = text(client.agent.text()),
             .name = text(client.name),
             .tokenTail = text(client.tokenTail),
             .pairedBy = text(client.pairedBy),
             .createdAt = time(client.createdAt),
             .expiresAt = time(client.expiresAt),
             .lastUsedAt = wasUsed(client) ? std::optional(time(client.lastUsedAt)) : std::nullopt,
             .revokedAt = time(client.revokedAt),
             .crowdedAt = std::nullopt };
}

GrantSummary of(const Grant &grant, const std::vector<TimedApproval> &standing)
{
    GrantSummary summary{ .agentId = text(grant.agent.text()),
                          .projectId = text(grant.project.text()),
                          .projectName = text(grant.projectName),
                          .projectIdentifier = text(grant.projectIdentifier),
                          .scope = text(grant.scope),
                          .answer = wordOf(nameOf(grant.answer)),
                          .until = time(grant.until),
                          .revision = grant.revision,
                          .byApproval = grant.byApproval,
                          .allowedUntil = std::nullopt,
                          .allowedCovers = {},
                          .allowedIssue = {} };
    if (const TimedApproval *yes = widestOn(grant, standing)) {
        summary.allowedUntil = time(yes->until);
        summary.allowedCovers = wordOf(nameOf(yes->covers));
        summary.allowedIssue = text(yes->issue);
    }
    return summary;
}

StandingYesSummary of(const TimedApproval &yes)
{
    return { .id = text(yes.id.text()),
             .agentName = text(yes.agentName),
             .clientName = text(yes.clientName),
             .tool = text(yes.tool),
             .projectName = text(yes.projectName),
             .covers = wordOf(nameOf(yes.covers)),
             .issue = text(yes.issue),
             .givenAt = time(yes.givenAt),
             .until = time(yes.until),
             .lastUsedAt = time(yes.lastUsedAt),
             .uses = yes.uses };
}

PeerSummary of(const Peer &peer)
{
    PeerSummary summary{ .program = text(peer.process.executable),
                         .folder = text(peer.process.folder),
                         .pid = peer.process.pid,
                         .uid = peer.uid,
                         .parents = {} };
    for (const auto &parent : peer.parents)
        summary.parents.append(text(parent.executable));
    return summary;
}

ConfirmationSummary of(const Confirmation &confirmation)
{
    return { .id = text(confirmation.id.text()),
             .checkNumber = text(confirmation.checkNumber),
             .agentId = text(confirmation.agent.text()),
             .agentName = text(confirmation.agentName),
             .clientName = text(confirmation.clientName),
             .peer = of(confirmation.peer),
             .expiresAt = time(confirmation.expiresAt),
             .login = confirmation.login,
             .scopes = scopesIn(confirmation.scopeLimit) };
}

ApprovalSummary of(const Approval &approval)
{
    ApprovalSummary summary{ .id = text(approval.id.text()),
                             .agentName = text(approval.asked.agentName),
                             .clientName = text(approval.asked.clientName),
                             .tool = text(approval.asked.tool),
                             .projectName = text(approval.asked.projectName),
                             .issue = text(approval.asked.issue),
                             .title = text(approval.asked.title),
                             .arguments = {},
                             .peer = of(requestingProcess(approval.asked.peer)),
                             .askedAt = time(approval.askedAt),
                             .expiresAt = time(approval.expiresAt),
                             .withPin = approval.asked.withPin,
                             .held = approval.held,
                             .heldUntil = approval.heldUntil > 0 ? std::optional(time(approval.heldUntil))
                                                                 : std::nullopt,
                             .covers = {} };
    for (const Covers covers : choicesFor(approval.asked))
        summary.covers.append(wordOf(nameOf(covers)));
    if (approval.asked.arguments.is_object()) {
        for (const auto &[name, value] : approval.asked.arguments.items()) {
            summary.arguments.insert(text(name),
                                     text(value.is_string() ? value.get<std::string>() : value.dump()));
        }
    }
    return summary;
}

ActivityRow of(const CallRow &line)
{
    const LineAbout about = aboutOf(line);
    return { .seq = line.seq,
             .at = time(line.at),
             .kind = text(line.kind),
             .callId = text(line.callId),
             .agentId = text(line.agentId),
             .agentName = text(line.agentName),
             .clientId = text(line.clientId),
             .clientName = text(line.clientName),
             .via = text(line.via),
             .tool = text(line.tool),
             .projectName = text(line.projectName),
             .issue = text(line.issue),
             .title = text(line.title),
             .decision = text(line.decision),
             .outcome = text(line.outcome),
             .transport = text(line.transport),
             .protocol = text(line.protocol),
             .upstream = text(line.upstream),
             .durationMs = line.durationMs,
             .refusals = about.refusals,
             .refusedTools = about.tools,
             .yesGivenAt = about.yesGivenAt };
}

QList<ActivityRow> of(const std::vector<CallRow> &lines)
{
    QList<ActivityRow> rows;
    rows.reserve(static_cast<qsizetype>(lines.size()));
    for (const auto &line : lines)
        rows.append(of(line));
    return rows;
}

ActivityFound of(const CallPage &page)
{
    return { .lines = of(page.rows),
             .nextBefore = page.nextBefore,
             .searchedBackTo = page.searchedBackTo ? std::optional(time(*page.searchedBackTo)) : std::nullopt,
             .searchedPercent = page.searchedPercent };
}

namespace {

QList<PreviewSummary::Field> of(const std::vector<PreviewField> &fields)
{
    using Line = PreviewSummary::Line;
    QList<PreviewSummary::Field> list;
    for (const auto &field : fields) {
        PreviewSummary::Field shown{ text(field.name), text(field.before), text(field.after), {} };
        for (const auto &line : field.diff) {
            const auto kind = line.kind == DiffLine::Kind::Added ? Line::Kind::Added
                : line.kind == DiffLine::Kind::Removed           ? Line::Kind::Removed
                                                                 : Line::Kind::Same;
            shown.diff.append({ kind, text(line.text) });
        }
        list.append(std::move(shown));
    }
    return list;
}

} // namespace

PreviewSummary of(const Preview &preview)
{
    return { .issue = text(preview.issue),
             .title = text(preview.title),
             .changedMeanwhile = preview.changedMeanwhile,
             .changed = of(preview.changed),
             .fields = of(preview.fields) };
}

CountsSummary of(const CallCounts &counts)
{
    return { counts.calls, counts.refused, counts.asked, counts.upTo };
}

QuietSummary of(const Quiet &quiet)
{
    return { quiet.questionsWithdrawn, quiet.streamsClosed, quiet.callsFinished, quiet.clientsRevoked,
             quiet.milliseconds };
}

VerdictSummary of(const VerificationReport &verdict)
{
    return { .finding = wordOf(nameOf(verdict.finding)),
             .badRow = verdict.badRow,
             .rows = verdict.rows,
             .first = verdict.first,
             .last = verdict.last,
             .vouchedTo = verdict.vouchedTo,
             .restoredRow = verdict.restoredRow };
}

QList<ProjectSummary> projectsOf(const Json &matches)
{
    QList<ProjectSummary> projects;
    for (const auto &match : matches.at("matches")) {
        const Json &project = match.at("project");
        projects.append({ .id = text(project.at("id")),
                          .identifier = text(project.at("identifier")),
                          .name = text(project.at("name")),
                          .workspace = text(project.at("workspace_slug")) });
    }
    return projects;
}

QString aboutProblem(const Error &problem, const std::filesystem::path &database)
{
    if (const std::string program = textAt(problem.details, "program"); !program.empty())
        return QStringLiteral("%1 (%2)").arg(text(program)).arg(problem.details.value("pid", 0));
    for (const char *name : { "remedy", "provider", "file", "socket" }) {
        if (const std::string known = textAt(problem.details, name); !known.empty())
            return text(known);
    }
    return nameOf(problem.code).starts_with("storage_") ? text(database.string()) : QString();
}

QString wordOf(std::string_view word)
{
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

} // namespace gatehouse::summaries
