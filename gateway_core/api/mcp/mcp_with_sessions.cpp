// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_with_sessions.h"

#include "gateway_core/api/mcp/mcp_http.h"
#include "gateway_core/api/mcp/mcp_session_exchange.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

const std::array<McpWithSessions::Row, 4> McpWithSessions::kRows{ {
    { "ping", &McpWithSessions::ping },
    { "logging/setLevel", &McpWithSessions::setLevel },
    { "resources/subscribe", &McpWithSessions::subscribe },
    { "resources/unsubscribe", &McpWithSessions::unsubscribe },
} };

McpWithSessions::McpWithSessions(const McpRooms &dependencies)
    : m_services(dependencies)
    , m_sessions(dependencies.clock, dependencies.random)
{
    connect(&m_services.registry, &Registry::changed, this, &McpWithSessions::dropLostClients);
    connect(&m_services.offer, &McpProvider::listsChanged, this, &McpWithSessions::tellOfChangedLists);
    connect(&m_services.offer, &McpProvider::resourceUpdated, this, &McpWithSessions::tellOfUpdate);
    beat();
}

McpWithSessions::~McpWithSessions() = default;

void McpWithSessions::post(RouteCall &call, const rpc::Message &message)
{
    if (message.kind == rpc::Message::Kind::Request && message.method == "initialize")
        return initialize(call, message);
    if (!speaksOurVersion(call, message.id))
        return;
    const McpSessionPtr session = sessionOf(call, message.id);
    if (!session)
        return;
    if (message.kind == rpc::Message::Kind::Request)
        return ask(session, call, message);
    if (message.kind == rpc::Message::Kind::Notification)
        notified(*session, message);
    call.reply.accepted();
}

void McpWithSessions::initialize(RouteCall &call, const rpc::Message &message)
{
    const std::string asked = wire::text(message.params, "protocolVersion");
    if (asked.empty()) {
        call.reply.countRefusal(ErrorCode::InvalidRequest);
        return call.reply.ok(
            rpc::error(message.id, { rpc::kInvalidParams, "protocolVersion is missing", nullptr, {} }));
    }
    const McpSessionPtr session = m_sessions.open(*call.caller.client, negotiatedVersion(asked));
    session->scopeLimit = call.caller.scopeLimit;
    session->listed = mcp::listNames(m_services.offer, call.caller);
    if (const auto declared = message.params.find("capabilities");
        declared != message.params.end() && declared->is_object())
        session->clientCapabilities = *declared;
    Json capabilities = m_services.offer.capabilities();
    capabilities["logging"] = Json::object();
    Json result{ { "protocolVersion", session->version() },
                 { "capabilities", std::move(capabilities) },
                 { "serverInfo", mcp::serverInfo(m_services.condition) },
                 { "instructions", m_services.offer.instructions(call.caller) } };
    call.reply.send(200, rpc::result(message.id, std::move(result)), { { "mcp-session-id", session->id() } });
}

void McpWithSessions::notified(McpSession &session, const rpc::Message &message)
{
    if (message.method == "notifications/cancelled")
        session.cancel(message.params.value("requestId", Json()));
}

void McpWithSessions::ask(const McpSessionPtr &session, RouteCall &call, const rpc::Message &message)
{
    const auto token = mcp::progressTokenOf(message.params);
    if (!token) {
        call.reply.countRefusal(ErrorCode::InvalidRequest);
        return call.reply.ok(rpc::error(message.id, token.error()));
    }
    session->scopeLimit = call.caller.scopeLimit;
    McpExchange::Asked asked = mcp::askedOf(call, message);
    asked.version = session->version();
    asked.clientCapabilities = session->clientCapabilities;
    const auto exchange = std::make_shared<McpSessionExchange>(
        McpSessionExchange::Way{ *this, m_services.clock, session, message.id, *token,
                                 mcp::acceptsStream(call.request), call.reply },
        std::move(asked));
    if (!exchange->begin())
        return;
    if (const auto row = std::ranges::find(kRows, message.method, &Row::method); row != kRows.end())
        return (this->*row->answer)(*session, exchange);
    if (const auto list = mcp::listNamed(message.method))
        session->listed[*list] = mcp::listNames(m_services.offer, call.caller)[*list];
    if (!mcp::answerFromOffer(m_services.offer, exchange))
        exchange->fail({ rpc::kMethodNotFound, "Method not found", nullptr, nullptr });
}

void McpWithSessions::ping(McpSession &, const McpExchangePtr &exchange)
{
    exchange->answer(Json::object());
}

void McpWithSessions::setLevel(McpSession &session, const McpExchangePtr &exchange)
{
    const auto level = mcpLogLevelNamed(wire::text(exchange->asked().params, "level"));
    if (!level)
        return exchange->fail({ rpc::kInvalidParams, "Unknown level", nullptr, nullptr });
    session.logLevel = level;
    exchange->answer(Json::object());
}

void McpWithSessions::subscribe(McpSession &session, const McpExchangePtr &exchange)
{
    if (!m_services.offer.capabilities().contains("resources"))
        return exchange->fail({ rpc::kMethodNotFound, "Method not found", nullptr, nullptr });
    const std::string uri = wire::text(exchange->asked().params, "uri");
    if (!m_services.offer.mayWatch(exchange->asked().caller, uri))
        return exchange->fail({ rpc::kResourceNotFound, "Resource not found", { { "uri", uri } }, nullptr });
    if (!session.watched.contains(uri) && session.watched.size() >= kMcpWatchedMost)
        return exchange->fail({ rpc::kInvalidParams, "Too many subscriptions", nullptr, nullptr });
    session.watched.insert(uri);
    exchange->answer(Json::object());
}

void McpWithSessions::unsubscribe(McpSession &session, const McpExchangePtr &exchange)
{
    if (!m_services.offer.capabilities().contains("resources"))
        return exchange->fail({ rpc::kMethodNotFound, "Method not found", nullptr, nullptr });
    session.watched.erase(wire::text(exchange->asked().params, "uri"));
    exchange->answer(Json::object());
}

void McpWithSessions::listen(RouteCall &call)
{
    if (!mcp::acceptsStream(call.request))
        return call.reply.fail(ErrorCode::NotAcceptable);
    if (!speaksOurVersion(call))
        return;
    const McpSessionPtr session = sessionOf(call);
    if (!session)
        return;
    const auto stream = call.reply.responder()->stream(
        { { "cache-control", "no-store" }, { "x-request-id", call.reply.requestId() } });
    const std::string last(call.request.header("last-event-id"));
    // What cannot be gone on with starts afresh: the client is better off with a stream than without.
    if (last.empty() || !session->resume(last, stream))
        session->listen(stream);
}

void McpWithSessions::end(RouteCall &call)
{
    if (!speaksOurVersion(call))
        return;
    if (const McpSessionPtr session = sessionOf(call)) {
        m_sessions.remove(session->id());
        call.reply.noContent();
    }
}

bool McpWithSessions::speaksOurVersion(const RouteCall &call, const Json &requestId) const
{
    const std::string_view version = call.request.header("mcp-protocol-version");
    if (version.empty() || version == kMcpVersionUnsaid || isMcpVersion(version))
        return true;
    rpc::Fault fault{ rpc::kInvalidRequest, "Unsupported MCP-Protocol-Version", nullptr, requestId };
    fault.data = { { "supported", kMcpVersions } };
    mcp::refuse(call.reply, ErrorCode::InvalidRequest, fault);
    return false;
}

McpSessionPtr McpWithSessions::sessionOf(const RouteCall &call, const Json &requestId)
{
    const std::string id(call.request.header("mcp-session-id"));
    if (id.empty()) {
        mcp::refuse(
            call.reply, ErrorCode::InvalidRequest,
            { rpc::kInvalidRequest, "Mcp-Session-Id is missing: begin with initialize", nullptr, requestId });
        return nullptr;
    }
    McpSessionPtr session = m_sessions.find(id, *call.caller.client);
    // 404 tells the client to initialize anew and go on: it is how a restart stays unseen.
    if (!session)
        mcp::refuse(call.reply, ErrorCode::NotFound,
                    { mcp::kUnknownSession, "Unknown session", nullptr, requestId });
    return session;
}

int McpWithSessions::closeStreams()
{
    int closed = 0;
    for (const auto &session : m_sessions.all())
        closed += session->closeStreams();
    return closed;
}

void McpWithSessions::eachListening(const std::function<void(McpSession &, const RouteCaller &)> &tell)
{
    const DirectoryPtr directory = m_services.registry.current();
    for (const auto &session : m_sessions.all()) {
        const Client *client = directory->client(session->client());
        if (client && session->isListening())
            tell(*session, { client, nullptr, directory, {}, session->scopeLimit });
    }
}

void McpWithSessions::tellOfChangedLists()
{
    eachListening([this](McpSession &session, const RouteCaller &caller) {
        const mcp::ListNames names = mcp::listNames(m_services.offer, caller);
        const mcp::ListNames known = std::exchange(session.listed, names);
        for (std::size_t list = 0; list < names.size(); ++list) {
            if (names[list] != known[list])
                session.send(0, rpc::notification(mcp::kListNotifications[list], Json::object()));
        }
    });
}

void McpWithSessions::tellOfUpdate(const std::string &uri)
{
    eachListening([this, &uri](McpSession &session, const RouteCaller &caller) {
        if (session.watched.contains(uri) && m_services.offer.mayWatch(caller, uri))
            session.send(0, rpc::notification("notifications/resources/updated", { { "uri", uri } }));
    });
}

void McpWithSessions::dropLostClients()
{
    for (const ClientId &client : m_sessions.sweep(*m_services.registry.current(), m_services.registry.now()))
        emit clientGone(client);
}

void McpWithSessions::beat()
{
    dropLostClients();
    for (const auto &session : m_sessions.all())
        session->beat();
    m_services.clock.after(kMcpHeartbeat, this, [this] { beat(); });
}

} // namespace gatehouse
