// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/connection.h"

#include "gateway_core/storage/sqlite_error.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace gatehouse::sql {

Statement::Statement(Connection &connection, std::string sql, sqlite3_stmt *statement)
    : m_connection(&connection)
    , m_sql(std::move(sql))
    , m_statement(statement)
{
}

Statement::Statement(Statement &&other) noexcept
    : m_connection(other.m_connection)
    , m_sql(std::move(other.m_sql))
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_bound(other.m_bound)
    , m_bindError(other.m_bindError)
{
}

Statement::~Statement()
{
    if (m_statement)
        m_connection->giveBack(std::move(m_sql), m_statement);
}

Result<bool> Statement::step()
{
    const int code = m_bindError != SQLITE_OK ? m_bindError : sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return tl::unexpected(errorFrom(m_connection->m_database, code, m_sql.substr(0, 60)));
}

void Statement::bindNext(std::int64_t value)
{
    m_bindError = std::max(m_bindError, sqlite3_bind_int64(m_statement, ++m_bound, value));
}

void Statement::bindNext(std::string_view text)
{
    // An empty view may have no address, and no address would bind NULL.
    const char *begin = text.empty() ? "" : text.data();
    m_bindError = std::max(
        m_bindError,
        sqlite3_bind_text64(m_statement, ++m_bound, begin, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bindNext(std::span<const std::uint8_t> blob)
{
    const void *begin = blob.empty() ? static_cast<const void *>("") : blob.data();
    m_bindError = std::max(m_bindError,
                           sqlite3_bind_blob64(m_statement, ++m_bound, begin, blob.size(), SQLITE_TRANSIENT));
}

void Statement::bindNull()
{
    m_bindError = std::max(m_bindError, sqlite3_bind_null(m_statement, ++m_bound));
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::optional<std::int64_t> Statement::maybeInteger(int column) const
{
    if (sqlite3_column_type(m_statement, column) == SQLITE_NULL)
        return std::nullopt;
    return integer(column);
}

std::string Statement::text(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

Digest Statement::digest(int column) const
{
    Digest digest{};
    const auto *bytes = static_cast<const std::uint8_t *>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    if (bytes && static_cast<std::size_t>(size) == digest.size())
        std::copy_n(bytes, digest.size(), digest.begin());
    return digest;
}

Connection::Connection(Connection &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
    , m_idle(std::move(other.m_idle))
{
}

Connection &Connection::operator=(Connection &&other) noexcept
{
    std::swap(m_database, other.m_database);
    std::swap(m_idle, other.m_idle);
    return *this;
}

Connection::~Connection()
{
    for (const auto &[sql, statements] : m_idle)
        for (auto *statement : statements)
            sqlite3_finalize(statement);
    sqlite3_close(m_database);
}

Result<Connection> Connection::openWith(const std::filesystem::path &file, int flags)
{
    Connection connection;
    const int code
        = sqlite3_open_v2(file.c_str(), &connection.m_database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorFrom(connection.m_database, code, "open"));
    sqlite3_extended_result_codes(connection.m_database, 1);
    return connection;
}

Result<Connection> Connection::open(const std::filesystem::path &file)
{
    return openWith(file, SQLITE_OPEN_READWRITE);
}

Result<Connection> Connection::openReadOnly(const std::filesystem::path &file)
{
    return openWith(file, SQLITE_OPEN_READONLY);
}

Result<> Connection::key(std::string_view keyText)
{
    const int code = sqlite3_key(m_database, keyText.data(), static_cast<int>(keyText.size()));
    if (code != SQLITE_OK)
        return tl::unexpected(errorFrom(m_database, code, "key"));
    return {};
}

Result<> Connection::execute(const std::string &script)
{
    const int code = sqlite3_exec(m_database, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorFrom(m_database, code, script.substr(0, 60)));
    return {};
}

int Connection::changes() const
{
    return sqlite3_changes(m_database);
}

bool Connection::isInTransaction() const
{
    return sqlite3_get_autocommit(m_database) == 0;
}

Result<Statement> Connection::prepare(std::string_view sql)
{
    std::string text(sql);
    if (const auto idle = m_idle.find(text); idle != m_idle.end() && !idle->second.empty()) {
        sqlite3_stmt *statement = idle->second.back();
        idle->second.pop_back();
        return Statement(*this, std::move(text), statement);
    }
    sqlite3_stmt *statement = nullptr;
    const int code
        = sqlite3_prepare_v2(m_database, text.data(), static_cast<int>(text.size()), &statement, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorFrom(m_database, code, text.substr(0, 60)));
    return Statement(*this, std::move(text), statement);
}

void Connection::giveBack(std::string sql, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement); // values do not linger in memory
    m_idle[std::move(sql)].push_back(statement);
}

Result<Transaction> Transaction::begin(Connection &connection, Sync sync)
{
    if (sync == Sync::Later)
        if (auto set = connection.execute("PRAGMA synchronous = NORMAL"); !set)
            return tl::unexpected(set.error());
    Transaction transaction(connection, sync);
    if (auto begun = connection.run("BEGIN IMMEDIATE"); !begun)
        return tl::unexpected(begun.error());
    return transaction;
}

Transaction::Transaction(Connection &connection, Sync sync)
    : m_connection(&connection)
    , m_sync(sync)
{
}

Transaction::Transaction(Transaction &&other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr))
    , m_sync(other.m_sync)
{
}

Transaction::~Transaction()
{
    end();
}

Result<> Transaction::commit()
{
    auto committed = m_connection->run("COMMIT");
    end();
    return committed;
}

void Transaction::end()
{
    if (!m_connection)
        return;
    if (m_connection->isInTransaction())
        (void)m_connection->run("ROLLBACK"); // can only fail where there is nothing left to undo
    if (m_sync == Sync::Later)
        (void)m_connection->execute("PRAGMA synchronous = FULL");
    m_connection = nullptr;
}

} // namespace gatehouse::sql
