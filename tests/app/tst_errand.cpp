// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/errand.h"
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
    Errand errand{ client, std::make_shared<const Secret>("gh_o_sesame"), [this]() -> std::optional<Secret> {
                      ++pinAsked;
                      return pin ? std::optional(Secret(*pin)) : std::nullopt;
                  } };
    std::optional<Exit> exit;
    Json answer;
    std::string complaint;

    Bench()
    {
        QObject::connect(&errand, &Errand::ended, &errand,
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
