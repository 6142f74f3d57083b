// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/surface.h"

#include "gateway_core/api/api_log.h"
#include "gateway_core/api/access.h"
#include "gateway_core/api/agent_api.h"
#include "gateway_core/api/body_schemas.h"
#include "gateway_core/api/discovery.h"
#include "gateway_core/api/error_table.h"
#include "gateway_core/api/gatehouse_offer.h"
#include "gateway_core/api/mcp_door.h"
#include "gateway_core/api/media_type.h"
#include "gateway_core/api/oauth_api.h"
#include "gateway_core/api/oauth_pages.h"
#include "gateway_core/api/own_names.h"
#include "gateway_core/api/owner_agents.h"
#include "gateway_core/api/owner_approvals.h"
#include "gateway_core/api/owner_audit.h"
#include "gateway_core/api/owner_explain.h"
#include "gateway_core/api/owner_gateway.h"
#include "gateway_core/api/owner_pairing.h"
#include "gateway_core/api/owner_streams.h"
#include "gateway_core/api/pairing_api.h"
#include "gateway_core/api/probes.h"
#include "gateway_core/api/route_path.h"
#include "gateway_core/api/wire.h"
#include "gateway_core/base/json.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr std::size_t kBodyOfNobody = 8_KiB;

/// Ours, in the order of docs/rest-api.md.
std::vector<std::span<const Route>> areas(const std::vector<std::span<const Route>> &more)
{
    std::vector<std::span<const Route>> all{ Probes::routes(),         Discovery::routes(),     PairingApi::routes(),
                                             AgentApi::routes(),       McpDoor::routes(),       OAuthApi::routes(),
                                             OAuthPages::routes(),     OwnerGateway::routes(),  OwnerAgents::routes(),
                                             OwnerPairing::routes(),   OwnerApprovals::routes(), OwnerAudit::routes(),
                                             OwnerStreams::routes(),   OwnerExplain::routes() };
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
struct Surface::Inside
{
    Inside(const Rooms &rooms, const RouteTable &table, const Condition &condition)
        : tickets(rooms.clock, rooms.random)
        , access({ rooms.registry, rooms.stepUp, rooms.journal, rooms.clock, rooms.logins, tickets, condition })
        , pairing(rooms.pairing, condition)
        , agent(rooms.registry, rooms.hallway, sights, condition)
        , offer({ rooms.registry, rooms.journal, rooms.hallway, rooms.approvals, sights, rooms.clock,
                  rooms.random })
        , mcp({ rooms.registry, rooms.clock, rooms.random, condition, rooms.offer ? *rooms.offer : offer })
        , oauth(rooms.logins, access, rooms.journal, condition)
        , oauthPages(rooms.logins, condition)
        , ownerAgents(rooms.desk, rooms.registry, rooms.approvals)
        , ownerPairing(rooms.desk, rooms.pairing)
        , ownerApprovals(rooms.desk, rooms.approvals)
        , ownerAudit({ rooms.desk, rooms.storage, rooms.journal, rooms.secrets, rooms.clock })
        , ownerGateway({ rooms.desk, rooms.registry, rooms.stepUp, rooms.journal, rooms.hallway, rooms.tasker,
                         rooms.pairing, rooms.approvals, condition })
        , ownerStreams({ rooms.storage, rooms.registry, rooms.journal, rooms.pairing, rooms.approvals,
                         rooms.tasker, tickets, rooms.clock })
        , ownerExplain(rooms.hallway, rooms.logins)
        , discovery(rooms.registry, table, rooms.hallway.catalogue(), condition)
    {
    }

    StreamTickets tickets;
    AccessCheck access;
    BodySchemas schemas;
    PeerSights sights;
    PairingApi pairing;
    AgentApi agent;
    GatehouseOffer offer;
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

Surface::Surface(const ToolCatalogue &catalogue, const std::vector<std::span<const Route>> &more, QObject *parent)
    : QObject(parent)
    , m_table(areas(more))
    , m_probes(std::make_unique<Probes>(m_table, catalogue, m_condition))
{
    bind(RouteModule::of(*m_probes));
}

Surface::~Surface() = default;

void Surface::attachTo(HttpServer &server)
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
    connect(&server, &HttpServer::refused, this, [this](std::uint32_t uid, int status, const QString &reason) {
        if (m_inside)
            m_inside->access.recordBelow(uid, status, reason.toStdString());
    });
}

void Surface::bind(const RouteModule &module)
{
    for (const Route &route : module.routes)
        m_apis[&route] = module.api;
}

void Surface::answer(const Route &route, RouteCall &call) const
{
    if (const auto api = m_apis.find(&route); api != m_apis.end())
        route.answer.call(api->second, call);
    else
        call.reply.fail(closedBecause(m_condition));
}

void Surface::open(const Rooms &rooms, const std::vector<RouteModule> &more)
{
    m_inside = std::make_unique<Inside>(rooms, m_table, m_condition);
    m_probes->open(rooms.registry, rooms.journal, rooms.tasker);
    Inside &in = *m_inside;
    for (const RouteModule &module :
         { RouteModule::of(in.discovery), RouteModule::of(in.pairing), RouteModule::of(in.agent), RouteModule::of(in.mcp),
           RouteModule::of(in.oauth), RouteModule::of(in.oauthPages), RouteModule::of(in.ownerGateway),
           RouteModule::of(in.ownerAgents), RouteModule::of(in.ownerPairing), RouteModule::of(in.ownerApprovals),
           RouteModule::of(in.ownerAudit), RouteModule::of(in.ownerStreams), RouteModule::of(in.ownerExplain) })
        bind(module);
    for (const RouteModule &module : more)
        bind(module);
    connect(&rooms.desk, &Desk::closeStreams, &m_inside->mcp,
            [mcp = &m_inside->mcp, &desk = rooms.desk] { desk.countClosedStreams(mcp->closeStreams()); });
    connect(&rooms.desk, &Desk::closeStreams, &m_inside->ownerStreams,
            [streams = &m_inside->ownerStreams, &desk = rooms.desk] { desk.countClosedStreams(streams->closeAll()); });
    connect(&m_inside->mcp, &McpDoor::clientGone, this, [this](const ClientId &client) {
        if (m_server)
            m_server->closeConnections("client:" + client.text());
    });
}

void Surface::setCondition(Condition condition)
{
    m_condition = std::move(condition);
}

Surface::Match Surface::find(std::string_view method, std::string_view path) const
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

std::size_t Surface::bodyLimit(std::string_view method, std::string_view path) const
{
    const Match match = find(method, path);
    return match.route ? match.route->bodyLimit : kBodyOfNobody;
}

bool Surface::wantsBody(const HttpRequest &head) const
{
    const Match match = find(head.method, head.path);
    return match.route && m_inside && m_condition.state == Condition::State::Ready
        && m_inside->access.hasGoodToken(*match.route, head);
}

void Surface::handle(const HttpRequest &request, ResponderPtr responder)
{
    const Match match = find(request.method, request.path);
    // The route, not the path: that may hold an id, or what somebody searches for.
    qCDebug(lcApi, "request %s: %s %s", request.id.c_str(), request.method.c_str(),
            match.route ? match.route->path.data() : "no route");
    if (match.route && match.route->kind == Kind::Probe) {
        RouteCall call{ request, {}, {}, nullptr, Reply(std::move(responder), request) };
        answer(*match.route, call);
        return;
    }
    if (!m_inside || m_condition.state != Condition::State::Ready) {
        Reply(std::move(responder), request).fail(closedBecause(m_condition));
        return;
    }
    if (!match.route) {
        const bool known = !match.allowed.empty();
        const Error error{ known ? ErrorCode::MethodNotAllowed : ErrorCode::NotFound, {}, nullptr };
        m_inside->access.record(request, nullptr, error);
        Reply(std::move(responder), request)
            .fail(error, known ? Headers{ { "allow", match.allowed } } : Headers{});
        return;
    }
    comeIn(match, request, std::move(responder));
}

void Surface::comeIn(const Match &match, const HttpRequest &request, ResponderPtr responder)
{
    auto admitted = m_inside->access.admit(*match.route, request);
    if (admitted) {
        run(match, request, std::move(*admitted), std::move(responder));
        return;
    }
    const auto &[error, late] = admitted.error();
    m_inside->access.record(request, nullptr, error);
    const Reply reply(std::move(responder), request, failing(*match.route, {}, request));
    if (late)
        m_inside->access.answerLate(request, reply, error);
    else
        reply.fail(error);
}

void Surface::run(const Match &match, const HttpRequest &request, RouteCaller caller, ResponderPtr responder)
{
    const Route &route = *match.route;
    Reply reply(std::move(responder), request, failing(route, caller, request));
    auto body = bodyOf(route, request);
    if (!body) {
        m_inside->access.record(request, &caller, body.error());
        reply.fail(body.error());
        return;
    }
    RouteCall call{ request, match.parameters, std::move(caller), std::move(*body), std::move(reply) };
    answer(route, call);
}

Result<Json> Surface::bodyOf(const Route &route, const HttpRequest &request)
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

Reply::Failing Surface::failing(const Route &route, const RouteCaller &caller, const HttpRequest &request) const
{
    const ClientId client = caller.client ? caller.client->id : ClientId();
    return [self = QPointer(this), &route, client, origin = originAskedFor(request, m_condition)](
               const Error &error, HttpResponse &answer) {
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

std::string Surface::challenge(const Route &route, const Error &error, const std::string &origin)
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
