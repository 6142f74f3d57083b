// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/doctor.h"

#include "app/gatehousectl/doctor/gateway_checks.h"
#include "app/gatehousectl/doctor/machine_checks.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTimer>
#include <QUrl>

#include <array>

namespace gatehouse {

namespace {

constexpr Millis kGatewayPatience(20'000); // above the 15 s that one question to Tasker may take
constexpr Millis kCodexPatience(20'000);

} // namespace

struct Doctor::Step
{
    void (Doctor::*run)();
};

Doctor::Doctor(Dependencies means, QObject *parent)
    : QObject(parent)
    , m_means(std::move(means))
{
}

Doctor::~Doctor() = default;

void Doctor::run()
{
    next();
}

void Doctor::next()
{
    // From the machine to the gateway, from there to Tasker, and back out to Codex. Each step calls next()
    // once.
    static constexpr std::array kSteps{
        Step{ &Doctor::lookAround },      Step{ &Doctor::askIfReady },
        Step{ &Doctor::askForPort },      Step{ &Doctor::signIn },
        Step{ &Doctor::askForStatus },    Step{ &Doctor::askTasker },
        Step{ &Doctor::askForEvents },    Step{ &Doctor::lookAtClockAndPort },
        Step{ &Doctor::lookAtKeychain },  Step{ &Doctor::askCodexVersion },
        Step{ &Doctor::askCodexEntries }, Step{ &Doctor::lookAtPairings },
    };
    if (m_at == kSteps.size()) {
        emit ended();
        return;
    }
    (this->*kSteps[m_at++].run)();
}

void Doctor::add(Finding finding)
{
    m_heard.findings.push_back(std::move(finding));
    emit found(m_heard.findings.back());
}

void Doctor::lookAround()
{
    add(machine::profile(m_means.here));
    add(machine::socket(m_means.here));
    m_port = m_said = machine::notedPort(m_means.here); // a locked gateway tells no other
    next();
}

void Doctor::askIfReady()
{
    WireRequest request{ .method = "GET",
                         .target = "/readyz",
                         .headers = {},
                         .body = {},
                         .bearer = nullptr,
                         .patience = kGatewayPatience };
    m_means.client.send(
        std::move(request),
        [this](const WireAnswer &answer) {
            m_heard.ready = Json::parse(answer.body, nullptr, false);
            m_isUp = m_heard.ready.is_object();
            add(m_isUp ? gateway::readiness(m_heard.ready) : gateway::silent(WireFailure::Malformed));
            next();
        },
        [this](WireFailure failure) {
            add(gateway::silent(failure));
            if (auto last = machine::lastStart(m_means.here))
                add(std::move(*last));
            next();
        });
}

void Doctor::askForPort()
{
    if (!m_isUp)
        return next();
    ask("/api/v1/meta/capabilities", [this](int, const Json &body) {
        const QUrl url(QString::fromStdString(gateway::textAt(body, "/endpoints/mcp")));
        m_said = std::max(0, url.port(m_port));
        if (m_said != 0)
            m_port = m_said;
        next();
    });
}

void Doctor::signIn()
{
    if (!m_isUp)
        return next();
    m_means.readToken([this](Result<Secret> token) {
        if (token)
            m_token = std::make_shared<const Secret>(std::move(*token));
        else
            add(gateway::notSignedIn(nameOf(token.error().code)));
        next();
    });
}

void Doctor::askForStatus()
{
    if (!m_token)
        return next();
    ask("/api/v1/status", [this](int status, const Json &body) {
        if (status == 401)
            m_token.reset();
        if (status != 200) {
            add(gateway::notSignedIn(status == 0 ? "no answer" : gateway::textAt(body, "/error")));
            return next();
        }
        m_heard.status = body;
        add(gateway::versions(body, GATEHOUSE_VERSION));
        for (Finding &finding : gateway::state(body))
            add(std::move(finding));
        next();
    });
}

void Doctor::askTasker()
{
    if (!m_token || m_heard.status.is_null()) {
        if (m_isUp)
            add(gateway::lastHeard(m_heard.ready));
        return next();
    }
    const std::int64_t asked = m_means.clock.sinceBoot();
    ask("/api/v1/projects?query=*&limit=1", [this, asked](int status, const Json &body) {
        add(gateway::tasker(status, body, m_means.clock.sinceBoot() - asked));
        next();
    });
}

void Doctor::askForEvents()
{
    if (!m_token || !m_means.wantsEvents)
        return next();
    ask("/api/v1/audit/events?limit=100", [this](int status, const Json &body) {
        if (status == 200)
            m_heard.events = body;
        next();
    });
}

void Doctor::lookAtClockAndPort()
{
    add(machine::port(m_port, machine::holderOf(m_port, m_means.here),
                      m_isUp ? std::optional(m_said) : std::nullopt));
    add(machine::proxies(m_means.here));
    add(machine::clock(m_means.here, m_means.clock.now(), gateway::latestTime(m_heard.status)));
    next();
}

void Doctor::lookAtKeychain()
{
    m_keychain.look([this](KeychainState state) {
        add(machine::keychain(m_means.here, state, m_keychain.provider()));
        next();
    });
}

void Doctor::askCodexVersion()
{
    runCodex({ QStringLiteral("--version") }, [this](const std::optional<std::string> &said) {
        m_codexIsThere = said.has_value();
        add(codex::version(said));
        next();
    });
}

void Doctor::askCodexEntries()
{
    if (!m_codexIsThere)
        return next();
    runCodex({ QStringLiteral("mcp"), QStringLiteral("list"), QStringLiteral("--json") },
             [this](const std::optional<std::string> &said) {
                 const Json list = said ? Json::parse(*said, nullptr, false) : Json();
                 if (!list.is_array()) {
                     add(codex::unreadable());
                     return next();
                 }
                 m_entries = codex::entriesFor(list, m_port);
                 for (Finding &finding : codex::configuration(m_entries, m_means.here, m_port))
                     add(std::move(finding));
                 for (const codex::Entry &entry : m_entries)
                     m_heard.codexEntries.push_back(codex::outline(entry));
                 next();
             });
}

void Doctor::lookAtPairings()
{
    while (m_entryAt < m_entries.size() && !m_entries[m_entryAt].viaBridge)
        ++m_entryAt;
    if (m_entryAt == m_entries.size())
        return next();
    const codex::Entry &entry = m_entries[m_entryAt++];
    m_store = m_means.storeOf(entry);
    m_store->read(bridgeTokenEntry(entry.client), [this, &entry](const Result<Secret> &token) {
        add(codex::pairing(entry, token ? Result<>() : tl::unexpected<Error>(token.error())));
        QMetaObject::invokeMethod(this, &Doctor::lookAtPairings,
                                  Qt::QueuedConnection); // the store is asked from its own answer
    });
}

void Doctor::ask(const std::string &target, Take take)
{
    WireRequest request{ .method = "GET",
                         .target = target,
                         .headers = {},
                         .body = {},
                         .bearer = m_token,
                         .patience = kGatewayPatience };
    m_means.client.send(
        std::move(request),
        [take](const WireAnswer &answer) {
            Json body = Json::parse(answer.body, nullptr, false);
            take(answer.status, body.is_discarded() ? Json() : body);
        },
        [take](WireFailure) { take(0, nullptr); });
}

void Doctor::runCodex(const QStringList &words, std::function<void(std::optional<std::string>)> take)
{
    const QString path = QString::fromStdString(m_means.here.variable("PATH"));
    const QString program = QStandardPaths::findExecutable(QStringLiteral("codex"),
                                                           path.split(QLatin1Char(':'), Qt::SkipEmptyParts));
    if (program.isEmpty())
        return take(std::nullopt);
    auto *process = new QProcess(this);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardErrorFile(QProcess::nullDevice()); // warnings, not for us
    connect(process, &QProcess::finished, this, [process, take](int code, QProcess::ExitStatus status) {
        process->deleteLater();
        const bool well = status == QProcess::NormalExit && code == 0;
        take(well ? std::optional(process->readAllStandardOutput().toStdString()) : std::nullopt);
    });
    connect(process, &QProcess::errorOccurred, this, [process, take](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return; // finished() tells the rest
        process->deleteLater();
        take(std::nullopt);
    });
    QTimer::singleShot(kCodexPatience, process, &QProcess::kill);
    process->start(program, words);
}

} // namespace gatehouse
