// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rights.h"
#include "gateway_core/identity/directory.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <random>

using namespace gatehouse;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000;
constexpr std::array kAnswers{ GrantPolicy::Off, GrantPolicy::Allow, GrantPolicy::Ask,
                               GrantPolicy::AskWithPin };
const AgentId kAgent{ "agent" };
const ProjectId kProject{ "eng" };

Grant grantOf(const ProjectId &project, Scope scope, GrantPolicy answer,
              std::optional<std::int64_t> until = {}, std::int64_t revision = 1)
{
    Grant grant;
    grant.agent = kAgent;
    grant.project = project;
    grant.scope = nameOf(scope);
    grant.answer = answer;
    grant.until = until;
    grant.revision = revision;
    return grant;
}

Directory holding(const std::vector<Grant> &grants)
{
    Directory directory;
    for (const Grant &grant : grants)
        directory.grants[grant.agent].insert_or_assign({ grant.project, grant.scope }, grant);
    return directory;
}

GrantPolicy answerFor(const Directory &directory, std::vector<Scope> needed)
{
    return decide(directory, kAgent, kProject, needed, kNow).answer;
}

/// off 3, ask with PIN 2, ask 1, allow 0: written down here again, so that a slip there is seen.
int strict(GrantPolicy answer)
{
    constexpr std::array order{ GrantPolicy::Allow, GrantPolicy::Ask, GrantPolicy::AskWithPin,
                                GrantPolicy::Off };
    return static_cast<int>(std::ranges::find(order, answer) - order.begin());
}

/// A directory with a random choice of grants of one agent, on the project, on another and on all.
class Dice final
{
public:
    explicit Dice(unsigned seed)
        : m_engine(seed)
    {
    }
    int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(m_engine); }
    GrantPolicy answer() { return kAnswers.at(static_cast<std::size_t>(below(4))); }
    Scope scope() { return kScopes.at(static_cast<std::size_t>(below(static_cast<int>(kScopes.size())))); }
    std::optional<std::int64_t> until()
    {
        switch (below(4)) {
        case 0: return kNow;
        case 1: return kNow + 1;
        case 2: return kNow - 1;
        default: return std::nullopt;
        }
    }
    Grant grant()
    {
        const std::array places{ kProject, ProjectId("ops"), kEveryProject };
        return grantOf(places.at(static_cast<std::size_t>(below(3))), scope(), answer(), until(), below(100));
    }
    std::vector<Grant> grants()
    {
        std::vector<Grant> all(static_cast<std::size_t>(below(20)));
        std::ranges::generate(all, [this] { return grant(); });
        return all;
    }
    std::vector<Scope> needed()
    {
        std::vector<Scope> all(static_cast<std::size_t>(1 + below(4)));
        std::ranges::generate(all, [this] { return scope(); });
        return all;
    }

private:
    std::mt19937 m_engine;
};

} // namespace

class RightsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decide_nothingGranted_isOff()
    {
        const Decision decision
            = decide(Directory(), kAgent, kProject, std::array{ Scope::IssuesRead }, kNow);

        QVERIFY(decision.answer == GrantPolicy::Off);
        QVERIFY(decision.missing == std::vector{ Scope::IssuesRead });
        QCOMPARE(decision.grants, std::string("issues:read=off"));
    }

    void decide_nothingNeeded_isOff()
    {
        const auto directory = holding({ grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Allow) });

        QVERIFY(answerFor(directory, {}) == GrantPolicy::Off);
    }

    void decide_twoScopes_isTheStricter()
    {
        const auto directory = holding({ grantOf(kProject, Scope::IssuesCreate, GrantPolicy::Allow, {}, 12),
                                         grantOf(kProject, Scope::LabelsWrite, GrantPolicy::Ask, {}, 9) });

        const Decision decision
            = decide(directory, kAgent, kProject,
                     std::array{ Scope::IssuesCreate, Scope::LabelsWrite, Scope::IssuesCreate }, kNow);

        QVERIFY(decision.answer == GrantPolicy::Ask);
        QCOMPARE(decision.grants, std::string("issues:create=allow@12 labels:write=ask@9"));
        QCOMPARE(decision.revision, std::int64_t{ 12 });
        QVERIFY(decision.missing.empty());
        QVERIFY(answerFor(directory, { Scope::IssuesCreate, Scope::IssuesMove }) == GrantPolicy::Off);
    }

    void decide_projectGrant_beatsTheWildcardBothWays()
    {
        const auto looser = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow),
                                      grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::AskWithPin) });
        const auto stricter = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::AskWithPin),
                                        grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Allow) });
        const auto off = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off),
                                   grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Allow) });

        QVERIFY(answerFor(looser, { Scope::IssuesRead }) == GrantPolicy::Allow);
        QVERIFY(answerFor(stricter, { Scope::IssuesRead }) == GrantPolicy::AskWithPin);
        QVERIFY(answerFor(off, { Scope::IssuesRead }) == GrantPolicy::Off);
    }

    void decide_expired_isNoGrant()
    {
        const auto ended = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow, kNow) });
        const auto lastMoment
            = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow, kNow + 1) });
        const auto behind = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow, kNow),
                                      grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Ask) });

        QVERIFY(answerFor(ended, { Scope::IssuesRead }) == GrantPolicy::Off);
        QVERIFY(answerFor(lastMoment, { Scope::IssuesRead }) == GrantPolicy::Allow);
        QVERIFY(answerFor(behind, { Scope::IssuesRead }) == GrantPolicy::Ask);
    }

    void decide_unknownScope_isOff()
    {
        Grant nameless = grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow);
        nameless.scope.clear();
        const auto directory = holding({ nameless });

        QVERIFY(answerFor(directory, { static_cast<Scope>(99) }) == GrantPolicy::Off);
    }

    void decide_anotherAgent_hasNothingOfIt()
    {
        const auto directory = holding({ grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Allow) });

        QVERIFY(decide(directory, AgentId("other"), kProject, std::array{ Scope::IssuesRead }, kNow).answer
                == GrantPolicy::Off);
        QVERIFY(!maySee(directory, AgentId("other"), kProject, kNow));
        QVERIFY(!holdsAnywhere(directory, AgentId("other"), Scope::IssuesRead, kNow));
    }

    void decide_anyGrants_isTheStrictestOfItsScopes()
    {
        for (unsigned seed = 0; seed < 3000; ++seed) {
            Dice dice(seed);
            const Directory directory = holding(dice.grants());
            const auto needed = dice.needed();

            int strictest = 0;
            std::size_t off = 0;
            std::vector<Scope> seen;
            for (const Scope scope : needed) {
                const int one = strict(answerFor(directory, { scope }));
                strictest = std::max(strictest, one);
                if (one == 3 && std::ranges::find(seen, scope) == seen.end())
                    ++off;
                seen.push_back(scope);
            }
            const Decision all = decide(directory, kAgent, kProject, needed, kNow);

            QCOMPARE(strict(all.answer), strictest);
            QCOMPARE(all.missing.size(), off);
        }
    }

    void decide_moreNeeded_isNeverLooser()
    {
        for (unsigned seed = 0; seed < 3000; ++seed) {
            Dice dice(seed);
            const Directory directory = holding(dice.grants());
            auto needed = dice.needed();
            const int before = strict(answerFor(directory, needed));

            needed.push_back(dice.scope());

            QVERIFY(strict(answerFor(directory, needed)) >= before);
        }
    }

    void decide_timePassing_neverOpensWhatHasNoWildcard()
    {
        for (unsigned seed = 0; seed < 3000; ++seed) {
            Dice dice(seed);
            auto grants = dice.grants();
            std::erase_if(grants, [](const Grant &grant) { return grant.project == kEveryProject; });
            const Directory directory = holding(grants);
            const auto needed = dice.needed();

            const int early = strict(decide(directory, kAgent, kProject, needed, kNow - 2).answer);
            const int late = strict(decide(directory, kAgent, kProject, needed, kNow + 2).answer);

            QVERIFY(late >= early);
        }
    }

    void decide_otherProjectsGrants_changeNothing()
    {
        for (unsigned seed = 0; seed < 3000; ++seed) {
            Dice dice(seed);
            auto grants = dice.grants();
            const auto needed = dice.needed();
            const GrantPolicy before = answerFor(holding(grants), needed);

            grants.push_back(grantOf(ProjectId("hr"), needed.front(), GrantPolicy::Allow));

            QVERIFY(answerFor(holding(grants), needed) == before);
        }
    }

    void maySee_anyScopeThatIsNotOff_isEnough()
    {
        const auto one = holding({ grantOf(kProject, Scope::LabelsWrite, GrantPolicy::AskWithPin) });
        const auto ended = holding({ grantOf(kProject, Scope::LabelsWrite, GrantPolicy::Allow, kNow) });
        const auto all = holding({ grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Ask) });

        QVERIFY(maySee(one, kAgent, kProject, kNow));
        QVERIFY(!maySee(one, kAgent, ProjectId("ops"), kNow));
        QVERIFY(!maySee(ended, kAgent, kProject, kNow));
        QVERIFY(maySee(all, kAgent, ProjectId("ops"), kNow));
    }

    void holdsAnywhere_oneProject_isEnough()
    {
        const auto directory = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Ask),
                                         grantOf(kProject, Scope::IssuesMove, GrantPolicy::Allow, kNow) });

        QVERIFY(holdsAnywhere(directory, kAgent, Scope::IssuesRead, kNow));
        QVERIFY(!holdsAnywhere(directory, kAgent, Scope::IssuesMove, kNow));
        QVERIFY(!holdsAnywhere(directory, kAgent, Scope::LabelsWrite, kNow));
    }

    void isWider_everyWayOfWidening_isSeen()
    {
        const auto base = grantOf(kProject, Scope::IssuesRead, GrantPolicy::Ask, kNow);
        const auto with = [&](auto &&change) {
            Grant grant = base;
            change(grant);
            return grant;
        };

        QVERIFY(!isWider(base, base));
        QVERIFY(isWider(Grant(), base));
        QVERIFY(isWider(base, with([](Grant &g) { g.answer = GrantPolicy::Allow; })));
        QVERIFY(!isWider(base, with([](Grant &g) { g.answer = GrantPolicy::AskWithPin; })));
        QVERIFY(!isWider(base, with([](Grant &g) { g.answer = GrantPolicy::Off; })));
        QVERIFY(isWider(base, with([](Grant &g) { g.until = kNow + 1; })));
        QVERIFY(isWider(base, with([](Grant &g) { g.until.reset(); })));
        QVERIFY(!isWider(base, with([](Grant &g) { g.until = kNow - 1; })));
        QVERIFY(isWider(base, with([](Grant &g) { g.project = kEveryProject; })));
        QVERIFY(isWider(base, with([](Grant &g) { g.project = ProjectId("ops"); })));
        QVERIFY(isWider(base, with([](Grant &g) { g.agent = AgentId("other"); })));
        QVERIFY(isWider(base, with([](Grant &g) { g.scope = "issues:move"; })));
        QVERIFY(!isWider(with([](Grant &g) { g.project = kEveryProject; }), base));
        // Stricter, but for longer: later it lets happen what would have been off.
        QVERIFY(isWider(base, with([](Grant &g) { g.answer = GrantPolicy::AskWithPin, g.until.reset(); })));
    }

    void widens_takingAwayTheStricterProjectGrant_isWidening()
    {
        const auto directory = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::AskWithPin),
                                         grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Allow) });

        QVERIFY(removalWidens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
        QVERIFY(!widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
        QVERIFY(
            widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::AskWithPin, kNow + 5), kNow));
        QVERIFY(!widens(directory, grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
    }

    void off_onOneProject_winsOverTheWildcard_andLiftingItWidens()
    {
        const auto directory
            = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off),
                        grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::AskWithPin) });
        const std::array reading{ Scope::IssuesRead };

        const Decision here = decide(directory, kAgent, kProject, reading, kNow);
        QVERIFY(here.answer == GrantPolicy::Off);
        QCOMPARE(here.missing.size(), 1U);
        QVERIFY(here.grants.starts_with("issues:read=off@"));
        QVERIFY(decide(directory, kAgent, ProjectId("ops"), reading, kNow).answer == GrantPolicy::AskWithPin);
        QVERIFY(!maySee(directory, kAgent, kProject, kNow));
        QVERIFY(removalWidens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
        QVERIFY(widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::AskWithPin), kNow));

        const auto alone = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off) });
        QVERIFY(!removalWidens(alone, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
        QVERIFY(!removalWidens(directory, grantOf(kEveryProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
        QVERIFY(
            !removalWidens(directory, grantOf(ProjectId("ops"), Scope::IssuesRead, GrantPolicy::Off), kNow));
    }

    void widens_expiredBefore_countsAsOff()
    {
        const auto directory = holding({ grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow, kNow) });

        QVERIFY(widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Allow, kNow), kNow));
        QVERIFY(
            widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::AskWithPin, kNow + 5), kNow));
        QVERIFY(!widens(directory, grantOf(kProject, Scope::IssuesRead, GrantPolicy::Off), kNow));
    }

    void widens_neverMissesALooserAnswer()
    {
        int seen = 0;
        for (unsigned seed = 0; seed < 5000; ++seed) {
            Dice dice(seed);
            auto grants = dice.grants();
            const Directory before = holding(grants);
            Grant after = dice.grant();
            grants.push_back(after);
            Directory changed = holding(grants);
            const bool removes
                = after.answer == GrantPolicy::Off && (after.project == kEveryProject || seed % 2 == 0);
            if (removes)
                changed.grants[kAgent].erase({ after.project, after.scope });

            bool looser = false;
            for (const std::int64_t now : { kNow, kNow + 1, kNow + 2 }) {
                for (const Scope scope : kScopes) {
                    for (const ProjectId &project : { kProject, ProjectId("ops"), ProjectId("new") }) {
                        const auto one = std::array{ scope };
                        looser = looser
                            || strict(decide(changed, kAgent, project, one, now).answer)
                                < strict(decide(before, kAgent, project, one, now).answer);
                    }
                }
            }
            const bool possible = !before.grants.contains(kAgent)
                || std::ranges::none_of(before.grants.at(kAgent), [](const auto &entry) {
                       return entry.first.first == kEveryProject && entry.second.answer == GrantPolicy::Off;
                   }); // no store keeps that
            if (looser && possible) {
                ++seen;
                QVERIFY(removes ? removalWidens(before, after, kNow) : widens(before, after, kNow));
            }
        }
        QVERIFY(seen > 100);
    }

    void place_ofTheWholeProfile_isAskedOfTheWildcardAlone()
    {
        const std::array create{ Scope::IssuesCreate };
        const Place profile{ Place::Kind::Profile, {} };
        const auto one = holding({ grantOf(kProject, Scope::IssuesCreate, GrantPolicy::Allow) });
        const auto all = holding({ grantOf(kProject, Scope::IssuesCreate, GrantPolicy::Allow),
                                   grantOf(kEveryProject, Scope::IssuesCreate, GrantPolicy::Ask, {}, 7) });

        QVERIFY(decide(one, kAgent, profile, create, kNow).answer == GrantPolicy::Off);
        QCOMPARE(decide(one, kAgent, profile, create, kNow).missing, std::vector{ Scope::IssuesCreate });
        QVERIFY(decide(one, kAgent, Place{ Place::Kind::Granted, {} }, create, kNow).answer
                == GrantPolicy::Allow);
        QVERIFY(decide(one, kAgent, Place::of({ kProject, {}, {} }), create, kNow).answer
                == GrantPolicy::Allow);
        const Decision asked = decide(all, kAgent, profile, create, kNow);
        QVERIFY(asked.answer == GrantPolicy::Ask);
        QCOMPARE(asked.asking.size(), std::size_t(1));
        QVERIFY(asked.asking.front().stands == kEveryProject && asked.asking.front().revision == 7);
    }

    void scopes_bitsOnDisk_meanWhatTheyMeant_data()
    {
        QTest::addColumn<qlonglong>("stored");
        QTest::addColumn<QByteArray>("scopes");
        QTest::newRow("reads") << qlonglong(3) << QByteArray("projects:read issues:read ");
        QTest::newRow("one") << qlonglong(16) << QByteArray("issues:move ");
        QTest::newRow("mixed") << qlonglong(0b1010'1010)
                               << QByteArray("issues:read issues:update comments:create assignees:write ");
        QTest::newRow("rest") << qlonglong(0b0100'0100) << QByteArray("issues:create labels:write ");
        QTest::newRow("none") << qlonglong(0) << QByteArray();
    }
    void scopes_bitsOnDisk_meanWhatTheyMeant()
    {
        QFETCH(qlonglong, stored);
        QFETCH(QByteArray, scopes);
        QByteArray let;
        for (const Scope scope : kScopes) {
            if (isWithin(scope, std::int64_t(stored)))
                let += QByteArray(nameOf(scope).data()) + ' ';
            QVERIFY(isWithin(scope, std::nullopt));
        }
        QCOMPARE(let, scopes);
    }

    void answers_names_goBothWays()
    {
        for (const GrantPolicy answer : kAnswers)
            QVERIFY(kAnswerWords.named(nameOf(answer)) == answer);
        QVERIFY(!kAnswerWords.named("maybe"));
        QVERIFY(!scopeNamed("issues:delete"));
        for (const Scope scope : kScopes)
            QVERIFY(scopeNamed(nameOf(scope)) == scope);
    }
};

QTEST_APPLESS_MAIN(RightsTest)
#include "tst_rights.moc"
