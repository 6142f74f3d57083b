// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {

/// The other end of a connection, without one.
class FakePeer final : public ConnectionPeer
{
public:
    explicit FakePeer(std::uint32_t uid = 1000)
        : m_uid(uid)
    {
    }
    [[nodiscard]] std::uint32_t uid() const override { return m_uid; }
    [[nodiscard]] bool isUnixSocket() const override { return unixSocket; }
    [[nodiscard]] Peer sight() const override
    {
        Peer peer;
        peer.uid = m_uid;
        peer.viaUnixSocket = true;
        peer.process = { 4242, "/usr/bin/codex", "/home/me/work" };
        return peer;
    }
    [[nodiscard]] bool countAs(const std::string &name, int, ConnectionUse place) override
    {
        countedAs = name;
        countedFor = place;
        return !full;
    }

    std::string countedAs;
    ConnectionUse countedFor = ConnectionUse::Work;
    bool full = false;
    bool unixSocket = true;

private:
    std::uint32_t m_uid;
};

/// What came out of an event stream.
class RecordedStream final : public EventStream
{
public:
    struct Event
    {
        std::string data, id, name;
        [[nodiscard]] Json json() const { return Json::parse(data); }
    };
    std::vector<Event> events; ///< without the empty ones that only give an id
    std::string lastId;
    int comments = 0;
    bool closed = false; ///< by the server
    bool gone = false; ///< by the client
    std::int64_t unread = 0; ///< what a slow client leaves waiting

    bool send(std::string_view data, std::string_view id, std::string_view name) override
    {
        if (closed || gone)
            return false;
        lastId = id;
        if (!data.empty())
            events.push_back({ std::string(data), std::string(id), std::string(name) });
        return true;
    }
    bool comment(std::string_view) override
    {
        ++comments;
        return !closed && !gone;
    }
    [[nodiscard]] std::int64_t waiting() const override { return unread; }
    void close() override { closed = true; }
};

/// What was answered to one request, if anything was yet.
struct Recorded
{
    std::optional<HttpResponse> response;
    std::shared_ptr<RecordedStream> stream;
    Headers streamHeaders;
    std::function<void()> gone;
    std::function<void(RecordedStream &)> onStream; ///< told of the stream before anything is sent
    int answers = 0;

    [[nodiscard]] int status() const { return response ? response->status : 0; }
    [[nodiscard]] Json json() const
    {
        return response ? Json::parse(response->body, nullptr, false) : Json();
    }
    [[nodiscard]] std::string error() const { return json().is_object() ? json().value("error", "") : ""; }
    [[nodiscard]] std::string header(std::string_view name) const
    {
        for (const auto &[key, value] : response ? response->headers : Headers{}) {
            if (key == name)
                return value;
        }
        return {};
    }
};
using RecordedPtr = std::shared_ptr<Recorded>;

class RecordingResponder final : public Responder
{
public:
    explicit RecordingResponder(RecordedPtr record)
        : m_record(std::move(record))
    {
    }
    void send(HttpResponse response) override
    {
        ++m_record->answers;
        m_record->response = std::move(response);
    }
    std::shared_ptr<EventStream> stream(Headers headers) override
    {
        ++m_record->answers;
        m_record->streamHeaders = std::move(headers);
        m_record->stream = std::make_shared<RecordedStream>();
        if (m_record->onStream)
            m_record->onStream(*m_record->stream);
        return m_record->stream;
    }
    void onGone(std::function<void()> gone) override { m_record->gone = std::move(gone); }

private:
    RecordedPtr m_record;
};

} // namespace gatehouse::test
