// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace gatehouse {

/// Things that Tasker told lately, so that the usual call makes one request: each for kRemembered,
/// `most` at a time, the oldest goes first. Thread: core.
template <typename Value> class TtlCache final
{
public:
    static constexpr std::chrono::milliseconds kRemembered = std::chrono::seconds(60);

    explicit TtlCache(std::size_t most)
        : m_most(most)
    {
    }

    [[nodiscard]] std::optional<Value> find(const std::string &name, std::int64_t sinceBoot) const
    {
        const auto found = m_entries.find(name);
        if (found == m_entries.end() || sinceBoot >= found->second.first + kRemembered.count())
            return std::nullopt;
        return found->second.second;
    }
    void put(const std::string &name, Value value, std::int64_t sinceBoot)
    {
        if (m_entries.size() >= m_most && !m_entries.contains(name)) {
            auto oldest = m_entries.begin();
            for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
                if (entry->second.first < oldest->second.first)
                    oldest = entry;
            }
            m_entries.erase(oldest);
        }
        m_entries.insert_or_assign(name, std::pair(sinceBoot, std::move(value)));
    }
    void forget(const std::string &name) { m_entries.erase(name); }
    void clear() { m_entries.clear(); }

private:
    std::size_t m_most;
    std::map<std::string, std::pair<std::int64_t, Value>> m_entries;
};

} // namespace gatehouse
