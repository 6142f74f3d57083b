// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/storage.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace gatehouse {

/// The embedded storage: one SQLCipher file and the one thread that touches it. Free of Qt.
/// Thread: open() any (it blocks until the file is open or refused); the rest as Storage says.
/// Owns: the connection and the thread. Destruction finishes what waits, then joins.
class SqlcipherStorage final : public Storage
{
public:
    /// Brings a function to the core thread. Called on the storage thread, also while the storage is
    /// being destroyed.
    using Post = std::function<void(std::function<void()>)>;
    /// Wall time for rows that the storage makes itself, milliseconds.
    using Now = std::function<std::int64_t()>;

    /// Opens or makes the file (mode 0600), migrates it. A 32-byte raw key.
    /// StorageMissing (no file, though a key check or a log lies beside) · StorageWrongKey · StorageDamaged ·
    /// StorageFull · StorageReadOnly · StorageNewer (a later version of this program wrote it) ·
    /// StorageFailed (also: another program has it open). Nothing is ever deleted.
    /// Later a unit that writes also fails with StorageMissing or StorageDamaged, once the file is no longer
    /// the one that was opened (file_guard.h).
    [[nodiscard]] static Result<std::unique_ptr<SqlcipherStorage>>
    open(const std::filesystem::path &file, const Secret &key, Post post, Now now,
         OnAbsent onAbsent = OnAbsent::FirstStart);

    ~SqlcipherStorage() override;
    void write(Work work, Done done) override;
    void read(Work work, Done done) override;
    void onCommitted(Committed listener) override;
    using Storage::read;
    using Storage::write;

private:
    struct Inside;
    explicit SqlcipherStorage(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
