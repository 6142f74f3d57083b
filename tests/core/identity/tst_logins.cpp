// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/logins.h"
#include "gateway_core/identity/loopback_redirect.h"
#include "tests/core/identity/tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kMe = 1000;
constexpr std::uint32_t kOther = 1001;
const std::string kResource = "http://127.0.0.1:4100/mcp";
const std::string kBack = "http://127.0.0.1:39001/callback";
// RFC 7636, appendix B.
const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

using Tokens = Result<LoginTokens>;

struct LoginBench
{
    TestStorage storage;
    FakeClock clock;
    FixedRandom random;
    Journal journal{ storage, clock };
    Registry registry{ storage, journal, clock };
    Pairing pairing{ registry, journal, clock, random };
    std::unique_ptr<Logins> logins;
    const AgentId agent{ "agent-1" };
    Peer peer;

    LoginBench()
    {
        put(storage, Agent{ agent, "Reviewer", AgentState::Active, 1 });
        peer.uid = kMe;
        peer.process = { 40, "/usr/bin/codex", "/home/ada/project" };
        start();
    }
    /// As a restart of the gateway does: only what is on disk is left.
    void start()
    {
        logins = std::make_unique<Logins>(
            Logins::Dependencies{ storage, registry, journal, pairing, clock, random });
        registry.load([](const Result<> &) {});
        storage.settle();
        logins->load([](const Result<> &) {});
        storage.settle();
    }
    void apply(Storage::Work change)
    {
        Event event;
        event.kind = EventKind::AgentChanged;
        registry.apply(std::move(change), event, [](const Result<> &) {});
        storage.settle();
    }
    void setMode(Mode mode)
    {
        Profile profile = registry.current()->profile;
        profile.mode = mode;
        apply([profile](Stores &stores) { return stores.profile.save(profile); });
    }
    Result<LoginRegistration> registerClient(const std::string &redirect = kBack)
    {
        return logins->registerClient("Codex", { redirect }, peer);
    }
    Result<std::string> ask(const std::string &registration, std::optional<std::int64_t> limit = {},
                            std::uint32_t uid = kMe)
    {
        Result<std::string> page = failure(ErrorCode::Internal);
        logins->ask({ registration, kBack, "state", kChallenge, limit, kResource }, uid,
                    [&page](Result<std::string> asked) { page = std::move(asked); });
        storage.settle();
        return page;
    }
    void confirm()
    {
        pairing.confirmAs(pairing.questions().front().id, agent, "window", [](const Result<> &) {});
        storage.settle();
    }
    void deny()
    {
        pairing.deny(pairing.questions().front().id, "window", [](const Result<> &) {});
        storage.settle();
    }
    /// From the registration to the code.
    std::string codeFor(const std::string &registration, std::optional<std::int64_t> limit = {})
    {
        const auto page = ask(registration, limit);
        confirm();
        return std::string(logins->look(*page, kMe)->code.text());
    }
    Tokens spend(const std::string &code, const std::string &registration,
                 const std::string &verifier = kVerifier, const std::string &redirect = kBack,
                 const std::string &resource = kResource, std::uint32_t uid = kMe)
    {
        Tokens answer = failure(ErrorCode::Internal);
        logins->exchangeCode({ code, verifier, registration, redirect, resource }, uid,
                             [&answer](Tokens tokens) { answer = std::move(tokens); });
        storage.settle();
        return answer;
    }
    Tokens refresh(std::string_view token, const std::string &registration, std::uint32_t uid = kMe,
                   std::optional<std::int64_t> limit = {}, const std::string &resource = {})
    {
        Tokens answer = failure(ErrorCode::Internal);
        logins->refresh({ token, registration, resource, limit }, uid,
                        [&answer](Tokens tokens) { answer = std::move(tokens); });
        storage.settle();
        return answer;
    }
    Result<> revoke(std::string_view token, const std::string &registration)
    {
        Result<> answer = failure(ErrorCode::Internal);
        logins->revoke(token, registration, [&answer](Result<> done) { answer = std::move(done); });
        storage.settle();
        return answer;
    }
    [[nodiscard]] bool isGood(const Tokens &tokens, const std::string &resource = kResource) const
    {
        const auto bearer = logins->bearerOf(tokens->access.text(), resource);
        return bearer && bearer->has_value();
    }
    void advance(Millis by)
    {
        clock.advance(by);
        storage.settle();
    }
};

template <typename T> ErrorCode codeOf(const Result<T> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

} // namespace

class LoginsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void redirect_ofLoopback_isTakenOnAnyPortAndElseExactly_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<bool>("same");
        QTest::newRow("the same") << "http://127.0.0.1:39001/callback" << true;
        QTest::newRow("another port") << "http://127.0.0.1:5/callback" << true;
        QTest::newRow("no port") << "http://127.0.0.1/callback" << true;
        QTest::newRow("another path") << "http://127.0.0.1:39001/callback/" << false;
        QTest::newRow("a query") << "http://127.0.0.1:39001/callback?x=1" << false;
        QTest::newRow("another loopback name") << "http://localhost:39001/callback" << false;
        QTest::newRow("https") << "https://127.0.0.1:39001/callback" << false;
        QTest::newRow("a user that looks like it") << "http://127.0.0.1:80@evil.example/callback" << false;
        QTest::newRow("a name that begins like it") << "http://127.0.0.1.evil.example/callback" << false;
        QTest::newRow("a port that is none") << "http://127.0.0.1:99999/callback" << false;
        QTest::newRow("a fragment") << "http://127.0.0.1:39001/callback#x" << false;
        QTest::newRow("another host") << "http://evil.example:39001/callback" << false;
    }
    void redirect_ofLoopback_isTakenOnAnyPortAndElseExactly()
    {
        QFETCH(QString, asked);
        QTEST(sameRedirect(kBack, asked.toStdString()), "same");
    }

    void redirect_withoutAPath_isTheRootAtEachOfTheNames()
    {
        for (const std::string name : { "http://127.0.0.1", "http://localhost", "http://[::1]" }) {
            QVERIFY(sameRedirect(name + ":33418", name + ":33418/"));
            QVERIFY(sameRedirect(name + "/", name + ":51000"));
            QVERIFY(sameRedirect(name, name + ":51000/"));
            QVERIFY(!sameRedirect(name + "/", name + ":51000/callback"));
            QVERIFY(sameAddress(name + ":33418", name + ":33418/"));
            QVERIFY(sameAddress(name, name + ":80/"));
            QVERIFY(sameAddress(name + "?a=b", name + "/?a=b"));
            QVERIFY(!sameAddress(name + ":33418", name + ":33419"));
        }
        QVERIFY(!sameRedirect("http://127.0.0.1/", "http://localhost/"));
    }

    void register_redirectsOfManyKinds_keepsThoseThatLeadToThisMachine()
    {
        LoginBench bench;
        const auto kept = bench.logins->registerClient(
            "Editor",
            { "https://editor.example/redirect", "http://localhost/", "http://127.0.0.1/",
              "http://192.168.1.5:33418/", "editor://login", "http://127.0.0.1:33418/" },
            bench.peer);
        QVERIFY(kept);
        QCOMPARE(kept->redirects,
                 (std::vector<std::string>{ "http://localhost/", "http://127.0.0.1/",
                                            "http://127.0.0.1:33418/" }));
        const auto first
            = bench.logins->registerClient("Editor", std::vector<std::string>(9, kBack), bench.peer);
        QCOMPARE(first->redirects.size(), std::size_t(8));
        QVERIFY(bench.logins->registrationFor(kept->id, "http://127.0.0.1:40123", kMe));
        QVERIFY(codeOf(bench.logins->registrationFor(kept->id, "https://editor.example/redirect", kMe))
                == ErrorCode::ValidationFailed);
        QVERIFY(codeOf(bench.logins->registrationFor(kept->id, "http://192.168.1.5:33418/", kMe))
                == ErrorCode::ValidationFailed);
    }

    void register_foreignRedirect_isRefused()
    {
        LoginBench bench;
        for (const char *uri : { "https://example.org/cb", "http://example.org/cb", "app:/cb", "" })
            QVERIFY(codeOf(bench.registerClient(uri)) == ErrorCode::ValidationFailed);
        QVERIFY(codeOf(bench.logins->registerClient("Codex", {}, bench.peer)) == ErrorCode::ValidationFailed);
        QVERIFY(codeOf(bench.logins->registerClient("", { kBack }, bench.peer))
                == ErrorCode::ValidationFailed);
    }

    void register_thirtyThird_isRefusedUntilTheUnusedRunOut()
    {
        LoginBench bench;
        std::string first;
        for (std::size_t i = 0; i < kRegistrationsMost; ++i)
            first = bench.registerClient()->id;
        QVERIFY(codeOf(bench.registerClient()) == ErrorCode::RateLimited);
        bench.advance(10min - 1ms);
        QVERIFY(bench.logins->registrationFor(first, kBack, kMe));
        bench.advance(1ms);
        QVERIFY(codeOf(bench.logins->registrationFor(first, kBack, kMe)) == ErrorCode::NotFound);
        QVERIFY(bench.registerClient());
    }

    void register_used_staysAndSurvivesARestart()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        QVERIFY(bench.spend(bench.codeFor(id), id));
        bench.advance(11min);
        bench.start();
        QVERIFY(bench.logins->registrationFor(id, kBack, kMe));
    }

    void register_usedAndItsLoginRevoked_staysAndIsAskedAbout()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens tokens = bench.spend(bench.codeFor(id), id);
        QVERIFY(bench.revoke(tokens->refresh.text(), id));
        bench.advance(11min);
        bench.start();
        QVERIFY(codeOf(bench.refresh(tokens->refresh.text(), id)) == ErrorCode::NotFound);
        QVERIFY(bench.ask(id));
    }

    void client_thatIsRegisteredNoMore_isNamedAsSuch()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        const auto isClientsFault = [](const Tokens &tokens) {
            return codeOf(tokens) == ErrorCode::NotFound && tokens.error().details.is_object()
                && tokens.error().details.value("field", "") == "client_id";
        };
        QVERIFY(isClientsFault(bench.refresh("gh_r_nothing", "forgotten")));
        QVERIFY(isClientsFault(bench.refresh(first->refresh.text(), "forgotten")));
        QVERIFY(isClientsFault(bench.spend("gh_c_nothing", "forgotten")));
        QVERIFY(!isClientsFault(bench.refresh("gh_r_nothing", id)));
        QVERIFY(bench.isGood(first));
    }

    void code_redeemedWithItsRedirectSpelledOtherwise_isGood()
    {
        LoginBench bench;
        const std::string id = bench.registerClient("http://127.0.0.1/")->id;
        Result<std::string> page = failure(ErrorCode::Internal);
        bench.logins->ask({ id, "http://127.0.0.1:33418", "state", kChallenge, {}, kResource }, kMe,
                          [&page](Result<std::string> asked) { page = std::move(asked); });
        bench.storage.settle();
        bench.confirm();
        const std::string code(bench.logins->look(*page, kMe)->code.text());
        QVERIFY(bench.spend(code, id, kVerifier, "http://127.0.0.1:33418/"));
    }

    void ask_saysWhatTheLoginIsFor()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        QVERIFY(bench.ask(id, 0b10));
        QVERIFY(bench.pairing.questions().front().scopeLimit == 0b10);
        bench.deny();
        bench.advance(61s);
        QVERIFY(bench.ask(id));
        QVERIFY(!bench.pairing.questions().front().scopeLimit);
    }

    void ask_anotherSystemUsersClient_isUnknown()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        QVERIFY(codeOf(bench.ask(id, {}, kOther)) == ErrorCode::NotFound);
        QVERIFY(codeOf(bench.ask("nobody")) == ErrorCode::NotFound);
        QVERIFY(bench.pairing.questions().empty());
    }

    void ask_whileAnotherWaits_isRefused()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        QVERIFY(bench.ask(id));
        QVERIFY(codeOf(bench.ask(id)) == ErrorCode::RateLimited);
        QCOMPARE(bench.pairing.questions().size(), std::size_t(1));
    }

    void ask_afterDeny_isDeniedSilentlyForAMinuteToThisProgramAlone()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const auto page = bench.ask(id);
        bench.deny();
        QVERIFY(bench.logins->look(*page, kMe)->state == LoginSight::State::Denied);

        const std::string again = bench.registerClient()->id; // as Codex does at once
        QVERIFY(codeOf(bench.ask(again)) == ErrorCode::ApprovalDenied);
        QVERIFY(bench.pairing.questions().empty());

        bench.peer.process.pid = 41;
        const std::string another = bench.registerClient()->id;
        QVERIFY(bench.ask(another));
        bench.deny();
        bench.advance(60s);
        QVERIFY(bench.ask(again));
    }

    void page_shownToAnotherUser_isUnknownAndCodeIsGivenOnce()
    {
        LoginBench bench;
        const auto page = bench.ask(bench.registerClient()->id);
        const auto waiting = bench.logins->look(*page, kMe);
        QVERIFY(waiting->state == LoginSight::State::Waiting);
        QCOMPARE(waiting->checkNumber, bench.pairing.questions().front().checkNumber);
        bench.confirm();
        QVERIFY(codeOf(bench.logins->look(*page, kOther)) == ErrorCode::NotFound);
        QVERIFY(!bench.logins->look(*page, kMe)->code.isEmpty());
        QVERIFY(bench.logins->look(*page, kMe)->code.isEmpty());
    }

    void code_withEverythingRight_makesAClientOfTheChosenAgent()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens tokens = bench.spend(bench.codeFor(id, 0b10), id);
        QVERIFY(tokens);
        const auto bearer = bench.logins->bearerOf(tokens->access.text(), kResource);
        QVERIFY(bearer && *bearer);
        const Client *client = bench.registry.current()->client((*bearer)->client);
        QVERIFY(client && client->agent == bench.agent);
        QCOMPARE(client->pairedBy, std::string("/usr/bin/codex"));
        QVERIFY((*bearer)->scopeLimit == 0b10);
        QVERIFY(!bench.isGood(tokens, "http://127.0.0.1:4200/mcp"));
        QVERIFY(!*bench.logins->bearerOf(tokens->refresh.text(), kResource));
    }

    void code_withOneThingWrong_isSpentAndGivesNothing_data()
    {
        QTest::addColumn<int>("wrong");
        QTest::newRow("verifier") << 0;
        QTest::newRow("short verifier") << 1;
        QTest::newRow("client") << 2;
        QTest::newRow("redirect, by its port") << 3;
        QTest::newRow("resource") << 4;
        QTest::newRow("system user") << 5;
        QTest::newRow("time") << 6;
    }
    void code_withOneThingWrong_isSpentAndGivesNothing()
    {
        QFETCH(int, wrong);
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const std::string code = bench.codeFor(id);
        if (wrong == 6)
            bench.advance(60s);
        const Tokens tokens
            = bench.spend(code, wrong == 2 ? bench.registerClient()->id : id,
                          wrong == 0       ? std::string(43, 'a')
                              : wrong == 1 ? std::string("short")
                                           : kVerifier,
                          wrong == 3 ? "http://127.0.0.1:39002/callback" : kBack,
                          wrong == 4 ? "http://127.0.0.1:4200/mcp" : kResource, wrong == 5 ? kOther : kMe);
        QVERIFY(codeOf(tokens) == ErrorCode::NotFound);
        QVERIFY(codeOf(bench.spend(code, id)) == ErrorCode::NotFound);
        QVERIFY(bench.registry.current()->clients.empty());
    }

    void code_spentTwice_endsWhatItMade()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const std::string code = bench.codeFor(id);
        const Tokens tokens = bench.spend(code, id);
        QVERIFY(bench.isGood(tokens));
        QVERIFY(codeOf(bench.spend(code, id)) == ErrorCode::NotFound);
        QVERIFY(!bench.isGood(tokens));
        QCOMPARE(bench.storage.kinds().back(), std::string("login_revoked"));
    }

    void accessToken_livesAnHour_andTheFamilyThirtyDays()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        bench.advance(60min - 1ms);
        QVERIFY(bench.isGood(first));
        bench.advance(1ms);
        QVERIFY(!bench.isGood(first));

        const Tokens second = bench.refresh(first->refresh.text(), id);
        QVERIFY(second && bench.isGood(second));
        bench.advance(std::chrono::hours(24 * 30) - 60min);
        QVERIFY(codeOf(bench.refresh(second->refresh.text(), id)) == ErrorCode::NotFound);
    }

    void refresh_repeatedInTime_getsASiblingEachTime()
    {
        LoginBench bench;
        QSignalSpy told(bench.logins.get(), &Logins::endedForReuse);
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        std::vector<Tokens> siblings; // of as many processes of one program, which share what they keep
        for (int process = 0; process < 8; ++process)
            siblings.push_back(bench.refresh(first->refresh.text(), id));
        bench.advance(30s);
        siblings.push_back(bench.refresh(first->refresh.text(), id));
        bench.advance(31s);
        for (const Tokens &sibling : siblings) {
            QVERIFY(sibling && bench.isGood(sibling));
            QVERIFY(bench.refresh(sibling->refresh.text(), id));
        }
        QCOMPARE(told.count(), 0);

        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::NotFound);
        QCOMPARE(told.count(), 1);
        for (const Tokens &sibling : siblings)
            QVERIFY(!bench.isGood(sibling));
        QCOMPARE(bench.storage.kinds().back(), std::string("login_revoked"));
    }

    void tokens_ofOneLogin_haveABoundAndTheOldestGivesWay()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        const Tokens oldest = bench.refresh(first->refresh.text(), id);
        for (std::size_t i = 0; i < kLoginTokensMost; ++i) {
            bench.advance(1ms);
            QVERIFY(bench.refresh(first->refresh.text(), id));
        }
        QVERIFY(!bench.isGood(oldest));
        QVERIFY(codeOf(bench.refresh(oldest->refresh.text(), id)) == ErrorCode::NotFound);
        const auto rows = bench.storage.readNow<std::vector<LoginToken>>(
            [](Stores &stores) { return stores.logins.tokens(); });
        QCOMPARE(rows->size(), 2 * kLoginTokensMost + 1);
    }

    void refresh_repeatedLater_endsTheFamily()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        const Tokens second = bench.refresh(first->refresh.text(), id);
        bench.advance(30s + 1ms);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::NotFound);
        QVERIFY(!bench.isGood(second));
        QVERIFY(bench.registry.current()->clients.begin()->second.revokedAt);
    }

    void refresh_byAnotherSystemUser_endsTheFamily()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id, kOther)) == ErrorCode::NotFound);
        QVERIFY(!bench.isGood(first));
    }

    void refresh_byAnotherClient_getsNothingAndEndsTheFamilyOnlyWhenItWasSpent()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const std::string other = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), other)) == ErrorCode::NotFound);
        QVERIFY(bench.isGood(first));
        const Tokens second = bench.refresh(first->refresh.text(), id);
        QVERIFY(second);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), other)) == ErrorCode::NotFound);
        QVERIFY(!bench.isGood(second));
    }

    void refresh_scope_onlyNarrowsAndOnlyTheAccessToken()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id, 0b0110), id);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id, kMe, 0b1110)) == ErrorCode::ScopeDenied);
        const Tokens narrow = bench.refresh(first->refresh.text(), id, kMe, 0b0100);
        QVERIFY((*bench.logins->bearerOf(narrow->access.text(), kResource))->scopeLimit == 0b0100);
        const Tokens whole = bench.refresh(narrow->refresh.text(), id);
        QVERIFY((*bench.logins->bearerOf(whole->access.text(), kResource))->scopeLimit == 0b0110);
    }

    void refresh_forAnotherResource_isRefusedUnspent()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id, kMe, {}, "http://127.0.0.1:4200/mcp"))
                == ErrorCode::ValidationFailed);
        QVERIFY(bench.refresh(first->refresh.text(), id, kMe, {}, kResource));
    }

    void refresh_whileStorageFails_isTemporaryAndSpendsNothing()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const std::string code = bench.codeFor(id);
        bench.storage.fault = ErrorCode::StorageFull;
        QVERIFY(codeOf(bench.spend(code, id)) != ErrorCode::NotFound);
        bench.storage.fault.reset();
        const Tokens first = bench.spend(code, id);
        QVERIFY(first);
        bench.storage.fault = ErrorCode::StorageFull;
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::StorageFull);
        bench.storage.fault.reset();
        bench.advance(31s);
        QVERIFY(bench.refresh(first->refresh.text(), id));
    }

    void refresh_whilePausedDrainingOrNotLoaded_isTemporary()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        bench.setMode(Mode::Paused);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::GatewayPaused);
        QVERIFY(codeOf(bench.registerClient()) == ErrorCode::GatewayPaused);
        bench.setMode(Mode::Draining);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::GatewayDraining);
        bench.setMode(Mode::Running);
        bench.apply([&](Stores &stores) {
            return stores.agents.save(Agent{ bench.agent, "Reviewer", AgentState::Paused, 1 });
        });
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::AgentPaused);

        Logins fresh(
            { bench.storage, bench.registry, bench.journal, bench.pairing, bench.clock, bench.random });
        QVERIFY(codeOf(fresh.bearerOf(first->access.text(), kResource)) == ErrorCode::GatewayLocked);
        fresh.refresh({ first->refresh.text(), id, {}, {} }, kMe,
                      [](const Tokens &tokens) { QVERIFY(codeOf(tokens) == ErrorCode::GatewayLocked); });
    }

    void login_afterARestart_goesOn()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id, 0b10), id);
        const Tokens second = bench.refresh(first->refresh.text(), id);
        bench.start();
        QVERIFY(bench.isGood(second));
        QVERIFY((*bench.logins->bearerOf(second->access.text(), kResource))->scopeLimit == 0b10);
        QVERIFY(bench.refresh(second->refresh.text(), id));
        // What was spent before is still known as spent.
        bench.advance(31s);
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::NotFound);
        QVERIFY(!bench.isGood(second));
        bench.start();
        QVERIFY(!bench.isGood(second));
    }

    void revoke_byItsClient_endsTheFamilyAndAnUnknownTokenIsFine()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        QVERIFY(bench.revoke("gh_r_nothing", id));
        QVERIFY(bench.revoke(first->refresh.text(), "another"));
        QVERIFY(bench.isGood(first));
        QVERIFY(bench.revoke(first->access.text(), id));
        QVERIFY(!bench.isGood(first));
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::NotFound);
    }

    void client_revokedByTheOwner_endsItsTokens()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        Client client = bench.registry.current()->clients.begin()->second;
        client.revokedAt = bench.registry.now();
        bench.apply([client](Stores &stores) { return stores.agents.save(client); });
        QVERIFY(!bench.isGood(first));
        QVERIFY(codeOf(bench.refresh(first->refresh.text(), id)) == ErrorCode::NotFound);
    }

    void tokens_onDisk_areHashesOnly()
    {
        LoginBench bench;
        const std::string id = bench.registerClient()->id;
        const Tokens first = bench.spend(bench.codeFor(id), id);
        const auto rows = bench.storage.readNow<std::vector<LoginToken>>(
            [](Stores &stores) { return stores.logins.tokens(); });
        QCOMPARE(rows->size(), std::size_t(2));
        for (const LoginToken &row : *rows)
            QVERIFY(row.hash == sha256({ first->access.text() })
                    || row.hash == sha256({ first->refresh.text() }));
        for (const JournalRow &row : bench.storage.journal()) {
            for (const std::string_view secret : { "gh_l_", "gh_r_", "gh_c_" })
                QVERIFY(row.body.find(secret) == std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(LoginsTest)
#include "tst_logins.moc"
