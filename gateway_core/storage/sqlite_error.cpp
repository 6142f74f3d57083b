// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/sqlite_error.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace gatehouse::sql {

namespace {

ErrorCode codeOfErrno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: // a limit on file sizes is a full disk to us
        return ErrorCode::StorageFull;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::StorageReadOnly;
    default: return ErrorCode::StorageFailed;
    }
}

ErrorCode codeOf(sqlite3 *database, int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL: return ErrorCode::StorageFull;
    case SQLITE_READONLY:
    case SQLITE_PERM: return ErrorCode::StorageReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::StorageDamaged;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return codeOfErrno(database ? sqlite3_system_errno(database) : 0);
    default: return ErrorCode::StorageFailed;
    }
}

} // namespace

Error errorFrom(sqlite3 *database, int code, std::string_view doing)
{
    std::string detail(doing);
    detail += ": ";
    detail += database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    detail += " (" + std::to_string(code) + ')';
    return { codeOf(database, code), std::move(detail), nullptr };
}

Error errorFromErrno(int number, std::string_view doing)
{
    return { codeOfErrno(number), std::string(doing) + ": " + std::strerror(number), nullptr };
}

} // namespace gatehouse::sql
