// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/signing_key.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace gatehouse {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
constexpr std::size_t kSeedSize = 32;
constexpr std::size_t kSignatureSize = 64;

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

Key privateKey(const Secret &seed)
{
    Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.size()),
            &EVP_PKEY_free);
    if (!key)
        std::abort(); // the seed has 32 bytes: only without memory
    return key;
}

} // namespace

SigningKey::SigningKey(Secret seed)
    : m_seed(std::move(seed))
{
}

SigningKey SigningKey::make(Random &random)
{
    std::array<std::uint8_t, kSeedSize> bytes{};
    random.fill(bytes);
    SigningKey key{ Secret(std::span<const std::uint8_t>(bytes)) };
    wipe(bytes.data(), bytes.size());
    return key;
}

Result<SigningKey> SigningKey::fromSecret(const Secret &seed)
{
    if (seed.size() != kSeedSize)
        return failure(ErrorCode::SecretsRefused,
                       "the signing key has " + std::to_string(seed.size()) + " bytes");
    return SigningKey(seed.copy());
}

PublicKey SigningKey::publicKey() const
{
    PublicKey bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(privateKey(m_seed).get(), bytes.data(), &size) != 1)
        std::abort(); // only without memory
    return bytes;
}

std::string SigningKey::sign(std::string_view text) const
{
    const Key key = privateKey(m_seed);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(kSignatureSize, '\0');
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1
        || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size,
                          bytesOf(text), text.size())
            != 1)
        std::abort(); // only without memory
    return signature;
}

bool isSignedBy(const PublicKey &key, std::string_view text, std::string_view signature)
{
    if (signature.size() != kSignatureSize)
        return false;
    const Key pub(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()),
                  &EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return pub && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pub.get()) == 1
        && EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(), bytesOf(text), text.size())
        == 1;
}

} // namespace gatehouse
