// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/audit_stream.h"

#include "gateway_core/api/route/call_filter.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/json.h"
#include "gateway_core/storage/call_line.h"

#include <QPointer>

#include <algorithm>

namespace gatehouse {

namespace {

/// The rows that the journal holds: first > last where it is empty.
struct Span
{
    std::int64_t first = 1;
    std::int64_t last = 0;
};

Result<Span> spanOf(Stores &stores)
{
    const auto last = stores.journal.last();
    if (!last)
        return tl::unexpected<Error>(last.error());
    if (!*last)
        return Span{};
    const auto first = stores.journal.from(1, 1);
    if (!first)
        return tl::unexpected<Error>(first.error());
    return Span{ first->empty() ? (*last)->seq : first->front().seq, (*last)->seq };
}

/// A row on its way out, read and spelled no more than once for all readers.
class Announced final
{
public:
    explicit Announced(const JournalRow &row)
        : m_row(row)
        , m_line(lineOf(row))
        , m_id(std::to_string(row.seq))
    {
        m_line.text = searchTextOf(m_line);
    }

    /// False: it does not pass this reader's filter.
    bool to(StreamReader &reader, const CallFilter &filter)
    {
        if (!passes(filter, m_line, m_row.kind))
            return false;
        if (m_data.empty()) {
            Json json = wire::toJson(m_line);
            json["kind"] = m_row.kind;
            m_data = canonicalJson(json);
        }
        reader.send(m_data, m_id, "audit");
        return true;
    }

private:
    const JournalRow &m_row;
    CallRow m_line;
    std::string m_id;
    std::string m_data;
};

} // namespace

struct AuditStream::Follower
{
    ReaderPtr reader;
    CallFilter filter;
    std::int64_t next = 0; ///< the row it is told next
    std::int64_t told = 0; ///< the last id it was given
    bool live = false;

    void tellGap(std::int64_t first, std::int64_t last, std::string_view reason)
    {
        const Json gap{ { "first", first }, { "last", last }, { "reason", reason } };
        reader->send(canonicalJson(gap), std::to_string(last), "gap");
        told = last;
    }
    void tellLive()
    {
        told = next - 1;
        reader->send(canonicalJson({ { "seq", told } }), std::to_string(told), "live");
    }
    void tell(Announced &row, std::int64_t seq)
    {
        next = seq + 1;
        if (row.to(*reader, filter))
            told = seq;
    }
};

AuditStream::AuditStream(Storage &storage, Clock &clock)
    : m_storage(storage)
    , m_clock(clock)
{
}

AuditStream::~AuditStream() = default;

void AuditStream::add(ReaderPtr reader, CallFilter filter, std::optional<std::int64_t> lastId)
{
    const auto follower = std::make_shared<Follower>();
    follower->reader = std::move(reader);
    follower->filter = std::move(filter);
    m_followers.push_back(follower);
    begin(follower, lastId);
}

void AuditStream::begin(const FollowerPtr &follower, std::optional<std::int64_t> lastId)
{
    m_storage.read<Span>(&spanOf, [this, self = QPointer(this), follower, lastId](const Result<Span> &span) {
        if (!self)
            return;
        if (!span)
            return follower->reader->end(nameOf(span.error().code));
        follower->next = lastId && *lastId <= span->last ? *lastId + 1 : span->last + 1;
        if (lastId && *lastId > span->last)
            follower->tellGap(span->first, span->last, "unknown_id");
        if (follower->next < span->first) {
            follower->tellGap(follower->next, span->first - 1, "not_kept");
            follower->next = span->first;
        }
        if (span->last - follower->next >= kReplayMost) {
            follower->tellGap(follower->next, span->last - kReplayMost, "too_many");
            follower->next = span->last - kReplayMost + 1;
        }
        readOn(follower);
    });
}

void AuditStream::readOn(const FollowerPtr &follower)
{
    if (!follower->reader->isOpen())
        return;
    if (follower->reader->waiting() > kReplayAhead)
        return m_clock.after(kReplayPause, this, [this, follower] { readOn(follower); });
    m_storage.read<std::vector<JournalRow>>(
        [from = follower->next](Stores &stores) { return stores.journal.from(from, kReplayPage); },
        [this, self = QPointer(this), follower](const Result<std::vector<JournalRow>> &rows) {
            if (!self)
                return;
            if (!rows)
                return follower->reader->end(nameOf(rows.error().code));
            took(follower, *rows);
        });
}

void AuditStream::took(const FollowerPtr &follower, const std::vector<JournalRow> &rows)
{
    for (const JournalRow &row : rows) {
        Announced announced(row);
        follower->tell(announced, row.seq);
    }
    if (rows.size() == kReplayPage)
        return readOn(follower);
    // Rows committed after this read are published after this moment: nothing falls between.
    follower->live = true;
    follower->tellLive();
}

void AuditStream::publish(const std::vector<JournalRow> &rows)
{
    if (m_followers.empty())
        return;
    for (const JournalRow &row : rows) {
        Announced announced(row);
        for (const FollowerPtr &follower : m_followers) {
            if (!follower->live || row.seq < follower->next)
                continue;
            if (row.seq == follower->next) {
                follower->tell(announced, row.seq);
                continue;
            }
            follower->live = false;
            readOn(follower);
        }
    }
    std::erase_if(m_followers, [](const FollowerPtr &follower) { return !follower->reader->isOpen(); });
}

void AuditStream::beat()
{
    for (const FollowerPtr &follower : m_followers) {
        if (follower->live && follower->told < follower->next - 1)
            follower->tellLive();
    }
    std::erase_if(m_followers, [](const FollowerPtr &follower) { return !follower->reader->isOpen(); });
}

} // namespace gatehouse
