// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/api_dispatcher.h"

#include "gateway_core/api/refusals.h"
#include "gateway_core/api/route/api_log.h"
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/agent/agent_api.h"
#include "gateway_core/api/route/schema_check.h"
#include "gateway_core/api/documents/discovery.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/mcp/gatehouse_provider.h"
#include "gateway_core/api/mcp/mcp_door.h"
#include "gateway_core/api/route/media_type.h"
#include "gateway_core/api/oauth/oauth_api.h"
#include "gateway_core/api/oauth/oauth_pages.h"
#include "gateway_core/api/route/own_names.h"
#include "gateway_core/api/owner/owner_agents.h"
#include "gateway_core/api/owner/owner_approvals.h"
#include "gateway_core/api/owner/owner_audit.h"
#include "gateway_core/api/owner/owner_explain.h"
#include "gateway_core/api/owner/owner_gateway.h"
#include "gateway_core/api/owner/owner_pairing.h"
#include "gateway_core/api/owner/owner_streams.h"
#include "gateway_core/api/agent/pairing_api.h"
#include "gateway_core/api/documents/probes.h"
#include "gateway_core/api/route/route_path.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/json.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr std::size_t kBodyOfNobody = 8_KiB;

/// Ours, in the order of docs/rest-api.md.
std::vector<std::span<const Route>> areas(const std::vector<std::span<const Route>> &more)
{
    std::vector<std::span<const Route>> all{
        Probes::routes(),       Discovery::routes(),    PairingApi::routes(),     AgentApi::routes(),
        McpDoor::routes(),      OAuthApi::routes(),     OAuthPages::routes(),     OwnerGateway::routes(),
        OwnerAgents::routes(),  OwnerPairing::routes(), OwnerApprovals::routes(), OwnerAudit::routes(),
        OwnerStreams::routes(), OwnerExplain::routes()
    };
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

Error closedBecause(const Condition &condition)
{
    if (condition.state == Condition::State::Broken && condition.problem)
        return { *condition.problem, {}, nullptr };
    return { ErrorCode::GatewayLocked, {}, nullptr };
}

} // namespace

/// Those who answer, made once the rooms are there.
struct ApiDispatcher::Inside
{
    Inside(const Dependencies &dependencies, const RouteTable &table, const Condition &condition)
        : tickets(dependencies.clock, dependencies.random)
        , access({ dependencies.registry, dependencies.stepUp, dependencies.journal, dependencies.clock,
                   dependencies.logins, tickets, condition })
        , pairing(dependencies.pairing, condition)
        , agent(dependencies.registry, dependencies.pipeline, sights, condition)
        , offer({ dependencies.registry, dependencies.journal, dependencies.pipeline, dependencies.approvals,
                  sights, dependencies.clock, dependencies.random })
        , mcp({ dependencies.registry, dependencies.clock, dependencies.random, condition,
                dependencies.offer ? *dependencies.offer : offer })
        , oauth(dependencies.logins, access, dependencies.journal, condition)
        , oauthPages(dependencies.logins, condition)
        , ownerAgents(dependencies.owner, dependencies.registry, dependencies.approvals)
        , ownerPairing(dependencies.owner, dependencies.pairing)
        , ownerApprovals(dependencies.owner, dependencies.approvals)
        , ownerAudit({ dependencies.owner, dependencies.storage, dependencies.journal, dependencies.secrets,
                       dependencies.clock })
        , ownerGateway({ dependencies.owner, dependencies.registry, dependencies.stepUp, dependencies.journal,
                         dependencies.pipeline, dependencies.tasker, dependencies.pairing,
                         dependencies.approvals, condition })
        , ownerStreams({ dependencies.storage, dependencies.registry, dependencies.journal,
                         dependencies.pairing, dependencies.approvals, dependencies.tasker, tickets,
                         dependencies.clock })
        , ownerExplain(dependencies.pipeline, dependencies.logins)
        , discovery(dependencies.registry, table, dependencies.pipeline.catalogue(), condition)
    {
    }

    StreamTickets tickets;
    AccessCheck access;
    SchemaCheck schemas;
    PeerCache sights;
    PairingApi pairing;
    AgentApi agent;
    GatehouseProvider offer;
    McpDoor mcp;
    OAuthApi oauth;
    OAuthPages oauthPages;
    OwnerAgents ownerAgents;
    OwnerPairing ownerPairing;
    OwnerApprovals ownerApprovals;
    OwnerAudit ownerAudit;
    OwnerGateway ownerGateway;
    OwnerStreams ownerStreams;
    OwnerExplain ownerExplain;
    Discovery discovery;
};

ApiDispatcher::ApiDispatcher(const ToolCatalogue &catalogue, const std::vector<std::span<const Route>> &more,
                             QObject *parent)
    : QObject(parent)
    , m_catalogue(catalogue)
    , m_table(areas(more))
    , m_probes(std::make_unique<Probes>(m_table, catalogue, m_condition))
{
    bind(RouteModule::of(*m_probes));
}

ApiDispatcher::~ApiDispatcher() = default;

void ApiDispatcher::attachTo(HttpServer &server)
{
    m_server = &server;
    server.setHandler([self = QPointer(this)](const HttpRequest &request, ResponderPtr responder) {
        if (self)
            self->handle(request, std::move(responder));
    });
    server.setBodyLimit([self = QPointer(this)](std::string_view method, std::string_view path) {
        return self ? self->bodyLimit(method, path) : kBodyOfNobody;
    });
    server.setBodyWanted(
        [self = QPointer(this)](const HttpRequest &head) { return self && self->wantsBody(head); });
    server.setRefusal(&refusalAt);
    server.setNavigablePaths({ "/oauth/authorize" }); // it answers other sites itself
    connect(&server, &HttpServer::refused, this,
            [this](std::uint32_t uid, int status, const QString &reason) {
                if (m_inside)
                    m_inside->access.recordBelow(uid, status, reason.toStdString());
            });
}

void ApiDispatcher::bind(const RouteModule &module)
{
    for (const Route &route : module.routes)
        m_apis[&route] = module.api;
}

void ApiDispatcher::answer(const Route &route, RouteCall &call) const
{
    if (const auto api = m_apis.find(&route); api != m_apis.end())
        route.answer.call(api->second, call);
    else
        call.reply.fail(closedBecause(m_condition));
}

void ApiDispatcher::open(const Dependencies &dependencies, const std::vector<RouteModule> &more)
{
    m_inside = std::make_unique<Inside>(dependencies, m_table, m_condition);
    m_probes->open(dependencies.registry, dependencies.journal, dependencies.tasker);
    Inside &in = *m_inside;
    for (const RouteModule &module :
         { RouteModule::of(in.discovery), RouteModule::of(in.pairing), RouteModule::of(in.agent),
           RouteModule::of(in.mcp), RouteModule::of(in.oauth), RouteModule::of(in.oauthPages),
           RouteModule::of(in.ownerGateway), RouteModule::of(in.ownerAgents),
           RouteModule::of(in.ownerPairing), RouteModule::of(in.ownerApprovals),
           RouteModule::of(in.ownerAudit), RouteModule::of(in.ownerStreams),
           RouteModule::of(in.ownerExplain) })
        bind(module);
    for (const RouteModule &module : more)
        bind(module);
    connect(&dependencies.owner, &OwnerService::closeStreams, &m_inside->mcp,
            [mcp = &m_inside->mcp, &owner = dependencies.owner] {
                owner.countClosedStreams(mcp->closeStreams());
            });
    connect(&dependencies.owner, &OwnerService::closeStreams, &m_inside->ownerStreams,
            [streams = &m_inside->ownerStreams, &owner = dependencies.owner] {
                owner.countClosedStreams(streams->closeAll());
            });
    connect(&m_inside->mcp, &McpDoor::clientGone, this, [this](const ClientId &client) {
        if (m_server)
            m_server->closeConnections("client:" + client.text());
    });
}

void ApiDispatcher::setCondition(Condition condition)
{
    m_condition = std::move(condition);
}

ApiDispatcher::Match ApiDispatcher::find(std::string_view method, std::string_view path) const
{
    Match match;
    std::vector<std::string> parameters;
    for (const Route *route : m_table.routes()) {
        if (!pathMatches(route->path, path, parameters))
            continue;
        match.allowed.append(match.allowed.empty() ? "" : ", ").append(nameOf(route->method));
        if (nameOf(route->method) != method)
            continue;
        match.route = route;
        match.parameters = std::move(parameters);
        break;
    }
    return match;
}

std::size_t ApiDispatcher::bodyLimit(std::string_view method, std::string_view path) const
{
    const Match match = find(method, path);
    return match.route ? match.route->bodyLimit : kBodyOfNobody;
}

bool ApiDispatcher::wantsBody(const HttpRequest &head) const
{
    const Match match = find(head.method, head.path);
    return match.route && m_inside && m_condition.state == Condition::State::Ready
        && m_inside->access.hasGoodToken(*match.route, head);
}

void ApiDispatcher::handle(const HttpRequest &request, ResponderPtr responder)
{
    const Match match = find(request.method, request.path);
    // The route, not the path: that may hold an id, or what somebody searches for.
    qCDebug(lcApi, "request %s: %s %s", request.id.c_str(), request.method.c_str(),
            match.route ? match.route->path.data() : "no route");
    if (match.route && match.route->kind == Kind::Probe) {
        RouteCall call{
            request, {}, {}, nullptr, Reply(std::move(responder), request, refusalFormAt(request.path))
        };
        answer(*match.route, call);
        return;
    }
    if (!m_inside || m_condition.state != Condition::State::Ready) {
        Reply(std::move(responder), request, refusalFormAt(request.path)).fail(closedBecause(m_condition));
        return;
    }
    if (!match.route) {
        const bool known = !match.allowed.empty();
        const Error error{ known ? ErrorCode::MethodNotAllowed : ErrorCode::NotFound, {}, nullptr };
        m_inside->access.record(request, nullptr, error);
        Reply(std::move(responder), request, refusalFormAt(request.path))
            .fail(error, known ? Headers{ { "allow", match.allowed } } : Headers{});
        return;
    }
    comeIn(match, request, std::move(responder));
}

std::string ApiDispatcher::toolOf(const Match &match) const
{
    const bool isCall = match.route->path == kToolPath && !match.parameters.empty();
    const Tool *tool = isCall ? m_catalogue.find(match.parameters.front()) : nullptr;
    return tool ? std::string(tool->name) : std::string();
}

void ApiDispatcher::comeIn(const Match &match, const HttpRequest &request, ResponderPtr responder)
{
    auto admitted = m_inside->access.admit(*match.route, request);
    if (admitted) {
        run(match, request, std::move(*admitted), std::move(responder));
        return;
    }
    const auto &[error, late] = admitted.error();
    m_inside->access.record(request, nullptr, error, toolOf(match));
    const Reply reply(std::move(responder), request, refusalFormAt(request.path),
                      failing(*match.route, {}, request));
    if (late)
        m_inside->access.answerLate(request, reply, error);
    else
        reply.fail(error);
}

void ApiDispatcher::run(const Match &match, const HttpRequest &request, RouteCaller caller,
                        ResponderPtr responder)
{
    const Route &route = *match.route;
    Reply reply(std::move(responder), request, refusalFormAt(request.path), failing(route, caller, request));
    auto body = bodyOf(route, request);
    if (!body) {
        m_inside->access.record(request, &caller, body.error(), toolOf(match));
        reply.fail(body.error());
        return;
    }
    RouteCall call{ request, match.parameters, std::move(caller), std::move(*body), std::move(reply) };
    answer(route, call);
}

Result<Json> ApiDispatcher::bodyOf(const Route &route, const HttpRequest &request)
{
    if (route.bodySchema.empty())
        return Json();
    Json body = Json::object();
    if (!request.body.empty()) {
        if (!mediaTypeIs(request.header("content-type"), "application/json"))
            return failure(ErrorCode::UnsupportedMediaType);
        auto parsed = parseJson(request.body, kRequestPartsLimit);
        if (!parsed)
            return tl::unexpected<Error>(parsed.error());
        if (!parsed->is_object())
            return failure(ErrorCode::InvalidRequest, {}, { { "reason", "not an object" } });
        body = std::move(*parsed);
    }
    if (const auto fits = m_inside->schemas.check(route.bodySchema, body); !fits)
        return tl::unexpected<Error>(fits.error());
    return body;
}

Reply::Failing ApiDispatcher::failing(const Route &route, const RouteCaller &caller,
                                      const HttpRequest &request) const
{
    const ClientId client = caller.client ? caller.client->id : ClientId();
    return [self = QPointer(this), &route, client,
            origin = originAskedFor(request, m_condition)](const Error &error, HttpResponse &answer) {
        if (!self || !self->m_inside)
            return;
        if (error.code == ErrorCode::Unauthorized)
            answer.headers.emplace_back("www-authenticate", challenge(route, error, origin));
        if (error.code == ErrorCode::RateLimited && wire::text(error.details, "reason") == "connections")
            answer.headers.emplace_back("connection", "close");
        if (!client.isEmpty() && isRefusal(error.code))
            self->m_inside->access.countRefusal(client);
    };
}

std::string ApiDispatcher::challenge(const Route &route, const Error &error, const std::string &origin)
{
    std::string text = "Bearer realm=\"gatehouse\"";
    if (wire::text(error.details, "reason") == "invalid_token")
        text += ", error=\"invalid_token\"";
    // RFC 9728, section 5.1. Only agents can log in; the owner's tokens are made in the window.
    if (route.access == Access::Agent)
        text += ", resource_metadata=\"" + origin + "/.well-known/oauth-protected-resource/mcp\"";
    return text;
}

} // namespace gatehouse
