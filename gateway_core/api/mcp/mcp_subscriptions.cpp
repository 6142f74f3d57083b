// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_subscriptions.h"

#include "gateway_core/api/mcp/mcp_session.h"
#include "gateway_core/api/mcp/mcp_stateless_exchange.h"
#include "gateway_core/base/json.h"

#include <QPointer>

namespace gatehouse {

namespace {

/// In the order of mcp::kListMethods.
constexpr std::array<const char *, 3> kListFields{ "toolsListChanged", "resourcesListChanged",
                                                   "promptsListChanged" };
constexpr std::array<const char *, 3> kListCapabilities{ "tools", "resources", "prompts" };
constexpr const char *kUris = "resourceSubscriptions";
constexpr const char *kTaskIds = "taskIds";

rpc::Outcome<std::set<std::string>> textsIn(const Json &filter, const char *field)
{
    std::set<std::string> texts;
    const Json list = filter.value(field, Json::array());
    if (!list.is_array() || list.size() > kMcpWatchedMost)
        return rpc::fault(rpc::kInvalidParams, std::string(field) + " must be a list, 256 texts at most");
    for (const Json &entry : list) {
        if (!entry.is_string())
            return rpc::fault(rpc::kInvalidParams, std::string(field) + " must be a list of texts");
        texts.insert(entry.get<std::string>());
    }
    return texts;
}

} // namespace

struct McpSubscriptions::Filter
{
    std::array<bool, 3> lists{};
    std::set<std::string> uris;
    std::set<std::string> tasks;

    [[nodiscard]] static rpc::Outcome<Filter> read(const Json &params)
    {
        const Json given = params.value("notifications", Json());
        if (!given.is_object())
            return rpc::fault(rpc::kInvalidParams, "notifications must be an object");
        Filter filter;
        for (std::size_t i = 0; i < kListFields.size(); ++i) {
            const Json wanted = given.value(kListFields[i], Json(false));
            if (!wanted.is_boolean())
                return rpc::fault(rpc::kInvalidParams, std::string(kListFields[i]) + " must be a boolean");
            filter.lists[i] = wanted.get<bool>();
        }
        auto uris = textsIn(given, kUris);
        auto tasks = textsIn(given, kTaskIds);
        if (!uris || !tasks)
            return tl::unexpected<rpc::Fault>(uris ? tasks.error() : uris.error());
        filter.uris = std::move(*uris);
        filter.tasks = std::move(*tasks);
        return filter;
    }
    [[nodiscard]] Json toJson() const
    {
        Json json = Json::object();
        for (std::size_t i = 0; i < kListFields.size(); ++i) {
            if (lists[i])
                json[kListFields[i]] = true;
        }
        if (!uris.empty())
            json[kUris] = uris;
        if (!tasks.empty())
            json[kTaskIds] = tasks;
        return json;
    }
};

struct McpSubscriptions::Open
{
    Json id; ///< of the request that opened it
    ClientId client;
    Digest tokenHash{};
    std::optional<std::int64_t> scopeLimit;
    Filter filter;
    mcp::ListNames listed;
    std::shared_ptr<EventStream> stream;

    void tell(std::string_view method, Json params) const
    {
        params["_meta"][mcp::kMetaSubscription] = id;
        stream->send(canonicalJson(rpc::notification(method, std::move(params))), {}, "message");
    }
};

McpSubscriptions::McpSubscriptions(Registry &registry, McpProvider &offer, McpTasks &tasks)
    : m_registry(registry)
    , m_offer(offer)
    , m_tasks(tasks)
{
    connect(&offer, &McpProvider::listsChanged, this, &McpSubscriptions::tellOfChangedLists);
    connect(&offer, &McpProvider::resourceUpdated, this, &McpSubscriptions::tellOfUpdate);
    connect(&tasks, &McpTasks::changed, this, &McpSubscriptions::tellOfTask);
}

McpSubscriptions::~McpSubscriptions() = default;

McpSubscriptions::Filter McpSubscriptions::honoured(const Filter &asked, const RouteCaller &caller) const
{
    const Json capabilities = m_offer.capabilities();
    const auto offers = [&capabilities](const char *list, const char *what) {
        return capabilities.value(list, Json::object()).value(what, false);
    };
    Filter filter;
    for (std::size_t i = 0; i < filter.lists.size(); ++i)
        filter.lists[i] = asked.lists[i] && offers(kListCapabilities[i], "listChanged");
    for (const std::string &uri : asked.uris) {
        if (offers("resources", "subscribe") && m_offer.mayWatch(caller, uri))
            filter.uris.insert(uri);
    }
    for (const std::string &task : asked.tasks) {
        if (m_tasks.find(caller.client->id, task))
            filter.tasks.insert(task);
    }
    return filter;
}

rpc::Outcome<bool> McpSubscriptions::open(const RouteCall &call, const rpc::Message &message,
                                          const mcp::RequestTerms &terms)
{
    const auto asked = Filter::read(message.params);
    if (!asked)
        return tl::unexpected<rpc::Fault>(asked.error());
    if (!asked->tasks.empty() && !mcp::followsTasks(terms.clientCapabilities))
        return tl::unexpected<rpc::Fault>(mcp::tasksAreNeeded());
    auto open = std::make_shared<Open>();
    open->id = message.id;
    open->client = call.caller.client->id;
    open->tokenHash = call.caller.client->tokenHash;
    open->scopeLimit = call.caller.scopeLimit;
    open->filter = honoured(*asked, call.caller);
    open->listed = mcp::listNames(m_offer, call.caller);
    call.reply.responder()->onGone([self = QPointer(this), gone = std::weak_ptr(open)] {
        if (self)
            self->m_open.remove(gone.lock());
    });
    open->stream = call.reply.responder()->stream(mcpStreamHeaders(call.reply));
    open->stream->mayGiveWay();
    m_open.push_back(open);
    open->tell("notifications/subscriptions/acknowledged", { { "notifications", open->filter.toJson() } });
    return true;
}

std::vector<ClientId> McpSubscriptions::sweep(const Directory &directory, std::int64_t wall)
{
    std::vector<ClientId> lost;
    for (const OpenPtr &open : std::list(m_open)) { // a stream that turns out to be gone takes itself out
        const Client *client = directory.client(open->client);
        const bool good = client && client->tokenHash == open->tokenHash && !client->revokedAt
            && client->expiresAt > wall;
        if (good)
            continue;
        lost.push_back(open->client);
        open->stream->close();
        m_open.remove(open);
    }
    return lost;
}

void McpSubscriptions::beat()
{
    for (const OpenPtr &open : std::list(m_open)) {
        if (!open->stream->comment("alive"))
            m_open.remove(open);
    }
}

int McpSubscriptions::closeAll(const Json &serverInfo)
{
    const auto closing = std::exchange(m_open, {});
    for (const OpenPtr &open : closing) {
        const Json result{
            { "resultType", "complete" },
            { "_meta", { { mcp::kMetaSubscription, open->id }, { mcp::kMetaServerInfo, serverInfo } } }
        };
        open->stream->send(canonicalJson(rpc::result(open->id, result)), {}, "message");
        open->stream->close();
    }
    return static_cast<int>(closing.size());
}

void McpSubscriptions::each(const std::function<void(Open &, const RouteCaller &)> &tell)
{
    const DirectoryPtr directory = m_registry.current();
    for (const OpenPtr &open : std::list(m_open)) {
        if (const Client *client = directory->client(open->client))
            tell(*open, { client, nullptr, directory, {}, open->scopeLimit });
    }
}

void McpSubscriptions::tellOfChangedLists()
{
    each([this](Open &open, const RouteCaller &caller) {
        const mcp::ListNames names = mcp::listNames(m_offer, caller);
        const mcp::ListNames known = std::exchange(open.listed, names);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (open.filter.lists[i] && names[i] != known[i])
                open.tell(mcp::kListNotifications[i], Json::object());
        }
    });
}

void McpSubscriptions::tellOfUpdate(const std::string &uri)
{
    each([this, &uri](Open &open, const RouteCaller &caller) {
        if (open.filter.uris.contains(uri) && m_offer.mayWatch(caller, uri))
            open.tell("notifications/resources/updated", { { "uri", uri } });
    });
}

void McpSubscriptions::tellOfTask(const McpTask &task)
{
    each([&task](Open &open, const RouteCaller &caller) {
        if (caller.client->id == task.client && open.filter.tasks.contains(task.id))
            open.tell("notifications/tasks", McpTasks::toJson(task));
    });
}

} // namespace gatehouse
