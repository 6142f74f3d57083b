// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal_export.h"

#include <QPointer>

#include <algorithm>
#include <limits>

namespace gatehouse {

namespace {

constexpr int kRowsAtOnce = 128; // about 3 ms

} // namespace

struct JournalExport::Bundle
{
    std::optional<BundleWriter> writer;
    Exported exported;

    [[nodiscard]] Result<> open(Stores &stores, const Place &place, Range range)
    {
        const auto last = stores.journal.last();
        const auto first = stores.journal.from(range.first, 1);
        if (!last || !first)
            return tl::unexpected(last ? first.error() : last.error());
        if (first->empty() || (range.last > 0 && first->front().seq > range.last))
            return failure(ErrorCode::NotFound, "no rows to export");
        exported.folder = place.folder;
        exported.first = first->front().seq;
        exported.last = range.last > 0 ? std::min(range.last, (*last)->seq) : (*last)->seq;
        auto opened = BundleWriter::open(place.folder, place.parent);
        if (!opened)
            return tl::unexpected(opened.error());
        writer.emplace(std::move(*opened));
        next = exported.first;
        return {};
    }

    /// False: all is written. The checkpoints come first.
    [[nodiscard]] Result<bool> write(Stores &stores)
    {
        return nextCheckpoint <= exported.last ? writeCheckpoints(stores) : writeRows(stores);
    }

private:
    [[nodiscard]] Result<bool> writeCheckpoints(Stores &stores)
    {
        const auto some
            = stores.journal.checkpointsFrom(std::max(nextCheckpoint, exported.first), kRowsAtOnce);
        if (!some)
            return tl::unexpected(some.error());
        for (const auto &checkpoint : *some)
            if (checkpoint.seq <= exported.last)
                if (auto added = writer->add(checkpoint); !added)
                    return tl::unexpected(added.error());
        nextCheckpoint = some->empty() ? exported.last + 1 : some->back().seq + 1;
        return true;
    }
    [[nodiscard]] Result<bool> writeRows(Stores &stores)
    {
        const auto left = exported.last - next + 1;
        const auto rows
            = stores.journal.from(next, static_cast<int>(std::min<std::int64_t>(kRowsAtOnce, left)));
        if (!rows)
            return tl::unexpected(rows.error());
        if (!rows->empty() && rows->front().seq != next)
            return failure(ErrorCode::Conflict, "the journal was cut meanwhile");
        for (const auto &row : *rows)
            if (auto added = writer->add(row); !added)
                return tl::unexpected(added.error());
        exported.rows = writer->rows();
        next = rows->empty() ? exported.last + 1 : rows->back().seq + 1;
        return next <= exported.last;
    }

    std::int64_t next = 0, nextCheckpoint = 0;
};

void JournalExport::run(const Dependencies &dependencies, ProfileId profile, const SigningKey &key,
                        const Place &place, Range range, std::string via, Done done, QObject *parent,
                        Progress progress)
{
    auto own = SigningKey::fromSecret(key.seed());
    if (!own)
        return done(tl::unexpected(own.error()));
    auto *act = new JournalExport(dependencies, profile, std::move(*own), std::move(via), std::move(done),
                                  parent, std::move(progress));
    act->begin(place, range);
}

JournalExport::JournalExport(const Dependencies &dependencies, ProfileId profile, SigningKey key,
                             std::string via, Done done, QObject *parent, Progress progress)
    : QObject(parent)
    , m_services(dependencies)
    , m_profile(profile)
    , m_key(std::make_shared<const SigningKey>(std::move(key)))
    , m_via(std::move(via))
    , m_done(std::move(done))
    , m_progress(std::move(progress))
    , m_bundle(std::make_shared<Bundle>())
{
}

void JournalExport::begin(const Place &place, Range range)
{
    m_services.storage.read(
        [bundle = m_bundle, place, range](Stores &stores) { return bundle->open(stores, place, range); },
        [self = QPointer(this)](const Result<> &opened) {
            if (self)
                opened ? self->writeOn() : self->fail(opened.error());
        });
}

void JournalExport::writeOn()
{
    using Step = std::pair<bool, std::int64_t>;
    m_services.storage.read<Step>(
        [bundle = m_bundle](Stores &stores) -> Result<Step> {
            const auto more = bundle->write(stores);
            if (!more)
                return tl::unexpected(more.error());
            return Step(*more, bundle->exported.rows);
        },
        [self = QPointer(this)](const Result<Step> &step) {
            if (!self)
                return;
            if (!step)
                return self->fail(step.error());
            if (self->m_progress)
                self->m_progress(step->second);
            step->first ? self->writeOn() : self->closeBundle();
        });
}

void JournalExport::closeBundle()
{
    m_services.storage.read<Exported>(
        [bundle = m_bundle, key = m_key, profile = m_profile,
         now = m_services.clock.now()](Stores &stores) -> Result<Exported> {
            const auto owner = stores.profile.load();
            if (!owner)
                return tl::unexpected(owner.error());
            if (auto closed = bundle->writer->close(profile, owner->installId, now, *key); !closed)
                return tl::unexpected(closed.error());
            return bundle->exported;
        },
        [self = QPointer(this)](const Result<Exported> &exported) {
            if (!self)
                return;
            if (!exported)
                return self->fail(exported.error());
            Event event;
            event.kind = EventKind::JournalExported;
            event.via = self->m_via;
            event.more
                = { { "first", exported->first }, { "last", exported->last }, { "rows", exported->rows } };
            self->m_services.journal.recordDurably(event, [self, exported = *exported](Result<> recorded) {
                if (self)
                    recorded ? self->end(exported) : self->fail(recorded.error());
            });
        });
}

/// What is not on record as exported does not stay, either.
void JournalExport::fail(const Error &error)
{
    m_services.storage.read<bool>(
        [bundle = m_bundle](Stores &) -> Result<bool> {
            if (bundle->writer)
                bundle->writer->discard();
            bundle->writer.reset();
            return true;
        },
        [self = QPointer(this), error](const Result<bool> &) {
            if (self)
                self->end(tl::unexpected(error));
        });
}

void JournalExport::end(Result<Exported> exported)
{
    deleteLater();
    if (const auto done = std::exchange(m_done, {}))
        done(std::move(exported));
}

} // namespace gatehouse
