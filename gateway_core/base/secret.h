// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gatehouse {

/// Bytes that must not be seen: a credential, a key, a PIN. They lie in pages of their own that are
/// locked and left out of core dumps, and are zeroed when they go. There is no stream operator and no
/// conversion to a string, so a Secret cannot reach a log by accident.
/// Thread: any, one at a time. Copies are explicit.
class Secret final
{
public:
    Secret() = default;
    explicit Secret(std::string_view text);
    explicit Secret(std::span<const std::uint8_t> bytes);
    Secret(Secret &&other) noexcept;
    Secret &operator=(Secret &&other) noexcept;
    Secret(const Secret &) = delete;
    Secret &operator=(const Secret &) = delete;
    ~Secret();

    [[nodiscard]] Secret copy() const;
    [[nodiscard]] bool isEmpty() const { return m_size == 0; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Valid as long as this object. Do not keep a copy in ordinary memory.
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return { m_bytes, m_size }; }

    /// True if both hold the same bytes, in time that depends on the sizes alone.
    [[nodiscard]] bool equals(const Secret &other) const;

private:
    void release();

    std::uint8_t *m_bytes = nullptr;
    std::size_t m_size = 0;
};

/// Overwrites bytes in a way that the compiler keeps (OPENSSL_cleanse).
void wipe(void *bytes, std::size_t size);

/// No core files, and no look from other programs of the same user into this process
/// (PR_SET_DUMPABLE 0). Call first thing in main. Sanitizer builds stay dumpable: LeakSanitizer needs it.
void protectThisProcess();

} // namespace gatehouse
