// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/retention.h"

#include "gateway_core/audit/audit_log.h"
#include <QPointer>

#include <unistd.h>

namespace gatehouse {

namespace {

constexpr const char *kFolderNote = "journal.export_folder";

tl::unexpected<Error> wrongFolder(std::string_view reason)
{
    return failure(ErrorCode::ValidationFailed, "folder: " + std::string(reason),
                   { { "field", "folder" }, { "reason", reason } });
}

/// Makes the folder, and tries whether a bundle could be made in it.
Result<> prepare(const std::filesystem::path &folder)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem || !std::filesystem::is_directory(folder, problem))
        return wrongFolder("not_a_folder");
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        return wrongFolder("not_writable");
    return {};
}

/// The newest checkpoint of before `limit` that still has rows and that a cut can stand on: signed by the
/// present key, for a bundle that ends at another's does not verify. nullopt: nothing is old enough.
Result<std::optional<Checkpoint>> cuttable(Stores &stores, std::int64_t limit, ProfileId profile,
                                           const PublicKey &key)
{
    const auto checkpoints = stores.journal.checkpoints();
    const auto first = stores.journal.from(0, 1);
    const auto last = stores.journal.last();
    if (!checkpoints || !first || !last)
        return tl::unexpected(!checkpoints ? checkpoints.error() : !first ? first.error() : last.error());
    std::optional<Checkpoint> found;
    for (const auto &checkpoint : *checkpoints)
        if (checkpoint.at < limit && !first->empty() && checkpoint.seq >= first->front().seq
            && checkpoint.seq < (*last)->seq && isGenuine(profile, checkpoint, key))
            found = checkpoint;
    return found;
}

} // namespace

Retention::Retention(const JournalExport::Rooms &rooms, Clock &clock, const Checkpoints &checkpoints,
                     ProfileId profile, std::filesystem::path folder, QObject *parent)
    : QObject(parent)
    , m_rooms(rooms)
    , m_clock(clock)
    , m_checkpoints(checkpoints)
    , m_profile(profile)
    , m_folder(std::move(folder))
{
}

void Retention::load(Storage::Done done)
{
    using Note = std::optional<std::string>;
    m_rooms.storage.read<Note>([](Stores &stores) { return stores.profile.note(kFolderNote); },
                               [self = QPointer(this), done = std::move(done)](const Result<Note> &note) {
                                   if (!self)
                                       return;
                                   if (!note)
                                       return done(tl::unexpected(note.error()));
                                   if (*note)
                                       self->m_folder = **note;
                                   done({});
                               });
}

void Retention::moveTo(const std::filesystem::path &folder, Event said, Storage::Done done)
{
    if (!folder.is_absolute())
        return done(wrongFolder("not_absolute"));
    said.kind = EventKind::RetentionChanged;
    if (!said.more.is_object())
        said.more = Json::object();
    said.more["folder_before"] = m_folder.string();
    said.more["folder"] = folder.string();
    m_rooms.journal.recordWith(
        said,
        [folder](Stores &stores) -> Result<> {
            if (auto ready = prepare(folder); !ready)
                return ready;
            return stores.profile.saveNote(kFolderNote, folder.string());
        },
        [self = QPointer(this), folder, done = std::move(done)](Result<> moved) {
            if (!self)
                return;
            if (moved) {
                self->m_folder = folder;
                emit self->moved();
            }
            done(std::move(moved));
        });
}

void Retention::start()
{
    run([self = QPointer(this)](const Result<std::int64_t> &removed) {
        // While signing is held the status says so; that is no fault of the export.
        if (self && !removed && !self->m_checkpoints.isHeld()) {
            qCWarning(lcAudit, "old rows were not exported: %s: %s", nameOf(removed.error().code).data(),
                      removed.error().detail.c_str());
            emit self->failed(removed.error().code);
        }
    });
    m_clock.after(kRetentionEvery, this, [this] { start(); });
}

void Retention::run(Done done)
{
    if (!m_checkpoints.key() || m_checkpoints.isHeld())
        return done(failure(ErrorCode::Conflict, "nothing can be signed now"));
    const std::int64_t limit = m_clock.now() - std::chrono::duration_cast<Millis>(kJournalKept).count();
    m_rooms.storage.read<std::optional<Checkpoint>>(
        [limit, profile = m_profile, key = m_checkpoints.key()->publicKey()](Stores &stores) {
            return cuttable(stores, limit, profile, key);
        },
        [self = QPointer(this), done = std::move(done)](const Result<std::optional<Checkpoint>> &found) {
            if (!self)
                return;
            if (!found)
                return done(tl::unexpected(found.error()));
            if (!*found)
                return done(0);
            self->exportUpTo(**found, done);
        });
}

void Retention::exportUpTo(const Checkpoint &checkpoint, Done done)
{
    const auto *key = m_checkpoints.key();
    if (!key)
        return done(failure(ErrorCode::Conflict, "nothing can be signed now"));
    // The time makes the name new where an earlier try left its files behind.
    const auto folder
        = m_folder / ("journal-to-" + std::to_string(checkpoint.seq) + "-" + std::to_string(m_clock.now()));
    JournalExport::run(
        m_rooms, m_profile, *key, { folder, BundleFolder::Parent::Made }, { 1, checkpoint.seq }, "gateway",
        [self = QPointer(this), checkpoint, key = key->publicKey(),
         done = std::move(done)](const Result<Exported> &exported) {
            if (!self)
                return;
            if (!exported)
                return done(tl::unexpected(exported.error()));
            // Read back before anything is removed: on the storage thread, where files are read.
            self->m_rooms.storage.read(
                [folder = exported->folder, key](Stores &) -> Result<> {
                    const auto verdict = verifyBundle(folder, key);
                    if (!verdict)
                        return tl::unexpected(verdict.error());
                    if (!verdict->journal.isSound())
                        return failure(ErrorCode::Conflict,
                                       "the export does not verify: " + verdict->journal.detail);
                    return {};
                },
                [self, checkpoint, done](const Result<> &verified) {
                    if (!self)
                        return;
                    verified ? self->cutAt(checkpoint, done) : done(tl::unexpected(verified.error()));
                });
        },
        this);
}

void Retention::cutAt(const Checkpoint &checkpoint, Done done)
{
    Event event;
    event.kind = EventKind::JournalCut;
    event.via = "gateway";
    event.more = { { "checkpoint", toJson(checkpoint) } };
    auto removed = std::make_shared<std::int64_t>(0);
    m_rooms.journal.recordWith(
        event,
        [checkpoint, removed](Stores &stores) -> Result<> {
            const auto first = stores.journal.from(0, 1);
            if (!first)
                return tl::unexpected(first.error());
            *removed = first->empty() ? 0 : checkpoint.seq - first->front().seq + 1;
            return stores.journal.cutAt(checkpoint);
        },
        [removed, done = std::move(done)](const Result<> &cut) {
            done(cut ? Result<std::int64_t>(*removed) : tl::unexpected(cut.error()));
        });
}

} // namespace gatehouse
