// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/sealed_entries.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/secrets/scrypt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace gatehouse::sealed {

namespace {

constexpr std::string_view kMagic = "GHSEALED";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kSaltAt = kMagic.size() + 1;
constexpr std::size_t kCheckAt = kSaltAt + std::tuple_size_v<Salt>;
constexpr std::size_t kNonceAt = kCheckAt + std::tuple_size_v<decltype(Key::check)>;
constexpr std::size_t kHeaderSize = kNonceAt + kNonceSize;
constexpr std::size_t kSizeLeast = kHeaderSize + kTagSize + std::tuple_size_v<Digest>;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

tl::unexpected<Error> damaged(const char *what)
{
    return failure(ErrorCode::SecretsUnavailable, what);
}

/// Plain entries in ordinary memory, wiped when they go.
struct Plain
{
    Bytes bytes;

    Plain() = default;
    Plain(const Plain &) = delete;
    Plain &operator=(const Plain &) = delete;
    ~Plain() { wipe(bytes.data(), bytes.size()); }
};

int sizeOf(std::size_t size)
{
    return static_cast<int>(size); // everything here is below kSizeMost
}

void appendSized(Bytes &bytes, std::string_view text)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(text.size() >> shift));
    bytes.insert(bytes.end(), text.begin(), text.end());
}

std::optional<std::string_view> takeSized(std::span<const std::uint8_t> &bytes)
{
    if (bytes.size() < 4)
        return std::nullopt;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i)
        size = size << 8 | bytes[static_cast<std::size_t>(i)];
    bytes = bytes.subspan(4);
    if (size > bytes.size())
        return std::nullopt;
    const std::string_view text = asText(bytes.first(size));
    bytes = bytes.subspan(size);
    return text;
}

Result<Entries> entriesFrom(std::span<const std::uint8_t> plain)
{
    Entries entries;
    while (!plain.empty()) {
        const auto name = takeSized(plain);
        const auto value = name ? takeSized(plain) : std::nullopt;
        if (!value)
            return damaged("the sealed entries are cut short");
        entries.insert_or_assign(std::string(*name), Secret(*value));
    }
    return entries;
}

Digest sumOf(std::span<const std::uint8_t> file)
{
    return sha256({ asText(file.first(file.size() - std::tuple_size_v<Digest>)) });
}

} // namespace

Result<Key> stretch(const Secret &passphrase, const Salt &salt, int cost)
{
    Key key;
    key.salt = salt;
    const auto stretched = scrypt(passphrase, salt, kKeySize + key.check.size(), cost);
    if (!stretched)
        return tl::unexpected<Error>(stretched.error());
    // Two blocks of scrypt's last PBKDF2: the one that is shown tells nothing about the other.
    key.cipher = Secret(stretched->bytes().first(kKeySize));
    std::ranges::copy(stretched->bytes().subspan(kKeySize), key.check.begin());
    return key;
}

Result<Salt> saltOf(std::span<const std::uint8_t> file)
{
    if (file.size() < kSizeLeast || file.size() > kSizeMost || asText(file.first(kMagic.size())) != kMagic)
        return damaged("not a sealed file");
    if (file[kMagic.size()] != kVersion)
        return damaged("a sealed file of another version");
    if (!std::ranges::equal(sumOf(file), file.last(std::tuple_size_v<Digest>)))
        return damaged("the sealed file is damaged");
    Salt salt{};
    std::ranges::copy(file.subspan(kSaltAt, salt.size()), salt.begin());
    return salt;
}

Result<Entries> unseal(std::span<const std::uint8_t> file, const Key &key)
{
    const auto salt = saltOf(file);
    if (!salt)
        return tl::unexpected<Error>(salt.error());
    if (*salt != key.salt || CRYPTO_memcmp(file.data() + kCheckAt, key.check.data(), key.check.size()) != 0)
        return failure(ErrorCode::SecretsRefused, "another passphrase");

    const auto header = file.first(kHeaderSize);
    const auto body = file.subspan(kHeaderSize, file.size() - kHeaderSize - std::tuple_size_v<Digest>);
    const auto hidden = body.first(body.size() - kTagSize);
    Bytes tag(body.end() - kTagSize, body.end());
    Plain plain;
    plain.bytes.resize(hidden.size() + kTagSize); // never empty: a null output would mean more header
    int size = 0;
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const bool good = cipher
        && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.cipher.bytes().data(),
                              header.data() + kNonceAt)
            == 1
        && EVP_DecryptUpdate(cipher.get(), nullptr, &size, header.data(), sizeOf(header.size())) == 1
        && EVP_DecryptUpdate(cipher.get(), plain.bytes.data(), &size, hidden.data(), sizeOf(hidden.size()))
            == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, sizeOf(tag.size()), tag.data()) == 1
        && EVP_DecryptFinal_ex(cipher.get(), plain.bytes.data() + hidden.size(), &size) == 1;
    if (!good)
        return damaged("the sealed entries are not as they were written");
    return entriesFrom(std::span(plain.bytes).first(hidden.size()));
}

Result<Bytes> seal(const Entries &entries, const Key &key, Random &random)
{
    std::size_t size = 0;
    for (const auto &[name, value] : entries)
        size += 8 + name.size() + value.size();
    if (size > kSizeMost - kSizeLeast)
        return failure(ErrorCode::SecretsUnavailable, "more secrets than a sealed file holds");
    Plain plain;
    plain.bytes.reserve(size); // no copy is left behind by growing
    for (const auto &[name, value] : entries) {
        appendSized(plain.bytes, name);
        appendSized(plain.bytes, value.text());
    }

    Bytes file(kMagic.begin(), kMagic.end());
    file.push_back(kVersion);
    file.insert(file.end(), key.salt.begin(), key.salt.end());
    file.insert(file.end(), key.check.begin(), key.check.end());
    file.resize(kHeaderSize + size + kTagSize);
    random.fill(std::span(file).subspan(kNonceAt, kNonceSize));
    int done = 0;
    std::uint8_t *hidden = file.data() + kHeaderSize;
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const bool good = cipher
        && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.cipher.bytes().data(),
                              file.data() + kNonceAt)
            == 1
        && EVP_EncryptUpdate(cipher.get(), nullptr, &done, file.data(), sizeOf(kHeaderSize)) == 1
        && (size == 0
            || EVP_EncryptUpdate(cipher.get(), hidden, &done, plain.bytes.data(), sizeOf(size)) == 1)
        && EVP_EncryptFinal_ex(cipher.get(), hidden + size, &done) == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, sizeOf(kTagSize), hidden + size) == 1;
    if (!good)
        return failure(ErrorCode::Internal, "AES-GCM failed");
    const Digest sum = sha256({ asText(file) });
    file.insert(file.end(), sum.begin(), sum.end());
    return file;
}

} // namespace gatehouse::sealed
