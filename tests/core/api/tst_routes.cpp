// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/api_bench.h"
#include "tests/core/api/routes.h"

#include <QFile>
#include <QRegularExpression>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// A path of the route's form, with ids that name nothing.
std::string pathOf(const Route &route)
{
    return QString::fromUtf8(route.path.data(), qsizetype(route.path.size()))
        .replace(QRegularExpression(QStringLiteral("\\{\\w+\\}")), QStringLiteral("nothing"))
        .toStdString();
}

std::string accessWords(Access access)
{
    switch (access) {
    case Access::Anyone: return "anyone";
    case Access::Ceremony: return "ceremony";
    case Access::Agent: return "agent";
    case Access::AgentOrOwner: return "agent or owner";
    case Access::Owner: return "owner";
    case Access::OwnerOrTicket: return "owner or ticket";
    case Access::OwnerStepUp: return "owner + PIN";
    }
    return {};
}

template <typename Visit> void eachRoute(Visit visit)
{
    for (const auto *table : { &agentRoutes(), &ownerRoutes() }) {
        for (const Route &route : *table)
            visit(route);
    }
}

bool takesJson(const Route &route)
{
    return !route.bodySchema.empty();
}

} // namespace

/// What every route answers before its own function is reached.
class RoutesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void docs_routes_areThoseOfTheTable()
    {
        QFile file(QStringLiteral(SOURCE_FOLDER "/docs/rest-api.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QRegularExpression row(
            QStringLiteral("^\\| ([A-Z]+) \\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$"));
        QStringList inDocs;
        for (const QString &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
            if (const auto found = row.match(line); found.hasMatch())
                inDocs.append(found.capturedTexts().mid(1).join(QLatin1Char(' ')));
        }
        QStringList inTables;
        eachRoute([&](const Route &route) {
            const std::string body = route.bodyLimit == 0 ? "none"
                : route.bodyLimit >= 1_MiB                ? std::to_string(route.bodyLimit >> 20) + " MiB"
                                                          : std::to_string(route.bodyLimit >> 10) + " KiB";
            inTables.append(QString::fromStdString(std::string(nameOf(route.method)) + ' '
                                                   + std::string(route.path) + ' ' + accessWords(route.access)
                                                   + ' ' + body + ' ' + std::string(route.summary)));
        });

        inDocs.sort();
        inTables.sort();
        QCOMPARE(inDocs, inTables);
    }

    void bodyLimit_everyRoute_isThatOfTheTable()
    {
        ApiBench bench;
        eachRoute([&](const Route &route) {
            QCOMPARE(bench.surface.bodyLimit(nameOf(route.method), pathOf(route)), route.bodyLimit);
        });
        QCOMPARE(bench.surface.bodyLimit("POST", "/nowhere"), 8_KiB);
    }

    void missingToken_everyClosedRoute_is401AtOnceWithAChallenge()
    {
        ApiBench bench;
        eachRoute([&](const Route &route) {
            if (route.access == Access::Anyone || route.access == Access::Ceremony)
                return;
            const auto record = bench.send({ std::string(nameOf(route.method)), pathOf(route) });

            QCOMPARE(record->status(), 401);
            QCOMPARE(record->error(), std::string("unauthorized"));
            QVERIFY(record->header("www-authenticate").starts_with("Bearer "));
            QCOMPARE(record->header("www-authenticate").find("resource_metadata=") != std::string::npos,
                     route.access == Access::Agent);
        });
    }

    void wrongToken_everyClosedRoute_is401After250Milliseconds()
    {
        ApiBench bench;
        const std::string wrong = std::string(kAgentTokenPrefix) + std::string(43, 'A');
        eachRoute([&](const Route &route) {
            if (route.access == Access::Anyone || route.access == Access::Ceremony)
                return;
            const auto record = bench.send({ std::string(nameOf(route.method)), pathOf(route), wrong });
            bench.wind(249ms);
            QCOMPARE(record->answers, 0);
            bench.wind(1ms);

            QCOMPARE(record->status(), 401);
            QVERIFY(record->header("www-authenticate").find("error=\"invalid_token\"") != std::string::npos);
        });
    }

    void tokenInTheQuery_isNotRead()
    {
        ApiBench bench;
        for (const char *name : { "access_token=", "token=" }) {
            const auto record
                = bench.send({ "GET", "/api/v1/agent-session", {}, {}, {}, name + bench.agentToken });
            QCOMPARE(record->status(), 401);
        }
        const auto basic = bench.send(
            { "GET", "/api/v1/agent-session", {}, {}, { { "authorization", "Basic " + bench.agentToken } } });
        QCOMPARE(basic->status(), 401);
    }

    void agentToken_everyOwnerRoute_is403()
    {
        ApiBench bench;
        for (const Route &route : ownerRoutes()) {
            const auto record
                = bench.send({ std::string(nameOf(route.method)), pathOf(route), bench.agentToken });

            QCOMPARE(record->status(), 403);
            QCOMPARE(record->error(), std::string("scope_denied"));
            bench.clock.advance(2s); // its refusals are counted
        }
    }

    void ownerToken_everyAgentRoute_is403()
    {
        ApiBench bench;
        for (const Route &route : agentRoutes()) {
            if (route.access != Access::Agent)
                continue;
            const auto record
                = bench.send({ std::string(nameOf(route.method)), pathOf(route), bench.ownerToken });

            QCOMPARE(record->status(), 403);
            QCOMPARE(record->error(), std::string("scope_denied"));
        }
    }

    void noStepUp_everyRouteThatAlwaysNeedsIt_is403()
    {
        ApiBench bench;
        const auto unset
            = bench.send({ "POST", "/api/v1/owner-tokens", bench.ownerToken, R"({"name":"x"})" });
        QCOMPARE(unset->json()["details"]["reason"], "setup");
        bench.setPin();
        for (const Route &route : ownerRoutes()) {
            if (route.access != Access::OwnerStepUp)
                continue;
            for (const Headers &headers : { Headers{}, Headers{ { "x-step-up-token", "guess" } } }) {
                const auto record = bench.send(
                    { std::string(nameOf(route.method)), pathOf(route), bench.ownerToken, {}, headers });

                QCOMPARE(record->status(), 403);
                QCOMPARE(record->error(), std::string("step_up_required"));
                QCOMPARE(record->json()["details"]["reason"], "pin");
            }
        }
    }

    void stepUpOfAnotherOwnerToken_isNoStepUp()
    {
        ApiBench bench;
        bench.enterPin();
        QVERIFY(!bench.stepUpToken.empty());
        const auto [other, otherToken] = bench.addOwnerToken();

        const auto record = bench.send({ "POST",
                                         "/api/v1/owner-tokens",
                                         otherToken,
                                         R"({"name":"x"})",
                                         { { "x-step-up-token", bench.stepUpToken } } });

        QCOMPARE(record->error(), std::string("step_up_required"));
    }

    void malformedBody_everyJsonRoute_hasItsExactAnswer()
    {
        ApiBench bench;
        bench.enterPin();
        eachRoute([&](const Route &route) {
            if (!takesJson(route))
                return;
            const auto send = [&](const std::string &body, Headers headers = {}) {
                bench.wind(60s); // the rates are not the subject
                headers.emplace_back("x-step-up-token", bench.stepUpToken);
                return bench.send({ std::string(nameOf(route.method)), pathOf(route),
                                    route.access == Access::Agent ? bench.agentToken : bench.ownerToken, body,
                                    headers });
            };
            bench.enterPin();
            QCOMPARE(send("{}", { { "content-type", "text/plain" } })->error(),
                     std::string("unsupported_media_type"));
            QCOMPARE(send("{", {})->error(), std::string("invalid_request"));
            bench.enterPin();
            QCOMPARE(send("[]", {})->error(), std::string("invalid_request"));
            QCOMPARE(send(R"({"a":1,"a":2})", {})->status(), 400);
            bench.enterPin();
            if (route.path != "/api/v1/tools/{tool}")
                QCOMPARE(send(R"({"no_such_field":1})", {})->error(), std::string("validation_failed"));
        });
    }

    void otherMethod_is405WithAllow_otherPath_is404()
    {
        ApiBench bench;

        const auto method = bench.send({ "PATCH", "/mcp", bench.agentToken });
        const auto path = bench.send({ "GET", "/api/v1/nothing", bench.agentToken });

        QCOMPARE(method->status(), 405);
        QCOMPARE(method->header("allow"), std::string("POST, GET, DELETE"));
        QCOMPARE(path->status(), 404);
        QCOMPARE(path->error(), std::string("not_found"));
    }

    void locked_allButTheProbes_is503WithRetryAfter()
    {
        ApiBench bench;
        const ToolCatalogue catalogue{ { trackerTools() } };
        ApiDispatcher locked(catalogue);
        locked.setCondition({ Condition::State::Locked, ErrorCode::SecretsLocked });
        eachRoute([&](const Route &route) {
            auto record = std::make_shared<Recorded>();
            const HttpRequest request{
                std::string(nameOf(route.method)), pathOf(route), {}, {}, {}, "r", bench.peer
            };

            locked.handle(request, std::make_shared<RecordingResponder>(record));

            if (route.kind == Kind::Probe)
                return;
            QCOMPARE(record->status(), 503);
            if (!route.path.starts_with("/oauth/")) // those answer with RFC 6749's own errors
                QCOMPARE(record->error(), std::string("gateway_locked"));
            QVERIFY(!record->header("retry-after").empty());
        });
    }

    void probes_withoutAToken_answer()
    {
        ApiBench bench;

        const auto health = bench.send({ "GET", "/healthz" });
        const auto ready = bench.send({ "GET", "/readyz" });
        const auto capabilities = bench.send({ "GET", "/api/v1/meta/capabilities" });

        QCOMPARE(health->status(), 200);
        QCOMPARE(ready->status(), 200);
        QCOMPARE(ready->json()["status"], "degraded");
        QCOMPARE(ready->json()["checks"]["upstream"], "upstream_not_configured");
        QCOMPARE(capabilities->json()["tools"].size(), std::size_t(10));
        QCOMPARE(capabilities->json()["scopes"].size(), std::size_t(8));
        const Json routes = capabilities->json()["routes"];
        QVERIFY(!routes.empty());
        for (const Json &route : routes)
            QVERIFY(route["path"].get<std::string>().find("owner") == std::string::npos);
    }

    void readyz_lockedStorageOrJournal_is503()
    {
        const ToolCatalogue catalogue{ { trackerTools() } };
        ApiDispatcher surface(catalogue);
        const auto ask = [&surface] {
            auto record = std::make_shared<Recorded>();
            surface.handle({ "GET", "/readyz", {}, {}, {}, "r", std::make_shared<FakePeer>() },
                           std::make_shared<RecordingResponder>(record));
            return record;
        };
        QCOMPARE(ask()->json()["checks"]["gateway"], "starting");
        surface.setCondition({ Condition::State::Locked, ErrorCode::SecretsLocked });
        QCOMPARE(ask()->status(), 503);
        QCOMPARE(ask()->json()["checks"]["gateway"], "gateway_locked");
        surface.setCondition({ Condition::State::Broken, ErrorCode::StorageDamaged });
        QCOMPARE(ask()->json()["checks"]["gateway"], "storage_damaged");
    }
};

QTEST_GUILESS_MAIN(RoutesTest)
#include "tst_routes.moc"
