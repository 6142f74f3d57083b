// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/feed.h"

#include <QPointer>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kFeedBatch = 200;

using Lines = std::vector<CallRow>;

Result<Lines> read(Stores &stores, const std::set<std::string> &calls, const std::set<std::int64_t> &others)
{
    Lines lines;
    for (const auto &id : calls) {
        auto line = stores.calls.call(CallId(id));
        if (!line)
            return tl::unexpected<Error>(line.error());
        if (*line)
            lines.push_back(std::move(**line));
    }
    for (const auto seq : others) {
        auto page = stores.calls.page({ .before = seq + 1, .limit = 1 });
        if (!page)
            return tl::unexpected<Error>(page.error());
        if (!page->rows.empty() && page->rows.front().seq == seq)
            lines.push_back(std::move(page->rows.front()));
    }
    std::sort(lines.begin(), lines.end(), [](const auto &a, const auto &b) { return a.seq < b.seq; });
    return lines;
}

} // namespace

Feed::Feed(Storage &storage, Journal &journal, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_clock(clock)
{
    connect(&journal, &Journal::appended, this, &Feed::gather);
}

void Feed::gather(const std::vector<JournalRow> &rows)
{
    for (const auto &row : rows) {
        if (row.callId.empty())
            m_others.insert(row.seq);
        else
            m_calls.insert(row.callId);
    }
    if (m_armed)
        return;
    m_armed = true;
    m_clock.after(kFeedGather, this, [this] { look(); });
}

void Feed::look()
{
    m_armed = false;
    const auto calls = std::exchange(m_calls, {});
    const auto others = std::exchange(m_others, {});
    if (calls.size() + others.size() > kFeedBatch) {
        emit lagged();
        return;
    }
    m_storage.read<Lines>([calls, others](Stores &stores) { return read(stores, calls, others); },
                          [self = QPointer(this)](const Result<Lines> &lines) {
                              if (self && lines && !lines->empty())
                                  emit self->changed(*lines);
                          });
}

} // namespace gatehouse
