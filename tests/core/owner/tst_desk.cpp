// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rights.h"
#include "tests/core/owner/desk_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

using Door = OwnerCaller::Door;
using Minted = std::pair<Client, Secret>;

struct Expected
{
    Act act;
    const char *name;
    bool window;
    bool token;
};
// Written down a second time on purpose: loosening the table has to be said twice.
const std::vector<Expected> kExpected{
    { Act::CreateAgent, "create agent", false, false },
    { Act::RenameAgent, "rename agent", false, false },
    { Act::PauseAgent, "pause agent", false, false },
    { Act::ResumeAgent, "resume agent", true, true },
    { Act::RetireAgent, "retire agent", false, false },
    { Act::NarrowGrant, "narrow grant", false, false },
    { Act::WidenGrant, "widen grant", true, true },
    { Act::WildcardGrant, "wildcard grant", true, true },
    { Act::LiftOff, "lift an off", true, true },
    { Act::MintAgentToken, "mint agent token", true, true },
    { Act::RotateAgentToken, "rotate agent token", true, true },
    { Act::RevokeClient, "revoke client", false, false },
    { Act::MintOwnerToken, "mint owner token", true, true },
    { Act::RevokeOwnerToken, "revoke owner token", false, false },
    { Act::OpenPairing, "open pairing", false, true },
    { Act::ClosePairing, "close pairing", false, false },
    { Act::ConfirmPairing, "confirm pairing", false, true },
    { Act::DenyPairing, "deny pairing", false, false },
    { Act::AllowCall, "allow call", false, true },
    { Act::AllowCallWithPin, "allow call with PIN", true, true },
    { Act::DenyCall, "deny call", false, false },
    { Act::EndYes, "end a yes", false, false },
    { Act::PauseGateway, "pause gateway", false, false },
    { Act::ResumeGateway, "resume gateway", true, true },
    { Act::StopEverything, "stop everything", false, false },
    { Act::FirstConnection, "first connection", false, true },
    { Act::ChangeConnection, "change connection", true, true },
    { Act::ExportJournal, "export journal", true, true },
    { Act::MoveExports, "move exports", true, true },
    { Act::AcceptRestore, "accept a restore", true, true },
    { Act::SettleClock, "settle the clock", true, true },
    { Act::LoosenProtection, "loosen protection", true, true },
    { Act::ReadAnything, "read anything", false, false },
};

ErrorCode codeOf(const Result<> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

} // namespace

class DeskTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void acts_atEachDoor_takeWhatTheTableSays()
    {
        QCOMPARE(kExpected.size(), std::size_t(kActs));
        DeskBench bench(m_tasker);
        for (const Expected &row : kExpected) {
            for (const auto &[door, name, needs] : { std::tuple(Door::Window, "window", row.window),
                                                     std::tuple(Door::Token, "owner-token-1", row.token) }) {
                const OwnerCaller caller{ door, name, "", "test" };
                QVERIFY2(needsStepUp(row.act, door) == needs, row.name);
                QVERIFY2(bench.desk.gate(row.act, caller).has_value() == !needs, row.name);
            }
        }
        bench.enterPin("window");
        for (const Expected &row : kExpected) {
            QVERIFY2(bench.desk.gate(row.act, OwnerCaller{}).has_value(), row.name);
            // The window's PIN opens nothing for a token, whatever it calls itself.
            const OwnerCaller thief{ Door::Token, "window", "", "ctl" };
            QVERIFY2(bench.desk.gate(row.act, thief).has_value() == !row.token, row.name);
        }
    }

    void token_withTheRightTicket_passes_andOnlyForFiveMinutes()
    {
        DeskBench bench(m_tasker);
        bench.enterPin("owner-token-1");

        QVERIFY(bench.desk.gate(Act::MintAgentToken, bench.tokenCaller(true)));
        QVERIFY(!bench.desk.gate(Act::MintAgentToken, bench.tokenCaller(false)));
        OwnerCaller other = bench.tokenCaller(true);
        other.name = "owner-token-2";
        QVERIFY(!bench.desk.gate(Act::MintAgentToken, other));
        bench.clock.advance(5min);
        QVERIFY(!bench.desk.gate(Act::MintAgentToken, bench.tokenCaller(true)));
    }

    void grants_wider_needThePin_narrowerDoNot()
    {
        DeskBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant(caller, request, std::move(done)); });
        };

        const auto refused = put(bench.tokenCaller(), bench.request("issues:read", Answer::Ask));
        QCOMPARE(refused.error().code, ErrorCode::StepUpRequired);
        bench.enterPin("owner-token-1");
        const auto given = put(bench.tokenCaller(true), bench.request("issues:read", Answer::Allow));
        QVERIFY(given);
        QVERIFY(given->revision > 0);
        bench.stepUp.forget("owner-token-1");
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", Answer::Ask)));
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", Answer::Off)));
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("answer"), Json("off"));
        QCOMPARE(put(bench.tokenCaller(), bench.request("issues:read", Answer::Allow, "*")).error().code,
                 ErrorCode::StepUpRequired);
    }

    void grants_anotherNameForAProject_needsThePin()
    {
        DeskBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant(caller, request, std::move(done)); });
        };
        bench.enterPin("owner-token-1");
        GrantRequest request = bench.request("issues:create", Answer::Ask);
        request.projectName = "Engineering";
        request.projectIdentifier = "ENG";
        QVERIFY(put(bench.tokenCaller(true), request));
        bench.stepUp.forget("owner-token-1");

        GrantRequest disguised = request;
        disguised.projectName = "Sandbox";
        QCOMPARE(put(bench.tokenCaller(), disguised).error().code, ErrorCode::StepUpRequired);
        disguised = request;
        disguised.projectIdentifier = "SBX";
        QCOMPARE(put(bench.tokenCaller(), disguised).error().code, ErrorCode::StepUpRequired);

        GrantRequest nameless = request;
        nameless.projectName.clear();
        nameless.projectIdentifier.clear();
        nameless.answer = Answer::AskWithPin;
        const auto kept = put(bench.tokenCaller(), nameless);
        QVERIFY(kept);
        QCOMPARE(kept->projectName, std::string("Engineering"));
    }

    void grants_offUnderAWildcard_needsNoPin_andLiftingItDoes()
    {
        DeskBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant(caller, request, std::move(done)); });
        };
        const auto answerOn = [&](const char *project) {
            const std::array reading{ Scope::IssuesRead };
            return decide(*bench.registry->current(), bench.request("", Answer::Off).agent,
                          ProjectId(project), reading, bench.registry->now())
                .answer;
        };
        const GrantRequest off = bench.request("issues:read", Answer::Off);
        GrantRequest lift = off;
        lift.removes = true;
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", Answer::Allow, "*")));
        bench.stepUp.forget("owner-token-1");

        const auto set = put(bench.tokenCaller(), off);

        QVERIFY(set);
        QVERIFY(set->answer == Answer::Off);
        QVERIFY(answerOn(off.project.text().c_str()) == Answer::Off);
        QVERIFY(answerOn("another") == Answer::Allow);
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("wider"), Json(false));

        // What would let the wildcard speak again, or anything else be done there, needs the PIN.
        QCOMPARE(put(bench.tokenCaller(), lift).error().code, ErrorCode::StepUpRequired);
        QCOMPARE(put(bench.tokenCaller(), bench.request("issues:read", Answer::AskWithPin)).error().code,
                 ErrorCode::StepUpRequired);
        QVERIFY(answerOn(off.project.text().c_str()) == Answer::Off);
        bench.enterPin("owner-token-1");
        const auto lifted = put(bench.tokenCaller(true), lift);
        QVERIFY(lifted);
        QVERIFY(lifted->answer == Answer::Allow);
        QVERIFY(answerOn(off.project.text().c_str()) == Answer::Allow);
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("removed"), Json(true));
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("wider"), Json(true));
    }

    void grants_removingAStricterOneUnderAWildcard_needsThePin()
    {
        DeskBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant(caller, request, std::move(done)); });
        };
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", Answer::Allow, "*")));
        GrantRequest request = bench.request("issues:read", Answer::AskWithPin);
        QVERIFY(put(bench.tokenCaller(true), request));
        bench.stepUp.forget("owner-token-1");
        request.removes = true;

        QCOMPARE(put(bench.tokenCaller(), request).error().code, ErrorCode::StepUpRequired);
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", Answer::Off, "*")));
        QVERIFY(put(bench.tokenCaller(), request)); // nothing speaks behind it any more
    }

    void grants_offByAToken_bringsNoNameOfItsOwn()
    {
        DeskBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant(caller, request, std::move(done)); });
        };
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", Answer::Allow, "*")));
        bench.stepUp.forget("owner-token-1");
        GrantRequest disguised = bench.request("issues:read", Answer::Off);
        disguised.projectName = "Sandbox";
        disguised.projectIdentifier = "SBX";

        const auto off = put(bench.tokenCaller(), disguised);

        QVERIFY(off);
        QCOMPARE(off->projectName, std::string());
        QCOMPARE(off->projectIdentifier, std::string());
    }

    void grants_thatMakeNoSense_areRefused()
    {
        DeskBench bench(m_tasker);
        bench.enterPin("window");
        const auto put = [&](const GrantRequest &request) {
            return bench.wait<Grant>(
                [&](Desk::Answered<Grant> done) { bench.desk.putGrant({}, request, std::move(done)); });
        };

        GrantRequest past = bench.request("issues:read", Answer::Allow);
        past.until = bench.clock.now() - 1;
        QCOMPARE(put(past).error().details.at("field"), Json("until"));
        QCOMPARE(put(bench.request("issues:destroy", Answer::Allow)).error().details.at("field"),
                 Json("scope"));
        GrantRequest odd = bench.request("issues:read", Answer::Allow);
        odd.project = ProjectId("../x");
        QCOMPARE(put(odd).error().details.at("field"), Json("project_id"));
        GrantRequest nobody = bench.request("issues:read", Answer::Allow);
        nobody.agent = AgentId("nobody");
        QCOMPARE(put(nobody).error().code, ErrorCode::NotFound);
    }

    void agentNames_areOneLine_andUnique()
    {
        DeskBench bench(m_tasker);
        const auto create = [&](const std::string &name) {
            return bench.wait<Agent>(
                [&](Desk::Answered<Agent> done) { bench.desk.createAgent({}, name, std::move(done)); });
        };

        const auto made = create("  Review\nbot\xe2\x80\xae ");
        QVERIFY(made);
        QCOMPARE(made->displayName, std::string("Review bot"));
        QCOMPARE(create("REVIEW BOT").error().details.at("reason"), Json("taken"));
        QCOMPARE(create(" \xe2\x80\x8b ").error().details.at("reason"), Json("empty"));
        QCOMPARE(create(std::string(81, 'a')).error().details.at("reason"), Json("too_long"));
        QCOMPARE(bench.lastRow("agent_created").at("agent_name"), Json("Review bot"));
    }

    void retired_agent_losesItsClients_andStaysRetired()
    {
        DeskBench bench(m_tasker);
        bench.enterPin("window");
        const auto set = [&](AgentState state) {
            return bench.wait<Agent>([&](Desk::Answered<Agent> done) {
                bench.desk.setAgentState({}, bench.agent.id, state, std::move(done));
            });
        };

        QVERIFY(set(AgentState::Retired));
        QVERIFY(bench.registry->current()->client(bench.client.id)->revokedAt);
        QCOMPARE(set(AgentState::Active).error().code, ErrorCode::Conflict);
    }

    void tokens_mintedAndRotated_replaceEachOther()
    {
        DeskBench bench(m_tasker);
        bench.enterPin("window");
        const auto holder = [&](const Secret &token) {
            return bench.registry->current()->clientsByToken.contains(sha256({ token.text() }));
        };
        const auto minted = bench.wait<Minted>([&](Desk::Answered<Minted> done) {
            bench.desk.mintAgentToken({}, bench.agent.id, "By hand", std::move(done));
        });
        QVERIFY(minted);
        QVERIFY(holder(minted->second));

        const auto rotated = bench.wait<Minted>([&](Desk::Answered<Minted> done) {
            bench.desk.rotateAgentToken({}, minted->first.id, std::move(done));
        });

        QVERIFY(rotated);
        QVERIFY(holder(rotated->second));
        QVERIFY(!holder(minted->second));
        for (const auto &row : bench.storage.journal())
            QVERIFY(row.body.find(std::string(rotated->second.text())) == std::string::npos);
    }

    void withPin_inTheWindow_needsThePin()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:create", Answer::AskWithPin);
        bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        const ApprovalId question = bench.nextQuestion();
        ErrorCode told = ErrorCode::Internal;
        const auto hear = [&told](const Result<> &done) { told = codeOf(done); };

        bench.desk.allowCall({}, question, Reach::Once, hear);
        QCOMPARE(told, ErrorCode::StepUpRequired);
        QVERIFY(bench.requests().empty());
        bench.enterPin("window");
        bench.desk.allowCall({}, question, Reach::Once, hear);

        QVERIFY(HallwayBench::until([&] { return bench.hallway->underWay() == 0; }));
        QCOMPARE(bench.writesSeen(), 1);
    }

    void token_withoutThePin_mayDenyButNotAllow()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:create", Answer::Ask);
        const auto answer
            = bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        const ApprovalId question = bench.nextQuestion();
        ErrorCode told = ErrorCode::Internal;

        bench.desk.allowCall(bench.tokenCaller(), question, Reach::Once,
                             [&](const Result<> &done) { told = codeOf(done); });
        QCOMPARE(told, ErrorCode::StepUpRequired);
        bench.desk.denyCall(bench.tokenCaller(), question, "No", false, [](const Result<> &) {});

        QVERIFY(HallwayBench::until([&] { return answer->has_value(); }));
        QCOMPARE((*answer)->result.error().code, ErrorCode::ApprovalDenied);
    }

    void preview_ofAMove_isReadAsTheOwner()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:move", Answer::Ask);
        bench.begin(bench.callOf("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "Done" } }));
        const ApprovalId question = bench.nextQuestion();

        const auto preview = bench.wait<Preview>(
            [&](Desk::Answered<Preview> done) { bench.desk.preview(question, std::move(done)); });

        QVERIFY(preview);
        QCOMPARE(preview->issue, std::string("ENG-1"));
        QCOMPARE(preview->fields.at(0).before, std::string("Todo"));
        QCOMPARE(preview->fields.at(0).after, std::string("Done"));
        QCOMPARE(bench.requests().back().at("headers").at("x-nodedc-agent-id"), Json("owner"));
        QCOMPARE(bench.writesSeen(), 0);
    }

    void preview_isExactlyWhatIsSentAfterTheYes()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:update", Answer::Ask);
        const std::string text = std::string(3'000, 'x')
            + "\n\xe2\x80\x8b"
              "hidden\xf3\xa0\x81\x81\r\nend\n";
        bench.begin(
            bench.callOf("tasker_update_issue", { { "issue", "ENG-1" }, { "description_markdown", text } }));
        const ApprovalId question = bench.nextQuestion();

        const auto preview = bench.wait<Preview>(
            [&](Desk::Answered<Preview> done) { bench.desk.preview(question, std::move(done)); });
        bench.desk.allowCall({}, question, Reach::Once, [](const Result<> &) {});

        QVERIFY(HallwayBench::until([&] { return bench.hallway->underWay() == 0; }));
        QVERIFY(preview);
        QCOMPARE(preview->fields.size(), std::size_t(1));
        QCOMPARE(preview->fields[0].after, text);
        const auto requests = bench.requests();
        const auto sent = std::ranges::find_if(
            requests, [](const Json &request) { return request.at("method") == "PATCH"; });
        QVERIFY(sent != requests.end());
        QCOMPARE(sent->at("body").at("description_markdown"), Json(text));
    }

    /// The owner is asked, somebody moves the issue, the agent repeats: both questions name what was changed.
    void preview_ofARepeat_namesWhatWasChangedSinceTheFirstQuestion()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:update", Answer::Ask);
        bench.grant("ENG", "issues:move");
        const Json update{ { "issue", "ENG-1" }, { "priority", "urgent" } };
        const auto changed = [&bench](const ApprovalId &question) {
            return bench.wait<Preview>(
                [&](Desk::Answered<Preview> done) { bench.desk.preview(question, std::move(done)); });
        };
        bench.begin(bench.callOf("tasker_update_issue", update));
        const ApprovalId first = bench.nextQuestion();
        QVERIFY(changed(first)->changed.empty());
        bench.clock.advance(46s);
        QVERIFY(bench.use("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "Done" } }).result);

        const auto before = changed(first);
        bench.begin(bench.callOf("tasker_update_issue", update));
        QVERIFY(HallwayBench::until([&] { return bench.approvals->open().size() == 2; }));
        const ApprovalId second = bench.nextQuestion();
        const auto after = changed(second);

        for (const auto &preview : { before, after }) {
            QVERIFY(preview);
            QCOMPARE(preview->changed.size(), std::size_t(1));
            QCOMPARE(preview->changed[0].name, std::string("state"));
            QCOMPARE(preview->changed[0].before, std::string("Todo"));
            QCOMPARE(preview->changed[0].after, std::string("Done"));
        }
        QVERIFY(before->changedMeanwhile);
        QVERIFY(!after->changedMeanwhile);
    }

    void mode_pausesWithoutAndResumesWithThePin()
    {
        DeskBench bench(m_tasker);
        const auto set = [&](const OwnerCaller &caller, Mode mode) {
            return bench.wait<Profile>([&](Desk::Answered<Profile> done) {
                bench.desk.setMode(caller, mode, "why", std::move(done));
            });
        };

        QVERIFY(set(bench.tokenCaller(), Mode::Paused));
        QCOMPARE(set(bench.tokenCaller(), Mode::Running).error().code, ErrorCode::StepUpRequired);
        QCOMPARE(bench.registry->current()->profile.mode, Mode::Paused);
        QCOMPARE(bench.lastRow("mode_changed").at("more").at("mode"), Json("paused"));
    }

    void stopEverything_endsWhatWaits_andWaitsForWhatWasSent()
    {
        DeskBench bench(m_tasker);
        bench.grant("ENG", "issues:create", Answer::Ask);
        bench.grant("ENG", "comments:create");
        const auto held
            = bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        bench.nextQuestion();
        m_tasker.fault({ { "match", "POST /issues/*/comments" }, { "kind", "slow" }, { "delay_ms", 500 } });
        const auto sent = bench.begin(
            bench.callOf("tasker_add_comment", { { "issue", "ENG-1" }, { "body_markdown", "b" } }));
        QVERIFY(HallwayBench::until([&] { return bench.writesSeen() == 1; }));
        connect(&bench.desk, &Desk::closeStreams, this, [&bench] {
            bench.desk.countClosedStreams(3);
            bench.clock.advance(700ms); // that the call on its way takes
        });

        const auto quiet = bench.wait<Quiet>([&](Desk::Answered<Quiet> done) {
            bench.desk.stopEverything(bench.tokenCaller(), { true, {} }, std::move(done));
        });

        QVERIFY(quiet);
        QCOMPARE(quiet->questionsWithdrawn, 1);
        QCOMPARE(quiet->streamsClosed, 3);
        QCOMPARE(quiet->clientsRevoked, 1);
        QCOMPARE(quiet->callsFinished, 1);
        QCOMPARE(quiet->milliseconds, 700);
        QCOMPARE(bench.hallway->underWay(), 0);
        QVERIFY((*sent)->result);
        QVERIFY(!(*held)->result);
        QCOMPARE(bench.registry->current()->profile.mode, Mode::Paused);
        QVERIFY(bench.registry->current()->client(bench.client.id)->revokedAt);
    }

    void stopEverything_revokesTheClientsOfWhomItIsTold()
    {
        DeskBench bench(m_tasker);
        const auto stop = [&bench](const AgentId &agent) {
            return bench.wait<Quiet>([&](Desk::Answered<Quiet> done) {
                bench.desk.stopEverything(bench.tokenCaller(), { false, { agent } }, std::move(done));
            });
        };
        const AgentId nobody("8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3cfff");

        const auto without = stop(nobody);
        QVERIFY(without);
        QCOMPARE(without->clientsRevoked, 0);
        QCOMPARE(bench.registry->current()->profile.mode, Mode::Paused);
        QVERIFY(!bench.registry->current()->client(bench.client.id)->revokedAt);

        const auto with = stop(bench.agent.id);
        QVERIFY(with);
        QCOMPARE(with->clientsRevoked, 1);
        QVERIFY(bench.registry->current()->client(bench.client.id)->revokedAt);
        QCOMPARE(bench.lastRow("everything_stopped").at("more").at("revoke_agents"),
                 Json::array({ bench.agent.id.text() }));
    }

    void connection_first_andAnother()
    {
        DeskBench bench(m_tasker);
        const auto settings = [&](bool withCredential) {
            ConnectionSettings made;
            made.taskerUrl = m_tasker.baseUrl();
            made.ownerUserId = m_tasker.owner();
            made.ownerEmail = "owner@example.org";
            made.caFile = m_tasker.caFile();
            if (withCredential)
                made.credential = Secret(m_tasker.credential());
            return made;
        };
        const auto save = [&](const OwnerCaller &caller, ConnectionSettings made) {
            return bench.wait<Profile>([&](Desk::Answered<Profile> done) {
                bench.desk.saveConnection(caller, std::move(made), std::move(done));
            });
        };

        QCOMPARE(save(bench.tokenCaller(), settings(true)).error().code, ErrorCode::StepUpRequired);
        const auto first = save({}, settings(true));
        QVERIFY2(first, first ? "" : first.error().detail.c_str());
        QCOMPARE(first->taskerUrl, m_tasker.baseUrl());
        QVERIFY(bench.secrets.has(taskerCredentialEntry("1")));
        QCOMPARE(save({}, settings(true)).error().code, ErrorCode::StepUpRequired); // another one: the PIN
        bench.enterPin("window");
        QVERIFY(save({}, settings(false)));
        ConnectionSettings elsewhere = settings(false);
        elsewhere.taskerUrl = "https://tasker.example/api/internal/nodedc/agent";
        QCOMPARE(save({}, std::move(elsewhere)).error().details.at("reason"),
                 Json("needed_for_another_address"));
        QCOMPARE(bench.registry->current()->profile.taskerUrl, m_tasker.baseUrl());
        const auto found = bench.wait<Json>([&](Desk::Answered<Json> done) {
            bench.desk.testConnection({}, settings(false), std::move(done));
        });
        QVERIFY(found);
        QCOMPARE(found->at("matches").size(), std::size_t(3));
        for (const auto &row : bench.storage.journal())
            QVERIFY(row.body.find(m_tasker.credential()) == std::string::npos);
    }

    void connection_isTriedBeforeItIsStored()
    {
        DeskBench bench(m_tasker);
        const std::string base = m_tasker.baseUrl();
        const std::string root = base.substr(0, base.size() - std::string(kAdapterPath).size());
        const auto save = [&](const std::string &url, const std::string &credential) {
            ConnectionSettings made;
            made.taskerUrl = url;
            made.ownerUserId = m_tasker.owner();
            made.caFile = m_tasker.caFile();
            made.credential = Secret(std::string_view(credential));
            bench.enterPin("window");
            return bench.wait<Profile>([&](Desk::Answered<Profile> done) {
                bench.desk.saveConnection({}, std::move(made), std::move(done));
            });
        };

        const auto found = save(root + "/acme/projects/1?x=y", m_tasker.credential());
        QVERIFY2(found, found ? "" : found.error().detail.c_str());
        QCOMPARE(found->taskerUrl, base);
        QVERIFY(bench.relay.health().heard);

        const auto wrong = save(base, "tk_wrong");
        QCOMPARE(wrong.error().code, ErrorCode::UpstreamAuthFailed);
        QCOMPARE(wrong.error().details.at("reason"), Json("wrong_credential"));
        QVERIFY(bench.relay.health().heard); // the present one stands
        QCOMPARE(bench.registry->current()->profile.taskerUrl, base);

        // Nothing answers there: stored, and known not to have answered.
        const auto silent = save("http://127.0.0.1:1/tasker?x", m_tasker.credential());
        QVERIFY2(silent, silent ? "" : silent.error().detail.c_str());
        QCOMPARE(silent->taskerUrl, std::string("http://127.0.0.1:1/tasker"));
        QVERIFY(!bench.relay.health().heard);
        QVERIFY(bench.relay.health().lastError == ErrorCode::UpstreamUnavailable);
        QCOMPARE(bench.relay.health().reason, std::string("not_reachable"));
    }

    void connection_thatCannotBeStored_leavesNoCredentialBehind()
    {
        DeskBench bench(m_tasker);
        ConnectionSettings made;
        made.taskerUrl = m_tasker.baseUrl();
        made.ownerUserId = m_tasker.owner();
        made.caFile = m_tasker.caFile();
        made.credential = Secret(m_tasker.credential());
        bench.storage.fault = ErrorCode::StorageFull;

        const auto saved = bench.wait<Profile>([&](Desk::Answered<Profile> done) {
            bench.desk.saveConnection({}, std::move(made), std::move(done));
        });

        QVERIFY(!saved);
        QVERIFY(!bench.secrets.has(taskerCredentialEntry("1")));
        QVERIFY(bench.registry->current()->profile.taskerUrl.empty());
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(DeskTest)
#include "tst_desk.moc"
