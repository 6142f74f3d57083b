// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/retention.h"

#include "gateway_core/audit/audit_log.h"
#include <QPointer>

#include <algorithm>
#include <unistd.h>
#include <utility>
#include <vector>

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

constexpr int kCheckpointsAtOnce = 64; // each may need its signature looked at
constexpr int kLinesAtOnce = 64; // of a bundle; as above
constexpr Millis kTellEvery{ 1000 };

} // namespace

std::string_view nameOf(RetentionProgress::Step step)
{
    switch (step) {
    case RetentionProgress::Step::Idle: return "idle";
    case RetentionProgress::Step::Exporting: return "exporting";
    case RetentionProgress::Step::Checking: return "checking";
    case RetentionProgress::Step::Removing: return "removing";
    }
    return "idle";
}

/// The pieces of one run. Touched by whoever's turn it is: a unit on the storage thread, or the core.
struct Retention::Plan
{
    Done done;
    std::int64_t leastRows = 0;
    std::int64_t limit = 0; ///< checkpoints of before this time are old enough
    std::int64_t first = 0, last = 0; ///< rows of the journal, as they were when it began
    std::int64_t lookFrom = 0;
    std::vector<Checkpoint> ends; ///< of the pieces, ascending
    std::size_t at = 0; ///< the piece that is worked on
    std::int64_t removed = 0;

    [[nodiscard]] const Checkpoint &end() const { return ends[at]; }
    [[nodiscard]] std::int64_t begin(std::size_t piece) const
    {
        return piece == 0 ? first : ends[piece - 1].seq + 1;
    }
    [[nodiscard]] std::int64_t rows() const { return ends.back().seq - first + 1; }

    [[nodiscard]] bool grows() const
    {
        return !ends.empty() && ends.back().seq - begin(ends.size() - 1) + 1 < leastRows;
    }
    [[nodiscard]] std::int64_t nextBegin() const { return begin(grows() ? ends.size() - 1 : ends.size()); }
    void endAt(const Checkpoint &one) { grows() ? ends.back() = one : ends.emplace_back(one); }

    /// Looks at the next checkpoints. A cut can stand on one that is old and signed by the present key, for a
    /// bundle that ends at another's does not verify. By their order and not by their times: what was signed
    /// while the clock stood in the future is as old as what follows it. False: there are no more.
    [[nodiscard]] Result<bool> look(Stores &stores, ProfileId profile, const PublicKey &key)
    {
        if (first == 0) {
            const auto oldest = stores.journal.from(0, 1);
            const auto newest = stores.journal.last();
            if (!oldest || !newest)
                return tl::unexpected(oldest ? newest.error() : oldest.error());
            if (oldest->empty())
                return false;
            first = lookFrom = oldest->front().seq;
            last = (*newest)->seq;
        }
        const auto some = stores.journal.checkpointsFrom(lookFrom, kCheckpointsAtOnce);
        if (!some)
            return tl::unexpected(some.error());
        const Checkpoint *tail = nullptr; // a piece is as large as it must be, or goes as far as it can
        for (const auto &one : *some) {
            if (one.at >= limit || one.seq >= last)
                continue;
            const bool suffices = one.seq - nextBegin() + 1 >= leastRows && isGenuine(profile, one, key);
            if (suffices)
                endAt(one);
            tail = suffices ? nullptr : &one;
        }
        if (tail && isGenuine(profile, *tail, key))
            endAt(*tail);
        if (some->size() < static_cast<std::size_t>(kCheckpointsAtOnce))
            return false;
        lookFrom = some->back().seq + 1;
        return true;
    }
};

Retention::Retention(const JournalExport::Dependencies &dependencies, Clock &clock,
                     const Checkpoints &checkpoints, ProfileId profile, std::filesystem::path folder,
                     QObject *parent, std::int64_t leastRows)
    : QObject(parent)
    , m_services(dependencies)
    , m_clock(clock)
    , m_checkpoints(checkpoints)
    , m_profile(profile)
    , m_folder(std::move(folder))
    , m_leastRows(leastRows)
{
}

void Retention::load(Storage::Done done)
{
    using Note = std::optional<std::string>;
    m_services.storage.read<Note>([](Stores &stores) { return stores.profile.note(kFolderNote); },
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
    m_services.journal.recordWith(
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
    watchRemoval(); // of a cut of the last life
    m_clock.after(kRetentionEvery, this, [this] { start(); });
}

void Retention::run(Done done)
{
    if (!m_checkpoints.key() || m_checkpoints.isHeld() || m_running)
        return done(failure(ErrorCode::Conflict, "nothing can be signed now, or it runs already"));
    m_running = true;
    auto plan = std::make_shared<Plan>();
    plan->done = std::move(done);
    plan->leastRows = m_leastRows;
    plan->limit = m_clock.now() - std::chrono::duration_cast<Millis>(kJournalKept).count();
    m_services.storage.read(
        [folder = m_folder](Stores &) -> Result<> {
            BundleFolder::removeAbandoned(folder);
            return {};
        },
        [self = QPointer(this), plan](const Result<> &) {
            if (self)
                self->look(plan);
        });
}

void Retention::look(const PlanPtr &plan)
{
    const auto *key = m_checkpoints.key();
    if (!key)
        return end(plan, failure(ErrorCode::Conflict, "nothing can be signed now"));
    m_services.storage.read<bool>([plan, profile = m_profile, key = key->publicKey()](
                                      Stores &stores) { return plan->look(stores, profile, key); },
                                  [self = QPointer(this), plan](const Result<bool> &more) {
                                      if (!self)
                                          return;
                                      if (!more)
                                          return self->end(plan, tl::unexpected(more.error()));
                                      *more ? self->look(plan) : self->next(plan);
                                  });
}

void Retention::next(const PlanPtr &plan)
{
    if (plan->at == plan->ends.size())
        return end(plan, plan->removed);
    if (!m_checkpoints.key() || m_checkpoints.isHeld())
        return end(plan, failure(ErrorCode::Conflict, "nothing can be signed now"));
    tell(RetentionProgress::Step::Exporting, plan->begin(plan->at) - plan->first, plan->rows());
    useBundle(plan);
}

/// The last life may have written this piece's bundle whole and been ended before the cut.
void Retention::useBundle(const PlanPtr &plan)
{
    const auto folder = m_folder / ("journal-to-" + std::to_string(plan->end().seq));
    m_services.storage.read<bool>(
        [folder](Stores &) -> Result<bool> {
            std::error_code error;
            return std::filesystem::symlink_status(folder, error).type()
                != std::filesystem::file_type::not_found;
        },
        [self = QPointer(this), plan, folder](const Result<bool> &isThere) {
            if (!self)
                return;
            if (!isThere.value_or(false))
                return self->exportPiece(plan, folder);
            self->check(plan, folder, [self, plan, folder](const Result<> &whole) {
                if (!self)
                    return;
                if (whole)
                    return self->cut(plan);
                auto other = folder;
                self->exportPiece(plan, other += "-" + std::to_string(self->m_clock.now()));
            });
        });
}

void Retention::exportPiece(const PlanPtr &plan, const std::filesystem::path &folder)
{
    const auto *key = m_checkpoints.key();
    if (!key)
        return end(plan, failure(ErrorCode::Conflict, "nothing can be signed now"));
    const auto begin = plan->begin(plan->at);
    JournalExport::run(
        m_services, m_profile, *key, { folder, BundleFolder::Parent::Made }, { begin, plan->end().seq },
        "gateway",
        [self = QPointer(this), plan](const Result<Exported> &exported) {
            if (!self)
                return;
            if (!exported)
                return self->end(plan, tl::unexpected(exported.error()));
            self->check(plan, exported->folder, [self, plan](const Result<> &whole) {
                if (self)
                    whole ? self->cut(plan) : self->end(plan, tl::unexpected(whole.error()));
            });
        },
        this,
        [this, done = begin - plan->first, of = plan->rows()](std::int64_t rows) {
            tell(RetentionProgress::Step::Exporting, done + rows, of);
        });
}

/// Read back before anything is removed: the bundle must be whole, signed by us, and end where we cut.
void Retention::check(const PlanPtr &plan, const std::filesystem::path &folder,
                      std::function<void(Result<>)> done)
{
    const auto *key = m_checkpoints.key();
    if (!key)
        return done(failure(ErrorCode::Conflict, "nothing can be signed now"));
    tell(RetentionProgress::Step::Checking, plan->begin(plan->at) - plan->first, plan->rows());
    auto bundle = std::make_shared<std::optional<BundleCheck>>();
    auto step = std::make_shared<std::function<void()>>();
    *step = [this, plan, folder, bundle, step, key = key->publicKey(), done = std::move(done)] {
        m_services.storage.read<bool>(
            [plan, folder, bundle, key](Stores &) -> Result<bool> {
                if (!*bundle) {
                    auto begun = BundleCheck::begin(folder, key);
                    if (!begun)
                        return tl::unexpected(begun.error());
                    bundle->emplace(std::move(*begun));
                    return true;
                }
                const auto more = (*bundle)->take(kLinesAtOnce);
                if (!more || *more)
                    return more;
                const auto verdict = (*bundle)->verdict();
                if (!verdict)
                    return tl::unexpected(verdict.error());
                if (!verdict->journal.isSound())
                    return failure(ErrorCode::Conflict,
                                   "the export does not verify: " + verdict->journal.detail);
                if (verdict->journal.first != plan->begin(plan->at)
                    || verdict->journal.last != plan->end().seq || verdict->head != plan->end().head)
                    return failure(ErrorCode::Conflict, "the export holds other rows");
                return false;
            },
            [self = QPointer(this), step, done](const Result<bool> &more) {
                if (self && more && *more)
                    return (*step)();
                *step = {}; // it holds itself
                if (self)
                    done(more ? Result<>() : tl::unexpected(more.error()));
            });
    };
    (*step)();
}

void Retention::cut(const PlanPtr &plan)
{
    Event event;
    event.kind = EventKind::JournalCut;
    event.via = "gateway";
    event.more = { { "checkpoint", toJson(plan->end()) } };
    m_services.journal.recordWith(
        event, [checkpoint = plan->end()](Stores &stores) { return stores.journal.cutAt(checkpoint); },
        [self = QPointer(this), plan](const Result<> &cut) {
            if (!self)
                return;
            if (!cut)
                return self->end(plan, tl::unexpected(cut.error()));
            plan->removed = plan->end().seq - plan->first + 1;
            ++plan->at;
            self->next(plan);
        });
}

void Retention::end(const PlanPtr &plan, Result<std::int64_t> removed)
{
    m_running = false;
    tell(RetentionProgress::Step::Idle, 0, 0);
    if (plan->removed > 0)
        watchRemoval();
    plan->done(std::move(removed));
}

void Retention::tell(RetentionProgress::Step step, std::int64_t rows, std::int64_t of)
{
    const bool isSame = step == m_progress.step;
    m_progress = { step, rows, of };
    const auto now = m_clock.sinceBoot();
    if (isSame && now - m_toldAt < kTellEvery.count())
        return;
    m_toldAt = now;
    emit progressed();
}

/// What was cut leaves the file by itself (storage/cut_sweep.h); this only looks on.
void Retention::watchRemoval()
{
    if (std::exchange(m_watching, true))
        return;
    m_services.storage.read<std::int64_t>(
        [](Stores &stores) { return stores.journal.leftOfCut(); },
        [self = QPointer(this)](const Result<std::int64_t> &left) {
            if (!self)
                return;
            self->m_watching = false;
            const bool ends = left.value_or(0) == 0;
            if (!self->m_running) {
                const auto of = std::max(self->m_progress.of, left.value_or(0));
                ends ? self->tell(RetentionProgress::Step::Idle, 0, 0)
                     : self->tell(RetentionProgress::Step::Removing, of - *left, of);
            }
            if (!ends)
                self->m_clock.after(kTellEvery, self, [self] { self->watchRemoval(); });
        });
}

} // namespace gatehouse
