// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/key_check.h"
#include "gateway_core/storage/migrations.h"

#include "tests/support/test_storage.h"

#include <QTest>

#include <filesystem>
#include <fstream>

using namespace gatehouse;
using namespace gatehouse::test;
namespace fs = std::filesystem;

namespace {

std::string bytesOf(const fs::path &path)
{
    std::ifstream in(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(in), {} };
}

/// A file with a profile and a few hundred rows, closed.
class ClosedFile final
{
public:
    ClosedFile()
    {
        auto storage = open();
        for (int i = 0; i < 300; ++i)
            (*storage)->write(
                [](Stores &stores) -> Result<> {
                    JournalRow row;
                    row.kind = "test";
                    row.body = "{\"text\":\"" + std::string(200, 'x') + "\"}";
                    const auto added = stores.journal.append(row);
                    return added ? Result<>() : tl::unexpected(added.error());
                },
                {});
    }
    [[nodiscard]] Result<std::unique_ptr<SqlcipherStorage>>
    open(const Secret &key = TestStorage::key(), OnAbsent onAbsent = OnAbsent::FirstStart) const
    {
        return SqlcipherStorage::open(
            path(), key, [](const std::function<void()> &act) { act(); }, [] { return std::int64_t{ 5 }; },
            onAbsent);
    }
    /// As a killed program leaves it: the file with its log beside it.
    void killWhileOpen() const
    {
        const auto kept = path().string() + ".kept";
        {
            const auto storage = open();
            (*storage)->write(
                [](Stores &stores) { return stores.profile.saveNote("test", "in the log alone"); },
                [&kept, this](const Result<> &) {
                    fs::copy_file(path(), kept);
                    fs::copy_file(log(), kept + "-wal");
                });
        }
        fs::rename(kept, path());
        fs::rename(kept + "-wal", log());
    }
    [[nodiscard]] fs::path log() const { return path().string() + "-wal"; }
    [[nodiscard]] std::string outcome(const Secret &key = TestStorage::key()) const
    {
        const auto storage = open(key);
        return storage ? "ok" : std::string(nameOf(storage.error().code));
    }
    [[nodiscard]] fs::path path() const { return m_folder.path().toStdString() + "/data/gatehouse.db"; }
    void scribble(std::streamoff from, std::streamoff size) const
    {
        std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(from);
        file << std::string(static_cast<std::size_t>(size), 'z');
    }

private:
    QTemporaryDir m_folder;
};

Secret otherKey()
{
    return Secret(std::string_view("another key, thirty-two bytes..!"));
}

} // namespace

class OpenTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstStart_makesPrivateFilesAndOneProfile()
    {
        const ClosedFile file;
        auto storage = file.open();
        QVERIFY(storage);
        for (const auto &entry : fs::directory_iterator(file.path().parent_path()))
            QCOMPARE(static_cast<int>(entry.status().permissions() & fs::perms::mask), 0600);
        QCOMPARE(static_cast<int>(fs::status(file.path().parent_path()).permissions() & fs::perms::mask),
                 0700);

        Result<Profile> profile = failure(ErrorCode::Internal);
        (*storage)->read<Profile>([](Stores &stores) { return stores.profile.load(); },
                                  [&profile](Result<Profile> heard) { profile = std::move(heard); });
        storage->reset(); // finishes what waits

        QVERIFY(profile);
        QCOMPARE(profile->port, 4100);
        QCOMPARE(profile->installId.size(), std::size_t{ 36 });
        QCOMPARE(profile->createdAt, 5);
    }

    void file_holdsNoReadableByte()
    {
        const ClosedFile file;
        std::ifstream stream(file.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());

        QVERIFY(bytes.size() > 50'000);
        QCOMPARE(bytes.size() % 4096, std::size_t{ 0 });
        QVERIFY(bytes.find("SQLite format") == std::string::npos);
        QVERIFY(bytes.find("xxxxxxxx") == std::string::npos);
        QVERIFY(bytes.find("journal") == std::string::npos);
    }

    void connection_isAsWeNeedIt()
    {
        const ClosedFile file;
        auto connection = openDatabaseFile(file.path(), TestStorage::key());
        QVERIFY(connection);
        const auto value = [&connection](const char *pragma) {
            const auto row = connection->one(std::string("PRAGMA ") + pragma,
                                             [](const sql::Statement &found) { return found.text(0); });
            return row ? row->value_or("none") : row.error().detail;
        };

        QCOMPARE(value("journal_mode"), std::string("wal"));
        QCOMPARE(value("synchronous"), std::string("2"));
        QCOMPARE(value("foreign_keys"), std::string("1"));
        QCOMPARE(value("secure_delete"), std::string("1"));
        QCOMPARE(value("page_size"), std::string("4096"));
        QCOMPARE(value("locking_mode"), std::string("exclusive"));
    }

    void secondProgram_isRefusedWhileTheFirstHasIt()
    {
        const ClosedFile file;
        const auto first = file.open();
        QVERIFY(first);

        QCOMPARE(file.outcome(), std::string("storage_failed"));
    }

    void fileOfSqlCipher3_underSqlCipher4_isCarriedOverWithItsLog()
    {
        const ClosedFile file;
        {
            auto connection = openDatabaseFile(file.path(), TestStorage::key());
            QVERIFY(connection);
            if (!connection
                     ->one("PRAGMA cipher_version", [](const sql::Statement &row) { return row.text(0); })
                     .value_or(std::nullopt)
                     .value_or("3")
                     .starts_with("4"))
                QSKIP("built against SQLCipher 3: there is nothing to carry over");
        }
        std::string keyText = "x'";
        for (int i = 0; i < 32; ++i)
            keyText += "07";
        keyText += '\'';
        const fs::path old = file.path().parent_path() / "old.db";
        {
            std::ofstream(old).flush();
            auto connection = sql::Connection::open(old);
            QVERIFY(connection && connection->key(keyText));
            QVERIFY(connection->execute("PRAGMA cipher_compatibility = 3; PRAGMA cipher_page_size = 4096;"
                                        "PRAGMA journal_mode = WAL; CREATE TABLE padding (x);"));
            QVERIFY(migrate(*connection, 1));
            QVERIFY(connection->execute("PRAGMA wal_checkpoint(TRUNCATE);"
                                        "INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                        "'default', 'old-install', 1)"));
            // As a killed program leaves it: the row is in the log alone.
            fs::copy_file(old, file.path(), fs::copy_options::overwrite_existing);
            fs::copy_file(old.string() + "-wal", file.path().string() + "-wal");
        }

        QCOMPARE(file.outcome(), std::string("ok"));
        QCOMPARE(file.outcome(), std::string("ok"));

        auto connection = openDatabaseFile(file.path(), TestStorage::key());
        QVERIFY(connection);
        const auto install = connection->one("SELECT install_id FROM profiles WHERE id = 1",
                                             [](const sql::Statement &row) { return row.text(0); });
        QCOMPARE(install->value_or(""), std::string("old-install"));
        QCOMPARE(fileVersion(*connection).value_or(0), static_cast<int>(migrations().size()));
        QVERIFY(fs::exists(file.path().string() + ".sqlcipher3"));
    }

    void fileThatCannotGiveBack_isWrittenAnewOnce_withItsLog()
    {
        const ClosedFile file;
        const fs::path old = file.path().parent_path() / "old.db";
        std::string keyText = "x'";
        for (int i = 0; i < 32; ++i)
            keyText += "07";
        keyText += '\'';
        {
            std::ofstream(old).flush();
            auto connection = sql::Connection::open(old);
            QVERIFY(connection && connection->key(keyText));
            QVERIFY(connection->execute("PRAGMA cipher_page_size = 4096; PRAGMA auto_vacuum = NONE;"
                                        "PRAGMA journal_mode = WAL;"));
            QVERIFY(migrate(*connection));
            QVERIFY(connection->execute("PRAGMA wal_checkpoint(TRUNCATE);"
                                        "INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, "
                                        "'default', 'old-install', 1)"));
            // As a killed program leaves it: the row is in the log alone.
            fs::copy_file(old, file.path(), fs::copy_options::overwrite_existing);
            fs::copy_file(old.string() + "-wal", file.path().string() + "-wal",
                          fs::copy_options::overwrite_existing);
        }
        std::ofstream(file.path().string() + ".anew") << "what a killed start left";

        QCOMPARE(file.outcome(), std::string("ok"));

        auto connection = openDatabaseFile(file.path(), TestStorage::key());
        QVERIFY(connection);
        const auto text = [&](const char *sql) {
            const auto found = connection->one(sql, [](const sql::Statement &row) { return row.text(0); });
            return found ? found->value_or("") : std::string();
        };
        QCOMPARE(text("SELECT install_id FROM profiles WHERE id = 1"), std::string("old-install"));
        QCOMPARE(text("PRAGMA auto_vacuum"), std::string("2"));
        QCOMPARE(text("PRAGMA integrity_check"), std::string("ok"));
        QCOMPARE(fileVersion(*connection).value_or(0), static_cast<int>(migrations().size()));
        QVERIFY(!fs::exists(file.path().string() + ".anew"));
        QCOMPARE(static_cast<int>(fs::status(file.path()).permissions() & fs::perms::mask), 0600);
    }

    // Tests of the error paths

    void wrongKey_isToldApartFromDamage()
    {
        const ClosedFile file;

        QCOMPARE(file.outcome(otherKey()), std::string("storage_wrong_key"));
        QCOMPARE(file.outcome(Secret(std::string_view("short"))), std::string("storage_wrong_key"));
        QCOMPARE(file.outcome(), std::string("ok"));
    }

    void damagedFirstPage_isDamage()
    {
        const ClosedFile file;
        file.scribble(100, 64);

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
        QCOMPARE(file.outcome(otherKey()), std::string("storage_wrong_key"));
    }

    void damagedFirstPageWithoutKeyCheck_asksForTheKey()
    {
        const ClosedFile file;
        fs::remove(keyCheckFile(file.path()));
        file.scribble(100, 64);

        QCOMPARE(file.outcome(), std::string("storage_wrong_key"));
    }

    void lostKeyCheck_isWrittenAgain()
    {
        const ClosedFile file;
        fs::remove(keyCheckFile(file.path()));

        QCOMPARE(file.outcome(), std::string("ok"));

        QVERIFY(checkKey(file.path(), TestStorage::key()) == KeyCheck::Matches);
        QVERIFY(checkKey(file.path(), otherKey()) == KeyCheck::Differs);
    }

    void damagedPageInside_isDamageWhenItIsRead()
    {
        const ClosedFile file;
        const auto size = static_cast<std::streamoff>(fs::file_size(file.path()));
        for (std::streamoff page = 4096 * 30; page < size; page += 4096)
            file.scribble(page + 500, 16);
        std::string seen;
        {
            auto storage = file.open();
            if (!storage) {
                seen = nameOf(storage.error().code);
            } else {
                (*storage)->read<std::vector<JournalRow>>(
                    [](Stores &stores) { return stores.journal.from(1, 1000); },
                    [&seen](const Result<std::vector<JournalRow>> &rows) {
                        seen = rows ? "ok" : std::string(nameOf(rows.error().code));
                    });
            }
        }

        QCOMPARE(seen, std::string("storage_damaged"));
    }

    void truncatedFile_isDamage()
    {
        const ClosedFile file;
        fs::resize_file(file.path(), 4096 * 3 + 17);

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
    }

    void emptiedFile_isDamageAndNoFirstStart()
    {
        const ClosedFile file;
        fs::resize_file(file.path(), 0);

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
        QCOMPARE(fs::file_size(file.path()), std::uintmax_t{ 0 });
    }

    void lostFile_isMissing_andNothingIsMade()
    {
        const ClosedFile file;
        fs::rename(file.path(), file.path().string() + ".moved");

        QCOMPARE(file.outcome(), std::string("storage_missing"));
        QVERIFY(!fs::exists(file.path()));

        fs::rename(file.path().string() + ".moved", file.path());
        QCOMPARE(file.outcome(), std::string("ok"));
    }

    void lostFile_startedAnew_isAnEmptyOne_andItsLogIsKept()
    {
        const ClosedFile file;
        file.killWhileOpen();
        fs::remove(file.path());
        const auto size = fs::file_size(file.log());

        {
            const auto anew = file.open(TestStorage::key(), OnAbsent::StartAnew);
            QVERIFY2(anew.has_value(), anew ? "" : anew.error().detail.c_str());
        }

        QCOMPARE(fs::file_size(file.log().string() + ".set-aside"), size);
        QCOMPARE(file.outcome(), std::string("ok"));
    }

    void startAnew_whereThereIsAFile_isItsStart()
    {
        const ClosedFile file;
        const auto size = fs::file_size(file.path());
        QVERIFY(file.open(TestStorage::key(), OnAbsent::StartAnew));
        QCOMPARE(fs::file_size(file.path()), size);
    }

    void damagedHeadOfTheLog_isDamage_andTheLogStays()
    {
        const ClosedFile file;
        file.killWhileOpen();
        const auto size = fs::file_size(file.log());
        {
            std::fstream log(file.log(), std::ios::in | std::ios::out | std::ios::binary);
            log.seekp(17);
            log << 'z';
        }

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
        QCOMPARE(fs::file_size(file.log()), size);
    }

    void wholeLog_isTaken()
    {
        const ClosedFile file;
        file.killWhileOpen();

        auto storage = file.open();
        QVERIFY(storage);
        std::optional<std::string> note;
        (*storage)->read<std::optional<std::string>>(
            [](Stores &stores) { return stores.profile.note("test"); },
            [&note](const Result<std::optional<std::string>> &heard) {
                note = heard.value_or(std::nullopt);
            });
        storage->reset(); // finishes what waits

        QCOMPARE(note.value_or(""), std::string("in the log alone"));
    }

    void logOfZeros_promisedNothing()
    {
        const ClosedFile file;
        std::ofstream(file.log(), std::ios::binary) << std::string(8192, '\0');

        QCOMPARE(file.outcome(), std::string("ok"));
    }

    void youngFile_holdsItsProfileWithoutItsLog()
    {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString() + "/gatehouse.db";
        {
            const auto storage = SqlcipherStorage::open(
                path, TestStorage::key(), [](const std::function<void()> &act) { act(); },
                [] { return std::int64_t{ 5 }; });
            QVERIFY(storage);
            QVERIFY(fs::exists(keyCheckFile(path)));
            fs::copy_file(path, path.string() + ".kept");
        }
        fs::rename(path.string() + ".kept", path);

        auto connection = openDatabaseFile(path, TestStorage::key());
        QVERIFY(connection);
        QCOMPARE(fileVersion(*connection).value_or(0), static_cast<int>(migrations().size()));
    }

    void hollowFileWithAKeyCheck_isDamage()
    {
        const ClosedFile file;
        fs::remove(file.path());
        fs::rename(keyCheckFile(file.path()), file.path().string() + ".kept");
        QVERIFY(openDatabaseFile(file.path(), TestStorage::key()));
        fs::rename(file.path().string() + ".kept", keyCheckFile(file.path()));

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
    }

    void openFile_hasNoSharedIndex() // a mapped file without a block behind it is SIGBUS
    {
        const ClosedFile file;
        file.killWhileOpen();
        const auto storage = file.open();
        QVERIFY(storage);

        QVERIFY(fs::exists(file.log()));
        QVERIFY(!fs::exists(file.path().string() + "-shm"));
    }

    void lostFileWithItsLog_isMissingAndTheLogStays()
    {
        const ClosedFile file;
        {
            const auto storage = file.open();
            QVERIFY(storage);
            fs::copy_file(file.path().string() + "-wal", file.path().string() + ".kept-wal");
        }
        fs::rename(file.path(), file.path().string() + ".moved");
        fs::rename(file.path().string() + ".kept-wal", file.path().string() + "-wal");
        std::ofstream(file.path().string() + "-wal", std::ios::app) << "rows";

        QCOMPARE(file.outcome(), std::string("storage_missing"));
        QVERIFY(fs::exists(file.path().string() + "-wal"));
        QVERIFY(!fs::exists(file.path()));
    }

    /// An older file put back under a newer log: SQLite would take the two for one.
    void olderFile_underANewerLog_isDamage_andBothStayAsTheyWere()
    {
        const ClosedFile file;
        const auto older = file.path().string() + ".older";
        fs::copy_file(file.path(), older);
        {
            const auto storage = file.open(); // hundreds of pages that the older file does not have
            for (int i = 0; i < 300; ++i)
                (*storage)->write(
                    [i](Stores &stores) {
                        return stores.profile.saveNote("n" + std::to_string(i), std::string(600, 'y'));
                    },
                    {});
        }
        file.killWhileOpen();
        fs::rename(older, file.path());
        const auto before = std::pair(bytesOf(file.path()), bytesOf(file.log()));

        const auto storage = file.open();

        QVERIFY(!storage);
        QCOMPARE(storage.error().code, ErrorCode::StorageDamaged);
        QCOMPARE(std::pair(bytesOf(file.path()), bytesOf(file.log())) == before, true);
    }

    void newerFile_isRefusedAndUntouched()
    {
        const ClosedFile file;
        {
            auto connection = openDatabaseFile(file.path(), TestStorage::key());
            QVERIFY(connection);
            QVERIFY(connection->execute("PRAGMA user_version = 9000"));
        }

        QCOMPARE(file.outcome(), std::string("storage_newer"));

        auto connection = openDatabaseFile(file.path(), TestStorage::key());
        QVERIFY(connection);
        QCOMPARE(fileVersion(*connection).value_or(0), 9000);
    }

    void plainSqliteFile_isNotOurs()
    {
        const ClosedFile file;
        std::ofstream(file.path(), std::ios::trunc) << "SQLite format 3" << std::string(4096 * 2 - 15, '\0');

        QCOMPARE(file.outcome(), std::string("storage_damaged"));
    }
};

QTEST_GUILESS_MAIN(OpenTest)
#include "tst_open.moc"
