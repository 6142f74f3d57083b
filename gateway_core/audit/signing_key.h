// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <array>
#include <string>

namespace gatehouse {

using PublicKey = std::array<std::uint8_t, 32>;

/// The Ed25519 key (RFC 8032) that checkpoints and exports are signed with. It lives in the keychain and
/// never in the database, so that who can write the one cannot sign for it. Thread: any, one at a time.
class SigningKey final
{
public:
    [[nodiscard]] static SigningKey make(Random &random);
    /// SecretsRefused: not the 32 bytes of a key.
    [[nodiscard]] static Result<SigningKey> fromSecret(const Secret &seed);

    [[nodiscard]] Secret seed() const { return m_seed.copy(); }
    [[nodiscard]] PublicKey publicKey() const;
    [[nodiscard]] std::string sign(std::string_view text) const; ///< 64 bytes

private:
    explicit SigningKey(Secret seed);

    Secret m_seed;
};

[[nodiscard]] bool isSignedBy(const PublicKey &key, std::string_view text, std::string_view signature);

} // namespace gatehouse
