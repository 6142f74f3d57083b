// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal_export.h"

#include <QPointer>

#include <algorithm>
#include <limits>

namespace gatehouse {

namespace {

constexpr int kRowsAtOnce = 2000;

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
        const auto checkpoints = stores.journal.checkpoints();
        if (!checkpoints)
            return tl::unexpected(checkpoints.error());
        for (const auto &checkpoint : *checkpoints)
            if (checkpoint.seq >= exported.first && checkpoint.seq <= exported.last)
                if (auto added = writer->add(checkpoint); !added)
                    return added;
        return {};
    }

    /// The seq to go on from; beyond `last` when all is written.
    [[nodiscard]] Result<std::int64_t> write(Stores &stores, std::int64_t seq)
    {
        const auto left = exported.last - seq + 1;
        const auto rows
            = stores.journal.from(seq, static_cast<int>(std::min<std::int64_t>(kRowsAtOnce, left)));
        if (!rows)
            return tl::unexpected(rows.error());
        for (const auto &row : *rows)
            if (auto added = writer->add(row); !added)
                return tl::unexpected(added.error());
        exported.rows = writer->rows();
        return rows->empty() ? exported.last + 1 : rows->back().seq + 1;
    }
};

void JournalExport::run(const Rooms &rooms, ProfileId profile, const SigningKey &key, const Place &place,
                        Range range, std::string via, Done done, QObject *parent)
{
    auto own = SigningKey::fromSecret(key.seed());
    if (!own)
        return done(tl::unexpected(own.error()));
    auto *act = new JournalExport(rooms, profile, std::move(*own), std::move(via), std::move(done), parent);
    act->begin(place, range);
}

JournalExport::JournalExport(const Rooms &rooms, ProfileId profile, SigningKey key, std::string via,
                             Done done, QObject *parent)
    : QObject(parent)
    , m_rooms(rooms)
    , m_profile(profile)
    , m_key(std::make_shared<const SigningKey>(std::move(key)))
    , m_via(std::move(via))
    , m_done(std::move(done))
    , m_bundle(std::make_shared<Bundle>())
{
}

void JournalExport::begin(const Place &place, Range range)
{
    m_rooms.storage.read<std::int64_t>(
        [bundle = m_bundle, place, range](Stores &stores) -> Result<std::int64_t> {
            if (auto opened = bundle->open(stores, place, range); !opened)
                return tl::unexpected(opened.error());
            return bundle->exported.first;
        },
        [self = QPointer(this)](const Result<std::int64_t> &first) {
            if (self)
                first ? self->writeFrom(*first) : self->fail(first.error());
        });
}

void JournalExport::writeFrom(std::int64_t seq)
{
    m_rooms.storage.read<std::pair<std::int64_t, bool>>(
        [bundle = m_bundle, seq](Stores &stores) -> Result<std::pair<std::int64_t, bool>> {
            const auto next = bundle->write(stores, seq);
            if (!next)
                return tl::unexpected(next.error());
            return std::pair(*next, *next > bundle->exported.last);
        },
        [self = QPointer(this)](const Result<std::pair<std::int64_t, bool>> &next) {
            if (!self)
                return;
            if (!next)
                return self->fail(next.error());
            next->second ? self->closeBundle() : self->writeFrom(next->first);
        });
}

void JournalExport::closeBundle()
{
    m_rooms.storage.read<Exported>(
        [bundle = m_bundle, key = m_key, profile = m_profile,
         now = m_rooms.clock.now()](Stores &stores) -> Result<Exported> {
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
            self->m_rooms.journal.recordDurably(event, [self, exported = *exported](Result<> recorded) {
                if (self)
                    recorded ? self->end(exported) : self->fail(recorded.error());
            });
        });
}

/// What is not on record as exported does not stay, either.
void JournalExport::fail(const Error &error)
{
    m_rooms.storage.read<bool>(
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
