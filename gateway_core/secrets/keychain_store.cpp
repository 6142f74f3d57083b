// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/keychain_store.h"

#include "gateway_core/secrets/answer_in_time.h"
#include "gateway_core/secrets/when_finished.h"

#include <QCoreApplication>
#include <QPromise>

#include <utility>

namespace gatehouse {

namespace {

QString keyOf(const std::string &name)
{
    return QString::fromStdString(name);
}

/// nullopt: go on, there may be a wallet that QtKeychain reaches by other means.
std::optional<Error> problemOf(KeychainState state)
{
    switch (state) {
    case KeychainState::NoBus: return Error{ ErrorCode::SecretsUnavailable, "no session bus", nullptr };
    case KeychainState::NoKeyring:
        return Error{ ErrorCode::SecretsUnavailable, "no default keyring yet", nullptr };
    case KeychainState::Mute:
        return Error{ ErrorCode::SecretsUnavailable, "the secret service does not answer", nullptr };
    case KeychainState::Locked: return Error{ ErrorCode::SecretsLocked, "the keyring is locked", nullptr };
    case KeychainState::NoService:
    case KeychainState::Open: return std::nullopt;
    }
    return Error{ ErrorCode::SecretsUnavailable, "an unknown state", nullptr };
}

ErrorCode codeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::EntryNotFound: return ErrorCode::SecretNotFound;
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser: return ErrorCode::SecretsRefused;
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError: return ErrorCode::SecretsUnavailable;
    }
    return ErrorCode::SecretsUnavailable;
}

} // namespace

KeychainStore::KeychainStore(Clock &clock, QObject *parent, QString service)
    : SecretStore(parent)
    , m_clock(clock)
    , m_service(std::move(service))
{
    connect(&m_keychain, &SecretService::stirred, this, &KeychainStore::lookAgain);
}

void KeychainStore::read(const std::string &name, Read done)
{
    const Read answer = answerInTime<Secret>(m_clock, this, std::move(done));
    const auto make = [service = m_service, name] {
        auto *job = new QKeychain::ReadPasswordJob(service);
        job->setKey(keyOf(name));
        return job;
    };
    run(
        make,
        [this, answer](const Outcome &outcome) {
            if (outcome.error != QKeychain::NoError)
                return explain(codeOf(outcome.error), answer);
            answer(std::move(*outcome.value));
        },
        answer);
}

void KeychainStore::write(const std::string &name, Secret value, Done done)
{
    const Done answer = answerInTime<void>(m_clock, this, std::move(done));
    const auto make = [service = m_service, name, kept = std::make_shared<Secret>(std::move(value))] {
        auto *job = new QKeychain::WritePasswordJob(service);
        job->setKey(keyOf(name));
        job->setBinaryData(QByteArray(kept->text().data(), static_cast<qsizetype>(kept->size())));
        return job;
    };
    run(
        make,
        [this, answer](const Outcome &outcome) {
            if (outcome.error != QKeychain::NoError)
                return explain(codeOf(outcome.error), answer);
            answer({});
        },
        answer);
}

void KeychainStore::remove(const std::string &name, Done done)
{
    const Done answer = answerInTime<void>(m_clock, this, std::move(done));
    const auto make = [service = m_service, name] {
        auto *job = new QKeychain::DeletePasswordJob(service);
        job->setKey(keyOf(name));
        return job;
    };
    run(
        make,
        [this, answer](const Outcome &outcome) {
            if (outcome.error != QKeychain::NoError && outcome.error != QKeychain::EntryNotFound)
                return explain(codeOf(outcome.error), answer);
            answer({});
        },
        answer);
}

void KeychainStore::run(MakeJob make, std::function<void(const Outcome &)> finished, const Refused &refused)
{
    m_keychain.look(
        [this, make = std::move(make), finished = std::move(finished), refused](KeychainState state) {
            note(state);
            if (auto problem = problemOf(state))
                return refused(tl::unexpected<Error>(std::move(*problem)));
            whenFinished(onMainThread(make), this, finished);
        });
}

QFuture<KeychainStore::Outcome> KeychainStore::onMainThread(MakeJob make)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QMetaObject::invokeMethod(qApp, [promise, make = std::move(make)] {
        QKeychain::Job *job = make(); // deletes itself
        connect(job, &QKeychain::Job::finished, job, [promise](QKeychain::Job *done) {
            Outcome outcome{ done->error(), std::make_shared<Secret>() };
            if (const auto *read = qobject_cast<QKeychain::ReadPasswordJob *>(done)) {
                QByteArray bytes = read->binaryData();
                *outcome.value
                    = Secret(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
                wipe(bytes.data(), static_cast<std::size_t>(bytes.size()));
            }
            promise->addResult(std::move(outcome));
            promise->finish();
        });
        job->start();
    });
    return promise->future();
}

void KeychainStore::explain(ErrorCode code, const Refused &refused)
{
    // It may have been locked between our look and the job: then "not found" would be a lie, and a new
    // database key the next step.
    m_keychain.look([this, code, refused](KeychainState state) {
        note(state);
        auto problem = problemOf(state);
        refused(tl::unexpected<Error>(problem ? std::move(*problem)
                                              : Error{ code, "the keychain said no", nullptr }));
    });
}

void KeychainStore::note(KeychainState state)
{
    const bool wasShut = std::exchange(m_wasShut, state != KeychainState::Open);
    if (wasShut && !m_wasShut)
        emit unlocked();
}

void KeychainStore::lookAgain()
{
    if (!m_wasShut)
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
