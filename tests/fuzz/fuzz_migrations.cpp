// SPDX-License-Identifier: GPL-3.0-or-later
// What opening a database is given: rows of an older version, of any content, and a file that was damaged.
#include "gateway_core/base/json.h"
#include "gateway_core/identity/directory.h"
#include "gateway_core/storage/agent_store.h"
#include "gateway_core/storage/call_store.h"
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/grant_store.h"
#include "gateway_core/storage/idempotency_store.h"
#include "gateway_core/storage/journal_store.h"
#include "gateway_core/storage/login_store.h"
#include "gateway_core/storage/migrations.h"
#include "gateway_core/storage/profile_store.h"
#include "tests/fuzz/promise.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>

using namespace gatehouse;
using namespace gatehouse::fuzz;
namespace fs = std::filesystem;

namespace {

constexpr ProfileId kProfile{ 1 };
constexpr int kRowsMost = 12;

const Secret &key()
{
    static const Secret made = [] {
        std::array<std::uint8_t, kDatabaseKeySize> bytes{};
        bytes.fill(7);
        return Secret(std::span<const std::uint8_t>(bytes));
    }();
    return made;
}

std::vector<std::string> textsOf(sql::Connection &connection, const std::string &query, int column)
{
    const auto texts
        = connection.all(query, [column](const sql::Statement &row) { return row.text(column); });
    return texts.value_or(std::vector<std::string>());
}

/// The tables that a program writes; the text index has its own.
std::vector<std::string> tablesOf(sql::Connection &connection)
{
    return textsOf(connection,
                   "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                   "AND name NOT LIKE 'calls_text%' ORDER BY name",
                   0);
}

/// The rows that nothing else could bring back: the lists are made anew from the journal.
std::map<std::string, std::int64_t> countsOf(sql::Connection &connection,
                                             const std::vector<std::string> &tables)
{
    std::map<std::string, std::int64_t> counts;
    for (const auto &table : tables) {
        if (table == "calls" || table == "call_blocks" || table == "projections")
            continue;
        const auto count = connection.one("SELECT count(*) FROM " + table,
                                          [](const sql::Statement &row) { return row.integer(0); });
        counts[table] = count ? count->value_or(-1) : -2;
    }
    return counts;
}

std::string hexOf(const std::string &bytes)
{
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += { kDigits[byte >> 4], kDigits[byte & 15] };
    }
    return text;
}

/// A value of any type, as SQL spells it.
std::string valueFrom(FuzzedDataProvider &input)
{
    static const char *const kKnown[] = { "1",
                                          "0",
                                          "'a1'",
                                          "'active'",
                                          "'allow'",
                                          "'off'",
                                          "'*'",
                                          "'running'",
                                          "'call_intent'",
                                          "'call_outcome'",
                                          "'done'",
                                          "'refresh'",
                                          "'{\"agent\":\"a1\",\"outcome\":\"ok\"}'",
                                          "'[\"http://127.0.0.1/\"]'",
                                          "zeroblob(32)" };
    switch (input.ConsumeIntegralInRange(0, 4)) {
    case 0: return "NULL";
    case 1: return std::to_string(input.ConsumeIntegral<std::int64_t>());
    case 2: return "x'" + hexOf(input.ConsumeRandomLengthString(40)) + "'";
    case 3: return "CAST(x'" + hexOf(input.ConsumeRandomLengthString(80)) + "' AS TEXT)";
    default: return kKnown[input.ConsumeIntegralInRange<std::size_t>(0, std::size(kKnown) - 1)];
    }
}

void addRow(sql::Connection &connection, const std::string &table, FuzzedDataProvider &input)
{
    std::string values;
    for (std::size_t i = textsOf(connection, "PRAGMA table_info(" + table + ")", 1).size(); i > 0; --i)
        values += (values.empty() ? "" : ",") + valueFrom(input);
    (void)connection.execute("INSERT INTO " + table + " VALUES (" + values
                             + ")"); // some constraint may refuse it
}

/// Everything that a start reads, and the lists. Each may fail; none may do worse.
void readAll(sql::Connection &connection)
{
    SqlProfileStore profile(connection, kProfile);
    SqlAgentStore agents(connection, kProfile);
    SqlGrantStore grants(connection, kProfile);
    SqlJournalStore journal(connection, kProfile);
    SqlCallStore calls(connection, journal, kProfile);
    SqlIdempotencyStore keys(connection, kProfile);
    SqlLoginStore logins(connection, kProfile);
    Stores stores{ profile, agents, grants, journal, calls, keys, logins };
    (void)profile.load();
    (void)profile.pin();
    (void)Directory::load(stores);
    (void)logins.registrations();
    (void)logins.families();
    (void)logins.tokens();
    (void)keys.markRunningUnknown();
    (void)journal.last();
    (void)journal.from(1, 100);
    (void)journal.checkpoints();
    (void)calls.catchUp(100);
    (void)calls.page({});
}

void migrateOldRows(FuzzedDataProvider &input)
{
    auto connection = sql::Connection::open(":memory:");
    require(connection.has_value(), "a database in memory opens");
    const int last = static_cast<int>(migrations().size());
    const int from = input.ConsumeIntegralInRange(1, last);
    require(migrate(*connection, from).has_value(), "the steps run on an empty file");
    const auto tables = tablesOf(*connection);
    if (input.ConsumeBool())
        (void)connection->execute(
            "INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, 'default', 'install', 1)");
    for (int i = 0; i < kRowsMost && input.remaining_bytes() > 0; ++i)
        addRow(*connection, tables[input.ConsumeIntegralInRange<std::size_t>(0, tables.size() - 1)], input);
    const auto before = countsOf(*connection, tables);

    const auto done = migrate(*connection);

    require(!connection->isInTransaction(), "no step is left half open");
    require(countsOf(*connection, tables) == before, "no row is lost");
    const int version = fileVersion(*connection).value_or(-1);
    require(done ? version == last : version >= from && version < last, "the version says where it stands");
    readAll(*connection);
}

/// A file of the newest version with a row in it, made once.
class SoundFile final
{
public:
    SoundFile()
    {
        std::string name = (fs::temp_directory_path() / "gatehouse-fuzz-XXXXXX").string();
        require(::mkdtemp(name.data()) != nullptr, "a folder to work in");
        m_folder = name;
        {
            auto connection = openDatabaseFile(path(), key());
            require(connection && migrate(*connection), "a new file");
            SqlProfileStore profile(*connection, kProfile);
            require(profile.makeFirst("install", 1).has_value(), "a profile");
        }
        std::ifstream file(path(), std::ios::binary);
        m_bytes.assign(std::istreambuf_iterator<char>(file), {});
    }
    ~SoundFile() { fs::remove_all(m_folder); }

    [[nodiscard]] fs::path path() const { return m_folder / "gatehouse.db"; }
    [[nodiscard]] const std::string &bytes() const { return m_bytes; }
    void put(const std::string &bytes) const
    {
        for (const char *suffix : { "-wal", "-shm", "-journal", ".key-check" })
            fs::remove(path().string() + suffix);
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    }

private:
    fs::path m_folder;
    std::string m_bytes;
};

void openDamagedFile(FuzzedDataProvider &input)
{
    static const SoundFile sound;
    std::string bytes = sound.bytes();
    for (int i = input.ConsumeIntegralInRange(0, 4); i > 0; --i) {
        const auto at = input.ConsumeIntegralInRange<std::size_t>(0, bytes.size() - 1);
        const std::string patch = input.ConsumeRandomLengthString(16);
        bytes.replace(at, patch.size(), patch);
    }
    if (input.ConsumeBool())
        bytes.resize(input.ConsumeIntegralInRange<std::size_t>(0, bytes.size()));
    sound.put(bytes);

    auto connection = openDatabaseFile(sound.path(), key());
    if (connection && migrate(*connection))
        readAll(*connection);
    else if (!connection)
        require(connection.error().code == ErrorCode::StorageDamaged
                    || connection.error().code == ErrorCode::StorageWrongKey,
                "a damaged file is said to be one");
    require(fs::exists(sound.path()), "nothing is deleted");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    FuzzedDataProvider input(data, size);
    // A file costs a hundred times what memory costs.
    if (input.ConsumeIntegral<std::uint8_t>() < 8)
        openDamagedFile(input);
    else
        migrateOldRows(input);
    return 0;
}
