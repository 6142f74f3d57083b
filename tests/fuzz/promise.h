// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace gatehouse::fuzz {

/// What the code under test promises. A broken one ends the run, and libFuzzer keeps the input.
inline void require(bool kept, const char *promise)
{
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

inline std::string_view textOf(const std::uint8_t *data, std::size_t size)
{
    return { reinterpret_cast<const char *>(data), size };
}

/// 1 to `most` visible ASCII characters: nothing that ends a header line.
inline bool isVisible(std::string_view text, std::size_t most)
{
    for (const char c : text) {
        if (c <= ' ' || c >= '\x7f')
            return false;
    }
    return !text.empty() && text.size() <= most;
}

inline bool hasControl(std::string_view text)
{
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            return true;
    }
    return false;
}

} // namespace gatehouse::fuzz
