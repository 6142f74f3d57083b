// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace gatehouse {

/// A token bucket per key: `perMinute` refill, `burst` capacity. Thread: core.
class Rate final
{
public:
    Rate(int perMinute, int burst)
        : m_perMinute(perMinute)
        , m_burst(burst)
    {
    }

    /// Takes `cost`. 0 if it was there, else milliseconds until it will be (nothing is taken then).
    [[nodiscard]] std::int64_t take(const std::string &key, int cost, std::int64_t sinceBoot);
    /// Forgets keys that are full again: memory stays bounded by what was active in the last minute.
    void prune(std::int64_t sinceBoot);

private:
    struct Bucket
    {
        double left = 0;
        std::int64_t at = 0;
    };
    int m_perMinute;
    int m_burst;
    std::unordered_map<std::string, Bucket> m_buckets;
};

} // namespace gatehouse
