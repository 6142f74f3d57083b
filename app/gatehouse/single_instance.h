// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QFileSystemWatcher>
#include <QLocalServer>
#include <QLockFile>
#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// One Gatehouse per profile folder. A second start asks the first who it is, brings its window to the front
/// where there is one, and ends.
/// Thread: main. Owns: the lock and the small socket on which the first is called.
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

    /// True: this is the first. False: another has the profile. StorageReadOnly or StorageFailed: the
    /// folder cannot be used. Needs no QCoreApplication.
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
    QLockFile m_lock;
    QLocalServer m_server;
    std::unique_ptr<QFileSystemWatcher> m_watcher; ///< of the folder, once it listens
    Running m_running;
    bool m_madeFolder = false;
};

} // namespace gatehouse
