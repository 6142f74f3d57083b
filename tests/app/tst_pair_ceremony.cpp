// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/pair_ceremony.h"
#include "tests/app/fake_gateway.h"
#include "tests/support/fixed_random.h"
#include "tests/support/memory_secrets.h"

#include <QTest>

#include <optional>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const std::string kEntry = "bridge";

struct Bench
{
    FakeGateway gateway;
    FixedRandom random;
    MemorySecrets secrets;
    SocketClient client{ gateway.path() };
    PairCeremony ceremony{ client, secrets, random, kEntry };
    std::string checkNumber, sentence, agent;
    std::optional<PairEnd> end;
    int polls = 0;
    std::string verdict
        = httpAnswer(200, R"({"token":"gh_a_fresh","agent":{"id":"a1","display_name":"Ann"},"gateway":{}})");

    Bench()
    {
        QObject::connect(&ceremony, &PairCeremony::checkNumberKnown, &ceremony,
                         [this](const std::string &number) { checkNumber = number; });
        QObject::connect(&ceremony, &PairCeremony::ended, &ceremony,
                         [this](PairEnd how, const std::string &words, const std::string &who) {
                             end = how, sentence = words, agent = who;
                         });
        gateway.answer = [this](const SeenRequest &request) {
            if (request.target == "/api/v1/pairing/redeem")
                return request.json()["code"] == "BCDF-GHJK"
                    ? httpAnswer(202, R"({"confirmation_id":"c1","check_number":"123456","expires_at":"x"})")
                    : httpAnswer(404, R"({"error":"not_found","message":"No."})");
            return ++polls < 3 ? httpAnswer(202, R"({"confirmation_id":"c1"})") : verdict;
        };
    }
};

} // namespace

class PairCeremonyTest final : public QObject
{
    Q_OBJECT

private slots:
    void code_confirmedByTheOwner_storesTheToken()
    {
        Bench bench;
        bench.ceremony.begin("BCDF-GHJK", "Codex");

        QTRY_VERIFY(bench.end);
        QCOMPARE(*bench.end, PairEnd::Paired);
        QCOMPARE(bench.checkNumber, "123456");
        QCOMPARE(bench.agent, "Ann");
        QVERIFY(bench.secrets.has(kEntry));
        const Json redeemed = bench.gateway.seen[0].json();
        QVERIFY(redeemed["nonce"].get<std::string>().size() >= 16);
        QCOMPARE(bench.gateway.seen[1].json()["nonce"], redeemed["nonce"]);
        QCOMPARE(bench.gateway.seen[1].target, "/api/v1/pairing/confirmations/c1");
    }

    // Tests of the error paths.

    void code_thatIsWrong_isRefusedInWords()
    {
        Bench bench;
        bench.ceremony.begin("ZZZZ-ZZZZ", "Codex");

        QTRY_VERIFY(bench.end);
        QCOMPARE(*bench.end, PairEnd::Refused);
        QVERIFY(bench.sentence.find("code is not right") != std::string::npos);
    }

    void owner_sayingNo_isRefused()
    {
        Bench bench;
        bench.verdict = httpAnswer(403, R"({"error":"approval_denied","message":"Denied."})");
        bench.ceremony.begin("BCDF-GHJK", "Codex");

        QTRY_VERIFY(bench.end);
        QCOMPARE(*bench.end, PairEnd::Refused);
        QVERIFY(!bench.secrets.has(kEntry));
    }

    void keychain_absent_isFoundOutBeforeTheCodeIsSpent()
    {
        Bench bench;
        bench.secrets.fault = ErrorCode::SecretsUnavailable;
        bench.ceremony.begin("BCDF-GHJK", "Codex");

        QTRY_VERIFY(bench.end);
        QCOMPARE(*bench.end, PairEnd::NoSecretStore);
        QCOMPARE(bench.gateway.seen.size(), 0u);
    }

    void gateway_notRunning_isNotReachable()
    {
        Bench bench;
        bench.gateway.stop();
        bench.ceremony.begin("BCDF-GHJK", "Codex");

        QTRY_VERIFY(bench.end);
        QCOMPARE(*bench.end, PairEnd::NotReachable);
    }
};

QTEST_GUILESS_MAIN(PairCeremonyTest)
#include "tst_pair_ceremony.moc"
