// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace gatehouse {

// Product numbers. Burst is twice the minute's rate.
inline constexpr int kAgentReadsAMinute = 120;
inline constexpr int kAgentWritesAMinute = 60;
inline constexpr int kBurstFactor = 2;

/// A token bucket per key: `perMinute` refill, `burst` capacity, full at first. Thread: core.
class Rate final
{
public:
    explicit Rate(int perMinute)
        : Rate(perMinute, perMinute * kBurstFactor)
    {
    }
    Rate(int perMinute, int burst)
        : m_perMinute(perMinute)
        , m_burst(burst)
    {
    }

    /// Takes `cost`. 0 if it was there, else milliseconds until it will be (nothing is taken then).
    /// A cost above the burst is never there.
    [[nodiscard]] std::int64_t take(const std::string &key, int cost, std::int64_t sinceBoot);
    /// Forgets keys that are full again: memory stays bounded by what was active in the last minute.
    void prune(std::int64_t sinceBoot);
    [[nodiscard]] std::size_t keys() const { return m_buckets.size(); }

private:
    struct Bucket
    {
        std::int64_t left = 0; ///< in 1/60,000 of a request
        std::int64_t at = 0;
    };
    [[nodiscard]] std::int64_t filled(const Bucket &bucket, std::int64_t sinceBoot) const;

    int m_perMinute;
    int m_burst;
    std::unordered_map<std::string, Bucket> m_buckets;
};

} // namespace gatehouse
