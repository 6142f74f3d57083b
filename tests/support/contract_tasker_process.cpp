// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker_process.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimer>

#ifdef __linux__
#include <csignal>
#include <sys/prctl.h>
#endif

namespace gatehouse::test {

namespace {

constexpr int kPatience = 10'000; // milliseconds; a loaded machine starts processes slowly

} // namespace

ContractTaskerProcess::~ContractTaskerProcess()
{
    stop();
}

bool ContractTaskerProcess::start(const QStringList &arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QEventLoop loop;
    QTimer::singleShot(kPatience, &loop, &QEventLoop::quit);
    QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &loop, &QEventLoop::quit);
    QObject::connect(&m_process, &QProcess::finished, &loop, &QEventLoop::quit);
    QObject::connect(&m_process, &QProcess::errorOccurred, &loop, &QEventLoop::quit);
#ifdef __linux__
    // A test that crashes must not leave its Tasker behind.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
#endif
    m_process.start(QStringLiteral(GATEHOUSE_CONTRACT_TASKER), arguments);
    loop.exec();
    if (!m_process.canReadLine()) {
        m_error = QStringLiteral("contract-tasker said nothing: ") + m_process.errorString();
        return false;
    }
    m_ready = nlohmann::json::parse(m_process.readLine().toStdString(), nullptr, false);
    return m_ready.is_object();
}

void ContractTaskerProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(kPatience))
        m_process.kill();
}

std::string ContractTaskerProcess::caFile() const
{
    const auto ca = m_ready.find("ca");
    return ca != m_ready.end() && ca->is_string() ? ca->get<std::string>() : std::string();
}

nlohmann::json ContractTaskerProcess::control(const char *method, const QString &what,
                                              const nlohmann::json &body)
{
    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy::NoProxy);
    QNetworkRequest request(
        QUrl(QString::fromStdString(m_ready.value("control_url", "")) + QLatin1Char('/') + what));
    request.setRawHeader("Authorization",
                         QByteArray::fromStdString("Bearer " + m_ready.value("control_token", "")));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    if (!caFile().empty()) {
        // A server with a bad certificate must be controllable too.
        auto tls = QSslConfiguration::defaultConfiguration();
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        request.setSslConfiguration(tls);
    }
    QEventLoop loop;
    QTimer::singleShot(kPatience, &loop, &QEventLoop::quit);
    auto *reply = network.sendCustomRequest(
        request, method, body.is_null() ? QByteArray() : QByteArray::fromStdString(body.dump()));
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    if (reply->error() != QNetworkReply::NoError)
        qWarning("contract-tasker control %s: %s", qPrintable(what), qPrintable(reply->errorString()));
    return nlohmann::json::parse(reply->readAll().toStdString(), nullptr, false);
}

void ContractTaskerProcess::fault(const nlohmann::json &fault)
{
    control("POST", QStringLiteral("fault"), fault);
}

void ContractTaskerProcess::reset()
{
    control("POST", QStringLiteral("reset"));
}

void ContractTaskerProcess::closeIdle()
{
    control("POST", QStringLiteral("close_idle"));
}

void ContractTaskerProcess::touch(const std::string &issue)
{
    control("POST", QStringLiteral("touch"), { { "issue_id", issue } });
}

void ContractTaskerProcess::retireAgent(const std::string &agent)
{
    control("POST", QStringLiteral("retire_agent"), { { "agent_id", agent } });
}

nlohmann::json ContractTaskerProcess::requests()
{
    return control("GET", QStringLiteral("requests"));
}

nlohmann::json ContractTaskerProcess::counters()
{
    return control("GET", QStringLiteral("counters"));
}

nlohmann::json ContractTaskerProcess::world()
{
    return control("GET", QStringLiteral("world"));
}

nlohmann::json ContractTaskerProcess::issue(const std::string &identifier)
{
    const auto data = world();
    for (const auto &each : data.at("issues")) {
        if (each["identifier"] == identifier)
            return each;
    }
    return nullptr;
}

nlohmann::json ContractTaskerProcess::project(const std::string &identifier)
{
    const auto data = world();
    for (const auto &each : data.at("projects")) {
        if (each["identifier"] == identifier)
            return each;
    }
    return nullptr;
}

} // namespace gatehouse::test
