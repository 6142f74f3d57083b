// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/owner_request.h"
#include "app/gatehousectl/printing.h"
#include "tests/app/fake_gateway.h"

#include <QTest>

#include <optional>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

struct Bench
{
    FakeGateway gateway;
    SocketClient client{ gateway.path() };
    std::optional<std::string> pin = "123456";
    int pinAsked = 0;
    OwnerRequest errand{ client, std::make_shared<const Secret>("gh_o_sesame"),
                         [this]() -> std::optional<Secret> {
                             ++pinAsked;
                             return pin ? std::optional(Secret(*pin)) : std::nullopt;
                         } };
    std::optional<Exit> exit;
    Json answer;
    std::string complaint;

    Bench()
    {
        QObject::connect(&errand, &OwnerRequest::ended, &errand,
                         [this](Exit how, const Json &said, const std::string &words) {
                             exit = how;
                             answer = said;
                             complaint = words;
                         });
        gateway.answer = [](const SeenRequest &request) {
            if (request.header("authorization") != "Bearer gh_o_sesame")
                return httpAnswer(401, R"({"error":"unauthorized","message":"No."})");
            if (request.target == "/api/v1/agents")
                return httpAnswer(200, R"({"agents":[{"id":"a-1","display_name":"Ann"}]})");
            if (request.target == "/api/v1/step-up")
                return request.json()["pin"] == "123456"
                    ? httpAnswer(200, R"({"step_up_token":"up","expires_at":"x"})")
                    : httpAnswer(
                        403, R"({"error":"step_up_required","message":"Wrong.","details":{"reason":"pin"}})");
            if (request.target == "/api/v1/gated")
                return request.header("x-step-up-token") == "up"
                    ? httpAnswer(204, "")
                    : httpAnswer(
                        403, R"({"error":"step_up_required","message":"PIN.","details":{"reason":"pin"}})");
            return httpAnswer(200, "{}");
        };
    }
};

Ask search(const std::string &limit)
{
    Ask ask{ "GET", "/api/v1/audit/events?tool=t", nullptr, {}, {} };
    ask.pages = Pages{ "events", limit, {} };
    return ask;
}

/// A journal whose mix is found in four requests.
std::string searchAnswer(const SeenRequest &request)
{
    const auto said = [&request](const char *cursor) { return request.target.ends_with(cursor); };
    if (said("cursor=80"))
        return httpAnswer(
            200,
            R"({"events":[],"next_cursor":"60","searched_back_to":"2026-03-11T14:02:00Z","searched_percent":40})");
    if (said("cursor=60"))
        return httpAnswer(
            200,
            R"({"events":[{"seq":50},{"seq":40}],"next_cursor":"40","searched_back_to":"2026-03-10T14:02:00Z","searched_percent":60})");
    if (said("cursor=40"))
        return httpAnswer(
            200,
            R"({"events":[{"seq":7}],"next_cursor":null,"searched_back_to":"2026-03-01T14:02:00Z","searched_percent":100})");
    return httpAnswer(
        200,
        R"({"events":[{"seq":90}],"next_cursor":"80","searched_back_to":"2026-03-12T14:02:00Z","searched_percent":20})");
}

Ask gated()
{
    return { "POST", "/api/v1/gated", Json::object(), {}, {} };
}

} // namespace

class ErrandTest final : public QObject
{
    Q_OBJECT

private slots:
    void agent_byName_isLookedUp()
    {
        Bench bench;
        bench.errand.run({ "GET", "/api/v1/agents/{agent}/grants", nullptr, "ann", {} });

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Done);
        QCOMPARE(bench.gateway.seen.back().target, "/api/v1/agents/a-1/grants");
    }

    void page_isGatheredFromAsManyRequestsAsItTakes()
    {
        Bench bench;
        bench.gateway.answer = &searchAnswer;
        std::vector<std::string> ways;
        QObject::connect(&bench.errand, &OwnerRequest::searched, &bench.errand,
                         [&](const Json &answer) { ways.push_back(searchedWay(answer)); });
        bench.errand.run(search("3"));

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Done);
        QCOMPARE(bench.answer["events"], Json::parse(R"([{"seq":90},{"seq":50},{"seq":40}])"));
        QCOMPARE(bench.answer["next_cursor"], "40");
        QCOMPARE(bench.gateway.seen[0].target, "/api/v1/audit/events?tool=t&limit=3");
        QCOMPARE(bench.gateway.seen[1].target, "/api/v1/audit/events?tool=t&limit=2&cursor=80");
        QCOMPARE(bench.gateway.seen[2].target, "/api/v1/audit/events?tool=t&limit=2&cursor=60");
        QCOMPARE(ways,
                 (std::vector<std::string>{ "searched back to 2026-03-12T14:02:00Z, 20 %",
                                            "searched back to 2026-03-11T14:02:00Z, 40 %" }));
    }

    void page_atTheEndOfTheJournal_isShorter()
    {
        Bench bench;
        bench.gateway.answer = &searchAnswer;
        bench.errand.run(search("9"));

        QTRY_VERIFY(bench.exit);
        QCOMPARE(bench.answer["events"].size(), std::size_t(4));
        QVERIFY(bench.answer["next_cursor"].is_null());
    }

    void search_stopped_endsWithWhatWasFound_andWhereToGoOn()
    {
        Bench bench;
        bench.gateway.answer = &searchAnswer;
        int heard = 0;
        QObject::connect(&bench.errand, &OwnerRequest::ended, &bench.errand, [&heard] { ++heard; });
        QObject::connect(&bench.errand, &OwnerRequest::searched, &bench.errand, &OwnerRequest::stop);
        bench.errand.run(search("9"));

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Interrupted);
        QCOMPARE(bench.answer["events"], Json::parse(R"([{"seq":90}])"));
        QCOMPARE(bench.answer["next_cursor"], "80");
        QTRY_COMPARE(bench.gateway.seen.size(), std::size_t(1));
        QCOMPARE(heard, 1);
    }

    void search_refusedHalfway_isAComplaint()
    {
        Bench bench;
        bench.gateway.answer = [](const SeenRequest &request) {
            return request.target.find("cursor") == std::string::npos
                ? searchAnswer(request)
                : httpAnswer(503, R"({"error":"gateway_locked","message":"Locked."})");
        };
        bench.errand.run(search("9"));

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Refused);
        QVERIFY(!bench.complaint.empty());
    }

    void act_behindThePin_isRepeatedWithTheStepUp()
    {
        Bench bench;
        bench.errand.run(gated());

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Done);
        QCOMPARE(bench.pinAsked, 1);
    }

    // Tests of the error paths.

    void pin_wrong_isNotAskedAgain()
    {
        Bench bench;
        bench.pin = "000000";
        bench.errand.run(gated());

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::StepUpNeeded);
        QCOMPARE(bench.pinAsked, 1);
    }

    void pin_notToBeHad_endsWithFour()
    {
        Bench bench;
        bench.pin.reset();
        bench.errand.run(gated());

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::StepUpNeeded);
    }

    void agent_unknown_isRefusedHarmlessly()
    {
        Bench bench;
        bench.errand.run({ "GET", "/api/v1/agents/{agent}", nullptr, "B\033[2Job", {} });

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::Refused);
        QVERIFY(bench.complaint.find('\033') == std::string::npos);
    }

    void gateway_notRunning_endsWithThree()
    {
        Bench bench;
        bench.gateway.stop();
        bench.errand.run(gated());

        QTRY_VERIFY(bench.exit);
        QCOMPARE(*bench.exit, Exit::NotReachable);
    }
};

QTEST_GUILESS_MAIN(ErrandTest)
#include "tst_errand.moc"
