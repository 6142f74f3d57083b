// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/crash/household.h"

#include <QDir>
#include <QTest>

#include <optional>

#include <unistd.h>

namespace gatehouse::test {

namespace {

constexpr auto kPin = "271828";
constexpr char kPassphrase[] = "a passphrase of this test\n";
constexpr int kPassphraseDescriptor = 3;
constexpr int kPatience = 30'000;

} // namespace

Household::Household()
    : m_folder(QDir::tempPath()
               + QStringLiteral("/gatehouse-XXXXXX")) // a Unix socket's path holds 107 characters
{
}

Household::~Household()
{
    m_gatehouse.terminate();
    if (!m_gatehouse.waitForFinished(5'000))
        m_gatehouse.kill();
    m_gatehouse.waitForFinished(5'000);
}

std::filesystem::path Household::socket() const
{
    return m_folder.filePath(QStringLiteral("profile/run/gatehouse.sock")).toStdString();
}

void Household::prepare(QProcess &process, QStringList arguments) const
{
    process.setProgram(QStringLiteral(GATEHOUSE_BIN "/gatehouse"));
    process.setArguments(
        QStringList{ QStringLiteral("--profile-dir"), m_folder.filePath(QStringLiteral("profile")),
                     QStringLiteral("--secrets"), QStringLiteral("file"), QStringLiteral("--passphrase-fd"),
                     QString::number(kPassphraseDescriptor) }
        + arguments);
    process.setChildProcessModifier([] {
        int ends[2];
        if (::pipe(ends) != 0)
            ::_exit(126);
        (void)!::write(ends[1], kPassphrase, sizeof kPassphrase - 1);
        ::close(ends[1]);
        if (ends[0] != kPassphraseDescriptor) {
            ::dup2(ends[0], kPassphraseDescriptor);
            ::close(ends[0]);
        }
    });
}

bool Household::run(const QStringList &arguments, const QByteArray &input, QByteArray &output)
{
    QProcess process;
    prepare(process, arguments);
    process.start();
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(kPatience) && process.exitCode() == 0;
    output = process.readAllStandardOutput();
    if (!ended)
        m_problem = arguments.join(QLatin1Char(' ')) + QLatin1String(": ")
            + QString::fromUtf8(process.readAllStandardError());
    return ended;
}

bool Household::open()
{
    if (!m_tasker.start()) {
        m_problem = m_tasker.error();
        return false;
    }
    const QByteArray pin = QByteArray(kPin) + '\n';
    QByteArray output;
    if (!run({ QStringLiteral("--set-pin") }, pin + pin, output))
        return false;
    m_client = std::make_unique<SocketClient>(socket());
    if (!startGatehouse())
        return false;
    const Json signedIn = owner("POST", "/api/v1/owner/sign-in", { { "pin", kPin }, { "name", "test" } });
    if (signedIn.is_null())
        return false;
    m_ownerToken = std::make_shared<const Secret>(signedIn.value("token", ""));
    const Json saved = owner("PUT", "/api/v1/connection",
                             { { "tasker_url", m_tasker.baseUrl() },
                               { "owner_user_id", m_tasker.owner() },
                               { "owner_email", "owner@example.org" },
                               { "credential", m_tasker.credential() } });
    return !saved.is_null();
}

void Household::killGatehouse()
{
    m_gatehouse.kill();
    m_gatehouse.waitForFinished(kPatience);
    m_stepUpToken.clear();
}

bool Household::startGatehouse()
{
    prepare(m_gatehouse,
            { QStringLiteral("--headless"), QStringLiteral("--port"),
              QString::number(23'000 + ::getpid() % 5'000) });
    m_gatehouse.start();
    const bool ready
        = QTest::qWaitFor([this] { return ask("GET", "/readyz", nullptr).status == 200; }, kPatience);
    if (!ready)
        m_problem = QStringLiteral("Gatehouse did not get ready: ")
            + QString::fromUtf8(m_gatehouse.readAllStandardError());
    return ready;
}

WireAnswer Household::ask(const std::string &method, const std::string &target, const Json &body)
{
    WireRequest request{
        .method = method, .target = target, .headers = {}, .body = {}, .bearer = m_ownerToken
    };
    if (!body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body.dump();
    }
    if (!m_stepUpToken.empty())
        request.headers.emplace_back("X-Step-Up-Token", m_stepUpToken);
    const auto got = std::make_shared<std::optional<WireAnswer>>();
    m_client->send(
        std::move(request), [got](WireAnswer answer) { *got = std::move(answer); },
        [got](WireFailure) { *got = WireAnswer{}; });
    (void)QTest::qWaitFor([&] { return got->has_value(); }, kPatience);
    return got->value_or(WireAnswer{});
}

Json Household::owner(const std::string &method, const std::string &target, const Json &body)
{
    if (m_ownerToken && m_stepUpToken.empty() && method != "GET") {
        const WireAnswer entered = ask("POST", "/api/v1/step-up", { { "pin", kPin } });
        m_stepUpToken = Json::parse(entered.body, nullptr, false).value("step_up_token", "");
    }
    const WireAnswer answer = ask(method, target, body);
    Json said = Json::parse(answer.body, nullptr, false);
    if (answer.status >= 200 && answer.status < 300)
        return said.is_discarded() ? Json::object() : said;
    m_problem = QString::fromStdString(method + ' ' + target + ": " + std::to_string(answer.status) + ' '
                                       + answer.body);
    return nullptr;
}

} // namespace gatehouse::test
