// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QLocalServer>
#include <QObject>

#include <filesystem>

namespace gatehouse {

/// One Gatehouse per profile folder. A second start brings the first to the front and ends.
/// The lock is the system's, on the folder itself: it goes with the process that holds it, needs no room on the
/// disk, and nothing that a crash or another machine left in the folder can hold it.
/// Thread: main. Owns: the lock and the small socket on which the first is called.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const std::filesystem::path &folder, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// True: this is the first, or the folder's file system has no locks and the database's own lock will tell.
    /// False: another has the profile. StorageReadOnly, StorageFull or StorageFailed: the folder cannot be used.
    [[nodiscard]] Result<bool> claim();
    /// Asks the first to come to the front; false if it did not hear.
    [[nodiscard]] bool callTheFirst() const;

signals:
    void called();

private:
    std::filesystem::path m_folder;
    QString m_name;
    int m_lock = -1;
    QLocalServer m_server;
};

} // namespace gatehouse
