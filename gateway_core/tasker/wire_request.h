// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/endpoint.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QByteArray>

namespace gatehouse {

/// The bytes of one HTTP/1.1 request, the credential among them. Wiped when it goes; moves, never copies.
/// bytes() may be given to a socket, which then shares the memory: wipe only after it was written or the
/// socket was aborted.
class WireBytes final
{
public:
    WireBytes() = default;
    explicit WireBytes(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }
    WireBytes(WireBytes &&other) noexcept { m_bytes.swap(other.m_bytes); }
    WireBytes &operator=(WireBytes &&other) noexcept
    {
        clear();
        m_bytes.swap(other.m_bytes);
        return *this;
    }
    ~WireBytes() { clear(); }

    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    void clear();

private:
    QByteArray m_bytes;
};

/// Everything about a request that can be refused before it is sent. ValidationFailed {errors}: a name
/// of the caller's that no header can carry (control characters, spaces, longer than 255). Internal:
/// something is missing that the contract needs, or the path was not made by adapter.h. Thread: any.
[[nodiscard]] Result<> checkRequest(const TaskerRequest &request);

/// The request as it goes out. Call only with what checkRequest() has passed.
[[nodiscard]] WireBytes wireBytes(const Endpoint &endpoint, const TaskerTarget &target,
                                  const TaskerRequest &request);

/// 1 to `limit` visible ASCII characters: nothing that could end a header line.
[[nodiscard]] bool isVisibleAscii(std::string_view text, std::size_t limit = 255);

} // namespace gatehouse

namespace gatehouse::adapter {

/// Everything but RFC 3986's unreserved characters as %XX.
[[nodiscard]] std::string percentEncoded(std::string_view text);

} // namespace gatehouse::adapter
