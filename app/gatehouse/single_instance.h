// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QFileSystemWatcher>
#include <QLocalServer>
#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// One Gatehouse per profile folder. A second start asks the first who it is, brings its window to the front
/// where there is one, and ends.
/// The lock is the system's, on the folder itself: it goes with the process that holds it, needs no room on
/// the disk, and nothing that a crash or another machine left in the folder can hold it. Thread: main. Owns:
/// the lock and the small socket on which the first is called.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    /// What the first says of itself to a second start.
    struct Running
    {
        bool hasWindow = false;
        std::string address; ///< http://127.0.0.1:4100; empty while that door is shut
    };

    explicit SingleInstance(std::filesystem::path folder, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// True: this is the first, or the folder's file system has no locks and the database's own lock will
    /// tell. False: another has the profile. StorageReadOnly, StorageFull or StorageFailed: the folder cannot
    /// be used. Needs no QCoreApplication.
    [[nodiscard]] Result<bool> claim();
    /// Gives it up again, and removes the folder if it was made for this and is empty.
    void release();
    /// Hears a second start from now on. Needs the event loop. Its socket is made again where it goes.
    void listen();
    void describe(Running running) { m_running = std::move(running); }

    /// Asks the first who it is and, with `show`, to come to the front; nullopt if it did not answer. Needs
    /// no QCoreApplication.
    [[nodiscard]] std::optional<Running> callTheFirst(bool show) const;
    /// The process that has the profile; 0: its lock does not tell.
    [[nodiscard]] qint64 processOfTheFirst() const;

signals:
    void called();

private:
    void answer();
    [[nodiscard]] QString socketName() const;

    std::filesystem::path m_folder;
    int m_lock = -1; ///< the folder, open
    QLocalServer m_server;
    std::unique_ptr<QFileSystemWatcher> m_watcher; ///< of the folder, once it listens
    Running m_running;
    bool m_madeFolder = false;
};

} // namespace gatehouse
