// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

// The sealed file's contents, as bytes. docs/adr/0033-sealed-file.md has the format:
//   "GHSEALED" version(1) salt(16) check(16) nonce(12) | ciphertext tag(16) | sum(32)
// Everything before the ciphertext is authenticated with it; the sum is SHA-256 of all before it and
// tells damage from a wrong passphrase. Pure. Thread: any.
namespace gatehouse::sealed {

using Bytes = std::vector<std::uint8_t>;
using Salt = std::array<std::uint8_t, 16>;
using Entries = std::map<std::string, Secret>;

inline constexpr std::size_t kSizeMost = 1024 * 1024; ///< of the whole file

/// A passphrase stretched with one salt: the key, and a value that shows whether it is the right one.
struct Key
{
    Salt salt{};
    Secret cipher;
    std::array<std::uint8_t, 16> check{};
};

/// scrypt: slow. Internal without memory.
[[nodiscard]] Result<Key> stretch(const Secret &passphrase, const Salt &salt, int cost);

/// The salt of a file. SecretsUnavailable: damaged, or a version that this program does not know.
[[nodiscard]] Result<Salt> saltOf(std::span<const std::uint8_t> file);
/// SecretsRefused: another passphrase. SecretsUnavailable: damaged.
[[nodiscard]] Result<Entries> unseal(std::span<const std::uint8_t> file, const Key &key);
/// With a fresh nonce each time. SecretsUnavailable: more than kSizeMost.
[[nodiscard]] Result<Bytes> seal(const Entries &entries, const Key &key, Random &random);

} // namespace gatehouse::sealed
