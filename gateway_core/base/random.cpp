// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/random.h"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>

namespace gatehouse {

std::uint32_t Random::below(std::uint32_t limit)
{
    const std::uint32_t unbiased = UINT32_MAX - UINT32_MAX % limit;
    for (;;) {
        std::array<std::uint8_t, 4> bytes{};
        fill(bytes);
        const std::uint32_t value = std::uint32_t{ bytes[0] } << 24 | std::uint32_t{ bytes[1] } << 16
            | std::uint32_t{ bytes[2] } << 8 | bytes[3];
        if (value < unbiased)
            return value % limit;
    }
}

std::string Random::uuid()
{
    std::array<std::uint8_t, 16> bytes{};
    fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += kHex[bytes[i] >> 4];
        text += kHex[bytes[i] & 15];
    }
    return text;
}

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        std::abort();
}

} // namespace gatehouse
