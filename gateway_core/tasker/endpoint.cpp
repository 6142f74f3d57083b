// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/endpoint.h"

#include "gateway_core/tasker/tasker_client.h"

#include <QFile>
#include <QHostAddress>
#include <QSslCertificate>
#include <QUrl>

namespace gatehouse {

namespace {

constexpr std::size_t kUrlLimit = 2048;
constexpr qint64 kCaFileLimit = 1 << 20;

tl::unexpected<Error> refusal(std::string_view field, std::string_view reason)
{
    return failure(ErrorCode::ValidationFailed, std::string(field) + ": " + std::string(reason),
                   Json{ { "field", field }, { "reason", reason } });
}

bool isLoopbackName(const QString &host)
{
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

std::string hostHeaderFor(const QString &host, int port, int usualPort)
{
    std::string header = QHostAddress(host).protocol() == QAbstractSocket::IPv6Protocol
        ? '[' + host.toStdString() + ']'
        : QUrl::toAce(host).toStdString();
    if (header.empty()) // an address, which has no ACE form
        header = host.toStdString();
    return port == usualPort ? header : header + ':' + std::to_string(port);
}

} // namespace

Result<Endpoint> parseEndpoint(const std::string &url)
{
    constexpr std::string_view kField = "tasker_url";
    if (url.size() > kUrlLimit)
        return refusal(kField, "too_long");
    const QUrl parsed(QString::fromStdString(url), QUrl::StrictMode);
    if (!parsed.isValid() || parsed.isRelative() || parsed.host().isEmpty() || parsed.port() == 0)
        return refusal(kField, "not_a_url");
    Endpoint endpoint;
    endpoint.tls = parsed.scheme() == QLatin1String("https");
    endpoint.host = parsed.host();
    endpoint.loopback = isLoopbackName(endpoint.host);
    if (!endpoint.tls && parsed.scheme() != QLatin1String("http"))
        return refusal(kField, "scheme");
    if (!endpoint.tls && !endpoint.loopback)
        return refusal(kField, "plain_http_not_loopback");
    if (!parsed.userInfo().isEmpty() || url.find('@') != std::string::npos)
        return refusal(kField, "credentials_in_url");
    if (parsed.hasQuery() || parsed.hasFragment())
        return refusal(kField, "query_or_fragment");

    const int usualPort = endpoint.tls ? 443 : 80;
    endpoint.port = static_cast<std::uint16_t>(parsed.port(usualPort));
    endpoint.hostHeader = hostHeaderFor(endpoint.host, endpoint.port, usualPort);
    endpoint.basePath = parsed.path(QUrl::FullyEncoded).toStdString();
    while (endpoint.basePath.ends_with('/'))
        endpoint.basePath.pop_back();
    return endpoint;
}

Result<> checkTaskerUrl(const std::string &url)
{
    return parseEndpoint(url).map([](const Endpoint &) {});
}

Result<QSslConfiguration> tlsFor(const std::string &caFile)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setAllowedNextProtocols({ QByteArrayLiteral("http/1.1") });
    if (caFile.empty())
        return tls;
    QFile file(QString::fromStdString(caFile));
    if (!file.open(QIODevice::ReadOnly))
        return refusal("ca_file", "unreadable");
    if (file.size() > kCaFileLimit)
        return refusal("ca_file", "too_long");
    const auto extra = QSslCertificate::fromData(file.read(kCaFileLimit), QSsl::Pem);
    if (extra.isEmpty())
        return refusal("ca_file", "no_certificate");
    tls.setCaCertificates(QSslConfiguration::systemCaCertificates() + extra);
    return tls;
}

QNetworkProxy systemProxyFor(const Endpoint &endpoint)
{
    if (endpoint.loopback)
        return QNetworkProxy::NoProxy;
    QUrl url;
    url.setScheme(endpoint.tls ? QStringLiteral("https") : QStringLiteral("http"));
    url.setHost(endpoint.host);
    url.setPort(endpoint.port);
    for (const auto &proxy : QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url))) {
        if (proxy.type() == QNetworkProxy::NoProxy
            || proxy.capabilities().testFlag(QNetworkProxy::TunnelingCapability))
            return proxy;
    }
    return QNetworkProxy::NoProxy;
}

} // namespace gatehouse
