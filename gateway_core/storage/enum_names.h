// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

// How the values of records.h are spelled: on disk, on the wire and in the journal, always the same. The
// words never change once released. Pure. Thread: any.
namespace gatehouse {

/// The words for the values of an enum, both ways.
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
    [[nodiscard]] constexpr std::optional<Value> named(std::string_view name) const
    {
        for (const auto &[value, known] : pairs)
            if (known == name)
                return value;
        return std::nullopt;
    }
    /// `closed` is what an unknown word means: always the value that permits least.
    [[nodiscard]] constexpr Value valueOf(std::string_view name, Value closed) const
    {
        return named(name).value_or(closed);
    }
};

inline constexpr Words<Mode, 3> kModeWords{
    { { Mode::Running, "running" }, { Mode::Paused, "paused" }, { Mode::Draining, "draining" } }
};
inline constexpr Words<AgentState, 3> kAgentStateWords{
    { { AgentState::Active, "active" }, { AgentState::Paused, "paused" }, { AgentState::Retired, "retired" } }
};
inline constexpr Words<GrantPolicy, 4> kAnswerWords{ { { GrantPolicy::Off, "off" },
                                                  { GrantPolicy::Allow, "allow" },
                                                  { GrantPolicy::Ask, "ask" },
                                                  { GrantPolicy::AskWithPin, "ask_with_pin" } } };

[[nodiscard]] constexpr std::string_view nameOf(Mode mode)
{
    return kModeWords.nameOf(mode);
}
[[nodiscard]] constexpr std::string_view nameOf(AgentState state)
{
    return kAgentStateWords.nameOf(state);
}
[[nodiscard]] constexpr std::string_view nameOf(GrantPolicy answer)
{
    return kAnswerWords.nameOf(answer);
}

} // namespace gatehouse
