// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace gatehouse {

/// The words on disk for the values of an enum, both ways. They never change once released.
template <typename Value, std::size_t Count> struct Words
{
    std::pair<Value, std::string_view> pairs[Count];

    [[nodiscard]] constexpr std::string_view nameOf(Value value) const
    {
        for (const auto &[known, name] : pairs)
            if (known == value)
                return name;
        return {};
    }
    /// `closed` is what an unknown word means: always the value that permits least.
    [[nodiscard]] constexpr Value valueOf(std::string_view name, Value closed) const
    {
        for (const auto &[value, known] : pairs)
            if (known == name)
                return value;
        return closed;
    }
};

} // namespace gatehouse
