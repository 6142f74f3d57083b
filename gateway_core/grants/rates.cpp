// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rates.h"

#include <algorithm>
#include <cmath>

namespace gatehouse {

namespace {

constexpr double kMinuteMs = 60'000;

} // namespace

double Rate::filled(const Bucket &bucket, std::int64_t sinceBoot) const
{
    const auto passed = static_cast<double>(std::max<std::int64_t>(0, sinceBoot - bucket.at));
    return std::min<double>(m_burst, bucket.left + passed * m_perMinute / kMinuteMs);
}

std::int64_t Rate::take(const std::string &key, int cost, std::int64_t sinceBoot)
{
    const auto [entry, fresh] = m_buckets.try_emplace(key);
    Bucket &bucket = entry->second;
    bucket.left = fresh ? m_burst : filled(bucket, sinceBoot);
    bucket.at = fresh ? sinceBoot : std::max(bucket.at, sinceBoot);
    if (bucket.left >= cost) {
        bucket.left -= cost;
        return 0;
    }
    if (m_perMinute <= 0)
        return static_cast<std::int64_t>(kMinuteMs);
    return std::max<std::int64_t>(1, std::llround(std::ceil((cost - bucket.left) * kMinuteMs / m_perMinute)));
}

void Rate::prune(std::int64_t sinceBoot)
{
    std::erase_if(m_buckets, [&](const auto &entry) { return filled(entry.second, sinceBoot) >= m_burst; });
}

} // namespace gatehouse
