// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp_door.h"

#include "gateway_core/api/error_table.h"
#include "gateway_core/api/mcp_http.h"
#include "gateway_core/api/mcp_tools.h"
#include "gateway_core/api/wire.h"

namespace gatehouse {

/// One JSON-RPC request inside a session.
struct McpDoor::Request
{
    const McpSessionPtr &session;
    RouteCall &call;
    const rpc::Message &message;

    void ok(Json result) const { call.reply.ok(rpc::result(message.id, std::move(result))); }
    void fail(int code, std::string text) const
    {
        call.reply.countRefusal(ErrorCode::InvalidRequest);
        call.reply.ok(rpc::error(message.id, { code, std::move(text), nullptr, nullptr }));
    }
};

const std::array<McpDoor::Row, 8> McpDoor::kRows{ {
    { "ping", &McpDoor::ping },
    { "tools/list", &McpDoor::listTools },
    { "tools/call", &McpDoor::callTool },
    { "logging/setLevel", &McpDoor::setLevel },
    { "resources/list", &McpDoor::listNothing },
    { "resources/templates/list", &McpDoor::listNothing },
    { "prompts/list", &McpDoor::listNothing },
    { "completion/complete", &McpDoor::listNothing },
} };

McpDoor::McpDoor(const Rooms &rooms)
    : m_rooms(rooms)
    , m_sessions(rooms.clock, rooms.random)
    , m_calls(rooms.hallway, rooms.clock)
{
    connect(&m_rooms.registry, &Registry::changed, this, &McpDoor::tellOfChangedTools);
    beat();
}

McpDoor::~McpDoor() = default;

void McpDoor::post(RouteCall &call)
{
    if (!mcp::isJsonBody(call.request))
        return call.reply.fail(ErrorCode::UnsupportedMediaType);
    if (!mcp::acceptsAnswer(call.request))
        return call.reply.fail(ErrorCode::NotAcceptable);
    const auto message = rpc::read(call.request.body);
    if (!message)
        return mcp::refuse(call.reply, ErrorCode::InvalidRequest, message.error());
    if (message->kind == rpc::Message::Kind::Request && message->method == "initialize")
        return initialize(call, *message);
    if (!speaksOurVersion(call, message->id))
        return;
    const McpSessionPtr session = sessionOf(call, message->id);
    if (!session)
        return;
    if (message->kind == rpc::Message::Kind::Request)
        return ask(session, call, *message);
    if (message->kind == rpc::Message::Kind::Notification)
        notified(*session, *message);
    call.reply.accepted();
}

void McpDoor::initialize(RouteCall &call, const rpc::Message &message)
{
    const std::string asked = wire::text(message.params, "protocolVersion");
    if (asked.empty()) {
        call.reply.countRefusal(ErrorCode::InvalidRequest);
        return call.reply.ok(
            rpc::error(message.id, { rpc::kInvalidParams, "protocolVersion is missing", nullptr, {} }));
    }
    const Client &client = *call.caller.client;
    const McpSessionPtr session = m_sessions.open(client, negotiatedVersion(asked));
    const std::int64_t now = m_rooms.registry.now();
    Json result{
        { "protocolVersion", session->version() },
        { "capabilities", { { "tools", { { "listChanged", true } } }, { "logging", Json::object() } } },
        { "serverInfo",
          { { "name", "gatehouse" }, { "title", "Gatehouse" }, { "version", m_rooms.condition.version } } },
        { "instructions", mcp::instructionsFor(*call.caller.directory, client.agent, now) }
    };
    session->toolNames = mcp::toolNamesFor(*call.caller.directory, client.agent, now);
    call.reply.send(200, rpc::result(message.id, std::move(result)), { { "mcp-session-id", session->id() } });
}

void McpDoor::notified(McpSession &session, const rpc::Message &message)
{
    if (message.method == "notifications/cancelled")
        session.cancel(message.params.value("requestId", Json()));
}

void McpDoor::ask(const McpSessionPtr &session, RouteCall &call, const rpc::Message &message)
{
    const Request request{ session, call, message };
    for (const Row &row : kRows) {
        if (row.method == message.method)
            return (this->*row.answer)(request);
    }
    request.fail(rpc::kMethodNotFound, "Method not found");
}

void McpDoor::ping(const Request &request)
{
    request.ok(Json::object());
}

void McpDoor::setLevel(const Request &request)
{
    constexpr std::array<std::string_view, 8> kLevels{ "debug", "info",     "notice", "warning",
                                                       "error", "critical", "alert",  "emergency" };
    const std::string level = wire::text(request.message.params, "level");
    if (std::ranges::find(kLevels, level) == kLevels.end())
        return request.fail(rpc::kInvalidParams, "Unknown level");
    request.ok(Json::object());
}

void McpDoor::listTools(const Request &request)
{
    if (request.message.params.contains("cursor"))
        return request.fail(rpc::kInvalidParams, "The list has one page");
    const auto &caller = request.call.caller;
    const std::int64_t now = m_rooms.registry.now();
    request.session->toolNames = mcp::toolNamesFor(*caller.directory, caller.client->agent, now);
    request.ok({ { "tools", mcp::toolsFor(*caller.directory, caller.client->agent, now, caller.scopeLimit) } });
}

void McpDoor::listNothing(const Request &request)
{
    const std::string &method = request.message.method;
    if (method == "prompts/list")
        request.ok({ { "prompts", Json::array() } });
    else if (method == "resources/list")
        request.ok({ { "resources", Json::array() } });
    else if (method == "resources/templates/list")
        request.ok({ { "resourceTemplates", Json::array() } });
    else
        request.ok({ { "completion", { { "values", Json::array() } } } });
}

void McpDoor::callTool(const Request &request)
{
    auto call = mcp::callOf(request.message.params);
    if (!call)
        return request.fail(call.error().code, call.error().message);
    const Json meta = request.message.params.value("_meta", Json::object());
    const Json token = meta.value("progressToken", Json());
    if (!token.is_null() && !token.is_string() && !token.is_number_integer())
        return request.fail(rpc::kInvalidParams, "progressToken must be a string or an integer");
    call->requestId = request.call.request.id;
    call->client = request.call.caller.client->id;
    call->scopeLimit = request.call.caller.scopeLimit;
    call->peer = m_rooms.sights.of(request.call.request.peer);
    if (call->traceparent.empty())
        call->traceparent = wire::checkedTraceparent(request.call.request.header("traceparent"));
    const bool canStream = mcp::acceptsStream(request.call.request);
    m_calls.begin(request.session, request.message.id, canStream ? token : Json(), std::move(*call),
                  request.call.reply);
}

void McpDoor::listen(RouteCall &call)
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

void McpDoor::end(RouteCall &call)
{
    if (!speaksOurVersion(call))
        return;
    if (const McpSessionPtr session = sessionOf(call)) {
        m_sessions.remove(session->id());
        call.reply.noContent();
    }
}

bool McpDoor::speaksOurVersion(const RouteCall &call, const Json &requestId) const
{
    const std::string_view version = call.request.header("mcp-protocol-version");
    if (version.empty() || isMcpVersion(version))
        return true;
    rpc::Fault fault{ rpc::kInvalidRequest, "Unsupported MCP-Protocol-Version", nullptr, requestId };
    fault.data = { { "supported", kMcpVersions } };
    mcp::refuse(call.reply, ErrorCode::InvalidRequest, fault);
    return false;
}

McpSessionPtr McpDoor::sessionOf(const RouteCall &call, const Json &requestId)
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

int McpDoor::closeStreams()
{
    int closed = 0;
    for (const auto &session : m_sessions.all())
        closed += session->closeStreams();
    return closed;
}

void McpDoor::tellOfChangedTools()
{
    const DirectoryPtr directory = m_rooms.registry.current();
    const std::int64_t now = m_rooms.registry.now();
    for (const ClientId &client : m_sessions.sweep(*directory, now))
        emit clientGone(client);
    for (const auto &session : m_sessions.all()) {
        const Client *client = directory->client(session->client());
        if (!client || !session->isListening())
            continue;
        std::string names = mcp::toolNamesFor(*directory, client->agent, now);
        if (names == session->toolNames)
            continue;
        session->toolNames = std::move(names);
        session->send(0, rpc::notification("notifications/tools/list_changed", Json::object()));
    }
}

void McpDoor::beat()
{
    for (const ClientId &client : m_sessions.sweep(*m_rooms.registry.current(), m_rooms.registry.now()))
        emit clientGone(client);
    m_rooms.clock.after(kMcpHeartbeat, this, [this] { beat(); });
}

} // namespace gatehouse
