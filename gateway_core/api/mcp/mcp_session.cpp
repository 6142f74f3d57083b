// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_session.h"

#include "gateway_core/base/json.h"

#include <algorithm>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::string_view kFirstWithPriming = "2025-11-25";
constexpr int kStreamsKept = 64;

std::string eventId(int stream, std::int64_t number)
{
    return std::to_string(stream) + '-' + std::to_string(number);
}

std::optional<std::pair<int, std::int64_t>> readEventId(std::string_view text)
{
    int stream = 0;
    std::int64_t number = 0;
    const char *const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, stream);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-')
        return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, number);
    if (second.ec != std::errc() || second.ptr != end || stream < 0 || number < 0)
        return std::nullopt;
    return std::pair(stream, number);
}

} // namespace

std::string_view negotiatedVersion(std::string_view asked)
{
    for (const auto version : kMcpVersions) {
        if (version <= asked) // dates: text order is time order
            return version;
    }
    return kMcpVersions.back();
}

bool isMcpVersion(std::string_view version)
{
    return std::ranges::find(kMcpVersions, version) != kMcpVersions.end();
}

McpSession::McpSession(std::string id, const Client &client, std::string_view version)
    : m_id(std::move(id))
    , m_version(version)
    , m_client(client.id)
    , m_tokenHash(client.tokenHash)
{
    m_streams[0];
}

McpSession::~McpSession()
{
    closeStreams();
}

bool McpSession::belongsTo(const Client &client) const
{
    return client.id == m_client && client.tokenHash == m_tokenHash;
}

void McpSession::prime(int number, const Stream &stream)
{
    // An id to come back with, before anything was said. Older clients take an empty event for a message.
    if (m_version >= kFirstWithPriming)
        stream->send({}, eventId(number, m_streams[number].sent));
}

int McpSession::openStream(Stream stream)
{
    const int number = m_nextStream++;
    m_streams[number].stream = stream;
    prime(number, stream);
    for (auto entry = m_streams.begin(); m_streams.size() > kStreamsKept && entry != m_streams.end();)
        entry = entry->first != 0 && entry->second.finished ? m_streams.erase(entry) : std::next(entry);
    return number;
}

void McpSession::listen(Stream stream)
{
    if (const Stream old = std::exchange(m_streams[0].stream, stream))
        old->close();
    stream->mayGiveWay();
    prime(0, stream);
}

bool McpSession::resume(std::string_view lastEventId, const Stream &stream)
{
    const auto last = readEventId(lastEventId);
    if (!last)
        return false;
    const auto entry = m_streams.find(last->first);
    if (entry == m_streams.end() || last->second > entry->second.sent)
        return false;
    Open &open = entry->second;
    std::int64_t expected = last->second + 1;
    for (const Kept &kept : m_kept) {
        if (kept.stream != last->first || kept.number < expected)
            continue;
        if (kept.number != expected)
            return false; // the first of what is missing was forgotten already
        stream->send(kept.data, eventId(kept.stream, kept.number), "message");
        ++expected;
    }
    if (expected != open.sent + 1)
        return false;
    if (const Stream old = std::exchange(open.stream, open.finished ? nullptr : stream))
        old->close();
    if (last->first == 0)
        stream->mayGiveWay();
    if (open.finished)
        stream->close();
    return true;
}

void McpSession::send(int stream, const Json &message)
{
    const auto entry = m_streams.find(stream);
    if (entry == m_streams.end())
        return;
    Open &open = entry->second;
    std::string data = canonicalJson(message);
    ++open.sent;
    if (open.stream && !open.stream->send(data, eventId(stream, open.sent), "message"))
        open.stream = nullptr;
    m_keptBytes += data.size();
    m_kept.push_back({ stream, open.sent, std::move(data) });
    forgetOldEvents();
}

void McpSession::forgetOldEvents()
{
    while (m_kept.size() > kMcpEventsKept || m_keptBytes > kMcpEventBytesKept) {
        m_keptBytes -= m_kept.front().data.size();
        m_kept.pop_front();
    }
}

void McpSession::finish(int stream)
{
    const auto entry = m_streams.find(stream);
    if (entry == m_streams.end())
        return;
    entry->second.finished = true;
    if (const Stream open = std::exchange(entry->second.stream, nullptr))
        open->close();
}

void McpSession::detach(int stream)
{
    if (const auto entry = m_streams.find(stream); entry != m_streams.end())
        entry->second.stream = nullptr;
}

bool McpSession::isAttached(int stream) const
{
    const auto entry = m_streams.find(stream);
    return entry != m_streams.end() && entry->second.stream;
}

void McpSession::beat()
{
    for (auto &[number, open] : m_streams) {
        if (open.stream && !open.stream->comment("alive"))
            open.stream = nullptr;
    }
}

int McpSession::closeStreams()
{
    int closed = 0;
    for (auto &[number, open] : m_streams) {
        if (const Stream stream = std::exchange(open.stream, nullptr)) {
            stream->close();
            ++closed;
        }
    }
    return closed;
}

bool McpSession::begin(const Json &requestId, Cancel cancel)
{
    return m_running.try_emplace(requestId.dump(), std::move(cancel)).second;
}

void McpSession::end(const Json &requestId)
{
    m_running.erase(requestId.dump());
}

void McpSession::leave(const Json &requestId, Cancel cancel)
{
    m_left.emplace_front(requestId.dump(), std::move(cancel));
    if (m_left.size() > kMcpLeftMost)
        m_left.pop_back();
}

void McpSession::cancel(const Json &requestId)
{
    if (auto node = m_running.extract(requestId.dump()))
        return node.mapped()();
    const auto left = std::ranges::find(m_left, requestId.dump(), &std::pair<std::string, Cancel>::first);
    if (left == m_left.end())
        return;
    const Cancel cancel = std::move(left->second);
    m_left.erase(left);
    cancel();
}

void McpSession::cancelAll()
{
    for (const auto &[id, cancel] : std::exchange(m_running, {}))
        cancel();
    for (const auto &[id, cancel] : std::exchange(m_left, {}))
        cancel();
}

McpSessions::McpSessions(Clock &clock, Random &random)
    : m_clock(clock)
    , m_random(random)
{
}

McpSessionPtr McpSessions::open(const Client &client, std::string_view version)
{
    makeRoom(client.id);
    std::array<std::uint8_t, 32> bits{};
    m_random.fill(bits);
    auto session = std::make_shared<McpSession>(base64Url(bits), client, version);
    session->usedAt = m_clock.sinceBoot();
    m_sessions.emplace(session->id(), session);
    return session;
}

void McpSessions::makeRoom(const ClientId &client)
{
    std::vector<McpSessionPtr> own;
    for (const auto &[id, session] : m_sessions) {
        if (session->client() == client)
            own.push_back(session);
    }
    if (own.size() < kMcpSessionsPerClient)
        return;
    // One that is at work or listening goes only if all of them are.
    const auto oldest = std::ranges::min_element(own, {}, [](const McpSessionPtr &session) {
        return std::pair(session->isBusy() || session->isListening(), session->usedAt);
    });
    remove((*oldest)->id());
}

McpSessionPtr McpSessions::find(const std::string &id, const Client &client)
{
    const auto entry = m_sessions.find(id);
    if (entry == m_sessions.end() || !entry->second->belongsTo(client))
        return nullptr;
    entry->second->usedAt = m_clock.sinceBoot();
    return entry->second;
}

void McpSessions::remove(const std::string &id)
{
    const auto node = m_sessions.extract(id);
    if (!node)
        return;
    node.mapped()->cancelAll();
    node.mapped()->closeStreams();
}

std::vector<ClientId> McpSessions::sweep(const Directory &directory, std::int64_t wall)
{
    const std::int64_t now = m_clock.sinceBoot();
    std::vector<ClientId> lost;
    for (const McpSessionPtr &session : all()) {
        const Client *client = directory.client(session->client());
        const bool good
            = client && session->belongsTo(*client) && !client->revokedAt && client->expiresAt > wall;
        const bool idle = !session->isBusy() && !session->isListening()
            && now - session->usedAt > kMcpSessionIdle.count();
        if (!good)
            lost.push_back(session->client());
        if (!good || idle)
            remove(session->id());
    }
    return lost;
}

std::vector<McpSessionPtr> McpSessions::all() const
{
    std::vector<McpSessionPtr> sessions;
    sessions.reserve(m_sessions.size());
    for (const auto &[id, session] : m_sessions)
        sessions.push_back(session);
    return sessions;
}

} // namespace gatehouse
