// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/keychain_store.h"

#include "gateway_core/secrets/answer_in_time.h"
#include "gateway_core/secrets/secrets_log.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QMap>

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

/// How long a dialog may be open before whoever waits is told so: some prompts end without a person.
constexpr Millis kPromptGrace{ 2'000 };

using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

const QString kRootPath = QStringLiteral("/org/freedesktop/secrets");
const QString kRootInterface = QStringLiteral("org.freedesktop.Secret.Service");
const QString kKeyringInterface = QStringLiteral("org.freedesktop.Secret.Collection");
const QString kItemInterface = QStringLiteral("org.freedesktop.Secret.Item");
const QString kNoSession = QStringLiteral("org.freedesktop.Secret.Error.NoSession");
const QString kIsLocked = QStringLiteral("org.freedesktop.Secret.Error.IsLocked");
const QString kNothing = QStringLiteral("/"); ///< where a path is due and there is none

void registerTypes()
{
    static const bool once = [] {
        qDBusRegisterMetaType<Attributes>();
        qDBusRegisterMetaType<Paths>();
        qDBusRegisterMetaType<WireSecret>();
        return true;
    }();
    Q_UNUSED(once);
}

template <typename T> T argument(const QDBusMessage &reply, int at)
{
    return qdbus_cast<T>(reply.arguments().value(at));
}

QString pathAt(const QDBusMessage &reply, int at)
{
    const QString path = argument<QDBusObjectPath>(reply, at).path();
    return path.isEmpty() ? kNothing : path;
}

bool isReply(const QDBusMessage &message)
{
    return message.type() == QDBusMessage::ReplyMessage;
}

/// Text in the service's own windows, whatever the bytes are; what QtKeychain wrote has this form too.
Secret spelled(const Secret &value)
{
    QByteArray text
        = QByteArray::fromRawData(value.text().data(), static_cast<qsizetype>(value.size())).toBase64();
    Secret secret{ std::string_view(text.constData(), static_cast<std::size_t>(text.size())) };
    wipe(text.data(), static_cast<std::size_t>(text.size()));
    return secret;
}

Secret read(const Secret &spelled)
{
    QByteArray bytes = QByteArray::fromBase64(
        QByteArray::fromRawData(spelled.text().data(), static_cast<qsizetype>(spelled.size())));
    Secret secret{ std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())) };
    wipe(bytes.data(), static_cast<std::size_t>(bytes.size()));
    return secret;
}

/// `done` of a write or removal, which has no value.
std::function<void(Result<Secret>)> withoutValue(std::function<void(Result<>)> done)
{
    return [done = std::move(done)](Result<Secret> outcome) {
        done(outcome ? Result<>{} : tl::unexpected<Error>(outcome.error()));
    };
}

} // namespace

struct KeychainStore::Job
{
    enum class What { Read, Write, Remove } what;
    std::string name;
    Secret value;
    Read done;
    bool isPermitted = false; ///< the person was asked for it already
    bool hasRetried = false; ///< after a session that the service had forgotten

    [[nodiscard]] Attributes attributes(const QString &service) const
    {
        return { { QStringLiteral("server"), service },
                 { QStringLiteral("user"), QString::fromStdString(name) } };
    }
};

KeychainStore::KeychainStore(Clock &clock, QObject *parent, QString service)
    : SecretStore(parent)
    , m_clock(clock)
    , m_service(std::move(service))
{
    registerTypes();
    connect(&m_keychain, &SecretService::stirred, this, &KeychainStore::lookAgain);
    connect(&m_keychain, &SecretService::replaced, this, [this] { m_session.reset(); });
}

KeychainStore::~KeychainStore() = default;

void KeychainStore::read(const std::string &name, Read done)
{
    add(std::make_shared<Job>(
        Job{ Job::What::Read, name, {}, answerInTime<Secret>(m_clock, this, std::move(done)) }));
}

void KeychainStore::write(const std::string &name, Secret value, Done done)
{
    add(std::make_shared<Job>(Job{ Job::What::Write, name, spelled(value),
                                   withoutValue(answerInTime<void>(m_clock, this, std::move(done))) }));
}

void KeychainStore::remove(const std::string &name, Done done)
{
    add(std::make_shared<Job>(Job{
        Job::What::Remove, name, {}, withoutValue(answerInTime<void>(m_clock, this, std::move(done))) }));
}

/// One after another: the second of two writes must find what the first has made.
void KeychainStore::add(JobPtr job)
{
    m_jobs.push_back(std::move(job));
    if (m_isAsking && m_saidAsked)
        QMetaObject::invokeMethod(
            this, [this] { sayThatAsked(); }, Qt::QueuedConnection);
    else
        next();
}

void KeychainStore::next()
{
    if (m_jobs.empty() || std::exchange(m_isBusy, true))
        return;
    m_keychain.look([this, job = m_jobs.front()](KeychainState state) {
        if (state == KeychainState::Locked && m_keychain.opensByPromptOnly())
            openKeyring(job);
        else
            begin(job, state);
    });
}

void KeychainStore::begin(const JobPtr &job, KeychainState state)
{
    note(state);
    if (auto problem = problemOf(state))
        return finish(job, tl::unexpected<Error>(std::move(*problem)));
    if (m_session && m_session->isOpen())
        find(job);
    else
        openSession(job, SecretSession::kEncrypted);
}

void KeychainStore::openKeyring(const JobPtr &job)
{
    if (std::exchange(m_wasDenied, false))
        return failWith(job, ErrorCode::SecretsRefused, "the person did not open it");
    const Paths keyring{ QDBusObjectPath(m_keychain.keyring()) };
    unlock(job, QVariant::fromValue(keyring),
           [this, job] { m_keychain.look([this, job](KeychainState state) { begin(job, state); }); });
}

void KeychainStore::openSession(const JobPtr &job, const QString &algorithm)
{
    m_session = std::make_unique<SecretSession>();
    const bool isEncrypted = algorithm == SecretSession::kEncrypted;
    const QVariant input = isEncrypted ? QVariant(m_session->publicKey()) : QVariant(QString());
    m_keychain.call(
        kRootPath, kRootInterface, QStringLiteral("OpenSession"),
        { algorithm, QVariant::fromValue(QDBusVariant(input)) },
        [this, job, isEncrypted](const QDBusMessage &reply) {
            if (!isReply(reply) && isEncrypted)
                return openSession(job, SecretSession::kPlain);
            if (!isReply(reply) || !m_session)
                return fail(job, reply);
            const QDBusObjectPath path(pathAt(reply, 1));
            if (!isEncrypted)
                m_session->stayPlain(path);
            else if (const auto agreed
                     = m_session->agree(path, argument<QDBusVariant>(reply, 0).variant().toByteArray());
                     !agreed)
                return failWith(job, ErrorCode::SecretsUnavailable, agreed.error().detail.c_str());
            find(job);
        });
}

void KeychainStore::find(const JobPtr &job)
{
    m_keychain.call(kRootPath, kRootInterface, QStringLiteral("SearchItems"),
                    { QVariant::fromValue(job->attributes(m_service)) },
                    [this, job](const QDBusMessage &reply) {
                        if (!isReply(reply))
                            return fail(job, reply);
                        const auto open = argument<Paths>(reply, 0);
                        if (!open.isEmpty())
                            return act(job, open.constFirst().path());
                        if (argument<Paths>(reply, 1).isEmpty())
                            return actOnNothing(job);
                        if (std::exchange(m_wasDenied, false) || job->isPermitted)
                            return failWith(job, ErrorCode::SecretsRefused, "the person did not allow it");
                        permit(job);
                    });
}

void KeychainStore::act(const JobPtr &job, const QString &item)
{
    if (!m_session)
        return failWith(job, ErrorCode::SecretsUnavailable, "the service has gone");
    switch (job->what) {
    case Job::What::Read:
        return m_keychain.call(
            item, kItemInterface, QStringLiteral("GetSecret"), { QVariant::fromValue(m_session->path()) },
            [this, job](const QDBusMessage &reply) {
                if (!isReply(reply) || !m_session)
                    return fail(job, reply);
                const auto value = m_session->unseal(argument<WireSecret>(reply, 0));
                if (!value)
                    return failWith(job, ErrorCode::SecretsUnavailable, value.error().detail.c_str());
                finish(job, gatehouse::read(*value));
            });
    case Job::What::Write: {
        const auto sealed = m_session->seal(job->value);
        if (!sealed)
            return failWith(job, ErrorCode::SecretsUnavailable, sealed.error().detail.c_str());
        return m_keychain.call(item, kItemInterface, QStringLiteral("SetSecret"),
                               { QVariant::fromValue(*sealed) }, [this, job](const QDBusMessage &reply) {
                                   isReply(reply) ? finish(job, Secret()) : fail(job, reply);
                               });
    }
    case Job::What::Remove:
        return m_keychain.call(item, kItemInterface, QStringLiteral("Delete"), {},
                               [this, job](const QDBusMessage &reply) {
                                   if (!isReply(reply))
                                       return fail(job, reply);
                                   ask(job, pathAt(reply, 0), [this, job] { finish(job, Secret()); });
                               });
    }
}

void KeychainStore::actOnNothing(const JobPtr &job)
{
    if (job->what == Job::What::Remove)
        return finish(job, Secret());
    if (job->what == Job::What::Read) {
        // It may have been locked between our look and the search: then "not found" would be a lie, and a
        // new database key the next step.
        return m_keychain.look([this, job](KeychainState state) {
            note(state);
            auto problem = problemOf(state);
            finish(job,
                   tl::unexpected<Error>(problem ? std::move(*problem)
                                                 : errorOf(ErrorCode::SecretNotFound, "no such entry")));
        });
    }
    if (std::exchange(m_wasDenied, false))
        return failWith(job, ErrorCode::SecretsRefused, "the person did not allow it");
    const auto sealed
        = m_session ? m_session->seal(job->value) : Result<WireSecret>(failure(ErrorCode::Internal));
    if (!sealed)
        return failWith(job, ErrorCode::SecretsUnavailable, sealed.error().detail.c_str());
    Attributes attributes = job->attributes(m_service);
    attributes[QStringLiteral("type")] = QStringLiteral("base64");
    attributes[QStringLiteral("xdg:schema")] = QStringLiteral("org.qt.keychain");
    const QVariantMap properties{ { QStringLiteral("org.freedesktop.Secret.Item.Label"),
                                    m_service + QLatin1Char('/') + QString::fromStdString(job->name) },
                                  { QStringLiteral("org.freedesktop.Secret.Item.Attributes"),
                                    QVariant::fromValue(attributes) } };
    m_keychain.call(m_keychain.keyring(), kKeyringInterface, QStringLiteral("CreateItem"),
                    { properties, QVariant::fromValue(*sealed), true },
                    [this, job](const QDBusMessage &reply) {
                        if (!isReply(reply))
                            return fail(job, reply);
                        ask(job, pathAt(reply, 1), [this, job] { finish(job, Secret()); });
                    });
}

/// Asks for all of ours at once, or the person would see a dialog for each.
void KeychainStore::permit(const JobPtr &job)
{
    job->isPermitted = true;
    const Attributes ours{ { QStringLiteral("server"), m_service } };
    m_keychain.call(kRootPath, kRootInterface, QStringLiteral("SearchItems"), { QVariant::fromValue(ours) },
                    [this, job](const QDBusMessage &reply) {
                        if (!isReply(reply))
                            return fail(job, reply);
                        unlock(job, QVariant::fromValue(argument<Paths>(reply, 1)),
                               [this, job] { find(job); });
                    });
}

void KeychainStore::unlock(const JobPtr &job, const QVariant &objects, const std::function<void()> &onYes)
{
    m_keychain.call(kRootPath, kRootInterface, QStringLiteral("Unlock"), { objects },
                    [this, job, onYes](const QDBusMessage &reply) {
                        if (!isReply(reply))
                            return fail(job, reply);
                        ask(job, pathAt(reply, 1), onYes);
                    });
}

void KeychainStore::ask(const JobPtr &job, const QString &prompt, std::function<void()> onYes)
{
    if (prompt == kNothing)
        return onYes();
    m_isAsking = true;
    m_saidAsked = false;
    m_clock.after(kPromptGrace, this, [this, question = ++m_question] {
        if (m_isAsking && question == m_question)
            sayThatAsked();
    });
    m_keychain.prompt(prompt, [this, job, onYes = std::move(onYes)](const QDBusMessage &completed) {
        const bool isYes = completed.type() == QDBusMessage::SignalMessage && !argument<bool>(completed, 0);
        answered(job, isYes, onYes);
    });
}

/// Nobody is kept waiting for a person. What was begun goes on when the person answers.
void KeychainStore::sayThatAsked()
{
    if (!m_isAsking)
        return;
    if (!std::exchange(m_saidAsked, true))
        qCWarning(lcSecrets, "%s asks the person", named().c_str());
    const auto jobs = m_jobs;
    if (jobs.size() > 1)
        m_jobs.erase(m_jobs.begin() + 1, m_jobs.end());
    for (const JobPtr &job : jobs) {
        if (const Read done = std::exchange(job->done, {}))
            done(tl::unexpected<Error>(errorOf(ErrorCode::SecretsLocked, "the person is asked", "asked")));
    }
}

void KeychainStore::answered(const JobPtr &job, bool yes, const std::function<void()> &onYes)
{
    m_isAsking = false;
    if (!std::exchange(m_saidAsked, false)) {
        if (yes)
            return onYes();
        return failWith(job, ErrorCode::SecretsRefused, "the person said no");
    }
    qCInfo(lcSecrets, "the person said %s", yes ? "yes" : "no");
    m_wasDenied = !yes;
    // A write that waited for leave to change an entry is not made now: its caller was told, and says it
    // again.
    finish(job, tl::unexpected<Error>(errorOf(ErrorCode::Cancelled, "nobody waits")));
    emit unlocked();
}

void KeychainStore::finish(const JobPtr &job, Result<Secret> outcome)
{
    std::erase(m_jobs, job);
    m_isBusy = false;
    const Read done = std::exchange(job->done, {});
    // Not from inside an answer: what it asks next waits in line with the rest.
    QMetaObject::invokeMethod(
        this, [this] { next(); }, Qt::QueuedConnection);
    if (done)
        done(std::move(outcome));
}

void KeychainStore::fail(const JobPtr &job, const QDBusMessage &reply)
{
    const QString name = reply.errorName();
    if (name == kNoSession && !std::exchange(job->hasRetried, true))
        return openSession(job, SecretSession::kEncrypted);
    if (name == kIsLocked && !job->isPermitted)
        return permit(job);
    // It may have been locked, or have gone, in the middle of it.
    m_keychain.look([this, job, name](KeychainState state) {
        note(state);
        auto problem = problemOf(state);
        finish(job,
               tl::unexpected<Error>(problem ? std::move(*problem)
                                             : errorOf(ErrorCode::SecretsUnavailable, name.toStdString())));
    });
}

void KeychainStore::failWith(const JobPtr &job, ErrorCode code, const char *detail)
{
    m_isRefused = m_isRefused || code == ErrorCode::SecretsRefused;
    finish(job, tl::unexpected<Error>(errorOf(code, detail)));
}

Error KeychainStore::errorOf(ErrorCode code, std::string detail, const char *reason) const
{
    Json details = Json::object();
    if (!m_keychain.provider().empty())
        details["provider"] = m_keychain.provider();
    if (reason)
        details["reason"] = reason;
    return { code, std::move(detail), details.empty() ? Json(nullptr) : std::move(details) };
}

std::string KeychainStore::named() const
{
    return m_keychain.provider().empty() ? "the keychain" : "the keychain (" + m_keychain.provider() + ')';
}

std::optional<Error> KeychainStore::problemOf(KeychainState state) const
{
    switch (state) {
    case KeychainState::Open: return std::nullopt;
    case KeychainState::Locked: return errorOf(ErrorCode::SecretsLocked, "the keyring is locked");
    case KeychainState::NoBus:
    case KeychainState::NoService:
    case KeychainState::NoKeyring:
    case KeychainState::Mute: break;
    }
    return errorOf(ErrorCode::SecretsUnavailable, std::string(nameOf(state)));
}

void KeychainStore::note(KeychainState state)
{
    const bool wasShut = std::exchange(m_wasShut, state != KeychainState::Open);
    if (m_wasShut && !wasShut)
        qCWarning(lcSecrets, "%s is not open: %s", named().c_str(), nameOf(state).data());
    if (!wasShut || m_wasShut)
        return;
    qCInfo(lcSecrets, "%s is open", named().c_str());
    m_wasDenied = m_isRefused = false; // opened again: a new conversation
    emit unlocked();
}

void KeychainStore::lookAgain()
{
    if (!m_wasShut && !m_isRefused)
        return;
    if (m_isLooking) {
        m_stirredMeanwhile = true;
        return;
    }
    m_isLooking = true;
    m_keychain.look([this](KeychainState state) {
        m_isLooking = false;
        note(state);
        if (std::exchange(m_stirredMeanwhile, false))
            lookAgain();
    });
}

} // namespace gatehouse
