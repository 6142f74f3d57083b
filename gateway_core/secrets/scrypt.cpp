// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/scrypt.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <vector>

namespace gatehouse {

Result<Secret> scrypt(const Secret &typed, std::span<const std::uint8_t> salt, std::size_t size, int cost)
{
    constexpr std::uint64_t kBlock = 8;
    if (cost < 1 || cost > kScryptCostMost)
        return failure(ErrorCode::Internal, "scrypt cost out of range");
    const std::uint64_t n = std::uint64_t{ 1 } << cost;
    // OpenSSL's own cap of 32 MiB refuses this N; the second term is its working blocks.
    const std::uint64_t memory = 128 * kBlock * n + 1024 * 1024;
    std::vector<std::uint8_t> bytes(size);
    const bool done = EVP_PBE_scrypt(typed.text().data(), typed.size(), salt.data(), salt.size(), n, kBlock,
                                     1, memory, bytes.data(), bytes.size())
        == 1;
    if (!done) {
        ERR_clear_error();
        return failure(ErrorCode::Internal, "scrypt failed");
    }
    Secret secret{ std::span<const std::uint8_t>(bytes) };
    wipe(bytes.data(), bytes.size());
    return secret;
}

} // namespace gatehouse
