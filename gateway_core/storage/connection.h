// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/digest.h"
#include "gateway_core/base/result.h"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

/// A thin skin over SQLCipher's C API: nothing is freed by hand, values are always bound, every result
/// code becomes an Error (sqlite_error.h). Thread: one at a time.
namespace gatehouse::sql {

class Connection;

/// One prepared statement with its values. It goes back to the connection's cache when it dies, and so
/// must not outlive it.
class Statement final
{
public:
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    /// True: a row stands ready. False: there is no more.
    [[nodiscard]] Result<bool> step();

    // The columns of the present row; NULL reads as 0 or empty.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybeInteger(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< also a blob's bytes
    [[nodiscard]] Digest digest(int column) const; ///< zeros where the blob has another size

private:
    friend class Connection;
    Statement(Connection &connection, std::string sql, sqlite3_stmt *statement);
    void bindNext(std::int64_t value);
    void bindNext(std::string_view text);
    void bindNext(std::span<const std::uint8_t> blob);
    void bindNull();
    template <typename T> void bind(const T &value);

    Connection *m_connection;
    std::string m_sql;
    sqlite3_stmt *m_statement;
    int m_bound = 0;
    int m_bindError = 0;
};

/// A blob made of a string's bytes (salts, signatures).
struct Blob
{
    std::string_view bytes;
};

class Connection final
{
public:
    Connection() = default;
    Connection(Connection &&other) noexcept;
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    Connection &operator=(Connection &&other) noexcept;
    ~Connection();

    /// Opens a file that exists, for reading and writing. Nothing is read yet.
    [[nodiscard]] static Result<Connection> open(const std::filesystem::path &file);
    /// Reads alone: whatever its end, neither the file nor its log is changed. Leaves a `-shm` beside them.
    [[nodiscard]] static Result<Connection> openReadOnly(const std::filesystem::path &file);
    /// Hands the codec its key text, exactly as `PRAGMA key` would, without making SQL of it.
    [[nodiscard]] Result<> key(std::string_view keyText);

    /// Runs a script of constant SQL; rows are ignored.
    [[nodiscard]] Result<> execute(const std::string &script);
    /// Runs one statement with bound values.
    template <typename... Values> [[nodiscard]] Result<> run(std::string_view sql, const Values &...values);
    /// A statement with its values bound, not yet stepped.
    template <typename... Values>
    [[nodiscard]] Result<Statement> query(std::string_view sql, const Values &...values);
    /// The first row through `read`, if there is one.
    template <typename Read, typename... Values>
    [[nodiscard]] auto one(std::string_view sql, Read read, const Values &...values)
        -> Result<std::optional<std::invoke_result_t<Read, const Statement &>>>;
    /// Every row through `read`.
    template <typename Read, typename... Values>
    [[nodiscard]] auto all(std::string_view sql, Read read, const Values &...values)
        -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>;

    /// The same where the number of values is known at run time: `more` is bound behind `values`.
    template <typename Read, typename... Values>
    [[nodiscard]] auto allOf(std::string_view sql, Read read, const std::vector<std::string_view> &more,
                             const Values &...values)
        -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>;

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] int changes() const;
    /// False within BEGIN ... COMMIT. An error may have ended a transaction by itself: ask.
    [[nodiscard]] bool isInTransaction() const;

private:
    [[nodiscard]] static Result<Connection> openWith(const std::filesystem::path &file, int flags);
    friend class Statement;
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    void giveBack(std::string sql, sqlite3_stmt *statement);

    sqlite3 *m_database = nullptr;
    std::unordered_map<std::string, std::vector<sqlite3_stmt *>> m_idle;
};

/// Rolls back unless committed.
class Transaction final
{
public:
    /// Later: the commit is not synced, and so can be lost with power; for what can be made again.
    enum class Sync { AtCommit, Later };

    [[nodiscard]] static Result<Transaction> begin(Connection &connection, Sync sync = Sync::AtCommit);
    Transaction(Transaction &&other) noexcept;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();

    [[nodiscard]] Result<> commit();

private:
    Transaction(Connection &connection, Sync sync);
    void end();

    Connection *m_connection;
    Sync m_sync;
};

template <typename T> void Statement::bind(const T &value)
{
    if constexpr (std::is_same_v<T, Digest>)
        bindNext(std::span<const std::uint8_t>(value));
    else if constexpr (std::is_same_v<T, Blob>)
        bindNext(std::span(reinterpret_cast<const std::uint8_t *>(value.bytes.data()), value.bytes.size()));
    else if constexpr (std::is_convertible_v<T, std::string_view>)
        bindNext(std::string_view(value));
    else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>)
        value ? bindNext(*value) : bindNull();
    else
        bindNext(static_cast<std::int64_t>(value)); // numbers, bool, ProfileId
}

template <typename... Values>
Result<Statement> Connection::query(std::string_view sql, const Values &...values)
{
    auto statement = prepare(sql);
    if (statement)
        (statement->bind(values), ...);
    return statement;
}

template <typename... Values> Result<> Connection::run(std::string_view sql, const Values &...values)
{
    auto statement = query(sql, values...);
    if (!statement)
        return tl::unexpected(statement.error());
    if (const auto stepped = statement->step(); !stepped)
        return tl::unexpected(stepped.error());
    return {};
}

template <typename Read, typename... Values>
auto Connection::one(std::string_view sql, Read read, const Values &...values)
    -> Result<std::optional<std::invoke_result_t<Read, const Statement &>>>
{
    using Found = std::optional<std::invoke_result_t<Read, const Statement &>>;
    auto statement = query(sql, values...);
    if (!statement)
        return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? Found(read(*statement)) : Found();
}

template <typename Read, typename... Values>
auto Connection::all(std::string_view sql, Read read, const Values &...values)
    -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>
{
    return allOf(sql, std::move(read), {}, values...);
}

template <typename Read, typename... Values>
auto Connection::allOf(std::string_view sql, Read read, const std::vector<std::string_view> &more,
                       const Values &...values)
    -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>
{
    std::vector<std::invoke_result_t<Read, const Statement &>> rows;
    auto statement = query(sql, values...);
    if (!statement)
        return tl::unexpected(statement.error());
    for (const auto value : more)
        statement->bind(value);
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return rows;
        rows.push_back(read(*statement));
    }
}

} // namespace gatehouse::sql
