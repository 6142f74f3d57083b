// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_stateless.h"

#include "gateway_core/api/mcp/mcp_http.h"
#include "gateway_core/api/mcp/mcp_stateless_exchange.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

namespace {

void refuse(const RouteCall &call, const Json &id, const rpc::Fault &fault, int status)
{
    call.reply.countRefusal(ErrorCode::InvalidRequest);
    call.reply.send(status, rpc::error(id, fault));
}

} // namespace

const std::array<McpStateless::Row, 4> McpStateless::kRows{ {
    { "server/discover", &McpStateless::discover },
    { "tasks/get", &McpStateless::getTask },
    { "tasks/update", &McpStateless::updateTask },
    { "tasks/cancel", &McpStateless::cancelTask },
} };

McpStateless::McpStateless(const McpRooms &dependencies)
    : m_services(dependencies)
    , m_tasks(dependencies.clock, dependencies.random)
    , m_subscriptions(dependencies.registry, dependencies.offer, m_tasks)
{
    connect(&m_services.registry, &Registry::changed, this, &McpStateless::dropLostClients);
    beat();
}

McpStateless::~McpStateless() = default;

void McpStateless::post(RouteCall &call, const rpc::Message &message)
{
    // This era knows no notification of a client over HTTP, and no request of the server's to respond to.
    if (message.kind == rpc::Message::Kind::Notification)
        return call.reply.accepted();
    if (message.kind == rpc::Message::Kind::Response)
        return refuse(call, message.id, { rpc::kInvalidRequest, "Nothing was asked", nullptr, {} }, 400);
    const auto terms = mcp::termsOf(call.request, message);
    if (!terms)
        return refuse(call, message.id, terms.error(), 400);
    if (message.method != "subscriptions/listen")
        return ask(call, message, *terms);
    if (!mcp::acceptsStream(call.request))
        return call.reply.fail(ErrorCode::NotAcceptable);
    if (const auto opened = m_subscriptions.open(call, message, *terms); !opened)
        refuse(call, message.id, opened.error(), mcpStatusOf(opened.error().code));
}

void McpStateless::ask(RouteCall &call, const rpc::Message &message, const mcp::RequestTerms &terms)
{
    const auto token = mcp::progressTokenOf(message.params);
    if (!token)
        return refuse(call, message.id, token.error(), 400);
    McpExchange::Asked asked = mcp::askedOf(call, message);
    asked.version = terms.version;
    asked.clientCapabilities = terms.clientCapabilities;
    const auto exchange = std::make_shared<McpStatelessExchange>(
        McpStatelessExchange::Way{ &m_tasks, message.id, *token, terms.logLevel,
                                   mcp::acceptsStream(call.request), mcp::serverInfo(m_services.condition),
                                   call.reply },
        std::move(asked));
    exchange->begin();
    if (const auto row = std::ranges::find(kRows, message.method, &Row::method); row != kRows.end())
        return (this->*row->answer)(exchange);
    if (!mcp::answerFromOffer(m_services.offer, exchange))
        exchange->fail({ rpc::kMethodNotFound, "Method not found", nullptr, nullptr });
}

void McpStateless::discover(const McpExchangePtr &exchange)
{
    Json capabilities = m_services.offer.capabilities();
    capabilities["logging"] = Json::object();
    capabilities["extensions"][mcp::kTasksExtension] = Json::object();
    exchange->answer({ { "supportedVersions", mcp::supportedVersions() },
                       { "capabilities", std::move(capabilities) },
                       { "instructions", m_services.offer.instructions(exchange->asked().caller) } });
}

McpTaskPtr McpStateless::taskOf(const McpExchangePtr &exchange)
{
    if (!mcp::followsTasks(exchange->asked().clientCapabilities)) {
        exchange->fail(mcp::tasksAreNeeded());
        return nullptr;
    }
    McpTaskPtr task
        = m_tasks.find(exchange->asked().caller.client->id, wire::text(exchange->asked().params, "taskId"));
    if (!task)
        exchange->fail({ rpc::kInvalidParams, "Task not found", nullptr, nullptr });
    return task;
}

void McpStateless::getTask(const McpExchangePtr &exchange)
{
    if (const McpTaskPtr task = taskOf(exchange))
        exchange->answer(McpTasks::toJson(*task));
}

/// No task asks its client for anything, so whatever was sent answers nothing, and is consent to nothing.
void McpStateless::updateTask(const McpExchangePtr &exchange)
{
    if (taskOf(exchange))
        exchange->answer(Json::object());
}

void McpStateless::cancelTask(const McpExchangePtr &exchange)
{
    if (const McpTaskPtr task = taskOf(exchange)) {
        m_tasks.cancel(*task);
        exchange->answer(Json::object());
    }
}

int McpStateless::closeStreams()
{
    return m_subscriptions.closeAll(mcp::serverInfo(m_services.condition));
}

void McpStateless::dropLostClients()
{
    const DirectoryPtr directory = m_services.registry.current();
    const std::int64_t now = m_services.registry.now();
    m_tasks.sweep(*directory, now);
    for (const ClientId &client : m_subscriptions.sweep(*directory, now))
        emit clientGone(client);
}

void McpStateless::beat()
{
    dropLostClients();
    m_subscriptions.beat();
    m_services.clock.after(kMcpHeartbeat, this, [this] { beat(); });
}

} // namespace gatehouse
