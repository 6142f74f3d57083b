// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"
#include "gateway_core/identity/directory.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// docs/rest-api.md, Streams. The owner's 256 connections must not all be streams, or no *stop everything*
// would get in.
inline constexpr std::size_t kStreamsMost = 128;
inline constexpr std::int64_t kStreamQueueMost = 512 << 10; ///< bytes that one reader has not taken
inline constexpr std::int64_t kStreamQueuesMost = 16 << 20; ///< bytes over all readers
inline constexpr Millis kStreamHeartbeat{ 15'000 };

/// One open event stream, and on whose behalf it is open. Ends with a word: an event `closed` {reason}.
/// Open -> Closed. Thread: core.
class StreamReader final
{
public:
    StreamReader(std::shared_ptr<EventStream> stream, const OwnerToken &token);

    [[nodiscard]] bool isOpen() const { return m_stream != nullptr; }
    /// What does not fit into the reader's queue any more ends it: too_slow.
    void send(std::string_view data, std::string_view id, std::string_view name);
    void beat();
    void end(std::string_view reason);
    /// The client went by itself.
    void forget() { m_stream = nullptr; }
    [[nodiscard]] std::int64_t waiting() const { return m_stream ? m_stream->waiting() : 0; }
    [[nodiscard]] const OwnerTokenId &token() const { return m_token; }

private:
    std::shared_ptr<EventStream> m_stream;
    OwnerTokenId m_token;
};

using ReaderPtr = std::shared_ptr<StreamReader>;

/// Everybody who reads a stream, of whatever kind, and the bounds over all of them. Thread: core.
class StreamReaders final
{
public:
    [[nodiscard]] bool isFull();
    [[nodiscard]] ReaderPtr add(std::shared_ptr<EventStream> stream, const OwnerToken &token);
    /// Ends the streams of tokens that are revoked, expired or gone. `now` is Registry::now().
    void endThoseWithoutToken(const Directory &directory, std::int64_t now);
    /// Ends the slowest until what waits over all is within bounds.
    void relieve();
    void beat();
    /// Returns how many it ended.
    int endAll(std::string_view reason);
    [[nodiscard]] std::size_t count();

private:
    void dropClosed();

    std::vector<ReaderPtr> m_readers;
};

} // namespace gatehouse
