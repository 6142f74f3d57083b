// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/token.h"
#include "tests/core/identity/tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

using Kinds = std::vector<std::string>;
using Paired = Result<std::optional<PairedClient>>;

/// What await() said, once it has.
struct Heard
{
    int times = 0;
    Paired answer = failure(ErrorCode::Internal);

    [[nodiscard]] bool isStillOpen() const { return times > 0 && answer && !answer->has_value(); }
    [[nodiscard]] bool isPaired() const { return times == 1 && answer && answer->has_value(); }
    [[nodiscard]] bool failedWith(ErrorCode code) const
    {
        return times == 1 && !answer && answer.error().code == code;
    }
};

struct PairingBench
{
    TestStorage storage;
    FakeClock clock;
    FixedRandom random;
    Journal journal{ storage, clock };
    Registry registry{ storage, journal, clock };
    Pairing pairing{ registry, journal, clock, random };
    const AgentId agent{ "agent-1" };
    const std::string nonce = "0123456789abcdef";
    Peer peer;

    PairingBench()
    {
        put(AgentState::Active);
        peer.process = { 41, "/usr/bin/gatehouse-mcp", "/home/ada" };
        peer.parents = { { 40, "/usr/bin/codex", "/home/ada/project" }, { 1, "/usr/lib/systemd", "/" } };
    }
    void put(AgentState state)
    {
        test::put(storage, Agent{ agent, "Reviewer", state, 1 });
        registry.load([](const Result<> &) {});
        storage.settle();
    }
    Result<PairingCode> open(std::chrono::seconds lifetime = kCodeLifetime)
    {
        Result<PairingCode> answer = failure(ErrorCode::Internal);
        pairing.open(agent, lifetime, "window", [&](Result<PairingCode> code) { answer = std::move(code); });
        storage.settle();
        return answer;
    }
    Result<Confirmation> redeem(const std::string &code)
    {
        return redeem(RedeemRequest{ code, "Codex", nonce });
    }
    Result<Confirmation> redeem(const RedeemRequest &request)
    {
        Result<Confirmation> answer = failure(ErrorCode::Internal);
        pairing.redeem(request, peer, [&](Result<Confirmation> asked) { answer = std::move(asked); });
        storage.settle();
        return answer;
    }
    Confirmation redeemed() { return *redeem(open()->text); }
    void await(const ConfirmationId &id, Heard &heard) { await(id, heard, nonce); }
    void await(const ConfirmationId &id, Heard &heard, const std::string &with)
    {
        pairing.await(id, with, [&heard](Paired answer) {
            ++heard.times;
            heard.answer = std::move(answer);
        });
    }
    Result<> confirm(const ConfirmationId &id)
    {
        Result<> answer = failure(ErrorCode::Internal);
        pairing.confirm(id, "window", [&](Result<> outcome) { answer = std::move(outcome); });
        storage.settle();
        return answer;
    }
    Result<> deny(const ConfirmationId &id)
    {
        Result<> answer = failure(ErrorCode::Internal);
        pairing.deny(id, "window", [&](Result<> outcome) { answer = std::move(outcome); });
        storage.settle();
        return answer;
    }
    void advance(Millis by)
    {
        clock.advance(by);
        storage.settle();
    }
    /// A well-formed code that is not the open one.
    [[nodiscard]] std::string wrongCode() const
    {
        const std::string wrong = "BBBB-BBBB";
        return pairing.openCode() && pairing.openCode()->text == wrong ? "CCCC-CCCC" : wrong;
    }
    [[nodiscard]] std::string lastMore(const char *field)
    {
        const Json body = Json::parse(storage.journal().back().body);
        return body["more"].value(field, "");
    }
};

} // namespace

class PairingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pair_fromCodeToToken_works()
    {
        PairingBench bench;
        const auto code = bench.open();
        QVERIFY(code);
        const auto confirmation = bench.redeem(code->text);
        QVERIFY(confirmation);
        Heard heard;
        bench.await(confirmation->id, heard);
        QCOMPARE(heard.times, 0);

        QVERIFY(bench.confirm(confirmation->id));

        QVERIFY(heard.isPaired());
        const PairedClient &paired = **heard.answer;
        QCOMPARE(paired.agentName, std::string("Reviewer"));
        const Client *client = clientOf(*bench.registry.current(), paired.token.text(), bench.registry.now());
        QVERIFY(client);
        QCOMPARE(client->name, std::string("Codex"));
        QCOMPARE(client->pairedBy, std::string("/usr/bin/codex"));
        QVERIFY(bench.storage.kinds()
                == (Kinds{ "pairing_opened", "pairing_redeemed", "pairing_confirmed", "client_paired" }));
    }

    void open_code_hasTheFormAndTheTime()
    {
        PairingBench bench;

        const auto code = bench.open(600s);

        QVERIFY(code);
        QCOMPARE(code->text.size(), std::size_t{ 9 });
        QCOMPARE(code->text[4], '-');
        for (const char c : code->text)
            QVERIFY(c == '-' || kCodeAlphabet.find(c) != std::string_view::npos);
        QCOMPARE(code->expiresAt, bench.clock.now() + 600'000);
        QVERIFY(bench.pairing.openCode());
    }

    void open_second_voidsTheFirst()
    {
        PairingBench bench;
        const auto first = bench.open();

        const auto second = bench.open();

        QVERIFY(second);
        QVERIFY(first->text != second->text);
        QCOMPARE(bench.redeem(first->text).error().code, ErrorCode::NotFound);
        QVERIFY(bench.redeem(second->text));
        const Kinds kinds = bench.storage.kinds();
        QCOMPARE(std::ranges::count(kinds, "pairing_voided"), 1);
    }

    void redeem_spelling_doesNotMatter_data()
    {
        QTest::addColumn<int>("way");
        QTest::newRow("as shown") << 0;
        QTest::newRow("lower case") << 1;
        QTest::newRow("no dash") << 2;
        QTest::newRow("spaces") << 3;
    }
    void redeem_spelling_doesNotMatter()
    {
        QFETCH(int, way);
        PairingBench bench;
        std::string text = bench.open()->text;
        if (way == 1)
            std::ranges::transform(text, text.begin(),
                                   [](char c) { return c == '-' ? c : static_cast<char>(c + 32); });
        if (way == 2)
            text.erase(4, 1);
        if (way == 3)
            text = "  " + text.substr(0, 2) + " " + text.substr(2) + " ";

        QVERIFY(bench.redeem(text));
    }

    void redeem_code_worksOnce()
    {
        PairingBench bench;
        const auto code = bench.open();

        QVERIFY(bench.redeem(code->text));

        QVERIFY(!bench.pairing.openCode());
        QCOMPARE(bench.redeem(code->text).error().code, ErrorCode::NotFound);
    }

    void redeem_afterTheLifetime_isNotFound()
    {
        PairingBench bench;
        const auto code = bench.open();
        bench.advance(kCodeLifetime + 1s);

        const auto confirmation = bench.redeem(code->text);

        QVERIFY(!confirmation);
        QCOMPARE(confirmation.error().code, ErrorCode::NotFound);
        QCOMPARE(bench.storage.kinds()[1], std::string("pairing_expired"));
    }

    void redeem_fiveWrong_voidsTheCode()
    {
        PairingBench bench;
        const auto code = bench.open();
        for (int i = 0; i < kCodeTries - 1; ++i)
            QCOMPARE(bench.redeem(bench.wrongCode()).error().code, ErrorCode::NotFound);
        QVERIFY(bench.pairing.openCode());

        QCOMPARE(bench.redeem(bench.wrongCode()).error().code, ErrorCode::NotFound);

        QVERIFY(!bench.pairing.openCode());
        QCOMPARE(bench.redeem(code->text).error().code, ErrorCode::NotFound);
    }

    void redeem_tenWrongAMinute_pausesPairing()
    {
        PairingBench bench;
        QSignalSpy paused(&bench.pairing, &Pairing::pausedForGuessing);
        for (int i = 0; i < kPairingTriesAMinute; ++i)
            QCOMPARE(bench.redeem(bench.wrongCode()).error().code, ErrorCode::NotFound);

        const auto refused = bench.redeem(bench.wrongCode());

        QCOMPARE(refused.error().code, ErrorCode::RateLimited);
        QCOMPARE(refused.error().details["retry_after"].get<int>(), 300);
        QCOMPARE(bench.open().error().code, ErrorCode::RateLimited);
        QCOMPARE(paused.count(), 1);
        bench.advance(kPairingPause);
        QVERIFY(bench.open());
    }

    void redeem_slowWrongTries_doNotPause()
    {
        PairingBench bench;
        for (int i = 0; i < 30; ++i) {
            QCOMPARE(bench.redeem(bench.wrongCode()).error().code, ErrorCode::NotFound);
            bench.advance(7s);
        }

        QVERIFY(bench.open());
    }

    void redeem_malformed_isNoTry_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("nonce");
        const auto good = QStringLiteral("BBBBBBBB");
        const auto name = QStringLiteral("Codex");
        const auto nonce = QStringLiteral("0123456789abcdef");
        QTest::newRow("vowel") << QStringLiteral("ABCD-FGHJ") << name << nonce;
        QTest::newRow("short") << QStringLiteral("BCDF-GHJ") << name << nonce;
        QTest::newRow("long") << QStringLiteral("BCDF-GHJKL") << name << nonce;
        QTest::newRow("huge") << QString(100000, QLatin1Char('-')) << name << nonce;
        QTest::newRow("empty") << QString() << name << nonce;
        QTest::newRow("no name") << good << QString() << nonce;
        QTest::newRow("blank name") << good << QStringLiteral("   ") << nonce;
        QTest::newRow("long name") << good << QString(81, QLatin1Char('x')) << nonce;
        QTest::newRow("newline in name") << good << QStringLiteral("a\nb") << nonce;
        QTest::newRow("short nonce") << good << name << QStringLiteral("0123456789abcde");
        QTest::newRow("long nonce") << good << name << QString(129, QLatin1Char('n'));
        QTest::newRow("nonce with space") << good << name << QStringLiteral("0123456789 abcdef");
    }
    void redeem_malformed_isNoTry()
    {
        QFETCH(QString, code);
        QFETCH(QString, name);
        QFETCH(QString, nonce);
        PairingBench bench;
        const auto open = bench.open();

        for (int i = 0; i < 2 * kPairingTriesAMinute; ++i) {
            const auto refused
                = bench.redeem({ code.toStdString(), name.toStdString(), nonce.toStdString() });
            QCOMPARE(refused.error().code, ErrorCode::ValidationFailed);
        }

        QVERIFY(bench.redeem(open->text));
    }

    void redeem_whoAsks_isTheFirstThatIsNotOurs()
    {
        PairingBench bench;

        const Confirmation confirmation = bench.redeemed();

        QCOMPARE(confirmation.peer.process.executable, std::string("/usr/bin/codex"));
        QCOMPARE(confirmation.peer.process.folder, std::string("/home/ada/project"));
        QCOMPARE(confirmation.peer.parents.size(), std::size_t{ 1 });
        QCOMPARE(confirmation.checkNumber.size(), std::size_t{ 6 });
        QVERIFY(std::ranges::all_of(confirmation.checkNumber, [](char c) { return c >= '0' && c <= '9'; }));
    }

    void redeem_whileAQuestionIsOpen_keepsTheCode()
    {
        PairingBench bench;
        const Confirmation first = bench.redeemed();
        const auto code = bench.open();

        QCOMPARE(bench.redeem(code->text).error().code, ErrorCode::Conflict);
        QVERIFY(bench.deny(first.id));

        QVERIFY(bench.redeem(code->text));
    }

    void await_anotherNonce_isNotFound()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        QVERIFY(bench.confirm(confirmation.id));
        Heard stranger;
        Heard rightful;

        bench.await(confirmation.id, stranger, "0123456789abcdeF");
        bench.await(confirmation.id, rightful);

        QVERIFY(stranger.failedWith(ErrorCode::NotFound));
        QVERIFY(rightful.isPaired());
    }

    void await_longPoll_endsAfterTwentyFiveSeconds()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        Heard first;
        bench.await(confirmation.id, first);

        bench.advance(kLongPoll - 1ms);
        QCOMPARE(first.times, 0);
        bench.advance(1ms);
        QVERIFY(first.isStillOpen());
        Heard second;
        bench.await(confirmation.id, second);
        QVERIFY(bench.confirm(confirmation.id));

        QVERIFY(second.isPaired());
        QCOMPARE(first.times, 1);
    }

    void await_newerOne_releasesTheOlder()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        Heard first;
        Heard second;

        bench.await(confirmation.id, first);
        bench.await(confirmation.id, second);
        QVERIFY(first.isStillOpen());
        QVERIFY(bench.confirm(confirmation.id));

        QVERIFY(second.isPaired());
    }

    void await_token_isHandedOutOnce()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        QVERIFY(bench.confirm(confirmation.id));
        Heard first;
        Heard second;

        bench.await(confirmation.id, first);
        bench.await(confirmation.id, second);

        QVERIFY(first.isPaired());
        QVERIFY(second.failedWith(ErrorCode::NotFound));
        bench.advance(10min);
        QVERIFY(clientOf(*bench.registry.current(), (**first.answer).token.text(), bench.registry.now()));
    }

    void await_tokenNotFetched_isRevoked()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        QVERIFY(bench.confirm(confirmation.id));
        bench.advance(kTokenFetchTime);
        Heard late;

        bench.await(confirmation.id, late);

        QVERIFY(late.failedWith(ErrorCode::PairingExpired));
        QVERIFY(bench.registry.current()->clients.begin()->second.revokedAt);
        QCOMPARE(bench.storage.kinds().back(), std::string("client_revoked"));
        QCOMPARE(bench.lastMore("reason"), std::string("not_fetched"));
    }

    void deny_closesForGood()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        QSignalSpy closed(&bench.pairing, &Pairing::confirmationClosed);
        Heard waiting;
        bench.await(confirmation.id, waiting);

        QVERIFY(bench.deny(confirmation.id));

        QVERIFY(waiting.failedWith(ErrorCode::ApprovalDenied));
        QCOMPARE(closed.count(), 1);
        QCOMPARE(bench.confirm(confirmation.id).error().code, ErrorCode::NotFound);
        QVERIFY(bench.pairing.questions().empty());
        QVERIFY(bench.registry.current()->clients.empty());
        Heard again;
        bench.await(confirmation.id, again);
        QVERIFY(again.failedWith(ErrorCode::ApprovalDenied));
    }

    void question_afterAMinute_isDenied()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        bench.advance(kConfirmationLifetime - 1ms);
        Heard waiting;
        bench.await(confirmation.id, waiting);

        bench.advance(1ms);

        QVERIFY(waiting.failedWith(ErrorCode::PairingExpired));
        QCOMPARE(bench.confirm(confirmation.id).error().code, ErrorCode::NotFound);
        QCOMPARE(bench.storage.kinds().back(), std::string("pairing_expired"));
    }

    void question_longGone_isForgotten()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        QVERIFY(bench.deny(confirmation.id));
        bench.advance(5min);
        Heard late;

        bench.await(confirmation.id, late);

        QVERIFY(late.failedWith(ErrorCode::NotFound));
    }

    void confirm_twiceAtOnce_mintsOneClient()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        std::vector<Result<>> answers;

        for (int i = 0; i < 2; ++i)
            bench.pairing.confirm(confirmation.id, "window",
                                  [&](Result<> outcome) { answers.push_back(outcome); });
        bench.storage.settle();

        QCOMPARE(answers.size(), std::size_t{ 2 });
        QCOMPARE(answers[0].error().code, ErrorCode::NotFound);
        QVERIFY(answers[1]);
        QCOMPARE(bench.registry.current()->clients.size(), std::size_t{ 1 });
    }

    void close_openCode_isVoid()
    {
        PairingBench bench;
        const auto code = bench.open();

        bench.pairing.close("ctl");
        bench.storage.settle();

        QVERIFY(!bench.pairing.openCode());
        QCOMPARE(bench.redeem(code->text).error().code, ErrorCode::NotFound);
        QCOMPARE(bench.storage.kinds()[1], std::string("pairing_voided"));
    }

    // Logins.

    void login_confirmedAs_tellsTheChosenAgent()
    {
        PairingBench bench;
        std::vector<Result<AgentId>> heard;
        Result<Confirmation> asked = failure(ErrorCode::Internal);
        bench.pairing.askLogin(
            { "Claude", {} }, bench.peer, [&](Result<Confirmation> answer) { asked = answer; },
            [&](Result<AgentId> answer) { heard.push_back(answer); });
        bench.storage.settle();
        QVERIFY(asked);
        QVERIFY(asked->login);
        QCOMPARE(bench.confirm(asked->id).error().code, ErrorCode::ValidationFailed);

        Result<> outcome = failure(ErrorCode::Internal);
        bench.pairing.confirmAs(asked->id, bench.agent, "window", [&](Result<> answer) { outcome = answer; });
        bench.storage.settle();

        QVERIFY(outcome);
        QCOMPARE(heard.size(), std::size_t{ 1 });
        QVERIFY(*heard[0] == bench.agent);
        QVERIFY(bench.storage.kinds() == (Kinds{ "login_started", "login_granted" }));
        Heard nobody;
        bench.await(asked->id, nobody, "");
        QVERIFY(nobody.failedWith(ErrorCode::NotFound));
    }

    void login_unanswered_isHeardAsExpired()
    {
        PairingBench bench;
        std::vector<Result<AgentId>> heard;
        bench.pairing.askLogin(
            { "Claude", bench.agent }, bench.peer, [](const Result<Confirmation> &) {},
            [&](Result<AgentId> answer) { heard.push_back(answer); });
        bench.storage.settle();

        bench.advance(10min);

        QCOMPARE(heard.size(), std::size_t{ 1 });
        QCOMPARE(heard[0].error().code, ErrorCode::PairingExpired);
        QVERIFY(bench.storage.kinds() == (Kinds{ "login_started", "login_denied" }));
    }

    void login_second_waitsItsTurnAndPairingGoesOn()
    {
        PairingBench bench;
        std::vector<Result<Confirmation>> asked;
        for (int i = 0; i < 2; ++i) {
            bench.pairing.askLogin(
                { "Claude", {} }, bench.peer, [&](Result<Confirmation> answer) { asked.push_back(answer); },
                [](const Result<AgentId> &) {});
        }
        bench.storage.settle();

        QCOMPARE(asked[0].error().code, ErrorCode::RateLimited);
        QVERIFY(asked[1]);
        QVERIFY(bench.redeem(bench.open()->text));
        QCOMPARE(bench.pairing.questions().size(), std::size_t{ 2 });
    }

    void confirmAs_pairingQuestion_isNotFound()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        Result<> outcome;

        bench.pairing.confirmAs(confirmation.id, bench.agent, "window",
                                [&](Result<> answer) { outcome = answer; });

        QCOMPARE(outcome.error().code, ErrorCode::NotFound);
    }

    // Tests of the error paths.

    void open_badWish_saysWhich()
    {
        PairingBench bench;
        QCOMPARE(bench.open(0s).error().code, ErrorCode::ValidationFailed);
        QCOMPARE(bench.open(601s).error().code, ErrorCode::ValidationFailed);
        bench.put(AgentState::Paused);
        QCOMPARE(bench.open().error().code, ErrorCode::AgentPaused);

        Result<PairingCode> answer = failure(ErrorCode::Internal);
        bench.pairing.open(AgentId("nobody"), 60s, "window",
                           [&](Result<PairingCode> code) { answer = code; });
        QCOMPARE(answer.error().code, ErrorCode::NotFound);
    }

    void open_notOnRecord_opensNothing()
    {
        PairingBench bench;
        bench.storage.fault = ErrorCode::StorageFull;

        QVERIFY(!bench.open());

        QVERIFY(!bench.pairing.openCode());
    }

    void open_twiceBeforeTheRecord_onlyTheLastOpens()
    {
        PairingBench bench;
        std::vector<Result<PairingCode>> answers;

        for (int i = 0; i < 2; ++i)
            bench.pairing.open(bench.agent, 60s, "window",
                               [&](Result<PairingCode> code) { answers.push_back(code); });
        bench.storage.settle();

        QCOMPARE(answers[0].error().code, ErrorCode::Conflict);
        QCOMPARE(bench.pairing.openCode()->text, answers[1]->text);
    }

    void redeem_notOnRecord_asksNobodyAndSpendsTheCode()
    {
        PairingBench bench;
        const auto code = bench.open();
        QSignalSpy asked(&bench.pairing, &Pairing::confirmationAsked);
        bench.storage.fault = ErrorCode::StorageFull;

        QVERIFY(!bench.redeem(code->text));
        bench.storage.fault.reset();

        QCOMPARE(asked.count(), 0);
        QVERIFY(bench.pairing.questions().empty());
        QCOMPARE(bench.redeem(code->text).error().code, ErrorCode::NotFound);
    }

    void confirm_notOnRecord_staysOpen()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        bench.storage.fault = ErrorCode::StorageFull;
        QVERIFY(!bench.confirm(confirmation.id));
        QVERIFY(tablesOf(bench.storage).clients.empty());
        bench.storage.fault.reset();

        QVERIFY(bench.confirm(confirmation.id));
    }

    void confirm_agentRetiredMeanwhile_isRefused()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        bench.put(AgentState::Retired);

        QCOMPARE(bench.confirm(confirmation.id).error().code, ErrorCode::AgentPaused);
    }

    void deny_notOnRecord_standsAnyway()
    {
        PairingBench bench;
        const Confirmation confirmation = bench.redeemed();
        bench.storage.fault = ErrorCode::StorageFull;

        QVERIFY(!bench.deny(confirmation.id));

        bench.storage.fault.reset();
        QCOMPARE(bench.confirm(confirmation.id).error().code, ErrorCode::NotFound);
    }
};

QTEST_APPLESS_MAIN(PairingTest)
#include "tst_pairing.moc"
