// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rates.h"

#include <algorithm>

namespace gatehouse {

namespace {

// One request, in the parts of which `perMinute` come back each millisecond: exact, without fractions.
constexpr std::int64_t kWhole = 60'000;

} // namespace

std::int64_t Rate::filled(const Bucket &bucket, std::int64_t sinceBoot) const
{
    const std::int64_t full = m_burst * kWhole;
    // Longer than it takes to fill is as good as for ever, and cannot overflow.
    const std::int64_t passed = std::clamp<std::int64_t>(sinceBoot - bucket.at, 0, full);
    return std::min(full, bucket.left + passed * m_perMinute);
}

std::int64_t Rate::take(const std::string &key, int cost, std::int64_t sinceBoot)
{
    const auto [entry, fresh] = m_buckets.try_emplace(key);
    Bucket &bucket = entry->second;
    bucket.left = fresh ? m_burst * kWhole : filled(bucket, sinceBoot);
    bucket.at = fresh ? sinceBoot : std::max(bucket.at, sinceBoot);
    const std::int64_t missing = cost * kWhole - bucket.left;
    if (missing <= 0) {
        bucket.left -= cost * kWhole;
        return 0;
    }
    return m_perMinute > 0 ? (missing + m_perMinute - 1) / m_perMinute : kWhole;
}

void Rate::prune(std::int64_t sinceBoot)
{
    std::erase_if(m_buckets,
                  [&](const auto &entry) { return filled(entry.second, sinceBoot) >= m_burst * kWhole; });
}

} // namespace gatehouse
