// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/database_file.h"

#include "gateway_core/storage/key_check.h"
#include "gateway_core/storage/sqlite_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;
constexpr int kPageSize = 4096; // measured against 1024: half the time of a cold page, a third of a bulk load

/// x'…': SQLCipher takes the bytes as they are, so no key derivation runs. Zeroed when it goes.
class KeyText final
{
public:
    explicit KeyText(const Secret &key)
    {
        constexpr char kDigits[] = "0123456789abcdef";
        auto out = m_text.begin();
        *out++ = 'x';
        *out++ = '\'';
        for (const auto byte : key.bytes()) {
            *out++ = kDigits[byte >> 4];
            *out++ = kDigits[byte & 15];
        }
        *out = '\'';
    }
    ~KeyText() { wipe(m_text.data(), m_text.size()); }
    KeyText(const KeyText &) = delete;
    KeyText &operator=(const KeyText &) = delete;
    [[nodiscard]] std::string_view text() const { return { m_text.data(), m_text.size() }; }

private:
    std::array<char, 2 * kDatabaseKeySize + 3> m_text{};
};

fs::path beside(const fs::path &file, std::string_view suffix)
{
    auto path = file;
    path += suffix;
    return path;
}

off_t sizeOf(const fs::path &file)
{
    struct stat found
    {
    };
    return ::stat(file.c_str(), &found) == 0 ? found.st_size : -1;
}

Result<> prepareFolder(const fs::path &folder)
{
    std::error_code error;
    if (!fs::exists(folder, error)) {
        fs::create_directories(folder.parent_path(), error);
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            return tl::unexpected(sql::errorFromErrno(errno, "make the folder"));
    }
    // The log is made beside the file, so a folder that takes no files is as bad as a file that takes no
    // writes.
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return tl::unexpected(sql::errorFromErrno(errno, "write to the folder"));
    return {};
}

/// SQLite would make the file with the umask's mode; its log files take over the mode they find here.
Result<> prepareFile(const fs::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return tl::unexpected(sql::errorFromErrno(errno, "open the file"));
    const int tightened = ::fchmod(descriptor, 0600);
    const int error = errno;
    ::close(descriptor);
    if (tightened != 0 && error != EPERM)
        return tl::unexpected(sql::errorFromErrno(error, "set the file's mode"));
    return {};
}

/// An emptied or removed file must not be taken for a first start.
Result<> refuseLostFile(const fs::path &file)
{
    const off_t size = sizeOf(file);
    if (size > 0 || !hasTraces(file))
        return {};
    if (size < 0)
        return failure(ErrorCode::StorageMissing, file.string());
    return failure(ErrorCode::StorageDamaged, "the file has been emptied");
}

/// SQLite would drop the log of a file that it finds empty.
Result<> putLogAside(const fs::path &file)
{
    for (const char *suffix : { "-wal", "-journal" }) {
        const auto log = beside(file, suffix);
        if (sizeOf(log) < 0)
            continue;
        auto aside = beside(log, ".set-aside");
        for (int n = 2; sizeOf(aside) >= 0; ++n)
            aside = beside(log, ".set-aside-" + std::to_string(n));
        if (::rename(log.c_str(), aside.c_str()) != 0)
            return tl::unexpected(sql::errorFromErrno(errno, "put the old log aside"));
    }
    return {};
}

/// The head of a log, as https://www.sqlite.org/fileformat2.html#walformat has it: SQLite takes a log whose
/// head is damaged for an empty one, and the rows in it would be gone without a word. All zeros is a log that
/// lost its power before anything in it was promised.
Result<> refuseDamagedLog(const fs::path &file)
{
    constexpr std::size_t kHead = 32;
    std::array<std::uint8_t, kHead> head{};
    const int descriptor = ::open(beside(file, "-wal").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    const auto got = ::pread(descriptor, head.data(), head.size(), 0);
    ::close(descriptor);
    if (got != static_cast<ssize_t>(kHead) || head == std::array<std::uint8_t, kHead>{})
        return {};
    const auto word = [&head](std::size_t at, bool bigEndian) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | head.at(bigEndian ? at + i : at + 3 - i);
        return value;
    };
    const std::uint32_t magic = word(0, true);
    const bool bigEndian = magic == 0x377f0683;
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    for (std::size_t at = 0; at < kHead - 8; at += 8) {
        first += word(at, bigEndian) + second;
        second += word(at + 4, bigEndian) + first;
    }
    if ((bigEndian || magic == 0x377f0682) && first == word(24, true) && second == word(28, true))
        return {};
    return failure(ErrorCode::StorageDamaged, "the log's head is damaged: " + file.string() + "-wal");
}

Result<sql::Connection> openKeyed(const fs::path &file, const KeyText &key)
{
    auto connection = sql::Connection::open(file);
    if (!connection)
        return connection;
    if (auto keyed = connection->key(key.text()); !keyed)
        return tl::unexpected(keyed.error());
    // Before the log is first looked at: the log's index then lies in our own memory. Shared, it would be a
    // mapped file, and a disk without a free block would end us with SIGBUS. It also keeps a second program
    // from forking the chain.
    if (auto set = connection->execute("PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE;"); !set)
        return tl::unexpected(set.error());
    return connection;
}

Result<> setPageSize(sql::Connection &connection)
{
    return connection.execute("PRAGMA cipher_page_size = " + std::to_string(kPageSize));
}

/// The first read is where a key proves right or wrong.
Result<> readSchema(sql::Connection &connection)
{
    auto read
        = connection.one("SELECT count(*) FROM sqlite_master", [](const sql::Statement &) { return true; });
    if (!read)
        return tl::unexpected(read.error());
    return {};
}

int cipherMajor(sql::Connection &connection)
{
    const auto version = connection.one(
        "PRAGMA cipher_version", [](const sql::Statement &row) { return std::atoi(row.text(0).c_str()); });
    return version ? version->value_or(0) : 0;
}

Result<std::int64_t> pragma(sql::Connection &connection, const std::string &name)
{
    const auto value
        = connection.one("PRAGMA " + name, [](const sql::Statement &row) { return row.integer(0); });
    if (!value)
        return tl::unexpected(value.error());
    return value->value_or(0);
}

Result<> exportInto(sql::Connection &old, const fs::path &fresh, const KeyText &key)
{
    const auto version = pragma(old, "user_version");
    if (!version)
        return tl::unexpected(version.error());
    if (auto made = prepareFile(fresh); !made)
        return made;
    if (auto attached = old.run("ATTACH DATABASE ? AS fresh KEY ?", fresh.native(), key.text()); !attached)
        return attached;
    return old.execute("PRAGMA fresh.cipher_compatibility = 4;"
                       "PRAGMA fresh.cipher_page_size = "
                       + std::to_string(kPageSize)
                       + ";"
                         "PRAGMA fresh.auto_vacuum = INCREMENTAL;"
                         "SELECT sqlcipher_export('fresh');"
                         "PRAGMA fresh.user_version = "
                       + std::to_string(*version)
                       + ";"
                         "DETACH DATABASE fresh");
}

/// Everything into the one file: frames of the old log must neither be lost nor meet the new file.
Result<> closeLog(sql::Connection &old, const fs::path &file)
{
    const auto mode
        = old.one("PRAGMA journal_mode = DELETE", [](const sql::Statement &row) { return row.text(0); });
    if (!mode)
        return tl::unexpected(mode.error());
    if (mode->value_or("") != "delete" || sizeOf(beside(file, "-wal")) > 0)
        return failure(ErrorCode::StorageFailed, "the old file's log does not close");
    return {};
}

/// From SQLCipher 3 to 4. `PRAGMA cipher_migrate` fails on pages of 4096, the export works. The old file
/// stays; the new one takes its name in one step, so a crash leaves the one or the other. No other
/// connection to the file may be open.
Result<> carryOver(const fs::path &file, const KeyText &key)
{
    auto fresh = beside(file, ".sqlcipher4");
    for (int n = 1; sizeOf(fresh) >= 0; ++n)
        fresh = beside(file, ".sqlcipher4-" + std::to_string(n));
    {
        auto old = openKeyed(file, key);
        if (!old)
            return tl::unexpected(old.error());
        auto done = old->execute("PRAGMA cipher_compatibility = 3");
        if (done)
            done = setPageSize(*old);
        if (done)
            done = readSchema(*old);
        if (done)
            done = closeLog(*old, file);
        if (done)
            done = exportInto(*old, fresh, key);
        if (!done)
            return done;
    }
    if (::link(file.c_str(), beside(file, ".sqlcipher3").c_str()) != 0 && errno != EEXIST)
        return tl::unexpected(sql::errorFromErrno(errno, "keep the old file"));
    if (::rename(fresh.c_str(), file.c_str()) != 0)
        return tl::unexpected(sql::errorFromErrno(errno, "take the new file"));
    return {};
}

/// A file that cannot give pages back is written anew, once: the map of its pages is made when it is, and
/// VACUUM would hold all of it in memory. Where there is no room for two it stays as it is until the next
/// start. One step puts the new one in its place, as above. No other connection may be open.
Result<> makeGivingBack(const fs::path &file, const KeyText &key)
{
    const auto fresh = beside(file, ".anew");
    ::unlink(fresh.c_str()); // of a start that was ended on the way
    std::error_code error;
    const auto room = fs::space(file.parent_path(), error);
    if (error || room.available < 2 * static_cast<std::uintmax_t>(std::max<off_t>(0, sizeOf(file))))
        return failure(ErrorCode::StorageFull, "no room to write the file anew");
    auto done = [&]() -> Result<> {
        auto old = openKeyed(file, key);
        if (!old)
            return tl::unexpected(old.error());
        auto made = setPageSize(*old);
        if (made)
            made = readSchema(*old);
        if (made)
            made = closeLog(*old, file);
        if (made)
            made = exportInto(*old, fresh, key);
        return made;
    }();
    if (done && ::rename(fresh.c_str(), file.c_str()) != 0)
        done = tl::unexpected(sql::errorFromErrno(errno, "take the new file"));
    if (!done)
        ::unlink(fresh.c_str());
    return done;
}

/// Of a file with pages in it: can they be given back?
Result<bool> givesBack(sql::Connection &connection)
{
    const auto mode = pragma(connection, "auto_vacuum");
    const auto pages = pragma(connection, "page_count");
    if (!mode || !pages)
        return tl::unexpected(mode ? pages.error() : mode.error());
    return *pages == 0 || *mode != 0;
}

/// Why the first read failed: SQLCipher says the same for a wrong key and a damaged first page.
Error reasonUnreadable(const fs::path &file, const Secret &key, const Error &seen)
{
    if (seen.code != ErrorCode::StorageDamaged)
        return seen;
    switch (checkKey(file, key)) {
    case KeyCheck::Matches:
        return { ErrorCode::StorageDamaged, "the key is right, the first page is not", nullptr };
    case KeyCheck::Differs: return { ErrorCode::StorageWrongKey, "not the key of this file", nullptr };
    case KeyCheck::Absent: break;
    }
    if (sizeOf(file) % kPageSize != 0)
        return { ErrorCode::StorageDamaged, "the file ends within a page", nullptr };
    return { ErrorCode::StorageWrongKey, "the key does not open this file, and no key check lies beside it",
             nullptr };
}

Result<> configure(sql::Connection &connection)
{
    // Of a file that is empty yet; removed pages go back to the disk (cut_sweep.h).
    if (auto set = connection.execute("PRAGMA auto_vacuum = INCREMENTAL;"); !set)
        return set;
    const auto mode
        = connection.one("PRAGMA journal_mode = WAL", [](const sql::Statement &row) { return row.text(0); });
    if (!mode)
        return tl::unexpected(mode.error());
    if (mode->value_or("") != "wal")
        return failure(ErrorCode::StorageFailed, "no write-ahead log: " + mode->value_or(""));
    return connection.execute(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
        "PRAGMA journal_size_limit = 8388608; PRAGMA busy_timeout = 0;");
}

constexpr std::uintmax_t kWholeCheckMost = 64
    << 20; // beyond, only the structure is looked at: a second a gigabyte
constexpr std::uintmax_t kRoomToLook = 1 << 20; // for the index of the log that reading makes

/// What SQLite would not ask: it takes whatever log lies beside a file for that file's, and folds it in when
/// it is closed, also where the start is refused. So a file that comes with a log is read first without a way
/// to write: one that does not fit it is refused, and neither is changed.
Result<> refuseForeignLog(const fs::path &file, const Secret &key, const KeyText &text)
{
    std::error_code error;
    if (sizeOf(beside(file, "-wal")) <= 32 || fs::space(file.parent_path(), error).available < kRoomToLook
        || error)
        return {};
    const auto looked = [&]() -> Result<> {
        auto connection = sql::Connection::openReadOnly(file);
        if (!connection)
            return {};
        auto read = connection->key(text.text());
        if (read)
            read = setPageSize(*connection);
        if (read)
            read = readSchema(*connection);
        if (!read)
            return read.error().code == ErrorCode::StorageDamaged && cipherMajor(*connection) < 4
                ? tl::unexpected(reasonUnreadable(file, key, read.error()))
                : Result<>();
        const bool whole = static_cast<std::uintmax_t>(std::max<off_t>(0, sizeOf(file))) <= kWholeCheckMost;
        const auto found = connection->one(whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)",
                                           [](const sql::Statement &row) { return row.text(0); });
        const bool damaged
            = found ? found->value_or("") != "ok" : found.error().code == ErrorCode::StorageDamaged;
        if (!damaged)
            return {};
        return failure(
            ErrorCode::StorageDamaged,
            "the log beside it does not belong to this file, or one of the two is damaged; neither was "
            "changed: "
                + beside(file, "-wal").string());
    }();
    ::unlink(beside(file, "-shm").c_str());
    return looked;
}

/// A keyed connection whose first page has been read. `mayBeOld`: this SQLCipher has older formats behind it.
Result<sql::Connection> openReadable(const fs::path &file, const KeyText &key, bool &mayBeOld)
{
    auto connection = openKeyed(file, key);
    if (!connection)
        return connection;
    auto read = setPageSize(*connection);
    if (read)
        read = readSchema(*connection);
    if (read)
        return connection;
    mayBeOld = read.error().code == ErrorCode::StorageDamaged && cipherMajor(*connection) >= 4;
    return tl::unexpected(read.error());
}

} // namespace

bool hasTraces(const fs::path &file)
{
    return sizeOf(keyCheckFile(file)) > 0 || sizeOf(beside(file, "-wal")) > 0;
}

Result<sql::Connection> openDatabaseFile(const fs::path &file, const Secret &key, OnAbsent onAbsent)
{
    if (key.size() != kDatabaseKeySize)
        return failure(ErrorCode::StorageWrongKey, "a key of " + std::to_string(key.size()) + " bytes");
    auto ready = prepareFolder(file.parent_path());
    const bool anew = onAbsent == OnAbsent::StartAnew && sizeOf(file) < 0;
    if (ready)
        ready = anew ? putLogAside(file) : refuseLostFile(file);
    if (ready)
        ready = refuseDamagedLog(file);
    if (ready)
        ready = prepareFile(file);
    if (!ready)
        return tl::unexpected(ready.error());

    const KeyText text(key);
    if (auto fits = refuseForeignLog(file, key, text); !fits)
        return tl::unexpected(fits.error());
    bool mayBeOld = false;
    auto connection = openReadable(file, text, mayBeOld);
    if (!connection && mayBeOld && carryOver(file, text))
        connection = openReadable(file, text, mayBeOld);
    if (!connection)
        return tl::unexpected(reasonUnreadable(file, key, connection.error()));
    if (const auto can = givesBack(*connection); can && !*can) {
        *connection = sql::Connection();
        (void)makeGivingBack(file, text); // else as it was: it works, and only grows
        connection = openReadable(file, text, mayBeOld);
        if (!connection)
            return tl::unexpected(connection.error());
    }
    if (auto configured = configure(*connection); !configured)
        return tl::unexpected(configured.error());
    return connection;
}

} // namespace gatehouse
