// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/codex_checks.h"
#include "app/gatehousectl/doctor/gateway_checks.h"
#include "app/gatehousectl/doctor/machine_checks.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

constexpr int kPort = 4100;

/// A machine on which all is well: a profile folder, and the bridge beside our programs.
struct Machine
{
    QTemporaryDir folder;
    Environment here;

    Machine()
    {
        const std::filesystem::path root = folder.path().toStdString();
        here.home = root;
        here.profileFolder = root / "profile";
        here.socket = root / "run" / "gatehouse.sock";
        here.usualSocket = here.socket;
        here.programFolder = root / "bin";
        here.uid = getuid();
        for (const auto &made : { here.profileFolder, here.socket.parent_path(), here.programFolder })
            ::mkdir(made.c_str(), 0700);
        write(here.programFolder / "gatehouse-mcp", 0700);
        write(here.database(), 0600);
    }
    static void write(const std::filesystem::path &file, mode_t mode)
    {
        std::ofstream(file) << "x";
        ::chmod(file.c_str(), mode);
    }
    [[nodiscard]] Json bridge() const
    {
        return { { "name", "tasker" },
                 { "enabled", true },
                 { "transport",
                   { { "type", "stdio" },
                     { "command", (here.programFolder / "gatehouse-mcp").string() },
                     { "args", { "--name", "tasker" } },
                     { "env", nullptr },
                     { "env_vars", Json::array() } } },
                 { "tool_timeout_sec", nullptr } };
    }
    [[nodiscard]] static Json http(const std::string &url)
    {
        return { { "name", "tasker" },
                 { "enabled", true },
                 { "transport",
                   { { "type", "streamable_http" }, { "url", url }, { "bearer_token_env_var", nullptr } } },
                 { "tool_timeout_sec", nullptr } };
    }
    [[nodiscard]] std::vector<Finding> codex(const Json &list) const
    {
        return codex::configuration(codex::entriesFor(list, kPort), here, kPort);
    }
};

} // namespace

class DoctorChecksTest final : public QObject
{
    Q_OBJECT

private slots:
    void machine_thatIsWell_hasNothingToMend()
    {
        const Machine machine;

        QCOMPARE(machine::profile(machine.here).weight, Severity::Fine);
        QCOMPARE(machine::socket(machine.here).weight, Severity::Fine);
        QCOMPARE(machine::proxies(machine.here).weight, Severity::Fine);
        QCOMPARE(machine::port(kPort, { true, true, 0, "" }, kPort).weight, Severity::Fine);
        QCOMPARE(machine::port(kPort, {}, std::nullopt).weight, Severity::Fine);
        for (const Json &entry : { machine.bridge(), Machine::http("http://127.0.0.1:4100/mcp") })
            QCOMPARE(machine.codex(Json::array({ entry })).front().weight, Severity::Fine);
    }

    void proxy_isNamedButItsValueIsNot_data()
    {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("spared");
        QTest::addColumn<bool>("caught");
        QTest::newRow("upper") << "HTTP_PROXY"
                               << "" << true;
        QTest::newRow("lower") << "http_proxy"
                               << "" << true;
        QTest::newRow("all") << "ALL_PROXY"
                             << "example.org,10.0.0.0/8" << true;
        QTest::newRow("spared") << "HTTP_PROXY"
                                << "example.org, 127.0.0.1" << false;
        QTest::newRow("spared all") << "HTTP_PROXY"
                                    << "*" << false;
        QTest::newRow("https alone") << "HTTPS_PROXY"
                                     << "" << false;
        QTest::newRow("a name that only ends alike") << "HTTP_PROXY"
                                                     << "x127.0.0.1" << true;
    }
    void proxy_isNamedButItsValueIsNot()
    {
        QFETCH(QString, variable);
        QFETCH(QString, spared);
        QFETCH(bool, caught);
        Machine machine;
        machine.here.environment
            = { { variable.toStdString(), "http://u:secret@proxy:1" }, { "NO_PROXY", spared.toStdString() } };

        const Finding finding = machine::proxies(machine.here);

        QCOMPARE(finding.weight, caught ? Severity::Warning : Severity::Fine);
        QVERIFY(finding.what.find("secret") == std::string::npos);
        QCOMPARE(finding.what.find(variable.toStdString()) != std::string::npos, caught);
    }

    void keychain_eachState_hasItsFix()
    {
        const Machine machine;
        QCOMPARE(machine::keychain(machine.here, KeychainState::Open).weight, Severity::Fine);
        std::set<std::string> said;
        for (const auto state : { KeychainState::Locked, KeychainState::NoBus, KeychainState::NoService,
                                  KeychainState::NoKeyring, KeychainState::Mute }) {
            const Finding finding = machine::keychain(machine.here, state);
            QCOMPARE(finding.weight, Severity::Problem);
            QVERIFY(!finding.fix.empty());
            QVERIFY(said.insert(finding.what).second);
        }
        Machine::write(machine.here.sealedFile(), 0600);
        QCOMPARE(machine::keychain(machine.here, KeychainState::NoBus).weight, Severity::Fine);
    }

    void readiness_eachProblem_hasAFixOfItsOwn()
    {
        for (const char *code :
             { "gateway_locked", "secrets_unavailable", "secrets_refused", "storage_key_missing",
               "storage_wrong_key", "storage_damaged", "storage_newer", "storage_full", "storage_read_only",
               "storage_failed", "storage_missing", "rolled_back", "port_busy", "audit_unavailable" }) {
            const Finding finding = gateway::readiness({ { "checks", { { "gateway", code } } } });
            QCOMPARE(finding.weight, Severity::Problem);
            QVERIFY2(finding.fix.find("make a bundle") == std::string::npos, code);
        }
        QCOMPARE(gateway::readiness({ { "checks", { { "gateway", "ok" } } } }).weight, Severity::Fine);
        QCOMPARE(gateway::readiness("not an object").weight, Severity::Problem);
    }

    void client_atItsBound_isNamed_withTheWayOut()
    {
        const Json crowded{ { "client_name", "Codex" },
                            { "agent_name", "Builder" },
                            { "most", 16 },
                            { "crowded_at", "2026-09-30T12:00:00.000Z" } };
        const auto found = gateway::state({ { "crowded_clients", Json::array({ crowded }) } });

        const auto said = std::ranges::find(found, "connections", &Finding::check);
        QVERIFY(said != found.end());
        QCOMPARE(said->weight, Severity::Warning);
        QVERIFY(said->what.find("\"Codex\" of Builder had 16 connections") != std::string::npos);
        QVERIFY(said->fix.find("one of its own") != std::string::npos);
    }

    void codexVersion_ofAnotherMinor_isSaid()
    {
        QCOMPARE(codex::version("codex-cli " + std::string(codex::kTestedVersion) + '\n').weight,
                 Severity::Fine);
        QCOMPARE(codex::version("codex-cli 9.9.9\n").weight, Severity::Warning);
        QCOMPARE(codex::version(std::nullopt).weight, Severity::Fine);
    }

    // Tests of the error paths.

    void database_thatIsGone_isSaid()
    {
        const Machine machine;
        Machine::write(machine.here.keyCheck(), 0600);
        QCOMPARE(machine::profile(machine.here).weight, Severity::Fine);

        std::filesystem::remove(machine.here.database());

        const Finding finding = machine::profile(machine.here);
        QCOMPARE(finding.weight, Severity::Problem);
        QVERIFY(finding.what.find("storage_missing") != std::string::npos);
        QVERIFY(finding.fix.find("--start-anew") != std::string::npos);
    }

    void lastStart_thatWentNoFurther_isNamedWithItsFix()
    {
        for (const char *code : { "storage_newer", "storage_damaged", "storage_missing", "rolled_back" }) {
            const Machine machine; // a folder of its own: QSettings keeps what it has read of a file
            QVERIFY(!machine::lastStart(machine.here));
            std::ofstream(machine.here.profileFolder / "gatehouse.ini")
                << "[gateway]\nproblem=" << code << '\n';

            const auto finding = machine::lastStart(machine.here);

            QVERIFY(finding);
            QCOMPARE(finding->weight, Severity::Problem);
            QVERIFY2(finding->what.ends_with(code), finding->what.c_str());
            QVERIFY(finding->fix.find("look at its output") == std::string::npos);
        }
    }

    void heldSigning_isSaid()
    {
        for (const char *held : { "rolled_back", "key_lost" }) {
            const auto found
                = gateway::state({ { "mode", "running" }, { "recording", true }, { "signing_held", held } });
            const auto signing = std::ranges::find(found, std::string("signing"), &Finding::check);
            QVERIFY(signing != found.end());
            QCOMPARE(signing->weight, Severity::Problem);
            QVERIFY(signing->what.find(held) != std::string::npos);
            QVERIFY(signing->fix.find("accept-restore") != std::string::npos);
        }
    }

    void folder_openToOthers_isAProblem()
    {
        const Machine machine;
        ::chmod(machine.here.profileFolder.c_str(), 0750);
        QCOMPARE(machine::profile(machine.here).weight, Severity::Problem);
        ::chmod(machine.here.profileFolder.c_str(), 0700);
        ::chmod(machine.here.database().c_str(), 0640);
        QCOMPARE(machine::profile(machine.here).weight, Severity::Problem);

        ::chmod(machine.here.socket.parent_path().c_str(), 0770);
        QCOMPARE(machine::socket(machine.here).weight, Severity::Problem);
        ::chmod(machine.here.socket.parent_path().c_str(), 0700);
        Machine::write(machine.here.socket, 0600);
        QCOMPARE(machine::socket(machine.here).what, machine.here.socket.string() + " is no socket");
    }

    void port_heldByAnother_isNamed()
    {
        const std::optional<int> down;
        QCOMPARE(machine::port(kPort, { true, true, 7, "nginx" }, 0).what,
                 "4100 is held by nginx (process 7)");
        QCOMPARE(machine::port(kPort, { true, true, 7, "nginx" }, down).weight, Severity::Problem);
        QCOMPARE(machine::port(kPort, { true, false, 0, "" }, down).what,
                 "4100 is held by a program of another user");
        QCOMPARE(machine::port(kPort, { true, false, 0, "" }, kPort).weight, Severity::Problem);
        QCOMPARE(machine::port(kPort, {}, 0).weight, Severity::Problem);
        // Gatehouse does not show itself: with no answer it may be one of another profile.
        QCOMPARE(machine::port(kPort, { true, true, 0, "" }, down).weight, Severity::Warning);
    }

    void clock_behindTheStoredTime_isAProblem()
    {
        const Machine machine;
        const std::int64_t now = 1'800'000'000'000;
        QCOMPARE(machine::clock(machine.here, now, now - 1).weight, Severity::Fine);
        QCOMPARE(machine::clock(machine.here, now, now + 30'000).weight, Severity::Fine);
        QCOMPARE(machine::clock(machine.here, now, now + 180 * 60'000).weight, Severity::Problem);
        QVERIFY(machine::clock(machine.here, now, now + 180 * 60'000).fix.find("clock was-wrong")
                != std::string::npos);
        QCOMPARE(machine::clock(machine.here, now, now - 20 * 3'600'000LL).weight, Severity::Fine);
        const Finding ahead = machine::clock(machine.here, now, now - 95 * 86'400'000LL);
        QCOMPARE(ahead.weight, Severity::Problem);
        QVERIFY(ahead.what.find("95 days ahead") != std::string::npos);
        QVERIFY(ahead.fix.find("clock is-right") != std::string::npos);
        // The gateway is down: the database was written just now, in 1971 as the clock has it.
        QCOMPARE(machine::clock(machine.here, 31'536'000'000, 0).weight, Severity::Problem);
    }

    void codexEntry_thatCannotWork_isAProblem_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("bridge");
        QTest::addColumn<int>("weight");
        const int problem = static_cast<int>(Severity::Problem);
        const int warned = static_cast<int>(Severity::Warning);
        QTest::newRow("no program") << "/transport/command"
                                    << R"("/nowhere/gatehouse-mcp")" << true << problem;
        QTest::newRow("another build") << "/transport/command"
                                       << R"("COPY")" << true << warned;
        QTest::newRow("another socket") << "/transport/args"
                                        << R"(["--socket", "/nowhere/s"])" << true << problem;
        QTest::newRow("switched off") << "/enabled"
                                      << "false" << true << warned;
        QTest::newRow("impatient") << "/tool_timeout_sec"
                                   << "30.0" << true << warned;
        QTest::newRow("another port") << "/transport/url"
                                      << R"("http://127.0.0.1:4999/mcp")" << false << problem;
        QTest::newRow("another path") << "/transport/url"
                                      << R"("http://127.0.0.1:4100/")" << false << problem;
        QTest::newRow("localhost") << "/transport/url"
                                   << R"("http://localhost:4100/mcp")" << false << warned;
        QTest::newRow("unset variable") << "/transport/bearer_token_env_var"
                                        << R"("NOWHERE")" << false << warned;
        QTest::newRow("no login") << "/auth_status"
                                  << R"("not_logged_in")" << false << problem;
    }
    void codexEntry_thatCannotWork_isAProblem()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(bool, bridge);
        QFETCH(int, weight);
        const Machine machine;
        const auto copy = machine.here.home / "gatehouse-mcp";
        Machine::write(copy, 0700);
        value.replace(QLatin1String("COPY"), QString::fromStdString(copy.string()));
        Json entry = bridge ? machine.bridge() : Machine::http("http://127.0.0.1:4100/mcp");
        entry[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());

        const auto found = machine.codex(Json::array({ entry }));

        QCOMPARE(found.size(), 1u);
        QCOMPARE(static_cast<int>(found[0].weight), weight);
        QVERIFY(!found[0].fix.empty());
    }

    void codexEntry_withoutTheBus_isAProblem()
    {
        Machine machine;
        machine.here.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/tmp/a-bus";
        Json entry = machine.bridge();
        QCOMPARE(machine.codex(Json::array({ entry })).front().weight, Severity::Problem);
        entry["transport"]["env_vars"] = Json::array({ "DBUS_SESSION_BUS_ADDRESS" });
        QCOMPARE(machine.codex(Json::array({ entry })).front().weight, Severity::Fine);
        entry["transport"]["env_vars"] = Json::array();
        entry["transport"]["env"] = { { "DBUS_SESSION_BUS_ADDRESS", "unix:path=/tmp/a-bus" } };
        QCOMPARE(machine.codex(Json::array({ entry })).front().weight, Severity::Fine);
    }

    void codexList_withoutUs_orWithUsTwice_isSaid()
    {
        const Machine machine;
        const Json stranger = Machine::http("https://mcp.example.org/mcp");
        QCOMPARE(machine.codex(Json::array({ stranger })).front().weight, Severity::Warning);
        QCOMPARE(machine.codex(Json::array({ machine.bridge(), Machine::http("http://127.0.0.1:4100/mcp") }))
                     .back()
                     .weight,
                 Severity::Warning);
        QVERIFY(codex::entriesFor(Json::array({ 1, "x", Json::object(), { { "transport", 3 } } }), kPort)
                    .empty());
    }
};

QTEST_GUILESS_MAIN(DoctorChecksTest)
#include "tst_doctor_checks.moc"
