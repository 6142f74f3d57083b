// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/audit/bundle.h"
#include "gateway_core/audit/signing_key.h"
#include "tests/core/api/api_bench.h"

#include <set>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// Puts off what is not the subject: answers that come from a thread or the event loop.
RecordedPtr answered(ApiBench &bench, const RecordedPtr &record)
{
    if (!bench.waitFor([&record] { return record->response.has_value(); }))
        qWarning("no answer");
    return record;
}

RecordedPtr get(ApiBench &bench, const std::string &path, const std::string &query = {})
{
    return answered(bench, bench.send({ "GET", path, bench.ownerToken, {}, {}, query }));
}

RecordedPtr send(ApiBench &bench, const std::string &method, const std::string &path,
                 const Json &body = nullptr)
{
    return answered(bench, bench.send({ method, path, bench.ownerToken, body.is_null() ? "" : body.dump() }));
}

RecordedPtr sendWithPin(ApiBench &bench, const std::string &method, const std::string &path,
                        const Json &body = nullptr)
{
    return answered(bench, bench.sendWithPin({ method, path, {}, body.is_null() ? "" : body.dump() }));
}

std::string grantsOf(const ApiBench &bench)
{
    return "/api/v1/agents/" + bench.agent.text() + "/grants";
}

std::string tokensOf(const ApiBench &bench)
{
    return "/api/v1/agents/" + bench.agent.text() + "/tokens";
}

const Json kWiden{ { "project_id", "p1" },
                   { "project_name", "Engine" },
                   { "project_identifier", "ENG" },
                   { "scopes", { "issues:read", "issues:create" } },
                   { "answer", "allow" } };

} // namespace

/// The owner by token: what works, and what each act takes.
class OwnerApiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void createAgent_ofAForeignOwner_is403()
    {
        ApiBench bench;
        bench.setOwner("u-1", "Owner@Example.org");

        const auto byId
            = send(bench, "POST", "/api/v1/agents", { { "display_name", "A" }, { "owner_user_id", "u-2" } });
        const auto byMail = send(bench, "POST", "/api/v1/agents",
                                 { { "display_name", "A" }, { "owner_email", "x@example.org" } });
        const auto ours = send(
            bench, "POST", "/api/v1/agents",
            { { "display_name", "A" }, { "owner_user_id", "u-1" }, { "owner_email", "owner@example.org" } });

        QCOMPARE(byId->status(), 403);
        QCOMPARE(byId->error(), std::string("owner_mismatch"));
        QCOMPARE(byMail->error(), std::string("owner_mismatch"));
        QCOMPARE(ours->status(), 201);
        QCOMPARE(ours->json()["display_name"], "A");
        QCOMPARE(get(bench, "/api/v1/agents")->json()["agents"].size(), std::size_t(2));
    }

    void agent_pausedByToken_resumesOnlyWithThePin()
    {
        ApiBench bench;
        bench.setPin();
        const std::string path = "/api/v1/agents/" + bench.agent.text();

        QCOMPARE(send(bench, "PATCH", path, { { "state", "paused" } })->json()["state"], "paused");
        QCOMPARE(send(bench, "PATCH", path, { { "state", "active" } })->error(),
                 std::string("step_up_required"));
        QCOMPARE(sendWithPin(bench, "PATCH", path, { { "state", "active" }, { "display_name", "Mason" } })
                     ->status(),
                 200);
        QCOMPARE(get(bench, path)->json()["display_name"], "Mason");
        QCOMPARE(get(bench, "/api/v1/agents/nobody")->status(), 404);
    }

    void grants_widenNeedsThePin_narrowDoesNot()
    {
        ApiBench bench;
        bench.setPin();
        QCOMPARE(send(bench, "PUT", grantsOf(bench), kWiden)->error(), std::string("step_up_required"));
        QVERIFY(get(bench, grantsOf(bench))->json()["grants"].empty());

        const auto put = sendWithPin(bench, "PUT", grantsOf(bench), kWiden);
        QCOMPARE(put->status(), 200);
        QCOMPARE(put->json()["grants"].size(), std::size_t(2));
        const std::string first = put->json()["grants"][0]["id"];
        QCOMPARE(send(bench, "DELETE", grantsOf(bench) + "/" + first)->status(), 204);

        const Json left = get(bench, grantsOf(bench))->json()["grants"];
        QCOMPARE(left.size(), std::size_t(1));
        QCOMPARE(left[0]["project_name"], "Engine");
        QCOMPARE(send(bench, "DELETE", grantsOf(bench) + "/" + first)->status(), 404);
    }

    void grants_offUnderAWildcard_shutsTheProjectForTheAgent_untilItIsLiftedWithThePin()
    {
        ApiBench bench;
        bench.setPin();
        bench.grant(Scope::IssuesRead, GrantPolicy::Allow, "*");
        bench.grant(Scope::ProjectsRead, GrantPolicy::Allow, "*");
        const auto because = [&bench] {
            return get(bench, "/api/v1/explain",
                       "agent_id=" + bench.agent.text() + "&tool=tasker_list_issues&project_id=p1")
                ->json();
        };
        const auto describes = [&bench] {
            return bench.send({ "GET", "/describe/agent", bench.agentToken })->response->body;
        };
        QVERIFY(describes().find("you hold it: every project: allow") != std::string::npos);

        // The owner's tool needs no PIN to shut a project out.
        const auto put = send(bench, "PUT", grantsOf(bench),
                              { { "project_id", "p1" },
                                { "scopes", { "issues:read", "projects:read" } },
                                { "answer", "off" } });

        QCOMPARE(put->status(), 200);
        QCOMPARE(put->json()["grants"][0]["answer"], "off");
        QCOMPARE(get(bench, grantsOf(bench))->json()["grants"].size(), std::size_t(4));
        QCOMPARE(because()["because"], "not_found");
        QVERIFY(describes().find("every project, some excepted: allow") != std::string::npos);
        QVERIFY(bench.send({ "GET", "/api/v1/agent-session", bench.agentToken })->response->body.find("p1")
                == std::string::npos);

        const std::string id = put->json()["grants"][0]["id"];
        QCOMPARE(send(bench, "DELETE", grantsOf(bench) + "/" + id)->error(), std::string("step_up_required"));
        QCOMPARE(sendWithPin(bench, "DELETE", grantsOf(bench) + "/" + id)->status(), 204);
        QCOMPARE(because()["verdict"], "allow");
    }

    void grants_malformed_are422()
    {
        ApiBench bench;
        Json scope = kWiden;
        scope["scopes"] = { "issues:read", "everything:write" };
        Json until = kWiden;
        until["until"] = "tomorrow";
        Json answer = kWiden;
        answer["answer"] = "maybe";

        const auto unknown = send(bench, "PUT", grantsOf(bench), scope);
        QCOMPARE(unknown->status(), 422);
        const Json problem = unknown->json()["details"]["errors"][0];
        QCOMPARE(problem["field"], "/scopes/1");
        QVERIFY(problem["problem"].get<std::string>().find("issues:create") != std::string::npos);
        QCOMPARE(send(bench, "PUT", grantsOf(bench), until)->status(), 422);
        QCOMPARE(send(bench, "PUT", grantsOf(bench), answer)->status(), 422);
    }

    void agentToken_mintedRotatedRevoked_isShownOnceAndEnds()
    {
        ApiBench bench;
        const auto minted = sendWithPin(bench, "POST", tokensOf(bench), { { "name", "script" } });
        QCOMPARE(minted->status(), 201);
        const std::string token = minted->json()["token"];
        const std::string id = minted->json()["id"];
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", token })->status(), 200);
        QVERIFY(get(bench, tokensOf(bench))->response->body.find(token) == std::string::npos);

        const auto rotated = sendWithPin(bench, "POST", tokensOf(bench) + "/" + id + "/rotate");
        QCOMPARE(rotated->status(), 200);
        const std::string fresh = rotated->json()["token"];
        const auto old = bench.send({ "GET", "/api/v1/agent-session", token });
        bench.wind(kWrongTokenDelay);
        QCOMPARE(old->status(), 401);
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", fresh })->status(), 200);

        QCOMPARE(
            send(bench, "DELETE", tokensOf(bench) + "/" + rotated->json()["id"].get<std::string>())->status(),
            204);
        const auto revoked = bench.send({ "GET", "/api/v1/agent-session", fresh });
        bench.wind(kWrongTokenDelay);
        QCOMPARE(revoked->status(), 401);
    }

    void agentToken_ofAnotherAgent_isNotFound()
    {
        ApiBench bench;
        const AgentId other = bench.addAgent("Other");

        const auto record
            = send(bench, "DELETE", "/api/v1/agents/" + other.text() + "/tokens/" + bench.client.text());

        QCOMPARE(record->status(), 404);
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", bench.agentToken })->status(), 200);
    }

    void pairing_byTokenAlone_cannotBeConfirmed()
    {
        ApiBench bench;
        bench.setPin();
        const auto opened
            = sendWithPin(bench, "POST", "/api/v1/pairing/codes", { { "agent_id", bench.agent.text() } });
        QCOMPARE(opened->status(), 201);
        const std::string code = opened->json()["code"];
        QCOMPARE(get(bench, "/api/v1/pairing/codes")->json()["code"], code);
        const auto redeemed = bench.send(
            { "POST",
              "/api/v1/pairing/redeem",
              {},
              Json{ { "code", code }, { "client_name", "c" }, { "nonce", "0123456789abcdef" } }.dump() });
        const Json questions = get(bench, "/api/v1/confirmations")->json()["confirmations"];
        QCOMPARE(questions.size(), std::size_t(1));
        QCOMPARE(questions[0]["check_number"], redeemed->json()["check_number"]);
        const std::string path = "/api/v1/confirmations/" + questions[0]["id"].get<std::string>();

        QCOMPARE(send(bench, "POST", path + "/confirm")->error(), std::string("step_up_required"));
        QCOMPARE(sendWithPin(bench, "POST", path + "/confirm")->status(), 204);
        QCOMPARE(send(bench, "POST", path + "/deny")->status(), 404);
        QCOMPARE(get(bench, "/api/v1/pairing/codes")->status(), 404);
    }

    void pairing_closedOrDenied_needsNoPin()
    {
        ApiBench bench;
        sendWithPin(bench, "POST", "/api/v1/pairing/codes", { { "agent_id", bench.agent.text() } });

        QCOMPARE(send(bench, "DELETE", "/api/v1/pairing/codes")->status(), 204);
        QCOMPARE(get(bench, "/api/v1/pairing/codes")->status(), 404);
        QCOMPARE(send(bench, "POST", "/api/v1/confirmations/nothing/deny")->status(), 404);
    }

    void approval_allowedOnlyWithThePin_deniedWithout()
    {
        ApiBench bench;
        bench.setPin();
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto ask = [&bench](const std::string &name) {
            return bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                                Json{ { "project", "ENG" }, { "name", name } }.dump() });
        };
        const auto first = ask("one");
        const auto second = ask("two");
        const Json open = get(bench, "/api/v1/approvals")->json()["approvals"];
        QCOMPARE(open.size(), std::size_t(2));
        QCOMPARE(open[0]["tool"], "tasker_create_issue");
        QCOMPARE(open[0]["peer"]["process"]["executable"], "/usr/bin/codex");
        const std::string one = "/api/v1/approvals/" + open[0]["id"].get<std::string>();
        const std::string two = "/api/v1/approvals/" + open[1]["id"].get<std::string>();
        const auto shown = get(bench, one);
        QCOMPARE(shown->json()["title"], "one");
        QCOMPARE(shown->json()["arguments"], (Json{ { "project", "ENG" }, { "name", "one" } }));
        QVERIFY(shown->json()["preview"].is_null()); // no Tasker here: it is said
        QCOMPARE(shown->json()["preview_problem"], "upstream_not_configured");

        QCOMPARE(send(bench, "POST", one + "/allow")->error(), std::string("step_up_required"));
        QCOMPARE(first->answers, 0);
        QCOMPARE(sendWithPin(bench, "POST", one + "/allow", { { "reach", "once" } })->status(), 204);
        QCOMPARE(send(bench, "POST", two + "/deny", { { "reason", "not today" } })->status(), 204);

        QCOMPARE(answered(bench, first)->error(), std::string("upstream_not_configured"));
        QCOMPARE(answered(bench, second)->status(), 403);
        QCOMPARE(second->json()["details"]["reason"], "not today");
        QCOMPARE(send(bench, "POST", two + "/deny")->status(), 404);
    }

    void auditEvents_pagesAndFilters()
    {
        ApiBench bench;
        for (int i = 0; i < 5; ++i) {
            bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                         Json{ { "project", "ENG" }, { "name", std::to_string(i) } }.dump() });
            bench.wind(11s);
        }
        const auto catchUp = bench.storage.writeNow([](Stores &stores) -> Result<> {
            const auto done = stores.calls.catchUp(1000);
            return done ? Result<>() : tl::unexpected<Error>(done.error());
        });
        QVERIFY(catchUp);

        const Json first
            = get(bench, "/api/v1/audit/events", "limit=2&agent_id=" + bench.agent.text())->json();
        const Json second = get(bench, "/api/v1/audit/events",
                                "limit=2&agent_id=" + bench.agent.text()
                                    + "&cursor=" + first["next_cursor"].get<std::string>())
                                ->json();
        const Json none = get(bench, "/api/v1/audit/events", "agent_id=nobody")->json();

        QCOMPARE(first["events"].size(), std::size_t(2));
        QVERIFY(first["events"][1]["seq"] > second["events"][0]["seq"]);
        QVERIFY(none["events"].empty() && none["next_cursor"].is_null());
        QVERIFY(none["searched_percent"] == 100 && none["searched_back_to"].is_string());
        std::set<std::int64_t> walked;
        int percent = 0;
        for (std::string cursor; walked.size() < 5;) {
            const Json page = get(bench, "/api/v1/audit/events",
                                  "limit=2&kind=call" + (cursor.empty() ? "" : "&cursor=" + cursor))
                                  ->json();
            for (const Json &event : page["events"])
                QVERIFY(walked.insert(event["seq"].get<std::int64_t>()).second);
            QVERIFY(page["searched_percent"] > percent);
            percent = page["searched_percent"].get<int>();
            if (page["next_cursor"].is_null())
                break;
            cursor = page["next_cursor"].get<std::string>();
        }
        QCOMPARE(walked.size(), std::size_t(5));
        for (const char *query : { "limit=0", "limit=101", "limit=x", "cursor=-1", "from=yesterday" })
            QCOMPARE(get(bench, "/api/v1/audit/events", query)->status(), 422);
    }

    void auditEvents_page_isTwentyFiveRows_aHundredAtMost()
    {
        ApiBench bench;
        Event event;
        event.kind = EventKind::CallRefused;
        event.outcome = "scope_denied";
        for (int i = 0; i < 120; ++i)
            QVERIFY(bench.journal.recordSoon(event));
        bench.storage.settle();
        const auto filled = bench.storage.writeNow([](Stores &stores) -> Result<> {
            const auto done = stores.calls.catchUp(1000);
            return done ? Result<>() : tl::unexpected<Error>(done.error());
        });
        QVERIFY(filled);

        QCOMPARE(get(bench, "/api/v1/audit/events")->json()["events"].size(), std::size_t(25));
        QCOMPARE(get(bench, "/api/v1/audit/events", "limit=100")->json()["events"].size(), std::size_t(100));
        QCOMPARE(get(bench, "/api/v1/audit/events", "limit=101")->status(), 422);
    }

    void auditVerify_untouchedJournal_isSound()
    {
        ApiBench bench;

        const Json verdict = send(bench, "POST", "/api/v1/audit/verify")->json();

        QCOMPARE(verdict["sound"], true);
        QVERIFY(verdict["rows"] > 0);
    }

    void auditExport_relativeFolder_is422_noPin_is403()
    {
        ApiBench bench;
        bench.setPin();

        QCOMPARE(send(bench, "POST", "/api/v1/audit/export", { { "folder", "/tmp/x" } })->status(), 403);
        QCOMPARE(sendWithPin(bench, "POST", "/api/v1/audit/export", { { "folder", "x" } })->status(), 422);
    }

    void auditRetention_movesWithThePinAlone()
    {
        ApiBench bench;
        bench.setPin();
        QTemporaryDir place;
        const std::string folder = place.path().toStdString() + "/rows";

        const Json before = get(bench, "/api/v1/audit/retention")->json();
        QCOMPARE(before["kept_days"], 90);
        QCOMPARE(send(bench, "PUT", "/api/v1/audit/retention", { { "folder", folder } })->status(), 403);
        QCOMPARE(sendWithPin(bench, "PUT", "/api/v1/audit/retention", { { "folder", "rows" } })->status(),
                 422);
        const auto moved = sendWithPin(bench, "PUT", "/api/v1/audit/retention", { { "folder", folder } });

        QCOMPARE(moved->status(), 200);
        QCOMPARE(moved->json()["folder"].get<std::string>(), folder);
        QCOMPARE(get(bench, "/api/v1/audit/retention")->json(), moved->json());
        QCOMPARE(bench.storage.kinds().back(), std::string("retention_changed"));
    }

    void clock_farAhead_isAQuestion_thatTakesThePin_andGoesOnRecord()
    {
        ApiBench bench;
        bench.setPin();
        const std::int64_t before = bench.registry.now();
        const auto clock = [&bench] { return get(bench, "/api/v1/status")->json()["clock"]; };
        const char *route = "/api/v1/clock";
        const Json right{ { "answer", "is_right" } };
        QCOMPARE(clock()["question"], "none");
        QCOMPARE(sendWithPin(bench, "POST", route, right)->status(), 409);

        bench.clock.setWall(before + 86'400'000LL * 2);
        QCOMPARE(clock()["question"], "ahead");
        QCOMPARE(send(bench, "POST", route, right)->status(), 403);
        QCOMPARE(sendWithPin(bench, "POST", route, { { "answer", "was_wrong" } })->status(), 409);
        QCOMPARE(bench.registry.now(), before);
        const auto believed = sendWithPin(bench, "POST", route, right);
        QVERIFY(bench.waitFor([&believed] { return believed->response.has_value(); }));

        QCOMPARE(believed->status(), 200);
        QCOMPARE(believed->json()["clock"]["question"], "none");
        QCOMPARE(bench.registry.now(), before + 86'400'000LL * 2);
        const Json body = Json::parse(bench.storage.journal().back().body);
        QCOMPARE(body["kind"], "clock_accepted");
        QCOMPARE(body["more"]["owner_token"].get<std::string>(), bench.owner.text());
    }

    void status_saysHowFarRetentionIs()
    {
        ApiBench bench;
        QCOMPARE(get(bench, "/api/v1/status")->json()["retention"],
                 (Json{ { "step", "idle" }, { "rows", 0 }, { "of", 0 } }));
        QCOMPARE(get(bench, "/api/v1/audit/retention")->json()["step"], "idle");
    }

    void auditAcceptRestore_needsThePin_goesOnRecord_andOnlyWhereSomethingIsHeld()
    {
        ApiBench bench;
        bench.setPin();
        const char *route = "/api/v1/audit/accept-restore";
        bench.checkpoints.start([](const Result<> &) {});
        QVERIFY(bench.waitFor([&bench] { return bench.checkpoints.key() != nullptr; }));
        QCOMPARE(get(bench, "/api/v1/status")->json()["signing_held"], "none");
        QCOMPARE(sendWithPin(bench, "POST", route)->status(), 409);

        // The owner restores a keychain from before the first start.
        bool stopped = false;
        bench.checkpoints.stop([&stopped](const Result<> &) { stopped = true; });
        QVERIFY(bench.waitFor([&stopped] { return stopped; }));
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.secrets.remove(checkpointEntry("1"), [](const Result<> &) {});
        QVERIFY(bench.waitFor([&] { return !bench.secrets.has(signingKeyEntry("1")); }));
        bench.checkpoints.start([](const Result<> &) {});
        QVERIFY(bench.waitFor([&bench] { return bench.checkpoints.isHeld(); }));
        QCOMPARE(get(bench, "/api/v1/status")->json()["signing_held"], "key_lost");

        QCOMPARE(send(bench, "POST", route)->status(), 403);
        const auto accepted = sendWithPin(bench, "POST", route);
        QVERIFY(bench.waitFor([&accepted] { return accepted->response.has_value(); }));

        QCOMPARE(accepted->status(), 204);
        QCOMPARE(get(bench, "/api/v1/status")->json()["signing_held"], "none");
        const Json body = Json::parse(bench.storage.journal().back().body);
        QCOMPARE(body["kind"], "storage_restored");
        QCOMPARE(body["more"]["owner_token"].get<std::string>(), bench.owner.text());
    }

    void auditExport_written_verifiesOffline()
    {
        ApiBench bench;
        const SigningKey key = SigningKey::make(bench.random);
        bench.secrets.write(signingKeyEntry("1"), key.seed(), [](const Result<> &) {});
        const QTemporaryDir place;
        const std::string folder = place.path().toStdString() + "/bundle";

        const auto exported = sendWithPin(bench, "POST", "/api/v1/audit/export", { { "folder", folder } });

        QCOMPARE(exported->status(), 201);
        QCOMPARE(exported->json()["folder"], folder);
        const auto verdict = verifyBundle(folder, key.publicKey());
        QVERIFY(verdict);
        QVERIFY(verdict->journal.isSound());
        QCOMPARE(verdict->journal.rows, exported->json()["rows"].get<std::int64_t>());
        QCOMPARE(verdict->journal.last, exported->json()["last"].get<std::int64_t>());
        QCOMPARE(bench.storage.kinds().back(), std::string("journal_exported"));
        QVERIFY(!verifyBundle(folder, SigningKey::make(bench.random).publicKey()));
        const auto again = sendWithPin(bench, "POST", "/api/v1/audit/export", { { "folder", folder } });
        QCOMPARE(again->status(), 409);
        QCOMPARE(again->error(), std::string("conflict"));
    }

    void auditExport_toAPlaceThatIsNone_is422_andSaysWhichFieldAndWhy()
    {
        ApiBench bench;
        bench.secrets.write(signingKeyEntry("1"), SigningKey::make(bench.random).seed(),
                            [](const Result<> &) {});
        const QTemporaryDir place;
        const std::string home = place.path().toStdString();
        std::filesystem::create_directory_symlink(home, home + "/link");

        for (const std::string &folder :
             { std::string(), std::string("bundle"), home + std::string("/a\0b", 4), home + "/missing/bundle",
               home + "/link/bundle" }) {
            const auto refused = sendWithPin(bench, "POST", "/api/v1/audit/export", { { "folder", folder } });
            QCOMPARE(refused->status(), 422);
            QCOMPARE(refused->json()["details"]["errors"][0]["field"], "/folder");
            QVERIFY(!refused->json()["details"]["errors"][0]["problem"].get<std::string>().empty());
        }
        QCOMPARE(
            std::distance(std::filesystem::directory_iterator(home), std::filesystem::directory_iterator()),
            1);
    }

    void mode_pauseByToken_resumeNeedsThePin_answersTheWholeState()
    {
        ApiBench bench;
        bench.setPin();

        const auto paused
            = send(bench, "POST", "/api/v1/mode", { { "mode", "paused" }, { "reason", "lunch" } });
        QCOMPARE(paused->json()["mode"], "paused");
        QCOMPARE(paused->json()["mode_reason"], "lunch");
        QVERIFY(paused->json().contains("connection"));
        QCOMPARE(send(bench, "POST", "/api/v1/mode", { { "mode", "running" } })->error(),
                 std::string("step_up_required"));
        QCOMPARE(sendWithPin(bench, "POST", "/api/v1/mode", { { "mode", "running" } })->json()["mode"],
                 "running");
    }

    void stopEverything_closesStreamsAndWithdrawsQuestions()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const std::string session
            = bench
                  .send(
                      { "POST", "/mcp", bench.agentToken,
                        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})" })
                  ->header("mcp-session-id");
        const auto standing
            = bench.send({ "GET", "/mcp", bench.agentToken, {}, { { "mcp-session-id", session } } });
        const auto held = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                                       R"({"project":"ENG","name":"x"})" });

        const Json quiet = send(bench, "POST", "/api/v1/stop-everything")->json();

        QCOMPARE(quiet["questions_withdrawn"], 1);
        QCOMPARE(quiet["streams_closed"], 1);
        QVERIFY(standing->stream->closed);
        QVERIFY(held->response);
        QCOMPARE(get(bench, "/api/v1/status")->json()["mode"], "paused");
    }

    void ownerToken_minted_listed_revoked()
    {
        ApiBench bench;
        const auto minted = sendWithPin(bench, "POST", "/api/v1/owner-tokens",
                                        { { "name", "ci" }, { "lifetime_seconds", 600 } });
        QCOMPARE(minted->status(), 201);
        const std::string token = minted->json()["token"];
        QCOMPARE(bench.send({ "GET", "/api/v1/status", token })->status(), 200);
        const Json list = get(bench, "/api/v1/owner-tokens")->json();
        QCOMPARE(list["owner_tokens"].size(), std::size_t(2));
        QCOMPARE(list["current"], bench.owner.text());
        QVERIFY(list.dump().find(token) == std::string::npos);

        QCOMPARE(send(bench, "DELETE", "/api/v1/owner-tokens/" + minted->json()["id"].get<std::string>())
                     ->status(),
                 204);

        const auto after = bench.send({ "GET", "/api/v1/status", token });
        bench.wind(kWrongTokenDelay);
        QCOMPARE(after->status(), 401);
        QCOMPARE(send(bench, "DELETE", "/api/v1/owner-tokens/nothing")->status(), 404);
    }

    void signIn_rightPin_givesATokenOverTheUnixSocketOnly()
    {
        ApiBench bench;
        bench.setPin();
        const auto signIn = [&bench](const std::string &pin) {
            return answered(bench,
                            bench.send({ "POST",
                                         "/api/v1/owner/sign-in",
                                         {},
                                         Json{ { "pin", pin }, { "name", "terminal" } }.dump() }));
        };
        bench.peer->unixSocket = false;
        QCOMPARE(signIn(kPin)->status(), 403);
        bench.peer->unixSocket = true;
        const auto wrong = signIn("111222");
        QCOMPARE(wrong->error(), std::string("step_up_required"));
        QVERIFY(!wrong->json().contains("token"));

        const auto right = signIn(kPin);

        QCOMPARE(right->status(), 201);
        const std::string token = right->json()["token"];
        QCOMPARE(bench.send({ "GET", "/api/v1/status", token })->status(), 200);
        // The PIN was for this one token: it is no step-up for what comes after.
        QCOMPARE(bench.send({ "POST", "/api/v1/owner-tokens", token, R"({"name":"more"})" })->error(),
                 std::string("step_up_required"));
    }

    void stepUp_wrongPin_is403_forgotten_isNoStepUp()
    {
        ApiBench bench;
        bench.setPin();
        QCOMPARE(send(bench, "POST", "/api/v1/step-up", { { "pin", "000111" } })->json()["details"]["reason"],
                 "pin");
        bench.enterPin();
        QCOMPARE(sendWithPin(bench, "POST", "/api/v1/owner-tokens", { { "name", "a" } })->status(), 201);

        QCOMPARE(send(bench, "DELETE", "/api/v1/step-up")->status(), 204);

        QCOMPARE(sendWithPin(bench, "POST", "/api/v1/owner-tokens", { { "name", "b" } })->status(), 403);
    }

    void stepUp_expires_afterFiveMinutes()
    {
        ApiBench bench;
        bench.enterPin();
        bench.wind(5min + 1s);

        QCOMPARE(sendWithPin(bench, "POST", "/api/v1/owner-tokens", { { "name", "b" } })->status(), 403);
    }

    void connection_unusableUrl_is422_andCredentialIsNeverShown()
    {
        ApiBench bench;
        bench.setPin();
        const Json bad{ { "tasker_url", "http://tasker.example/api" },
                        { "owner_user_id", "u" },
                        { "credential", "s3cret-credential" } };

        QCOMPARE(send(bench, "PUT", "/api/v1/connection", bad)->error(), std::string("step_up_required"));
        const auto refused = sendWithPin(bench, "PUT", "/api/v1/connection", bad);
        QCOMPARE(refused->status(), 422);
        QVERIFY(refused->response->body.find("s3cret") == std::string::npos);
        QCOMPARE(get(bench, "/api/v1/connection")->json()["configured"], false);
        QCOMPARE(get(bench, "/api/v1/projects")->error(), std::string("upstream_not_configured"));
        QCOMPARE(get(bench, "/api/v1/projects", "limit=51")->status(), 422);
    }

    void explain_saysWhatWouldHappenAndWhy()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto explain = [&bench](const std::string &tool, const std::string &project) {
            return get(bench, "/api/v1/explain",
                       "agent_id=" + bench.agent.text() + "&project_id=" + project + "&tool=" + tool)
                ->json();
        };

        QCOMPARE(explain("tasker_create_issue", "p1")["verdict"], "ask");
        QCOMPARE(explain("tasker_add_comment", "p1")["because"], "scope_denied");
        QCOMPARE(explain("tasker_create_issue", "p2")["because"], "not_found");
        bench.setMode(Mode::Paused);
        QCOMPARE(explain("tasker_create_issue", "p1")["because"], "gateway_paused");
    }

    void explain_fields_areJudgedAsTheUnionOfTheirScopes()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        bench.grant(Scope::IssuesRead, GrantPolicy::Allow);
        bench.grant(Scope::LabelsWrite, GrantPolicy::Ask);
        const auto explain = [&bench](const std::string &fields) {
            return get(bench, "/api/v1/explain",
                       "agent_id=" + bench.agent.text()
                           + "&project_id=p1&tool=tasker_create_issue&fields=" + fields);
        };

        QCOMPARE(explain("priority")->json()["verdict"], "allow");
        const Json asked = explain("priority,label_ids,parent_id")->json();
        QCOMPARE(asked["verdict"], "ask");
        QCOMPARE(asked["fields"], (Json{ "priority", "labels", "parent" }));
        QCOMPARE(
            asked["scopes"],
            (Json{ { { "scope", "issues:create" }, { "project", "own" }, { "answer", "allow" } },
                   { { "scope", "labels:write" }, { "project", "own" }, { "answer", "ask" } },
                   { { "scope", "issues:read" }, { "project", "of_the_parent" }, { "answer", "allow" } } }));
        const Json refused = explain("state,labels")->json();
        QCOMPARE(refused["verdict"], "refused");
        QCOMPARE(refused["because"], "scope_denied");
        for (const Json &step : refused["steps"]) {
            if (step["step"] == "grants")
                QCOMPARE(step["details"]["missing"], Json{ "issues:move" });
        }
        QCOMPARE(explain("colour")->status(), 422);
        QCOMPARE(explain("labels,")->status(), 200);
        QCOMPARE(explain(",labels")->status(), 422);
    }

    void explain_steps_eachSayWhatWouldHappen()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto steps = [&bench](const std::string &more = {}) {
            const Json answer
                = get(bench, "/api/v1/explain",
                      "agent_id=" + bench.agent.text() + "&project_id=p1&tool=tasker_create_issue" + more)
                      ->json();
            std::string joined;
            for (const Json &step : answer["steps"])
                joined += step["step"].get<std::string>() + '=' + step["because"].get<std::string>() + ' ';
            return joined;
        };

        QCOMPARE(steps(),
                 std::string("mode=ok agent=ok client=ok project=ok grants=granted rate=ok budget=ok "
                             "approval=ask record=ok relay=upstream_not_configured "));
        QCOMPARE(steps("&client_id=" + bench.client.text()), steps());
        QVERIFY(
            send(bench, "PATCH", "/api/v1/agents/" + bench.agent.text(), { { "state", "paused" } })->status()
            == 200);
        QVERIFY(steps().find("agent=agent_paused") != std::string::npos);
        send(bench, "DELETE", tokensOf(bench) + "/" + bench.client.text());
        QVERIFY(steps().find("client=unauthorized") != std::string::npos);
        QCOMPARE(
            get(bench, "/api/v1/explain",
                "agent_id=" + bench.agent.text() + "&project_id=p1&tool=tasker_create_issue&client_id=nobody")
                ->json()["details"]["missing"],
            "client_id");
    }

    void explain_rateUsedUp_saysWhenItComesBack_andTakesNothingItself()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        const std::string query
            = "agent_id=" + bench.agent.text() + "&project_id=p1&tool=tasker_create_issue";
        for (int i = 0; i < 300; ++i)
            QCOMPARE(get(bench, "/api/v1/explain", query)->json()["verdict"], "allow");
        RecordedPtr last;
        for (int i = 0; i < 200; ++i) {
            last = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                                Json{ { "project", "ENG" }, { "name", std::to_string(i) } }.dump() });
        }
        QCOMPARE(answered(bench, last)->status(), 429);

        const Json refused = get(bench, "/api/v1/explain", query)->json();

        QCOMPARE(refused["verdict"], "refused");
        QCOMPARE(refused["because"], "rate_limited");
        bench.wind(61s);
        QCOMPARE(get(bench, "/api/v1/explain", query)->json()["verdict"], "allow");
    }

    void explain_aStandingYes_isNotAskedAgain()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                     R"({"project":"ENG","name":"x"})" });
        const std::string id = get(bench, "/api/v1/approvals")->json()["approvals"][0]["id"];
        QCOMPARE(
            sendWithPin(bench, "POST", "/api/v1/approvals/" + id + "/allow", { { "reach", "1h" } })->status(),
            204);

        const Json answer = get(bench, "/api/v1/explain",
                                "agent_id=" + bench.agent.text() + "&project_id=p1&tool=tasker_create_issue")
                                ->json();

        const auto step
            = std::ranges::find_if(answer["steps"], [](const Json &s) { return s["step"] == "approval"; });
        QCOMPARE((*step)["because"], "standing_yes");
        QCOMPARE((*step)["says"], "on");

        // The same by the list, beside the grant, and in the journal's lines.
        const Json standing = get(bench, "/api/v1/standing-approvals")->json()["standing_approvals"];
        QCOMPARE(standing.size(), std::size_t(1));
        QCOMPARE(standing[0]["id"], id);
        QCOMPARE(standing[0]["covers"], "project");
        QCOMPARE((*step)["details"]["allowed_until"], standing[0]["until"]);
        const std::string grants = "/api/v1/agents/" + bench.agent.text() + "/grants";
        const auto allowed = [&] {
            const Json held = get(bench, grants)->json();
            for (const Json &grant : held["grants"])
                if (grant["scope"] == "issues:create")
                    return grant;
            return Json();
        };
        QCOMPARE(allowed()["allowed_until"], standing[0]["until"]);
        QCOMPARE(allowed()["allowed_covers"], "project");
        QCOMPARE(allowed()["allowed_by"][0], id);

        QCOMPARE(send(bench, "DELETE", "/api/v1/standing-approvals/" + id)->status(), 204); // without the PIN
        QVERIFY(get(bench, "/api/v1/standing-approvals")->json()["standing_approvals"].empty());
        QVERIFY(allowed()["allowed_until"].is_null());
        QCOMPARE(send(bench, "DELETE", "/api/v1/standing-approvals/" + id)->status(), 404);
    }
};

QTEST_GUILESS_MAIN(OwnerApiTest)
#include "tst_owner_api.moc"
