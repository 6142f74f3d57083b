// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/gateway_lifecycle.h"

#include "app/gatehouse/app_log.h"
#include "app/gatehouse/summaries.h"
#include "gateway_core/base/json.h"
#include "gateway_core/storage/sqlcipher_storage.h"

#include <QSettings>

#include <array>

namespace gatehouse {

namespace {

/// The port of a profile that is still locked: read before the database can be, so it lies in the clear.
/// Once the services are open the profile's own port counts.
constexpr int kUsualPort = 4100;
const QString kPortNote = QStringLiteral("gateway/port");
const QString kProblemNote = QStringLiteral("gateway/problem"); ///< for doctor, where nobody answers
constexpr Millis kFullDiskRetry{ 5000 };
const QString kLogNote = QStringLiteral("log/file"); // where doctor finds it; empty: it is kept in no file
/// The first profile; the number stands in the names of its keychain entries.
const std::string kProfileNumber = "1";

ApiDispatcher::Dependencies dependenciesOf(Services &services, Clock &clock, Random &random)
{
    return { .storage = services.storage(),
             .registry = services.registry,
             .journal = services.journal,
             .stepUp = services.stepUp,
             .pairing = services.pairing,
             .logins = services.logins,
             .approvals = services.approvals,
             .pipeline = services.pipeline,
             .tasker = services.tasker,
             .owner = services.owner,
             .secrets = services.secrets(),
             .clock = clock,
             .random = random };
}

} // namespace

GatewayLifecycle::GatewayLifecycle(Options options, MakeSecrets makeSecrets)
    : m_options(std::move(options))
    , m_makeSecrets(std::move(makeSecrets))
{
    qRegisterMetaType<GatewayStatus>();
}

GatewayLifecycle::~GatewayLifecycle() = default;

void GatewayLifecycle::start()
{
    m_secrets = m_makeSecrets(m_clock, m_random);
    connect(m_secrets.get(), &SecretStore::unlocked, this, [this] {
        const bool isMissed = m_problem && m_problem->code == ErrorCode::SecretsUnavailable;
        if (m_state == GatewayState::Locked || (isMissed && !m_services))
            retry(0);
    });
    if (m_options.task == Options::Task::Run)
        openDoors();
    changeState(GatewayState::Starting);
    readDatabaseKey();
}

void GatewayLifecycle::retry(int port)
{
    if (port != 0)
        m_options.port = port;
    if (m_entered)
        return keepPort();
    if (m_state == GatewayState::Starting)
        return;
    m_services.reset(); // one at the threshold
    changeState(GatewayState::Starting);
    readDatabaseKey();
}

void GatewayLifecycle::stop(std::function<void()> done)
{
    if (m_doors)
        m_doors->stopListening();
    const auto leave = [this, done = std::move(done)](const Result<> &) {
        if (m_doors)
            m_doors->closeConnections();
        m_surface.reset();
        m_doors.reset();
        m_services.reset();
        m_secrets.reset();
        done();
    };
    if (m_entered)
        m_services->close(leave);
    else
        leave({}); // one at the threshold is left as it was found
}

void GatewayLifecycle::readDatabaseKey()
{
    m_secrets->read(databaseKeyEntry(kProfileNumber), [this](Result<Secret> key) {
        if (key)
            return findStorage(std::move(*key));
        std::error_code ignored;
        switch (key.error().code) {
        case ErrorCode::SecretsLocked:
        case ErrorCode::SecretsRefused: return waitOrBreak(key.error());
        case ErrorCode::SecretNotFound:
            // A fresh key beside an old database would shut its owner out for good.
            if (std::filesystem::exists(m_options.databaseFile(), ignored))
                return breakWith(
                    withoutItsSecrets({ ErrorCode::StorageKeyMissing, m_options.databaseFile().string() }));
            if (hasTraces(m_options.databaseFile()) && m_options.task != Options::Task::StartAnew)
                return breakWith(
                    withoutItsSecrets({ ErrorCode::StorageMissing, m_options.databaseFile().string() }));
            return makeDatabaseKey();
        default: return breakWith(withoutItsSecrets(key.error()));
        }
    });
}

/// A profile that was made with a sealed file has one. It is not taken by itself: a passphrase is asked for
/// only by who said so.
Error GatewayLifecycle::withoutItsSecrets(Error error) const
{
    std::error_code ignored;
    if (m_options.secrets == Secrets::Keychain && std::filesystem::exists(m_options.sealedFile(), ignored)) {
        error.detail += (error.detail.empty() ? "" : "; ")
            + std::string("the secrets of this profile lie in its sealed file");
        error.details = { { "remedy", "gatehouse --secrets file" } };
    }
    return error;
}

void GatewayLifecycle::makeDatabaseKey()
{
    std::array<std::uint8_t, 32> bytes{};
    m_random.fill(bytes);
    const auto key = std::make_shared<Secret>(std::span<const std::uint8_t>(bytes));
    wipe(bytes.data(), bytes.size());
    m_secrets->write(databaseKeyEntry(kProfileNumber), key->copy(), [this, key](Result<> written) {
        if (!written)
            return waitOrBreak(written.error());
        findStorage(std::move(*key));
    });
}

/// A first start, or one whose database is gone: the secrets know of rows that once were signed.
void GatewayLifecycle::findStorage(Secret key)
{
    if (m_options.task == Options::Task::StartAnew)
        return openStorage(key, OnAbsent::StartAnew);
    std::error_code ignored;
    if (std::filesystem::exists(m_options.databaseFile(), ignored))
        return openStorage(key, OnAbsent::FirstStart);
    m_secrets->read(
        checkpointEntry(kProfileNumber),
        [this, kept = std::make_shared<Secret>(std::move(key))](const Result<Secret> &point) {
            if (point)
                return breakWith({ ErrorCode::StorageMissing, m_options.databaseFile().string() });
            if (point.error().code == ErrorCode::SecretsLocked)
                return changeState(GatewayState::Locked);
            if (point.error().code != ErrorCode::SecretNotFound)
                return breakWith(point.error());
            openStorage(*kept, OnAbsent::FirstStart);
        });
}

void GatewayLifecycle::openStorage(const Secret &key, OnAbsent onAbsent)
{
    auto storage = SqlcipherStorage::open(
        m_options.databaseFile(), key,
        [this](std::function<void()> act) {
            QMetaObject::invokeMethod(this, std::move(act), Qt::QueuedConnection);
        },
        [this] { return m_clock.now(); }, onAbsent);
    if (!storage)
        return breakWith(storage.error());
    m_services = std::make_unique<Services>(std::move(*storage), *m_secrets, m_clock, m_random,
                                            m_options.folder / "journal");
    connect(&m_services->stepUp, &StepUp::changed, this, &GatewayLifecycle::tellStatus);
    m_services->open([this](const Result<> &outcome) { opened(outcome); });
}

void GatewayLifecycle::opened(const Result<> &outcome)
{
    if (outcome)
        return enter();
    waitOrBreak(outcome.error());
    if (outcome.error().code == ErrorCode::StorageRolledBack) {
        connect(
            &m_services->checkpoints, &Checkpoints::accepted, this,
            [this] {
                changeState(GatewayState::Starting);
                m_services->goOn([this](const Result<> &entered) { opened(entered); });
            },
            static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
        return;
    }
    // Not from inside one of its own answers.
    QMetaObject::invokeMethod(
        this, [this] { m_services.reset(); }, Qt::QueuedConnection);
}

Services *GatewayLifecycle::servicesAtThreshold() const
{
    const bool waits = !m_entered && m_problem && m_problem->code == ErrorCode::StorageRolledBack;
    return waits ? m_services.get() : nullptr;
}

void GatewayLifecycle::enter()
{
    connect(&m_services->registry, &Registry::changed, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->tasker, &TaskerClient::healthChanged, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->journal, &Journal::healthChanged, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->checkpoints, &Checkpoints::accepted, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->retention, &Retention::moved, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->retention, &Retention::progressed, this, &GatewayLifecycle::tellStatus);
    connect(&m_services->registry, &Registry::timeSet, this, &GatewayLifecycle::tellStatus);
    watchClock();
    if (m_surface)
        m_surface->open(dependenciesOf(*m_services, m_clock, m_random));
    m_entered = true;
    noteProblem({});
    changeState(GatewayState::Ready);
    emit ready();
    if (m_doors)
        keepPort();
}

void GatewayLifecycle::keepPort()
{
    const Profile profile = m_services->registry.current()->profile;
    if (m_options.port == 0 || m_options.port == profile.port)
        return listenLoopback(profile.port);
    Profile moved = profile;
    moved.port = m_options.port;
    m_services->registry.apply([moved](Stores &stores) { return stores.profile.save(moved); },
                               { .kind = EventKind::ConnectionChanged,
                                 .via = "gateway",
                                 .more = { { "port", moved.port }, { "was", profile.port } } },
                               [this, moved](Result<> saved) {
                                   if (saved)
                                       listenLoopback(moved.port);
                                   else
                                       breakWith(saved.error());
                               });
}

void GatewayLifecycle::listenLoopback(int port)
{
    m_port = port;
    if (m_doors->port() == port)
        return;
    m_doors->stopListening();
    if (const auto listening = m_doors->listenUnix(m_options.socket); !listening)
        qCWarning(lcApp, "the Unix socket is not open: %s", listening.error().detail.c_str());
    const auto loopback = m_doors->listenLoopback(port);
    if (!loopback)
        return breakWith(loopback.error());
    QSettings notes(notesFile(), QSettings::IniFormat);
    notes.setValue(kPortNote, port);
    notes.setValue(kLogNote, QString::fromStdString(m_options.logFile.string()));
    if (m_services)
        changeState(GatewayState::Ready);
    else
        tellStatus();
}

void GatewayLifecycle::openDoors()
{
    m_doors = std::make_unique<HttpServer>(HttpLimits{}, m_clock, m_random);
    m_surface = std::make_unique<ApiDispatcher>(toolCatalogue());
    m_surface->attachTo(*m_doors);
    const QSettings notes(notesFile(), QSettings::IniFormat);
    listenLoopback(m_options.port != 0 ? m_options.port : notes.value(kPortNote, kUsualPort).toInt());
}

QString GatewayLifecycle::notesFile() const
{
    return QString::fromStdString((m_options.folder / "gatehouse.ini").string());
}

void GatewayLifecycle::breakWith(const Error &error)
{
    const bool isKnown = m_problem && m_problem->code == error.code;
    m_problem = error;
    if (!isKnown)
        qCCritical(lcApp, "cannot go on: %s: %s", nameOf(error.code).data(), error.detail.c_str());
    noteProblem(std::string(nameOf(error.code)));
    changeState(GatewayState::Broken);
    if (error.code != ErrorCode::StorageFull || m_entered || std::exchange(m_retryArmed, true))
        return;
    m_clock.after(kFullDiskRetry, this, [this] {
        m_retryArmed = false;
        if (m_state != GatewayState::Broken || m_problem->code != ErrorCode::StorageFull || m_services)
            return;
        m_state = GatewayState::Starting; // untold: it may well end as before
        readDatabaseKey();
    });
}

void GatewayLifecycle::noteProblem(const std::string &code)
{
    QSettings notes(notesFile(), QSettings::IniFormat);
    if (code.empty())
        notes.remove(kProblemNote);
    else
        notes.setValue(kProblemNote, QString::fromStdString(code));
}

/// A keychain that is locked, asks, or was told no waits for its person: that ends without a new start.
void GatewayLifecycle::waitOrBreak(const Error &error)
{
    const bool isDenied = error.code == ErrorCode::SecretsRefused && m_options.secrets == Secrets::Keychain;
    if (error.code != ErrorCode::SecretsLocked && !isDenied)
        return breakWith(withoutItsSecrets(error));
    m_problem = error;
    qCWarning(lcApp, "waiting for the keychain: %s: %s", nameOf(error.code).data(), error.detail.c_str());
    changeState(GatewayState::Locked);
}

void GatewayLifecycle::changeState(GatewayState state)
{
    m_state = state;
    if (state == GatewayState::Starting || state == GatewayState::Ready)
        m_problem.reset();
    tellSurface();
    emit statusChanged(status());
    if (state == GatewayState::Starting)
        return;
    for (const auto &act : std::exchange(m_waiting, {}))
        act(services());
}

void GatewayLifecycle::tellSurface()
{
    if (!m_surface)
        return;
    Condition condition;
    switch (m_state) {
    case GatewayState::Starting: condition.state = Condition::State::Starting; break;
    case GatewayState::Locked: condition.state = Condition::State::Locked; break;
    case GatewayState::Ready: condition.state = Condition::State::Ready; break;
    case GatewayState::Broken: condition.state = Condition::State::Broken; break;
    }
    if (m_problem)
        condition.problem = m_problem->code;
    condition.origin = "http://127.0.0.1:" + std::to_string(m_doors->port());
    m_surface->setCondition(condition);
}

GatewayStatus GatewayLifecycle::status() const
{
    GatewayStatus status{ .state = m_state };
    if (m_problem) {
        status.problem = m_problem->code;
        status.problemDetail = summaries::aboutProblem(*m_problem, m_options.databaseFile());
    }
    status.keychainAsks
        = m_state == GatewayState::Locked && m_problem && textAt(m_problem->details, "reason") == "asked";
    status.logFolder = QString::fromStdString(m_options.logFile.parent_path().string());
    status.version = QStringLiteral(GATEHOUSE_VERSION);
    status.secretsKind = m_secrets ? QString::fromStdString(m_secrets->kind()) : QString();
    status.port = m_port;
    if (m_doors && m_doors->port() != 0)
        status.address = QStringLiteral("http://127.0.0.1:%1").arg(m_doors->port());
    if (!m_services)
        return status;
    const auto directory = m_services->registry.current();
    const Profile &profile = directory->profile;
    status.mode = summaries::wordOf(nameOf(profile.mode));
    status.modeReason = QString::fromStdString(profile.modeReason);
    status.pinSet = m_services->stepUp.hasPin();
    status.pinLockedForMs = m_services->stepUp.lockedFor();
    status.stepUpFresh = m_services->stepUp.check(OwnerCaller{}.name, {}).has_value();
    status.connected = m_services->tasker.isConfigured();
    const auto health = m_services->tasker.health();
    status.heard = health.heard;
    status.upstreamProblem = health.lastError;
    status.upstreamReason = QString::fromStdString(health.reason);
    status.taskerUrl = QString::fromStdString(profile.taskerUrl);
    status.ownerUserId = QString::fromStdString(profile.ownerUserId);
    status.ownerEmail = QString::fromStdString(profile.ownerEmail);
    status.caFile = QString::fromStdString(profile.caFile);
    status.recording = m_services->journal.isHealthy();
    if (m_services->journal.problem())
        status.recordingProblem = m_services->journal.problem()->code;
    status.signingHeld = summaries::wordOf(nameOf(m_services->checkpoints.hold()));
    status.exportsFolder = QString::fromStdString(m_services->retention.folder().string());
    const RetentionProgress &retention = m_services->retention.progress();
    status.retentionStep = summaries::wordOf(nameOf(retention.step));
    status.retentionRows = retention.rows;
    status.retentionOf = retention.of;
    const ClockSight clock = m_services->registry.clockSight();
    status.clockQuestion = summaries::wordOf(nameOf(clock.question));
    status.clockWall = QDateTime::fromMSecsSinceEpoch(clock.wall);
    status.clockLatest = QDateTime::fromMSecsSinceEpoch(clock.latest);
    status.keptDays = static_cast<int>(kJournalKept.count() / 24);
    return status;
}

/// A jump is seen within a minute though nobody asks for anything; and the latest time stays young enough
/// that the next start is no jump.
void GatewayLifecycle::watchClock()
{
    if (++m_clockWatches % 10 == 0)
        (void)m_services->registry.now();
    const auto question = m_services->registry.clockSight().question;
    if (question != std::exchange(m_clockQuestion, question))
        tellStatus();
    m_clock.after(std::chrono::minutes(1), m_services.get(), [this] { watchClock(); });
}

void GatewayLifecycle::whenStarted(std::function<void(Services *)> act)
{
    if (m_state == GatewayState::Starting && !m_entered)
        m_waiting.push_back(std::move(act));
    else
        act(services());
}

void GatewayLifecycle::tellStatus()
{
    if (std::exchange(m_statusArmed, true))
        return;
    // One status for a burst of changes.
    m_clock.after(Millis(0), this, [this] {
        m_statusArmed = false;
        emit statusChanged(status());
    });
}

} // namespace gatehouse
