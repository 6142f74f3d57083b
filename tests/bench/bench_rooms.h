// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/api_dispatcher.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/storage/sqlcipher_storage.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_family.h"

#include <QCoreApplication>
#include <QTimer>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

// The gateway's own rooms behind its own doors, for measurements.
namespace gatehouse::bench {

/// No secret is kept: the profile lives as long as this process.
class NoSecrets final : public SecretStore
{
public:
    void read(const std::string &, Read done) override
    {
        QTimer::singleShot(0, this, [done] { done(failure(ErrorCode::SecretNotFound)); });
    }
    void write(const std::string &, Secret, Done done) override
    {
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    void remove(const std::string &, Done done) override
    {
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    [[nodiscard]] std::string kind() const override { return "none"; }
};

[[noreturn]] inline void die(const std::string &what, const Error &error)
{
    std::fprintf(stderr, "bench: %s: %s %s\n", what.c_str(), std::string(nameOf(error.code)).c_str(),
                 error.detail.c_str());
    std::exit(1);
}

inline Secret randomKey(Random &random)
{
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    return Secret(std::span<const std::uint8_t>(bytes));
}

inline void postTo(QObject &home, std::function<void()> act)
{
    QMetaObject::invokeMethod(&home, std::move(act), Qt::QueuedConnection);
}

inline std::unique_ptr<Storage> storageIn(const std::filesystem::path &folder, SqlcipherStorage::Post post,
                                          Clock &clock, Random &random)
{
    auto opened = SqlcipherStorage::open(folder / "bench.db", randomKey(random), std::move(post),
                                         [&clock] { return clock.now(); });
    if (!opened)
        die("storage", opened.error());
    return std::move(*opened);
}

/// Everything between the storage and the doors. `rateClock` is for where calls are counted.
struct Rooms
{
    Rooms(std::unique_ptr<Storage> opened, Clock &realClock, Clock &countingClock, Random &dice)
        : storage(std::move(opened))
        , clock(realClock)
        , rateClock(countingClock)
        , random(dice)
        , pipeline(registry, journal, *storage, approvals, catalogue, { &tracker }, rateClock, random)
    {
        surface.attachTo(doors);
        pipeline.setJournalKey(randomKey(random));
    }

    /// Loads, does `furnish`, opens the doors, then tells the port.
    void open(Storage::Work furnish, std::function<void(int port)> ready)
    {
        registry.load([this, furnish = std::move(furnish), ready = std::move(ready)](const Result<> &loaded) {
            if (!loaded)
                die("load", loaded.error());
            logins.load([this, furnish, ready](const Result<> &known) {
                if (!known)
                    die("logins", known.error());
                registry.apply(furnish, { .kind = EventKind::AgentCreated, .via = "bench" },
                               [this, ready](const Result<> &furnished) {
                                   if (!furnished)
                                       die("furnish", furnished.error());
                                   ready(openDoors());
                               });
            });
        });
    }

    std::unique_ptr<Storage> storage;
    Clock &clock;
    Clock &rateClock;
    Random &random;
    NoSecrets secrets;
    Journal journal{ *storage, clock };
    Registry registry{ *storage, journal, clock };
    StepUp stepUp{ *storage, registry, journal, clock, random };
    Pairing pairing{ registry, journal, clock, random };
    Logins logins{ { *storage, registry, journal, pairing, clock, random } };
    Approvals approvals{ registry, journal, clock, random };
    TaskerClient tasker{ clock };
    ToolCatalogue catalogue{ { trackerTools() } };
    TrackerFamily tracker{ tasker, rateClock, random };
    CallPipeline pipeline;
    Checkpoints checkpoints{ { journal, *storage, secrets, clock, random }, ProfileId{ 1 }, "bench" };
    Retention retention{ { *storage, journal, clock }, clock, checkpoints, ProfileId{ 1 }, "exports" };
    OwnerService owner{ { *storage, registry, journal, stepUp, pairing, approvals, pipeline, tasker, secrets,
                          checkpoints, retention, clock, random } };
    HttpServer doors{ HttpLimits{}, clock, random };
    ApiDispatcher surface{ catalogue };

private:
    int openDoors()
    {
        surface.open({ .storage = *storage,
                       .registry = registry,
                       .journal = journal,
                       .stepUp = stepUp,
                       .pairing = pairing,
                       .logins = logins,
                       .approvals = approvals,
                       .pipeline = pipeline,
                       .tasker = tasker,
                       .owner = owner,
                       .secrets = secrets,
                       .clock = rateClock,
                       .random = random });
        surface.setCondition(
            { .state = Condition::State::Ready, .problem = {}, .origin = "http://127.0.0.1" });
        const auto port = doors.listenLoopback(0);
        if (!port)
            die("listen", port.error());
        return *port;
    }
};

} // namespace gatehouse::bench
