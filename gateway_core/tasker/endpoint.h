// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QString>

#include <cstdint>
#include <string>

namespace gatehouse {

/// A base URL that was found good, taken apart for the wire.
struct Endpoint
{
    bool tls = true;
    bool loopback = false; ///< by name: 127.0.0.0/8, ::1 or localhost. Plain http goes nowhere else
    QString host; ///< without brackets
    std::uint16_t port = 443;
    std::string hostHeader; ///< with brackets and with the port where it is not the scheme's own
    std::string basePath; ///< starts with a slash or is empty; no slash at the end; percent-encoded
};

/// ValidationFailed as checkTaskerUrl() says. Thread: any.
[[nodiscard]] Result<Endpoint> parseEndpoint(const std::string &url);

/// Certificates are always checked, against the system's authorities and those of `caFile` (PEM, up to
/// 1 MiB; empty: none); TLS 1.2 or newer; HTTP/1.1.
/// ValidationFailed {field: "ca_file", reason: unreadable | too_long | no_certificate}.
[[nodiscard]] Result<QSslConfiguration> tlsFor(const std::string &caFile);

/// The system's proxy for this endpoint; none for loopback. May block for as long as the system's proxy
/// rules take: not on the core thread.
[[nodiscard]] QNetworkProxy systemProxyFor(const Endpoint &endpoint);

} // namespace gatehouse
