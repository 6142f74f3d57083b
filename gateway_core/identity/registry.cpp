// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/registry.h"

#include "gateway_core/identity/identity_log.h"
#include "gateway_core/identity/token.h"

#include <QPointer>

#include <algorithm>
#include <charconv>

namespace gatehouse {

namespace {

constexpr auto kLatestWall = "latest_wall_ms";

Result<std::int64_t> latestWall(ProfileStore &store)
{
    const auto note = store.note(kLatestWall);
    if (!note)
        return tl::unexpected<Error>(note.error());
    if (!*note)
        return 0;
    std::int64_t value = 0;
    const std::string &text = **note;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Reading it as 0 would let a clock set back revive what had expired.
    if (error != std::errc{} || end != text.data() + text.size())
        return failure(ErrorCode::StorageDamaged, "the latest wall time is not a number");
    return value;
}

} // namespace

std::string_view nameOf(ClockSight::Question question)
{
    switch (question) {
    case ClockSight::Question::None: return "none";
    case ClockSight::Question::Ahead: return "ahead";
    case ClockSight::Question::Behind: return "behind";
    }
    return "none";
}

namespace {

void logFailure(const char *what, const Result<> &outcome)
{
    if (!outcome)
        qCWarning(lcIdentity, "%s was not stored: %s", what, nameOf(outcome.error().code).data());
}

} // namespace

Registry::Registry(Storage &storage, Journal &journal, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_journal(journal)
    , m_clock(clock)
    , m_directory(std::make_shared<const Directory>())
{
}

void Registry::load(Storage::Done done)
{
    struct Loaded
    {
        DirectoryPtr directory;
        std::int64_t wall = 0;
    };
    m_storage.read<Loaded>(
        [](Stores &stores) -> Result<Loaded> {
            auto directory = Directory::load(stores);
            if (!directory)
                return tl::unexpected<Error>(directory.error());
            const auto wall = latestWall(stores.profile);
            if (!wall)
                return tl::unexpected<Error>(wall.error());
            return Loaded{ std::move(*directory), *wall };
        },
        [self = QPointer(this), done = std::move(done)](Result<Loaded> loaded) {
            if (!self)
                return;
            if (!loaded)
                return done(tl::unexpected<Error>(loaded.error()));
            self->m_directory = std::move(loaded->directory);
            self->m_storedWall = loaded->wall;
            self->m_latestWall = loaded->wall > 0 ? loaded->wall : self->m_clock.now();
            self->m_latestBoot = self->m_clock.sinceBoot();
            self->m_loaded = true;
            emit self->changed();
            done({});
        });
}

void Registry::apply(Change change, const Event &event, Storage::Done done)
{
    auto fresh = std::make_shared<DirectoryPtr>();
    auto changeAndRead = [change = std::move(change), fresh](Stores &stores) -> Result<> {
        if (auto changed = change(stores); !changed)
            return changed;
        auto directory = Directory::load(stores);
        if (!directory)
            return tl::unexpected<Error>(directory.error());
        *fresh = std::move(*directory);
        return {};
    };
    m_journal.recordWith(event, std::move(changeAndRead),
                         [self = QPointer(this), fresh, done = std::move(done)](Result<> outcome) {
                             if (!self)
                                 return;
                             if (outcome) {
                                 self->m_directory = std::move(*fresh);
                                 emit self->changed();
                             }
                             done(std::move(outcome));
                         });
}

std::int64_t Registry::runOn() const
{
    return m_latestWall + (m_clock.sinceBoot() - m_latestBoot);
}

std::int64_t Registry::now() const
{
    const std::int64_t wall = m_clock.now();
    if (!m_loaded)
        return wall; // nothing to hold it against, and nothing is made of it
    const std::int64_t expected = runOn();
    const bool jumped = wall - expected > Millis(kClockJump).count();
    m_latestWall = jumped ? expected : std::max(wall, expected);
    m_latestBoot = m_clock.sinceBoot();
    if (m_latestWall - m_storedWall >= Millis(kNoteEvery).count())
        storeWall(m_latestWall);
    return m_latestWall;
}

ClockSight Registry::clockSight() const
{
    ClockSight sight{ ClockSight::Question::None, m_clock.now(), m_clock.now() };
    if (!m_loaded)
        return sight;
    const std::int64_t expected = runOn();
    const std::int64_t day = Millis(kClockJump).count();
    if (sight.wall - expected > day)
        sight.question = ClockSight::Question::Ahead;
    else if (expected - sight.wall > day)
        sight.question = ClockSight::Question::Behind;
    if (sight.question == ClockSight::Question::Ahead || expected > sight.wall)
        sight.latest = expected;
    return sight;
}

void Registry::settleClock(ClockAnswer answer, Event said, Storage::Done done)
{
    const ClockSight sight = clockSight();
    const bool isBack = answer == ClockAnswer::WasWrong;
    const bool fits = isBack ? sight.latest - sight.wall > Millis(kNoteEvery).count()
                             : sight.question == ClockSight::Question::Ahead;
    if (!m_loaded || !fits)
        return done(failure(ErrorCode::Conflict, "the two times do not ask that"));
    said.kind = isBack ? EventKind::ClockSetBack : EventKind::ClockAccepted;
    if (!said.more.is_object())
        said.more = Json::object();
    said.more["from"] = sight.latest;
    said.more["to"] = sight.wall;
    apply(
        [isBack, from = sight.latest, to = sight.wall](Stores &stores) -> Result<> {
            if (isBack)
                if (const auto ended = stores.profile.setTimeBack(from, to, Millis(kAgentTokenIdle).count());
                    !ended)
                    return tl::unexpected<Error>(ended.error());
            return stores.profile.saveNote(kLatestWall, std::to_string(to));
        },
        said,
        [this, to = sight.wall, boot = m_clock.sinceBoot(), isBack,
         done = std::move(done)](Result<> settled) {
            if (settled) {
                m_latestWall = to;
                m_latestBoot = boot;
                m_storedWall = 0; // whatever was stored meanwhile: the next look stores it again
                if (isBack) {
                    m_heard.clear();
                    m_storedHeard.clear();
                }
                (void)now();
                emit timeSet();
            }
            done(std::move(settled));
        });
}

void Registry::storeWall(std::int64_t wall) const
{
    m_storedWall = wall; // before the answer: a failing disk is tried once a minute, not at every call
    m_storage.write(
        [wall](Stores &stores) { return stores.profile.saveNote(kLatestWall, std::to_string(wall)); },
        [](const Result<> &outcome) { logFailure("the latest wall time", outcome); });
}

void Registry::clientHeard(const ClientId &client)
{
    const std::int64_t at = now();
    m_heard[client] = at;
    std::int64_t &stored = m_storedHeard[client];
    if (at - stored < Millis(kNoteEvery).count())
        return;
    stored = at;
    m_storage.write(
        [client, at](Stores &stores) -> Result<> {
            // Read again here: the snapshot may be older than a change that waits in this very batch.
            auto clients = stores.agents.clients();
            if (!clients)
                return tl::unexpected<Error>(clients.error());
            for (Client &kept : *clients) {
                if (kept.id == client) {
                    kept.lastUsedAt = std::max(kept.lastUsedAt, at);
                    return stores.agents.save(kept);
                }
            }
            return {};
        },
        [self = QPointer(this), client, at](const Result<> &outcome) {
            logFailure("a client's last use", outcome);
            if (self)
                self->showUse(client, at);
        });
}

void Registry::showUse(const ClientId &client, std::int64_t at)
{
    if (!m_directory->client(client))
        return;
    // Whoever looks at the old snapshot keeps it; this copy is made at most once a minute per client.
    auto fresh = std::make_shared<Directory>(*m_directory);
    Client &kept = fresh->clients.at(client);
    kept.lastUsedAt = std::max(kept.lastUsedAt, at);
    m_directory = std::move(fresh);
}

std::int64_t Registry::lastCrowded(const ClientId &client) const
{
    const auto crowded = m_crowded.find(client);
    return crowded == m_crowded.end() ? 0 : crowded->second;
}

std::int64_t Registry::lastHeard(const ClientId &client) const
{
    const auto heard = m_heard.find(client);
    const Client *kept = m_directory->client(client);
    return std::max(heard == m_heard.end() ? 0 : heard->second, kept ? kept->lastUsedAt : 0);
}

} // namespace gatehouse
