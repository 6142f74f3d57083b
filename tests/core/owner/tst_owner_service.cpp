// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rights.h"
#include "tests/core/owner/owner_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

using Channel = OwnerCaller::Channel;
using Minted = std::pair<Client, Secret>;

struct Expected
{
    OwnerAction act;
    const char *name;
    bool window;
    bool token;
};
// Written down a second time on purpose: loosening the table has to be said twice.
const std::vector<Expected> kExpected{
    { OwnerAction::CreateAgent, "create agent", false, false },
    { OwnerAction::RenameAgent, "rename agent", false, false },
    { OwnerAction::PauseAgent, "pause agent", false, false },
    { OwnerAction::ResumeAgent, "resume agent", true, true },
    { OwnerAction::RetireAgent, "retire agent", false, false },
    { OwnerAction::NarrowGrant, "narrow grant", false, false },
    { OwnerAction::WidenGrant, "widen grant", true, true },
    { OwnerAction::WildcardGrant, "wildcard grant", true, true },
    { OwnerAction::LiftOff, "lift an off", true, true },
    { OwnerAction::MintAgentToken, "mint agent token", true, true },
    { OwnerAction::RotateAgentToken, "rotate agent token", true, true },
    { OwnerAction::RevokeClient, "revoke client", false, false },
    { OwnerAction::MintOwnerToken, "mint owner token", true, true },
    { OwnerAction::RevokeOwnerToken, "revoke owner token", false, false },
    { OwnerAction::OpenPairing, "open pairing", false, true },
    { OwnerAction::ClosePairing, "close pairing", false, false },
    { OwnerAction::ConfirmPairing, "confirm pairing", false, true },
    { OwnerAction::DenyPairing, "deny pairing", false, false },
    { OwnerAction::AllowCall, "allow call", false, true },
    { OwnerAction::AllowCallWithPin, "allow call with PIN", true, true },
    { OwnerAction::DenyCall, "deny call", false, false },
    { OwnerAction::EndYes, "end a yes", false, false },
    { OwnerAction::PauseGateway, "pause gateway", false, false },
    { OwnerAction::ResumeGateway, "resume gateway", true, true },
    { OwnerAction::StopEverything, "stop everything", false, false },
    { OwnerAction::FirstConnection, "first connection", false, true },
    { OwnerAction::ChangeConnection, "change connection", true, true },
    { OwnerAction::ExportJournal, "export journal", true, true },
    { OwnerAction::MoveExports, "move exports", true, true },
    { OwnerAction::AcceptRestore, "accept a restore", true, true },
    { OwnerAction::SettleClock, "settle the clock", true, true },
    { OwnerAction::LoosenProtection, "loosen protection", true, true },
    { OwnerAction::ReadAnything, "read anything", false, false },
};

ErrorCode codeOf(const Result<> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

} // namespace

class OwnerServiceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void acts_atEachDoor_takeWhatTheTableSays()
    {
        QCOMPARE(kExpected.size(), std::size_t(kOwnerActions));
        OwnerBench bench(m_tasker);
        for (const Expected &row : kExpected) {
            for (const auto &[channel, name, needs] :
                 { std::tuple(Channel::Window, "window", row.window),
                   std::tuple(Channel::Token, "owner-token-1", row.token) }) {
                const OwnerCaller caller{ channel, name, "", "test" };
                QVERIFY2(needsStepUp(row.act, channel) == needs, row.name);
                QVERIFY2(bench.owner.authorize(row.act, caller).has_value() == !needs, row.name);
            }
        }
        bench.enterPin("window");
        for (const Expected &row : kExpected) {
            QVERIFY2(bench.owner.authorize(row.act, OwnerCaller{}).has_value(), row.name);
            // The window's PIN opens nothing for a token, whatever it calls itself.
            const OwnerCaller thief{ Channel::Token, "window", "", "ctl" };
            QVERIFY2(bench.owner.authorize(row.act, thief).has_value() == !row.token, row.name);
        }
    }

    void token_withTheRightTicket_passes_andOnlyForFiveMinutes()
    {
        OwnerBench bench(m_tasker);
        bench.enterPin("owner-token-1");

        QVERIFY(bench.owner.authorize(OwnerAction::MintAgentToken, bench.tokenCaller(true)));
        QVERIFY(!bench.owner.authorize(OwnerAction::MintAgentToken, bench.tokenCaller(false)));
        OwnerCaller other = bench.tokenCaller(true);
        other.name = "owner-token-2";
        QVERIFY(!bench.owner.authorize(OwnerAction::MintAgentToken, other));
        bench.clock.advance(5min);
        QVERIFY(!bench.owner.authorize(OwnerAction::MintAgentToken, bench.tokenCaller(true)));
    }

    void grants_wider_needThePin_narrowerDoNot()
    {
        OwnerBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant(caller, request, std::move(done));
            });
        };

        const auto refused = put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::Ask));
        QCOMPARE(refused.error().code, ErrorCode::StepUpRequired);
        bench.enterPin("owner-token-1");
        const auto given = put(bench.tokenCaller(true), bench.request("issues:read", GrantPolicy::Allow));
        QVERIFY(given);
        QVERIFY(given->revision > 0);
        bench.stepUp.forget("owner-token-1");
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::Ask)));
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::Off)));
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("answer"), Json("off"));
        QCOMPARE(put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::Allow, "*")).error().code,
                 ErrorCode::StepUpRequired);
    }

    void grants_anotherNameForAProject_needsThePin()
    {
        OwnerBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant(caller, request, std::move(done));
            });
        };
        bench.enterPin("owner-token-1");
        GrantRequest request = bench.request("issues:create", GrantPolicy::Ask);
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
        nameless.answer = GrantPolicy::AskWithPin;
        const auto kept = put(bench.tokenCaller(), nameless);
        QVERIFY(kept);
        QCOMPARE(kept->projectName, std::string("Engineering"));
    }

    void grants_offUnderAWildcard_needsNoPin_andLiftingItDoes()
    {
        OwnerBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant(caller, request, std::move(done));
            });
        };
        const auto answerOn = [&](const char *project) {
            const std::array reading{ Scope::IssuesRead };
            return decide(*bench.registry->current(), bench.request("", GrantPolicy::Off).agent,
                          ProjectId(project), reading, bench.registry->now())
                .answer;
        };
        const GrantRequest off = bench.request("issues:read", GrantPolicy::Off);
        GrantRequest lift = off;
        lift.removes = true;
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", GrantPolicy::Allow, "*")));
        bench.stepUp.forget("owner-token-1");

        const auto set = put(bench.tokenCaller(), off);

        QVERIFY(set);
        QVERIFY(set->answer == GrantPolicy::Off);
        QVERIFY(answerOn(off.project.text().c_str()) == GrantPolicy::Off);
        QVERIFY(answerOn("another") == GrantPolicy::Allow);
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("wider"), Json(false));

        // What would let the wildcard speak again, or anything else be done there, needs the PIN.
        QCOMPARE(put(bench.tokenCaller(), lift).error().code, ErrorCode::StepUpRequired);
        QCOMPARE(put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::AskWithPin)).error().code,
                 ErrorCode::StepUpRequired);
        QVERIFY(answerOn(off.project.text().c_str()) == GrantPolicy::Off);
        bench.enterPin("owner-token-1");
        const auto lifted = put(bench.tokenCaller(true), lift);
        QVERIFY(lifted);
        QVERIFY(lifted->answer == GrantPolicy::Allow);
        QVERIFY(answerOn(off.project.text().c_str()) == GrantPolicy::Allow);
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("removed"), Json(true));
        QCOMPARE(bench.lastRow("grant_changed").at("more").at("wider"), Json(true));
    }

    void grants_removingAStricterOneUnderAWildcard_needsThePin()
    {
        OwnerBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant(caller, request, std::move(done));
            });
        };
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", GrantPolicy::Allow, "*")));
        GrantRequest request = bench.request("issues:read", GrantPolicy::AskWithPin);
        QVERIFY(put(bench.tokenCaller(true), request));
        bench.stepUp.forget("owner-token-1");
        request.removes = true;

        QCOMPARE(put(bench.tokenCaller(), request).error().code, ErrorCode::StepUpRequired);
        QVERIFY(put(bench.tokenCaller(), bench.request("issues:read", GrantPolicy::Off, "*")));
        QVERIFY(put(bench.tokenCaller(), request)); // nothing speaks behind it any more
    }

    void grants_offByAToken_bringsNoNameOfItsOwn()
    {
        OwnerBench bench(m_tasker);
        const auto put = [&](const OwnerCaller &caller, const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant(caller, request, std::move(done));
            });
        };
        bench.enterPin("owner-token-1");
        QVERIFY(put(bench.tokenCaller(true), bench.request("issues:read", GrantPolicy::Allow, "*")));
        bench.stepUp.forget("owner-token-1");
        GrantRequest disguised = bench.request("issues:read", GrantPolicy::Off);
        disguised.projectName = "Sandbox";
        disguised.projectIdentifier = "SBX";

        const auto off = put(bench.tokenCaller(), disguised);

        QVERIFY(off);
        QCOMPARE(off->projectName, std::string());
        QCOMPARE(off->projectIdentifier, std::string());
    }

    void grants_thatMakeNoSense_areRefused()
    {
        OwnerBench bench(m_tasker);
        bench.enterPin("window");
        const auto put = [&](const GrantRequest &request) {
            return bench.wait<Grant>([&](OwnerService::Answered<Grant> done) {
                bench.owner.putGrant({}, request, std::move(done));
            });
        };

        GrantRequest past = bench.request("issues:read", GrantPolicy::Allow);
        past.until = bench.clock.now() - 1;
        QCOMPARE(put(past).error().details.at("field"), Json("until"));
        QCOMPARE(put(bench.request("issues:destroy", GrantPolicy::Allow)).error().details.at("field"),
                 Json("scope"));
        GrantRequest odd = bench.request("issues:read", GrantPolicy::Allow);
        odd.project = ProjectId("../x");
        QCOMPARE(put(odd).error().details.at("field"), Json("project_id"));
        GrantRequest nobody = bench.request("issues:read", GrantPolicy::Allow);
        nobody.agent = AgentId("nobody");
        QCOMPARE(put(nobody).error().code, ErrorCode::NotFound);
    }

    void agentNames_areOneLine_andUnique()
    {
        OwnerBench bench(m_tasker);
        const auto create = [&](const std::string &name) {
            return bench.wait<Agent>([&](OwnerService::Answered<Agent> done) {
                bench.owner.createAgent({}, name, std::move(done));
            });
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
        OwnerBench bench(m_tasker);
        bench.enterPin("window");
        const auto set = [&](AgentState state) {
            return bench.wait<Agent>([&](OwnerService::Answered<Agent> done) {
                bench.owner.setAgentState({}, bench.agent.id, state, std::move(done));
            });
        };

        QVERIFY(set(AgentState::Retired));
        QVERIFY(bench.registry->current()->client(bench.client.id)->revokedAt);
        QCOMPARE(set(AgentState::Active).error().code, ErrorCode::Conflict);
    }

    void tokens_mintedAndRotated_replaceEachOther()
    {
        OwnerBench bench(m_tasker);
        bench.enterPin("window");
        const auto holder = [&](const Secret &token) {
            return bench.registry->current()->clientsByToken.contains(sha256({ token.text() }));
        };
        const auto minted = bench.wait<Minted>([&](OwnerService::Answered<Minted> done) {
            bench.owner.mintAgentToken({}, bench.agent.id, "By hand", std::move(done));
        });
        QVERIFY(minted);
        QVERIFY(holder(minted->second));

        const auto rotated = bench.wait<Minted>([&](OwnerService::Answered<Minted> done) {
            bench.owner.rotateAgentToken({}, minted->first.id, std::move(done));
        });

        QVERIFY(rotated);
        QVERIFY(holder(rotated->second));
        QVERIFY(!holder(minted->second));
        for (const auto &row : bench.storage.journal())
            QVERIFY(row.body.find(std::string(rotated->second.text())) == std::string::npos);
    }

    void withPin_inTheWindow_needsThePin()
    {
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::AskWithPin);
        bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        const ApprovalId question = bench.nextQuestion();
        ErrorCode told = ErrorCode::Internal;
        const auto hear = [&told](const Result<> &done) { told = codeOf(done); };

        bench.owner.allowCall({}, question, Reach::Once, hear);
        QCOMPARE(told, ErrorCode::StepUpRequired);
        QVERIFY(bench.requests().empty());
        bench.enterPin("window");
        bench.owner.allowCall({}, question, Reach::Once, hear);

        QVERIFY(PipelineBench::until([&] { return bench.pipeline->underWay() == 0; }));
        QCOMPARE(bench.writesSeen(), 1);
    }

    void token_withoutThePin_mayDenyButNotAllow()
    {
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto answer
            = bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        const ApprovalId question = bench.nextQuestion();
        ErrorCode told = ErrorCode::Internal;

        bench.owner.allowCall(bench.tokenCaller(), question, Reach::Once,
                              [&](const Result<> &done) { told = codeOf(done); });
        QCOMPARE(told, ErrorCode::StepUpRequired);
        bench.owner.denyCall(bench.tokenCaller(), question, "No", false, [](const Result<> &) {});

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QCOMPARE((*answer)->result.error().code, ErrorCode::ApprovalDenied);
    }

    void preview_ofAMove_isReadAsTheOwner()
    {
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:move", GrantPolicy::Ask);
        bench.begin(bench.callOf("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "Done" } }));
        const ApprovalId question = bench.nextQuestion();

        const auto preview = bench.wait<Preview>(
            [&](OwnerService::Answered<Preview> done) { bench.owner.preview(question, std::move(done)); });

        QVERIFY(preview);
        QCOMPARE(preview->issue, std::string("ENG-1"));
        QCOMPARE(preview->fields.at(0).before, std::string("Todo"));
        QCOMPARE(preview->fields.at(0).after, std::string("Done"));
        QCOMPARE(bench.requests().back().at("headers").at("x-nodedc-agent-id"), Json("owner"));
        QCOMPARE(bench.writesSeen(), 0);
    }

    void preview_isExactlyWhatIsSentAfterTheYes()
    {
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        const std::string text = std::string(3'000, 'x')
            + "\n\xe2\x80\x8b"
              "hidden\xf3\xa0\x81\x81\r\nend\n";
        bench.begin(
            bench.callOf("tasker_update_issue", { { "issue", "ENG-1" }, { "description_markdown", text } }));
        const ApprovalId question = bench.nextQuestion();

        const auto preview = bench.wait<Preview>(
            [&](OwnerService::Answered<Preview> done) { bench.owner.preview(question, std::move(done)); });
        bench.owner.allowCall({}, question, Reach::Once, [](const Result<> &) {});

        QVERIFY(PipelineBench::until([&] { return bench.pipeline->underWay() == 0; }));
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
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        bench.grant("ENG", "issues:move");
        const Json update{ { "issue", "ENG-1" }, { "priority", "urgent" } };
        const auto changed = [&bench](const ApprovalId &question) {
            return bench.wait<Preview>([&](OwnerService::Answered<Preview> done) {
                bench.owner.preview(question, std::move(done));
            });
        };
        bench.begin(bench.callOf("tasker_update_issue", update));
        const ApprovalId first = bench.nextQuestion();
        QVERIFY(changed(first)->changed.empty());
        bench.clock.advance(46s);
        QVERIFY(bench.use("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "Done" } }).result);

        const auto before = changed(first);
        bench.begin(bench.callOf("tasker_update_issue", update));
        // The repeat stands in the place of the question that shows what is no longer so.
        QVERIFY(PipelineBench::until([&] {
            const auto open = bench.approvals->open();
            return open.size() == 1 && open.front().id != first;
        }));
        const ApprovalId second = bench.approvals->open().front().id;
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
        OwnerBench bench(m_tasker);
        const auto set = [&](const OwnerCaller &caller, Mode mode) {
            return bench.wait<Profile>([&](OwnerService::Answered<Profile> done) {
                bench.owner.setMode(caller, mode, "why", std::move(done));
            });
        };

        QVERIFY(set(bench.tokenCaller(), Mode::Paused));
        QCOMPARE(set(bench.tokenCaller(), Mode::Running).error().code, ErrorCode::StepUpRequired);
        QCOMPARE(bench.registry->current()->profile.mode, Mode::Paused);
        QCOMPARE(bench.lastRow("mode_changed").at("more").at("mode"), Json("paused"));
    }

    void stopEverything_endsWhatWaits_andWaitsForWhatWasSent()
    {
        OwnerBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.grant("ENG", "comments:create");
        const auto held
            = bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }));
        bench.nextQuestion();
        m_tasker.fault({ { "match", "POST /issues/*/comments" }, { "kind", "slow" }, { "delay_ms", 500 } });
        const auto sent = bench.begin(
            bench.callOf("tasker_add_comment", { { "issue", "ENG-1" }, { "body_markdown", "b" } }));
        QVERIFY(PipelineBench::until([&] { return bench.writesSeen() == 1; }));
        connect(&bench.owner, &OwnerService::closeStreams, this, [&bench] {
            bench.owner.countClosedStreams(3);
            bench.clock.advance(700ms); // that the call on its way takes
        });

        const auto quiet = bench.wait<Quiet>([&](OwnerService::Answered<Quiet> done) {
            bench.owner.stopEverything(bench.tokenCaller(), { true, {} }, std::move(done));
        });

        QVERIFY(quiet);
        QCOMPARE(quiet->questionsWithdrawn, 1);
        QCOMPARE(quiet->streamsClosed, 3);
        QCOMPARE(quiet->clientsRevoked, 1);
        QCOMPARE(quiet->callsFinished, 1);
        QCOMPARE(quiet->milliseconds, 700);
        QCOMPARE(bench.pipeline->underWay(), 0);
        QVERIFY((*sent)->result);
        QVERIFY(!(*held)->result);
        QCOMPARE(bench.registry->current()->profile.mode, Mode::Paused);
        QVERIFY(bench.registry->current()->client(bench.client.id)->revokedAt);
    }

    void stopEverything_revokesTheClientsOfWhomItIsTold()
    {
        OwnerBench bench(m_tasker);
        const auto stop = [&bench](const AgentId &agent) {
            return bench.wait<Quiet>([&](OwnerService::Answered<Quiet> done) {
                bench.owner.stopEverything(bench.tokenCaller(), { false, { agent } }, std::move(done));
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
        OwnerBench bench(m_tasker);
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
            return bench.wait<Profile>([&](OwnerService::Answered<Profile> done) {
                bench.owner.saveConnection(caller, std::move(made), std::move(done));
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
        const auto found = bench.wait<Json>([&](OwnerService::Answered<Json> done) {
            bench.owner.testConnection({}, settings(false), std::move(done));
        });
        QVERIFY(found);
        QCOMPARE(found->at("matches").size(), std::size_t(3));
        for (const auto &row : bench.storage.journal())
            QVERIFY(row.body.find(m_tasker.credential()) == std::string::npos);
    }

    void connection_isTriedBeforeItIsStored()
    {
        OwnerBench bench(m_tasker);
        const std::string base = m_tasker.baseUrl();
        const std::string root = base.substr(0, base.size() - std::string(kAdapterPath).size());
        const auto save = [&](const std::string &url, const std::string &credential) {
            ConnectionSettings made;
            made.taskerUrl = url;
            made.ownerUserId = m_tasker.owner();
            made.caFile = m_tasker.caFile();
            made.credential = Secret(std::string_view(credential));
            bench.enterPin("window");
            return bench.wait<Profile>([&](OwnerService::Answered<Profile> done) {
                bench.owner.saveConnection({}, std::move(made), std::move(done));
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
        OwnerBench bench(m_tasker);
        ConnectionSettings made;
        made.taskerUrl = m_tasker.baseUrl();
        made.ownerUserId = m_tasker.owner();
        made.caFile = m_tasker.caFile();
        made.credential = Secret(m_tasker.credential());
        bench.storage.fault = ErrorCode::StorageFull;

        const auto saved = bench.wait<Profile>([&](OwnerService::Answered<Profile> done) {
            bench.owner.saveConnection({}, std::move(made), std::move(done));
        });

        QVERIFY(!saved);
        QVERIFY(!bench.secrets.has(taskerCredentialEntry("1")));
        QVERIFY(bench.registry->current()->profile.taskerUrl.empty());
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(OwnerServiceTest)
#include "tst_owner_service.moc"
