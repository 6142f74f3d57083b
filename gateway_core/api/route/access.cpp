// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/own_names.h"
#include "gateway_core/identity/token.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::int64_t kEvidenceEveryMs = 10'000; // as often as the journal writes a flood
constexpr std::int64_t kPruneEveryMs = 60'000;
constexpr std::size_t kTokenTextMost = 512;

tl::unexpected<AccessRefusal> refuse(ErrorCode code, Json details = nullptr, bool late = false)
{
    return tl::unexpected<AccessRefusal>({ { code, {}, std::move(details) }, late });
}

tl::unexpected<AccessRefusal> tooMany(std::int64_t waitMs)
{
    return refuse(ErrorCode::RateLimited, { { "retry_after", (waitMs + 999) / 1000 } });
}

/// A bound that one token shares among all programs that use it: whose, how many, and of what.
Json boundOf(const Client &client, const char *reason, int most, std::int64_t waitMs)
{
    return { { "reason", reason },
             { "client", client.name },
             { "most", most },
             { "retry_after", (waitMs + 999) / 1000 } };
}

/// A stream of MCP that only listens: of a session, or subscriptions/listen, which says so in a header.
ConnectionUse placeFor(const HttpRequest &request)
{
    const bool listens = request.path == "/mcp"
        && (request.method == "GET" || request.header("mcp-method") == "subscriptions/listen");
    return listens ? ConnectionUse::Listening : ConnectionUse::Work;
}

/// Whose kind of token this route wants.
bool isForClients(const Route &route, std::string_view token)
{
    return route.access == Access::Agent
        || (route.access == Access::AgentOrOwner && !token.starts_with(kOwnerTokenPrefix));
}

bool equalsIgnoringCase(std::string_view left, std::string_view right)
{
    return std::ranges::equal(left, right, [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

} // namespace

std::optional<std::string_view> bearerOf(const HttpRequest &request)
{
    constexpr std::string_view kScheme = "bearer ";
    const std::string_view value = request.header("authorization");
    if (value.size() <= kScheme.size() || !equalsIgnoringCase(value.substr(0, kScheme.size()), kScheme))
        return std::nullopt;
    const std::string_view token = value.substr(kScheme.size());
    return token.substr(std::min(token.find_first_not_of(' '), token.size()));
}

AccessCheck::AccessCheck(const Dependencies &dependencies, QObject *parent)
    : QObject(parent)
    , m_services(dependencies)
{
}

AccessCheck::Admission AccessCheck::admit(const Route &route, const HttpRequest &request)
{
    const auto token = bearerOf(request);
    const std::string ticket = request.queryValue("ticket");
    const bool isByTicket = route.access == Access::OwnerOrTicket && !token && !ticket.empty();
    // Single use is any use: also where no ticket is read, and where a token came with it.
    if (!isByTicket && !ticket.empty())
        m_services.tickets.burn(ticket);

    if (route.access == Access::Anyone)
        return RouteCaller{ nullptr, nullptr, m_services.registry.current(), {}, {} };
    if (route.access == Access::Ceremony)
        return admitCeremony(request);
    if (isByTicket)
        return admitTicket(route, request, ticket);
    if (!token)
        return refuse(ErrorCode::Unauthorized, { { "reason", "missing_token" } });
    return isForClients(route, *token) ? admitClient(request, *token) : admitOwner(route, request, *token);
}

bool AccessCheck::hasGoodToken(const Route &route, const HttpRequest &request) const
{
    if (route.access == Access::Anyone || route.access == Access::Ceremony)
        return true;
    const auto token = bearerOf(request);
    if (!token)
        return false;
    const DirectoryPtr directory = m_services.registry.current();
    if (!isForClients(route, *token))
        return ownerOf(*directory, *token) != nullptr;
    const auto holder = holderOf(*directory, *token);
    return holder && holder->client;
}

Result<AccessCheck::Holder> AccessCheck::holderOf(const Directory &directory, std::string_view token) const
{
    if (token.size() > kTokenTextMost)
        return Holder{};
    const auto login = m_services.logins.bearerOf(token, ownAudience(m_services.condition));
    if (!login)
        return tl::unexpected<Error>(login.error());
    if (*login)
        return Holder{ directory.client((*login)->client), (*login)->scopeLimit };
    const Client *client = clientOf(directory, token, m_services.registry.now());
    return Holder{ client, client ? m_services.logins.limitOf(client->id) : std::nullopt };
}

const OwnerToken *AccessCheck::ownerOf(const Directory &directory, std::string_view token) const
{
    return token.size() > kTokenTextMost ? nullptr
                                         : ownerTokenOf(directory, token, m_services.registry.now());
}

Result<> AccessCheck::countAsClient(std::uint32_t uid, const ClientId &client)
{
    (void)m_ceremonies.take(std::to_string(uid), -1, m_services.clock.sinceBoot()); // gives back what it cost
    const DirectoryPtr directory = m_services.registry.current();
    const Client *known = directory->client(client);
    const auto refusal = known ? clientMustWait(*known) : std::nullopt;
    return refusal ? tl::unexpected<Error>(refusal->error) : Result<>();
}

AccessCheck::Admission AccessCheck::admitTicket(const Route &route, const HttpRequest &request,
                                                std::string_view ticket)
{
    const auto minter = m_services.tickets.spend(ticket, route.path.substr(route.path.rfind('/') + 1));
    if (!minter && minter.error().code != ErrorCode::Unauthorized)
        return tl::unexpected<AccessRefusal>({ minter.error(), false });
    const DirectoryPtr directory = m_services.registry.current();
    const auto owner = minter ? directory->ownerTokens.find(*minter) : directory->ownerTokens.end();
    if (owner == directory->ownerTokens.end() || owner->second.revokedAt
        || owner->second.expiresAt <= m_services.registry.now())
        return refuse(ErrorCode::Unauthorized, { { "reason", "invalid_token" } }, true);
    if (!request.peer->countAs("owner", kConnectionsOfOwner))
        return refuse(ErrorCode::RateLimited, { { "retry_after", 1 }, { "reason", "connections" } });
    return RouteCaller{ nullptr, &owner->second, directory, {}, {} };
}

AccessCheck::Admission AccessCheck::admitCeremony(const HttpRequest &request)
{
    const std::string who = std::to_string(request.peer->uid());
    if (const auto wait = m_ceremonies.take(who, 1, m_services.clock.sinceBoot()))
        return tooMany(wait);
    return RouteCaller{ nullptr, nullptr, m_services.registry.current(), {}, {} };
}

AccessCheck::Admission AccessCheck::admitClient(const HttpRequest &request, std::string_view token)
{
    const DirectoryPtr directory = m_services.registry.current();
    const auto holder = holderOf(*directory, token);
    if (!holder)
        return tl::unexpected<AccessRefusal>({ holder.error(), false });
    const Client *client = holder->client;
    if (!client) {
        if (ownerOf(*directory, token))
            return refuse(ErrorCode::ScopeDenied, { { "needs", "agent_token" } });
        return refuse(ErrorCode::Unauthorized, { { "reason", "invalid_token" } }, true);
    }
    if (!request.peer->countAs("client:" + client->id.text(), kConnectionsPerClient, placeFor(request))) {
        m_services.registry.clientCrowded(client->id);
        return refuse(ErrorCode::RateLimited, boundOf(*client, "connections", kConnectionsPerClient, 1));
    }
    if (auto wait = clientMustWait(*client))
        return tl::unexpected<AccessRefusal>(std::move(*wait));
    m_services.registry.clientHeard(client->id);
    return RouteCaller{ client, nullptr, directory, {}, holder->scopeLimit };
}

AccessCheck::Admission AccessCheck::admitOwner(const Route &route, const HttpRequest &request,
                                               std::string_view token)
{
    const DirectoryPtr directory = m_services.registry.current();
    const OwnerToken *owner = ownerOf(*directory, token);
    if (!owner) {
        const auto holder = holderOf(*directory, token);
        if (const Client *client = holder ? holder->client : nullptr) {
            if (auto wait = clientMustWait(*client))
                return tl::unexpected<AccessRefusal>(std::move(*wait));
            countRefusal(client->id);
            return refuse(ErrorCode::ScopeDenied, { { "needs", "owner_token" } });
        }
        return refuse(ErrorCode::Unauthorized, { { "reason", "invalid_token" } }, true);
    }
    if (!request.peer->countAs("owner", kConnectionsOfOwner))
        return refuse(ErrorCode::RateLimited, { { "retry_after", 1 }, { "reason", "connections" } });
    const std::string stepUp(request.header("x-step-up-token"));
    if (route.access == Access::OwnerStepUp) {
        if (const auto fresh = m_services.stepUp.check(owner->id.text(), stepUp); !fresh)
            return tl::unexpected<AccessRefusal>({ fresh.error(), false });
    }
    return RouteCaller{ nullptr, owner, directory, stepUp, {} };
}

std::optional<AccessRefusal> AccessCheck::clientMustWait(const Client &client)
{
    const std::int64_t now = m_services.clock.sinceBoot();
    if (now - m_prunedAt > kPruneEveryMs) {
        m_prunedAt = now;
        m_requests.prune(now);
        m_refusals.prune(now);
        m_ceremonies.prune(now);
        std::erase_if(m_shutUntil, [now](const auto &entry) { return entry.second <= now; });
        std::erase_if(m_lookedUp, [now](const auto &entry) { return now - entry.second > kEvidenceEveryMs; });
    }
    const auto tooMuch = [&client](const char *reason, int most, std::int64_t wait) {
        return AccessRefusal{ { ErrorCode::RateLimited, {}, boundOf(client, reason, most, wait) } };
    };
    if (const auto shut = m_shutUntil.find(client.id); shut != m_shutUntil.end() && shut->second > now)
        return tooMuch("refusals", kRefusalsPerMinute, shut->second - now);
    if (const auto wait = m_requests.take(client.id.text(), 1, now))
        return tooMuch("requests", kRequestsPerMinute, wait);
    return std::nullopt;
}

void AccessCheck::countRefusal(const ClientId &client)
{
    const std::int64_t now = m_services.clock.sinceBoot();
    (void)m_requests.take(client.text(), 1, now);
    if (const auto wait = m_refusals.take(client.text(), 1, now))
        m_shutUntil[client] = now + wait;
}

void AccessCheck::answerLate(const HttpRequest &request, const Reply &reply, const Error &error)
{
    const std::uint32_t uid = request.peer->uid();
    int &waiting = m_waiting[uid];
    if (waiting >= kWrongTokensWaiting) {
        reply.fail(ErrorCode::RateLimited, { { "retry_after", 1 } });
        return;
    }
    ++waiting;
    m_services.clock.after(kWrongTokenDelay, this, [this, uid, reply, error] {
        if (--m_waiting[uid] == 0)
            m_waiting.erase(uid);
        reply.fail(error);
    });
}

void AccessCheck::record(const HttpRequest &request, const RouteCaller *caller, const Error &error,
                         const std::string &tool)
{
    const DirectoryPtr directory = m_services.registry.current();
    const Client *client = caller ? caller->client : nullptr;
    if (const auto token = caller ? std::nullopt : bearerOf(request)) {
        const auto holder = holderOf(*directory, *token);
        client = holder ? holder->client : nullptr;
    }
    Event event;
    event.kind = EventKind::CallRefused;
    event.requestId = request.id;
    event.via = request.path == "/mcp" ? "mcp" : "rest";
    event.decision = "denied";
    event.outcome = nameOf(error.code);
    event.transport = std::to_string(httpStatusOf(error.code));
    event.peer = evidence(request, error.code);
    event.tool = tool;
    if (client) {
        event.client = client->id;
        event.clientName = client->name;
        event.agent = client->agent;
        if (const Agent *agent = directory->agent(event.agent))
            event.agentName = agent->displayName;
    }
    m_services.journal.recordRefusal(event, error.code);
}

void AccessCheck::recordBelow(std::uint32_t uid, int status, const std::string &reason)
{
    const ErrorCode code = codeOfStatus(status);
    Event event;
    event.kind = EventKind::CallRefused;
    event.via = "rest";
    event.decision = "denied";
    event.outcome = nameOf(code);
    event.transport = std::to_string(status);
    event.peer.uid = uid;
    event.more = { { "reason", reason } };
    m_services.journal.recordRefusal(event, code);
}

Peer AccessCheck::evidence(const HttpRequest &request, ErrorCode reason)
{
    const std::uint32_t uid = request.peer->uid();
    const std::int64_t now = m_services.clock.sinceBoot();
    // Looking a process up costs milliseconds: a flood of refusals must not buy one for each.
    const auto [entry, first] = m_lookedUp.try_emplace({ uid, reason }, now);
    if (first || now - entry->second >= kEvidenceEveryMs) {
        entry->second = now;
        return request.peer->sight();
    }
    Peer peer;
    peer.uid = uid;
    peer.viaUnixSocket = request.peer->isUnixSocket();
    return peer;
}

} // namespace gatehouse
