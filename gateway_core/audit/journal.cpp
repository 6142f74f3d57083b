// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal.h"

#include "gateway_core/audit/audit_log.h"

#include <QPointer>

namespace gatehouse {

namespace {

bool isOfStorage(ErrorCode code)
{
    return code == ErrorCode::StorageFull || code == ErrorCode::StorageReadOnly
        || code == ErrorCode::StorageDamaged || code == ErrorCode::StorageFailed
        || code == ErrorCode::StorageWrongKey || code == ErrorCode::StorageKeyMissing
        || code == ErrorCode::StorageNewer || code == ErrorCode::StorageMissing;
}

Storage::Work appending(JournalRow row)
{
    return [row = std::move(row)](Stores &stores) -> Result<> {
        const auto appended = stores.journal.append(row);
        if (!appended)
            return tl::unexpected(appended.error());
        return {};
    };
}

} // namespace

Journal::Journal(Storage &storage, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_clock(clock)
{
    m_storage.onCommitted([self = QPointer(this)](const std::vector<JournalRow> &rows) {
        if (self)
            emit self->appended(rows);
    });
}

Journal::~Journal()
{
    for (auto &row : m_unwritten)
        m_storage.write(appending(std::move(row)), {});
    for (const auto &[key, flood] : m_floods)
        if (flood.isCounting())
            m_storage.write(appending(rowOf(flood, key)), {});
}

void Journal::recordDurably(const Event &event, Storage::Done done)
{
    recordWith(event, {}, std::move(done));
}

void Journal::recordWith(const Event &event, Storage::Work change, Storage::Done done)
{
    ++m_waiting;
    m_storage.write(
        [append = appending(toRow(event, m_clock.now())),
         change = std::move(change)](Stores &stores) -> Result<> {
            if (change)
                if (auto changed = change(stores); !changed)
                    return changed;
            return append(stores);
        },
        [self = QPointer(this), done = std::move(done)](Result<> outcome) {
            if (self) {
                --self->m_waiting;
                self->finished(outcome);
            }
            if (!done)
                return;
            if (!outcome && isOfStorage(outcome.error().code))
                return done(failure(ErrorCode::AuditUnavailable, outcome.error().detail));
            done(std::move(outcome));
        });
}

Result<> Journal::recordSoon(const Event &event)
{
    if (m_waiting >= kJournalQueueLimit)
        return failure(ErrorCode::AuditUnavailable, "the queue is full");
    if (m_failingSince >= 0 && m_clock.sinceBoot() - m_failingSince >= kJournalPatience.count())
        return failure(ErrorCode::AuditUnavailable, "storage has been failing");
    ++m_waiting;
    writeSoon(toRow(event, m_clock.now()));
    return {};
}

void Journal::recordRefusal(const Event &event, ErrorCode reason)
{
    Flood::Key key = Flood::keyOf(event, reason);
    if (!m_floods.contains(key) && m_floods.size() >= kFloodLimit)
        key.who.clear();
    const auto [flood, isNew] = m_floods.try_emplace(key);
    if (isNew)
        m_clock.after(kFloodWindow, this, [this, key] { endWindow(key); });
    // The refusal has been given whatever becomes of its row.
    if (flood->second.take(event, m_clock.now()))
        (void)recordSoon(event);
}

void Journal::endWindow(const Flood::Key &key)
{
    const auto flood = m_floods.find(key);
    if (flood == m_floods.end())
        return;
    if (flood->second.isCounting() && m_waiting >= kJournalQueueLimit) {
        m_clock.after(kFloodWindow, this, [this, key] { endWindow(key); });
        return; // no room: it is counted on
    }
    if (flood->second.isCounting()) {
        ++m_waiting;
        writeSoon(rowOf(flood->second, key));
    }
    m_floods.erase(flood);
}

JournalRow Journal::rowOf(const Flood &flood, const Flood::Key &key) const
{
    return flood.row(key, std::chrono::duration_cast<std::chrono::seconds>(kFloodWindow).count(),
                     m_clock.now());
}

void Journal::writeSoon(const JournalRow &row)
{
    m_storage.write(appending(row), [self = QPointer(this), row](const Result<> &outcome) {
        if (!self)
            return;
        if (outcome)
            --self->m_waiting;
        else
            self->m_unwritten.push_back(row);
        self->finished(outcome);
    });
}

void Journal::finished(const Result<> &outcome)
{
    if (!outcome && !isOfStorage(outcome.error().code) && m_unwritten.empty())
        return; // the change itself said no: storage is well
    const bool healthy = outcome.has_value();
    if (healthy)
        m_problem.reset();
    else
        m_problem = isOfStorage(outcome.error().code)
            ? outcome.error()
            : Error{ ErrorCode::AuditUnavailable, outcome.error().detail, nullptr };
    if (!healthy)
        retryLater();
    if (healthy == isHealthy())
        return;
    m_failingSince = healthy ? -1 : m_clock.sinceBoot();
    if (healthy)
        qCWarning(lcAudit, "calls are recorded again");
    else
        qCCritical(lcAudit, "nothing can be recorded, so no call is relayed: %s: %s",
                   nameOf(outcome.error().code).data(), outcome.error().detail.c_str());
    emit healthChanged(healthy);
}

void Journal::flush(std::function<void(int lost)> done)
{
    retry();
    if (isHealthy()) // nothing may be written for hours: does the file still take a row?
        m_storage.write([](Stores &) -> Result<> { return {}; },
                        [self = QPointer(this)](const Result<> &outcome) {
                            if (self && !outcome)
                                self->finished(outcome);
                        });
    // Answers come in the order of the calls: this one after all the rows'.
    m_storage.read([](Stores &) -> Result<> { return {}; },
                   [self = QPointer(this), done = std::move(done)](const Result<> &) {
                       if (self)
                           done(static_cast<int>(self->m_unwritten.size()));
                   });
}

void Journal::retryLater()
{
    if (std::exchange(m_retrying, true))
        return;
    m_clock.after(kJournalRetry, this, [this] {
        m_retrying = false;
        retry();
    });
}

void Journal::retry()
{
    const auto rows = std::exchange(m_unwritten, {});
    for (const auto &row : rows)
        writeSoon(row);
    if (!rows.empty() || isHealthy())
        return;
    // Nothing waits to be written, so a note finds out whether writing works again.
    m_storage.write(
        [now = m_clock.now()](Stores &stores) {
            return stores.profile.saveNote("journal_probe", std::to_string(now));
        },
        [self = QPointer(this)](const Result<> &outcome) {
            if (self)
                self->finished(outcome);
        });
}

} // namespace gatehouse
