// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/services.h"

#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tracker/tool_rows.h"
#include "app/gatehouse/app_log.h"

#include <array>

namespace gatehouse {

namespace {

constexpr Millis kFileLook{ 5000 }; // a database that was removed is said also while nobody calls

/// Runs steps one after another; the first that fails ends the row.
void inOrder(std::vector<std::function<void(Storage::Done)>> steps, Storage::Done done, std::size_t at = 0)
{
    if (at == steps.size())
        return done({});
    const auto step = steps[at];
    step([steps = std::move(steps), done = std::move(done), at](Result<> outcome) {
        if (!outcome)
            return done(std::move(outcome));
        inOrder(steps, done, at + 1);
    });
}

} // namespace

const ToolCatalogue &toolCatalogue()
{
    static const ToolCatalogue catalogue{ { trackerTools() } };
    return catalogue;
}

Services::Services(std::unique_ptr<Storage> storage, SecretStore &secrets, Clock &clock, Random &random,
                   const std::filesystem::path &exports, QObject *parent)
    : QObject(parent)
    , m_storage(std::move(storage))
    , m_secrets(secrets)
    , m_clock(clock)
    , m_random(random)
    , guardedClock(clock, registry)
    , journal(*m_storage, clock)
    , checkpoints({ journal, *m_storage, secrets, guardedClock, random }, ProfileId{ 1 }, thisBootId())
    , retention({ *m_storage, journal, clock }, guardedClock, checkpoints, ProfileId{ 1 }, exports)
    , registry(*m_storage, journal, clock)
    , stepUp(*m_storage, registry, journal, clock, random, nullptr, { .secrets = &secrets })
    , pairing(registry, journal, clock, random)
    , logins({ *m_storage, registry, journal, pairing, clock, random })
    , approvals(registry, journal, clock, random)
    , tasker(clock)
    , tracker(tasker, clock, random)
    , pipeline(registry, journal, *m_storage, approvals, toolCatalogue(), { &tracker }, clock, random)
    , owner(OwnerService::Dependencies{ *m_storage, registry, journal, stepUp, pairing, approvals, pipeline,
                                        tasker, secrets, checkpoints, retention, clock, random })
    , feed(*m_storage, journal, clock)
{
}

Services::~Services() = default;

void Services::open(Storage::Done done)
{
    const auto held = std::make_shared<Result<>>();
    inOrder({ [this](auto next) { registry.load(next); },
              [this, held](auto next) {
                  startCheckpoints([held, next](Result<> started) {
                      *held = std::move(started);
                      const bool standsStill = !*held && held->error().code == ErrorCode::StorageRolledBack;
                      next(standsStill ? Result<>{} : *held);
                  });
              },
              [this, held](auto next) { stepUp.load(next, *held ? PinOf::Database : PinOf::Secrets); } },
            [this, held, done = std::move(done)](Result<> opened) {
                if (!opened)
                    return done(std::move(opened));
                if (!*held)
                    return done(*held);
                goOn(done);
            });
}

void Services::goOn(Storage::Done done)
{
    inOrder({ [this](auto next) { logins.load(next); }, [this](auto next) { loadJournalKey(next); },
              [this](auto next) { retention.load(next); }, [this](auto next) { pipeline.recover(next); },
              [this](auto next) { connectTasker(next); }, [this](auto next) { recordStart(next); } },
            [this, done = std::move(done)](Result<> opened) {
                if (opened) {
                    retention.start();
                    lookLater();
                } else if (opened.error().code == ErrorCode::AuditUnavailable && journal.problem()) {
                    return done(
                        tl::unexpected<Error>(*journal.problem())); // what of: a full disk is tried again
                }
                done(std::move(opened));
            });
}

/// Where the disk is full the row waits with those of reads; nothing is relayed that could not be recorded.
void Services::recordStart(Storage::Done done)
{
    const Event started{ .kind = EventKind::GatewayStarted,
                         .via = "gateway",
                         .more = { { "version", GATEHOUSE_VERSION } } };
    journal.recordDurably(started, [this, started, done = std::move(done)](Result<> recorded) {
        const bool isFull = journal.problem() && journal.problem()->code == ErrorCode::StorageFull;
        if (!recorded)
            return done(isFull ? journal.recordSoon(started) : std::move(recorded));
        checkpoints.keepNow([done](const Result<> &kept) {
            if (!kept)
                qWarning("the start is not signed yet: %s", kept.error().detail.c_str());
            done({});
        });
    });
}

void Services::lookLater()
{
    m_clock.after(kFileLook, this, [this] {
        journal.flush([](int) {});
        lookLater();
    });
}

void Services::close(Storage::Done done)
{
    journal.recordDurably(
        { .kind = EventKind::GatewayStopped, .via = "gateway" }, [this, done = std::move(done)](Result<>) {
            journal.flush([this, done](int lost) {
                if (lost > 0)
                    qWarning("%d rows of answered calls or refusals could not be recorded and are lost: %s",
                             lost,
                             journal.problem() ? std::string(nameOf(journal.problem()->code)).c_str() : "");
                checkpoints.stop(done);
            });
        });
}

void Services::loadJournalKey(Storage::Done done)
{
    const std::string entry = journalKeyEntry(numberOf(registry.current()->profile.id));
    m_secrets.read(entry, [this, entry, done = std::move(done)](Result<Secret> key) {
        if (key) {
            pipeline.setJournalKey(std::move(*key));
            return done({});
        }
        if (key.error().code != ErrorCode::SecretNotFound)
            return done(tl::unexpected<Error>(key.error()));
        std::array<std::uint8_t, 32> bytes{};
        m_random.fill(bytes);
        Secret fresh{ std::span<const std::uint8_t>(bytes) };
        wipe(bytes.data(), bytes.size());
        pipeline.setJournalKey(fresh.copy());
        m_secrets.write(entry, std::move(fresh), done);
    });
}

void Services::startCheckpoints(Storage::Done done)
{
    checkpoints.start([done = std::move(done)](Result<> started) {
        if (started)
            return done({});
        // A lost signing key: nothing is signed until the owner has decided, and verify says so. The gateway
        // itself may go on; its record is still a chain.
        if (started.error().code == ErrorCode::SecretNotFound)
            return done({});
        done(std::move(started));
    });
}

void Services::connectTasker(Storage::Done done)
{
    const auto directory = registry.current();
    if (directory->profile.taskerUrl.empty())
        return done({});
    const auto entry = taskerCredentialEntry(numberOf(directory->profile.id));
    m_secrets.read(entry, [this, directory, done = std::move(done)](Result<Secret> credential) {
        // Without it the gateway still starts: the owner sees upstream_not_configured and connects again.
        if (!credential)
            return done(credential.error().code == ErrorCode::SecretNotFound
                            ? Result<>{}
                            : tl::unexpected<Error>(credential.error()));
        const Profile &profile = directory->profile;
        const auto set = tasker.setTarget(TaskerTarget{ .baseUrl = profile.taskerUrl,
                                                        .ownerUserId = profile.ownerUserId,
                                                        .credential = std::move(*credential),
                                                        .caFile = profile.caFile });
        // A CA file that has gone does not keep the services shut: the connection page says so.
        if (!set)
            qCWarning(lcApp, "Tasker is not reachable with the stored settings: %s",
                      set.error().detail.c_str());
        else
            askTasker();
        done({});
    });
}

/// Connected means tried: one question of the owner's own, so that it is known before the first call.
void Services::askTasker()
{
    TaskerRequest request = adapter::resolveProjects("*", 1);
    request.acting.requestId = m_random.uuid();
    tasker.send(request, [](const TaskerReply &) {}); // health() has the rest
}

} // namespace gatehouse
