// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/http/http_server.h"
#include "gateway_core/identity/logins.h"
#include "gateway_core/owner/owner_service.h"

#include <QObject>

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace gatehouse {

class McpProvider;
class Probes;

/// Everything that can be asked of the gateway, over one dispatcher: the route table, the access check, the
/// JSON of the bodies. Before open() only the probes answer; all else is 503. Thread: core. Owns: the classes
/// that answer the routes.
class ApiDispatcher final : public QObject
{
    Q_OBJECT

public:
    /// What the routes reach. All must outlive the surface.
    struct Dependencies
    {
        Storage &storage;
        Registry &registry;
        Journal &journal;
        StepUp &stepUp;
        Pairing &pairing;
        Logins &logins;
        Approvals &approvals;
        CallPipeline &pipeline;
        TaskerClient &tasker;
        OwnerService &owner;
        SecretStore &secrets;
        Clock &clock;
        Random &random;
        McpProvider *offer = nullptr; ///< to MCP clients; null: what Gatehouse offers
    };

    /// The catalogue and the routes are told of before open(), too. `more`: the routes of rooms that stand
    /// outside api/; their modules come with open(). The catalogue must outlive the surface.
    explicit ApiDispatcher(const ToolCatalogue &catalogue,
                           const std::vector<std::span<const Route>> &more = {}, QObject *parent = nullptr);
    ~ApiDispatcher() override;

    /// Sets the server's handler, body limits and words of refusal. The server must outlive this object.
    void attachTo(HttpServer &server);
    /// The rooms are there and the directory is loaded: from now on everything answers.
    void open(const Dependencies &dependencies, const std::vector<RouteModule> &more = {});
    /// What the probes say, and why the rest answers 503.
    void setCondition(Condition condition);
    [[nodiscard]] const Condition &condition() const { return m_condition; }
    [[nodiscard]] const RouteTable &table() const { return m_table; }

    void handle(const HttpRequest &request, ResponderPtr responder);
    /// For HttpServer: how large a body this route takes. Unknown paths may send a little, so that they
    /// hear 404 or 405 and not 413.
    [[nodiscard]] std::size_t bodyLimit(std::string_view method, std::string_view path) const;
    /// For HttpServer: false where handle() refuses the request whatever its body is, because there is no
    /// such route, nothing answers yet, or no good token came along.
    [[nodiscard]] bool wantsBody(const HttpRequest &head) const;

private:
    struct Inside;
    struct Match
    {
        const Route *route = nullptr;
        std::vector<std::string> parameters;
        std::string allowed; ///< the path's methods; empty: no such path
    };

    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
    void bind(const RouteModule &module);
    void answer(const Route &route, RouteCall &call) const;
    void comeIn(const Match &match, const HttpRequest &request, ResponderPtr responder);
    void run(const Match &match, const HttpRequest &request, RouteCaller caller, ResponderPtr responder);
    [[nodiscard]] Result<Json> bodyOf(const Route &route, const HttpRequest &request);
    [[nodiscard]] Reply::Failing failing(const Route &route, const RouteCaller &caller,
                                         const HttpRequest &request) const;
    [[nodiscard]] static std::string challenge(const Route &route, const Error &error,
                                               const std::string &origin);

    /// The tool that a call is about, where there is such a tool; else empty.
    [[nodiscard]] std::string toolOf(const Match &match) const;

    const ToolCatalogue &m_catalogue;
    RouteTable m_table;
    std::unordered_map<const Route *, void *> m_apis; ///< who answers; a route that is not here: nobody yet
    Condition m_condition;
    HttpServer *m_server = nullptr;
    std::unique_ptr<Probes> m_probes;
    std::unique_ptr<Inside> m_inside; ///< null until open()
};

} // namespace gatehouse
