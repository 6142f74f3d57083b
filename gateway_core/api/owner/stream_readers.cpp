// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/stream_readers.h"

#include "gateway_core/base/json.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

StreamReader::StreamReader(std::shared_ptr<EventStream> stream, const OwnerToken &token)
    : m_stream(std::move(stream))
    , m_token(token.id)
{
}

void StreamReader::send(std::string_view data, std::string_view id, std::string_view name)
{
    if (!m_stream)
        return;
    if (m_stream->waiting() + static_cast<std::int64_t>(data.size()) > kStreamQueueMost)
        return end("too_slow");
    if (!m_stream->send(data, id, name))
        m_stream = nullptr;
}

void StreamReader::beat()
{
    if (m_stream && !m_stream->comment("heartbeat"))
        m_stream = nullptr;
}

void StreamReader::end(std::string_view reason)
{
    // Taken out first: closing may tell the connection's owner, who comes back to forget().
    if (const auto stream = std::exchange(m_stream, nullptr)) {
        stream->send(canonicalJson({ { "reason", reason } }), {}, "closed");
        stream->close();
    }
}

bool StreamReaders::isFull()
{
    return count() >= kStreamsMost;
}

ReaderPtr StreamReaders::add(std::shared_ptr<EventStream> stream, const OwnerToken &token)
{
    return m_readers.emplace_back(std::make_shared<StreamReader>(std::move(stream), token));
}

void StreamReaders::endThoseWithoutToken(const Directory &directory, std::int64_t now)
{
    for (const ReaderPtr &reader : m_readers) {
        const auto token = directory.ownerTokens.find(reader->token());
        if (token == directory.ownerTokens.end() || token->second.revokedAt || token->second.expiresAt <= now)
            reader->end("token_ended");
    }
    dropClosed();
}

void StreamReaders::relieve()
{
    std::int64_t waiting = 0;
    for (const ReaderPtr &reader : m_readers)
        waiting += reader->waiting();
    while (waiting > kStreamQueuesMost) {
        const ReaderPtr &slowest = *std::ranges::max_element(
            m_readers, {}, [](const ReaderPtr &reader) { return reader->waiting(); });
        waiting -= slowest->waiting();
        slowest->end("too_slow");
    }
}

void StreamReaders::beat()
{
    for (const ReaderPtr &reader : m_readers)
        reader->beat();
    dropClosed();
}

int StreamReaders::endAll(std::string_view reason)
{
    int ended = 0;
    for (const ReaderPtr &reader : m_readers) {
        ended += reader->isOpen();
        reader->end(reason);
    }
    dropClosed();
    return ended;
}

std::size_t StreamReaders::count()
{
    dropClosed();
    return m_readers.size();
}

void StreamReaders::dropClosed()
{
    std::erase_if(m_readers, [](const ReaderPtr &reader) { return !reader->isOpen(); });
}

} // namespace gatehouse
