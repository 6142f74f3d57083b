// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QLocalServer>
#include <QLockFile>
#include <QObject>

#include <filesystem>
#include <memory>

namespace gatehouse {

/// One Gatehouse per profile folder. A second start brings the first to the front and ends.
/// Thread: main. Owns: the lock and the small socket on which the first is called.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const std::filesystem::path &folder, QObject *parent = nullptr);

    /// True: this is the first. False: another has the profile. StorageReadOnly or StorageFailed: the
    /// folder cannot be used.
    [[nodiscard]] Result<bool> claim();
    /// Asks the first to come to the front; false if it did not hear.
    [[nodiscard]] bool callTheFirst() const;

signals:
    void called();

private:
    QString m_name;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace gatehouse
