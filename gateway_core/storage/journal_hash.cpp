// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/journal_hash.h"

#include <array>

namespace gatehouse {

namespace {

std::array<std::uint8_t, 8> bigEndian(std::int64_t number)
{
    std::array<std::uint8_t, 8> bytes{};
    const auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
    return bytes;
}

} // namespace

Digest journalHash(ProfileId profile, const JournalRow &row)
{
    // All parts before the body have one length, so no two rows spell the same bytes.
    const auto profileBytes = bigEndian(static_cast<std::int64_t>(profile));
    const auto seqBytes = bigEndian(row.seq);
    return sha256(
        { "gatehouse.journal.1\n", asText(profileBytes), asText(seqBytes), asText(row.prev), row.body });
}

} // namespace gatehouse
