// SPDX-License-Identifier: GPL-3.0-or-later
// Each step: old rows in, new rows out.
#include "gateway_core/storage/call_store.h"
#include "gateway_core/storage/database_file.h"
#include "gateway_core/grants/scope.h"
#include "gateway_core/storage/enum_names.h"
#include "gateway_core/storage/grant_store.h"
#include "gateway_core/storage/login_store.h"
#include "gateway_core/storage/migrations.h"

#include "tests/support/test_storage.h"

#include <QTest>

#include <map>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

class OldFile final
{
public:
    [[nodiscard]] sql::Connection at(int version) const
    {
        auto connection = openDatabaseFile(path(), TestStorage::key());
        if (!connection || !migrate(*connection, version))
            qFatal("no old file");
        return std::move(*connection);
    }
    [[nodiscard]] std::filesystem::path path() const { return m_folder.path().toStdString() + "/old.db"; }

private:
    QTemporaryDir m_folder;
};

std::int64_t number(sql::Connection &connection, const std::string &sql)
{
    const auto found = connection.one(sql, [](const sql::Statement &row) { return row.integer(0); });
    return found ? found->value_or(-1) : -2;
}

} // namespace

class MigrationsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void list_isNumberedWithoutAGap()
    {
        int expected = 0;
        for (const auto &step : migrations()) {
            QCOMPARE(step.number, ++expected);
            QVERIFY(!step.sql.empty());
        }
        QVERIFY(expected >= 2);
    }

    void everyTable_knowsItsProfile()
    {
        const OldFile file;
        auto connection = file.at(0);
        const auto tables = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' "
                                           "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'calls_text%'",
                                           [](const sql::Statement &row) { return row.text(0); });
        QVERIFY(tables && tables->size() >= 10);
        for (const auto &table : *tables) {
            const auto columns = connection.all("PRAGMA table_info(" + table + ")",
                                                [](const sql::Statement &row) { return row.text(1); });
            const std::string wanted = table == "profiles" ? "id" : "profile_id";
            QVERIFY2(std::find(columns->begin(), columns->end(), wanted) != columns->end(), table.c_str());
        }
    }

    void step1_fromNothing_makesTheFirstTables()
    {
        const OldFile file;
        auto connection = file.at(1);

        QCOMPARE(fileVersion(connection).value_or(0), 1);
        QCOMPARE(number(connection, "SELECT count(*) FROM journal"), 0);
        QCOMPARE(number(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'calls'"), 0);
    }

    void aFileFromBeforeTheLists_withOldJournalRows_fillsTheListsFromThem()
    {
        const OldFile file;
        {
            auto connection = file.at(1);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1);"
                                       "INSERT INTO agents VALUES ('a1', 1, 'Ada', 'active', 1);"));
            SqlJournalStore journal(connection, ProfileId{ 1 });
            for (const char *body :
                 { R"({"agent":"a1","tool":"tasker_get_issue"})", R"({"outcome":"ok"})" }) {
                JournalRow row;
                row.kind
                    = std::string(body).find("outcome") == std::string::npos ? "call_intent" : "call_outcome";
                row.callId = "call-1";
                row.at = 50;
                row.body = body;
                QVERIFY(journal.append(row));
            }
        }

        auto connection = file.at(0);
        SqlJournalStore journal(connection, ProfileId{ 1 });
        const auto page = SqlCallStore(connection, journal, ProfileId{ 1 }).page({});

        QCOMPARE(number(connection, "SELECT count(*) FROM journal"), 2);
        QCOMPARE(number(connection, "SELECT count(*) FROM agents"), 1);
        QVERIFY(page && page->rows.size() == 1);
        QCOMPARE(page->rows.front().agentId, std::string("a1"));
        QCOMPARE(page->rows.front().outcome, std::string("ok"));
    }

    /// What was given by numbers and names on disk means the same in every later version.
    void rights_ofAFileOfStep5_areStillTheSame()
    {
        const OldFile file;
        {
            auto connection = file.at(5);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1);"
                                       "INSERT INTO agents VALUES ('a1', 1, 'Ada', 'active', 1);"
                                       "INSERT INTO clients (id, profile_id, agent_id, name, token_hash, "
                                       "token_tail, paired_by, created_at,"
                                       " expires_at, last_used_at) VALUES ('c1', 1, 'a1', 'Codex', x'"
                                       + std::string(64, 'a')
                                       + "', 'tail', 'login', 1, 9, 1);"
                                         "INSERT INTO grants VALUES ('g1', 1, 'a1', '*', 'Every project', "
                                         "'', 'issues:read', 'allow', NULL, 1, 0);"
                                         "INSERT INTO grants VALUES ('g2', 1, 'a1', 'p1', 'Engineering', "
                                         "'ENG', 'issues:move', 'ask_with_pin',"
                                         " NULL, 2, 0);"
                                         "INSERT INTO grants VALUES ('g3', 1, 'a1', 'p2', 'Secret', 'SEC', "
                                         "'issues:read', 'off', NULL, 3, 0);"
                                         // issues:read and issues:move, of a login that asked for less
                                         "INSERT INTO login_families VALUES ('c1', 1, 'r1', 18, "
                                         "'http://127.0.0.1:4100/mcp', 1000, 1, 9);"));
        }

        auto connection = file.at(0);
        const auto grants = SqlGrantStore(connection, ProfileId{ 1 }).grants();
        const auto families = SqlLoginStore(connection, ProfileId{ 1 }).families();

        QVERIFY(grants && families && families->size() == 1);
        std::map<std::string, std::string> answers;
        for (const Grant &grant : *grants)
            answers[grant.project.text() + ' ' + grant.scope] = nameOf(grant.answer);
        QCOMPARE(answers,
                 (std::map<std::string, std::string>{ { "* issues:read", "allow" },
                                                      { "p1 issues:move", "ask_with_pin" },
                                                      { "p2 issues:read", "off" } }));
        QCOMPARE(families->front().scopeLimit.value_or(0),
                 bitOf(Scope::IssuesRead) | bitOf(Scope::IssuesMove));
    }

    void step7_withOldLines_leavesThemWithNothingToTell()
    {
        const OldFile file;
        {
            auto connection = file.at(6);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1);"
                                       "INSERT INTO calls VALUES (1, 1, 0, 1, 50, 'mode_changed', '', '', "
                                       "'', '', '', 'window', '', '', '', '', '',"
                                       " '', '', '', '', '', -1, '');"));
        }

        auto connection = file.at(7);

        QCOMPARE(number(connection, "SELECT count(*) FROM calls WHERE about = ''"), 1);
    }

    void step6_withOldRows_cutsNothing()
    {
        const OldFile file;
        {
            auto connection = file.at(5);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1)"));
            SqlJournalStore journal(connection, ProfileId{ 1 });
            QVERIFY(journal.append({ .at = 50, .kind = "mode_changed", .body = "{}" }));
        }

        auto connection = file.at(6);
        SqlJournalStore journal(connection, ProfileId{ 1 });

        QCOMPARE(number(connection, "SELECT count(*) FROM journal_cuts"), 0);
        QCOMPARE(journal.from(0, 10)->size(), std::size_t{ 1 });
        QCOMPARE(journal.leftOfCut().value_or(-1), 0);
    }

    void step4_withOldGrants_keepsThemAndTakesOff()
    {
        const OldFile file;
        const std::string insert = "INSERT INTO grants VALUES ";
        {
            auto connection = file.at(3);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1);"
                                       "INSERT INTO agents VALUES ('a1', 1, 'Ada', 'active', 1);"));
            QVERIFY(connection.execute(
                insert
                + "('g1', 1, 'a1', '*', '', '', 'issues:read', 'allow', NULL, 4, 0),"
                  "('g2', 1, 'a1', 'p1', 'Engineering', 'ENG', 'issues:read', 'ask_with_pin', 77, 5, 1)"));
            QVERIFY(!connection.execute(insert
                                        + "('g3', 1, 'a1', 'p2', '', '', 'issues:read', 'off', NULL, 6, 0)"));
        }

        auto connection = file.at(4);
        const auto grants = SqlGrantStore(connection, ProfileId{ 1 }).grants();

        QCOMPARE(fileVersion(connection).value_or(0), 4);
        QVERIFY(grants && grants->size() == 2);
        QCOMPARE(grants->at(0).project, kEveryProject);
        QVERIFY(grants->at(1).answer == GrantPolicy::AskWithPin);
        QCOMPARE(grants->at(1).id.text(), std::string("g2"));
        QCOMPARE(grants->at(1).projectName, std::string("Engineering"));
        QCOMPARE(grants->at(1).until.value_or(0), 77);
        QCOMPARE(grants->at(1).revision, 5);
        QVERIFY(grants->at(1).byApproval);
        QVERIFY(
            connection.execute(insert + "('g3', 1, 'a1', 'p2', '', '', 'issues:read', 'off', NULL, 6, 0)"));
        // The rules of the old table hold in the new one.
        QVERIFY(
            !connection.execute(insert + "('g4', 1, 'a1', 'p2', '', '', 'issues:read', 'ask', NULL, 7, 0)"));
        QVERIFY(!connection.execute(insert
                                    + "('g4', 1, 'a1', 'p3', '', '', 'issues:read', 'maybe', NULL, 7, 0)"));
        QVERIFY(
            !connection.execute(insert + "('g4', 1, 'a2', 'p3', '', '', 'issues:read', 'ask', NULL, 7, 0)"));
        QCOMPARE(
            number(
                connection,
                "SELECT count(*) FROM sqlite_master WHERE name = 'grants_profile' AND tbl_name = 'grants'"),
            1);
        QCOMPARE(number(connection, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'grants_with%'"), 0);
    }

    void oldFile_opensAsAStorage()
    {
        const OldFile file;
        {
            auto connection = file.at(1);
            QVERIFY(connection.execute("INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                       "'default', 'old-install', 1)"));
        }
        std::string install;
        {
            const auto storage = SqlcipherStorage::open(
                file.path(), TestStorage::key(), [](const std::function<void()> &act) { act(); },
                [] { return std::int64_t{ 9 }; });
            QVERIFY(storage);
            (*storage)->read<Profile>(
                [](Stores &stores) { return stores.profile.load(); },
                [&install](const Result<Profile> &profile) { install = profile->installId; });
        }

        QCOMPARE(install, std::string("old-install"));
    }

    // Tests of the error paths

    void stepThatFails_leavesNothingOfItself()
    {
        const OldFile file;
        auto connection = file.at(1);
        QVERIFY(connection.execute("CREATE TABLE projections (in_the_way)"));

        QVERIFY(!migrate(connection));

        QCOMPARE(fileVersion(connection).value_or(0), 1);
        QCOMPARE(number(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'calls'"), 0);
    }

    void futureFile_isRefusedByName()
    {
        const OldFile file;
        auto connection = file.at(0);
        QVERIFY(connection.execute("PRAGMA user_version = 9000"));

        const auto outcome = migrate(connection);

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::StorageNewer);
        QCOMPARE(fileVersion(connection).value_or(0), 9000);
    }

    void journalRow_cannotBeUpdated()
    {
        TestStorage storage;
        const OldFile file;
        auto connection = file.at(0);
        QVERIFY(connection.execute(
            "INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, 'default', 'i', 1)"));
        SqlJournalStore journal(connection, ProfileId{ 1 });
        JournalRow row;
        row.body = "{}";
        QVERIFY(journal.append(row));

        QVERIFY(!connection.execute("UPDATE journal SET body = '[]'"));
    }
};

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
