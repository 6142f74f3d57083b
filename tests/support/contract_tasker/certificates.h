// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslConfiguration>
#include <QString>

#include <optional>

namespace contract {

/// Which certificate the server shows. All come from the folder's own authority.
enum class Certificate { Good, WrongHost, Expired };

struct Tls
{
    QSslConfiguration server;
    QString caFile; ///< PEM, to give to a client
};

/// Makes (or finds again) an authority in `folder` and a server certificate signed by it: Good is for
/// 127.0.0.1, ::1, localhost and tasker.test. nullopt: the folder cannot be written.
[[nodiscard]] std::optional<Tls> tlsIn(const QString &folder, Certificate kind);

} // namespace contract
