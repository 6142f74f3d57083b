// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/wire.h"

#include "gateway_core/base/json.h"
#include "gateway_core/grants/scope.h"
#include "gateway_core/storage/enum_names.h"

#include <QDateTime>

#include <algorithm>

namespace gatehouse::wire {

namespace {

Json timeOrNull(const std::optional<std::int64_t> &wall)
{
    return wall ? Json(timeText(*wall)) : Json(nullptr);
}

Json sightJson(const ProcessIdentity &sight)
{
    return { { "pid", sight.pid }, { "executable", sight.executable }, { "folder", sight.folder } };
}

/// {approval_id, given_at} of a line, its time as text; null: no yes let it through.
Json yesJson(const Json &yes)
{
    if (!yes.is_object())
        return nullptr;
    return { { "approval_id", textAt(yes, "approval_id") },
             { "given_at", timeText(yes.value("given_at", std::int64_t{})) } };
}

bool isLowerHex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool isAllZero(std::string_view text)
{
    return text.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

std::string timeText(std::int64_t wall)
{
    return QDateTime::fromMSecsSinceEpoch(wall, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::optional<std::int64_t> timeOf(std::string_view text)
{
    // Without an offset Qt would take local time, which two readers take differently.
    const bool hasOffset = text.size() > 19 && text.find_first_of("Zz+-", 19) != std::string_view::npos;
    const auto time = QDateTime::fromString(
        QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())), Qt::ISODateWithMs);
    if (!hasOffset || !time.isValid())
        return std::nullopt;
    return time.toMSecsSinceEpoch();
}

Json toJson(const Agent &agent)
{
    return { { "id", agent.id.text() },
             { "display_name", agent.displayName },
             { "state", nameOf(agent.state) },
             { "created_at", timeText(agent.createdAt) } };
}

Json toJson(const Client &client, std::int64_t lastUsedAt, std::int64_t crowdedAt)
{
    const std::int64_t used = std::max(client.lastUsedAt, lastUsedAt);
    return { { "id", client.id.text() },
             { "agent_id", client.agent.text() },
             { "name", client.name },
             { "token_tail", client.tokenTail },
             { "paired_by", client.pairedBy },
             { "created_at", timeText(client.createdAt) },
             { "expires_at", timeText(client.expiresAt) },
             { "last_used_at", used > 0 ? Json(timeText(used)) : Json(nullptr) },
             { "crowded_at", crowdedAt > 0 ? Json(timeText(crowdedAt)) : Json(nullptr) },
             { "revoked_at", timeOrNull(client.revokedAt) } };
}

Json toJson(const OwnerToken &token)
{
    return { { "id", token.id.text() },
             { "name", token.name },
             { "token_tail", token.tokenTail },
             { "created_at", timeText(token.createdAt) },
             { "expires_at", timeText(token.expiresAt) },
             { "revoked_at", timeOrNull(token.revokedAt) } };
}

Json toJson(const Grant &grant)
{
    return { { "id", grant.id.text() },
             { "agent_id", grant.agent.text() },
             { "project_id", grant.project.text() },
             { "project_name", grant.projectName },
             { "project_identifier", grant.projectIdentifier },
             { "scope", grant.scope },
             { "answer", nameOf(grant.answer) },
             { "until", timeOrNull(grant.until) },
             { "revision", grant.revision },
             { "by_approval", grant.byApproval },
             { "allowed_until", nullptr },
             { "allowed_covers", nullptr },
             { "allowed_issue", nullptr },
             { "allowed_by", Json::array() } };
}

Json toJson(const Grant &grant, const std::vector<TimedApproval> &standing)
{
    Json json = toJson(grant);
    for (const TimedApproval &yes : standing) {
        if (restsOn(yes, grant))
            json["allowed_by"].push_back(yes.id.text());
    }
    if (const TimedApproval *widest = widestOn(grant, standing)) {
        json["allowed_until"] = timeText(widest->until);
        json["allowed_covers"] = nameOf(widest->covers);
        if (!widest->issue.empty())
            json["allowed_issue"] = widest->issue;
    }
    return json;
}

Json toJson(const TimedApproval &yes)
{
    Json scopes = Json::array();
    for (const AskingGrant &grant : yes.grants)
        scopes.push_back(nameOf(grant.scope));
    return { { "id", yes.id.text() },
             { "agent_id", yes.agent.text() },
             { "agent_name", yes.agentName },
             { "client_id", yes.client.text() },
             { "client_name", yes.clientName },
             { "tool", yes.tool },
             { "project_id", yes.project.text() },
             { "project_name", yes.projectName },
             { "covers", nameOf(yes.covers) },
             { "issue", yes.issue },
             { "scopes", std::move(scopes) },
             { "given_at", timeText(yes.givenAt) },
             { "until", timeText(yes.until) },
             { "last_used_at", timeOrNull(yes.lastUsedAt) },
             { "uses", yes.uses } };
}

Json toJson(const Peer &peer)
{
    Json parents = Json::array();
    for (const auto &parent : peer.parents)
        parents.push_back(sightJson(parent));
    return { { "uid", peer.uid },
             { "unix_socket", peer.viaUnixSocket },
             { "process", sightJson(peer.process) },
             { "parents", std::move(parents) } };
}

Json toJson(const PairingCode &code)
{
    return { { "code", code.text },
             { "agent_id", code.agent.text() },
             { "expires_at", timeText(code.expiresAt) },
             { "command", "gatehouse-mcp pair" } };
}

Json toJson(const Confirmation &confirmation)
{
    return { { "id", confirmation.id.text() },
             { "check_number", confirmation.checkNumber },
             { "agent_id", confirmation.agent.text() },
             { "agent_name", confirmation.agentName },
             { "client_name", confirmation.clientName },
             { "peer", toJson(confirmation.peer) },
             { "login", confirmation.login },
             { "asks_for",
               confirmation.scopeLimit ? wire::scopeText(confirmation.scopeLimit)
                                       : "everything that its agent may" },
             { "expires_at", timeText(confirmation.expiresAt) } };
}

Json toJson(const Approval &approval)
{
    const AskedCall &asked = approval.asked;
    Json choices = Json::array();
    for (const Covers covers : choicesFor(asked))
        choices.push_back(nameOf(covers));
    return { { "id", approval.id.text() },
             { "call_id", asked.call.text() },
             { "agent_id", asked.agent.text() },
             { "agent_name", asked.agentName },
             { "client_id", asked.client.text() },
             { "client_name", asked.clientName },
             { "tool", asked.tool },
             { "project_id", asked.project.text() },
             { "project_name", asked.projectName },
             { "issue", asked.issue },
             { "title", asked.title },
             { "with_pin", asked.withPin },
             { "covers", std::move(choices) },
             { "held", approval.held },
             { "peer", toJson(asked.peer) },
             { "asked_at", timeText(approval.askedAt) },
             { "held_until", approval.heldUntil > 0 ? Json(timeText(approval.heldUntil)) : Json(nullptr) },
             { "expires_at", timeText(approval.expiresAt) } };
}

Json toJson(const Preview &preview)
{
    const auto fieldsJson = [](const std::vector<PreviewField> &fields) {
        Json list = Json::array();
        for (const PreviewField &field : fields)
            list.push_back({ { "name", field.name }, { "before", field.before }, { "after", field.after } });
        return list;
    };
    return { { "issue", preview.issue },
             { "title", preview.title },
             { "changed_meanwhile", preview.changedMeanwhile },
             { "changed", fieldsJson(preview.changed) },
             { "fields", fieldsJson(preview.fields) } };
}

Json toJson(const CallRow &row)
{
    Json about = Json::parse(row.about, nullptr, false);
    if (!about.is_object())
        about = Json::object();
    return { { "seq", row.seq },
             { "at", timeText(row.at) },
             { "kind", row.kind },
             { "call_id", row.callId },
             { "agent_id", row.agentId },
             { "agent_name", row.agentName },
             { "client_id", row.clientId },
             { "client_name", row.clientName },
             { "via", row.via },
             { "tool", row.tool },
             { "project_id", row.projectId },
             { "project_name", row.projectName },
             { "issue", row.issue },
             { "title", row.title },
             { "decision", row.decision },
             { "outcome", row.outcome },
             { "transport", row.transport },
             { "protocol", row.protocol },
             { "upstream", row.upstream },
             { "duration_ms", row.durationMs >= 0 ? Json(row.durationMs) : Json(nullptr) },
             { "refusals", about.value("count", Json()) },
             { "refused_tools", about.value("tools", Json::array()) },
             { "allowed_by", yesJson(about.value("yes", Json())) },
             { "text", row.text } };
}

Json scopeNames()
{
    Json names = Json::array();
    for (const Scope scope : kScopes)
        names.push_back(nameOf(scope));
    return names;
}

std::string scopeText(const std::optional<std::int64_t> &limit)
{
    std::string text;
    for (const Scope scope : kScopes) {
        if (!isWithin(scope, limit))
            continue;
        text.append(text.empty() ? "" : " ").append(nameOf(scope));
    }
    return text;
}

std::string text(const Json &body, const char *name)
{
    const auto entry = body.find(name);
    return entry != body.end() && entry->is_string() ? entry->get<std::string>() : std::string();
}

bool isIdempotencyKey(std::string_view text)
{
    return !text.empty() && text.size() <= 255
        && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string checkedTraceparent(std::string_view text)
{
    const bool formed = text.size() == 55 && text.starts_with("00-") && text[35] == '-' && text[52] == '-'
        && isLowerHex(text.substr(3, 32)) && isLowerHex(text.substr(36, 16)) && isLowerHex(text.substr(53))
        && !isAllZero(text.substr(3, 32)) && !isAllZero(text.substr(36, 16));
    return formed ? std::string(text) : std::string();
}

} // namespace gatehouse::wire
