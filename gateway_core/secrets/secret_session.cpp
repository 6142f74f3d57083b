// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/secret_session.h"

#include "gateway_core/base/random.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <QDBusArgument>

#include <array>
#include <memory>
#include <vector>

namespace gatehouse {

const QString SecretSession::kEncrypted = QStringLiteral("dh-ietf1024-sha256-aes128-cbc-pkcs7");
const QString SecretSession::kPlain = QStringLiteral("plain");

template <auto release> struct Releasing
{
    template <typename T> void operator()(T *what) const { release(what); }
};
using Number = std::unique_ptr<BIGNUM, Releasing<BN_clear_free>>;

namespace {

constexpr int kPrimeBytes = 128;
constexpr int kKeyBytes = 16;
constexpr int kBlockBytes = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Releasing<EVP_CIPHER_CTX_free>>;

tl::unexpected<Error> broken(const char *what)
{
    return failure(ErrorCode::Internal, what);
}

/// HKDF with SHA-256, no salt and no info (RFC 5869).
Result<Secret> derived(std::span<const std::uint8_t> shared)
{
    const std::unique_ptr<EVP_KDF, Releasing<EVP_KDF_free>> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const std::unique_ptr<EVP_KDF_CTX, Releasing<EVP_KDF_CTX_free>> context(EVP_KDF_CTX_new(kdf.get()));
    std::array<char, 7> digest{ "SHA256" };
    std::array<OSSL_PARAM, 3> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::uint8_t *>(shared.data()),
                                          shared.size()),
        OSSL_PARAM_construct_end()
    };
    std::array<std::uint8_t, kKeyBytes> key{};
    if (!context || EVP_KDF_derive(context.get(), key.data(), key.size(), parameters.data()) != 1)
        return broken("no key could be derived");
    Secret secret{ std::span<const std::uint8_t>(key) };
    wipe(key.data(), key.size());
    return secret;
}

/// One way or the other, with PKCS 7 padding. Empty: it did not work.
std::vector<std::uint8_t> crypted(bool encrypts, const Secret &key, const std::uint8_t *vector,
                                  std::span<const std::uint8_t> from)
{
    const CipherContext cipher(EVP_CIPHER_CTX_new());
    std::vector<std::uint8_t> to(from.size() + kBlockBytes);
    int begun = 0;
    int ended = 0;
    if (!cipher
        || EVP_CipherInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, key.bytes().data(), vector,
                             encrypts ? 1 : 0)
            != 1
        || EVP_CipherUpdate(cipher.get(), to.data(), &begun, from.data(), static_cast<int>(from.size())) != 1
        || EVP_CipherFinal_ex(cipher.get(), to.data() + begun, &ended) != 1) {
        wipe(to.data(), to.size());
        return {};
    }
    to.resize(static_cast<std::size_t>(begun + ended));
    return to;
}

std::span<const std::uint8_t> bytesOf(const QByteArray &bytes)
{
    return { reinterpret_cast<const std::uint8_t *>(bytes.constData()),
             static_cast<std::size_t>(bytes.size()) };
}

} // namespace

QDBusArgument &operator<<(QDBusArgument &out, const WireSecret &secret)
{
    out.beginStructure();
    out << secret.session << secret.parameters << secret.value << secret.contentType;
    out.endStructure();
    return out;
}

const QDBusArgument &operator>>(const QDBusArgument &in, WireSecret &secret)
{
    in.beginStructure();
    in >> secret.session >> secret.parameters >> secret.value >> secret.contentType;
    in.endStructure();
    return in;
}

struct SecretSession::Numbers
{
    Number prime{ BN_get_rfc2409_prime_1024(nullptr) };
    Number own{ BN_secure_new() };
    Number shown{ BN_new() };
};

SecretSession::SecretSession()
    : m_numbers(std::make_unique<Numbers>())
{
    const std::unique_ptr<BN_CTX, Releasing<BN_CTX_free>> context(BN_CTX_secure_new());
    const Number generator(BN_new());
    // A private number of the group's whole width; the same bound as libsecret's.
    if (context && generator && BN_set_word(generator.get(), 2) == 1
        && BN_priv_rand_range(m_numbers->own.get(), m_numbers->prime.get()) == 1)
        BN_mod_exp(m_numbers->shown.get(), generator.get(), m_numbers->own.get(), m_numbers->prime.get(),
                   context.get());
}

SecretSession::~SecretSession() = default;

QByteArray SecretSession::publicKey() const
{
    QByteArray key(kPrimeBytes, '\0');
    BN_bn2binpad(m_numbers->shown.get(), reinterpret_cast<unsigned char *>(key.data()), kPrimeBytes);
    return key;
}

Result<> SecretSession::agree(const QDBusObjectPath &path, const QByteArray &theirKey)
{
    const std::unique_ptr<BN_CTX, Releasing<BN_CTX_free>> context(BN_CTX_secure_new());
    const Number theirs(BN_bin2bn(bytesOf(theirKey).data(), static_cast<int>(theirKey.size()), nullptr));
    const Number last(BN_dup(m_numbers->prime.get()));
    const Number shared(BN_secure_new());
    // 0, 1 and p-1 would make the shared number one that everybody knows.
    if (!context || !theirs || !last || !shared || BN_sub_word(last.get(), 1) != 1
        || BN_cmp(theirs.get(), BN_value_one()) <= 0 || BN_cmp(theirs.get(), last.get()) >= 0)
        return broken("the keychain's key is none of this group");
    std::array<std::uint8_t, kPrimeBytes> bytes{};
    if (BN_mod_exp(shared.get(), theirs.get(), m_numbers->own.get(), m_numbers->prime.get(), context.get())
            != 1
        || BN_bn2binpad(shared.get(), bytes.data(), kPrimeBytes) != kPrimeBytes)
        return broken("no key could be agreed on");
    auto key = derived(bytes);
    wipe(bytes.data(), bytes.size());
    if (!key)
        return tl::unexpected<Error>(key.error());
    m_key = std::move(*key);
    m_path = path;
    return {};
}

void SecretSession::stayPlain(const QDBusObjectPath &path)
{
    m_key = {};
    m_path = path;
}

Result<WireSecret> SecretSession::seal(const Secret &secret) const
{
    WireSecret sealed{ m_path, {}, {}, QStringLiteral("text/plain") };
    if (m_key.isEmpty()) {
        sealed.value = QByteArray(secret.text().data(), static_cast<qsizetype>(secret.size()));
        return sealed;
    }
    std::array<std::uint8_t, kBlockBytes> vector{};
    SystemRandom().fill(vector);
    const auto bytes = crypted(true, m_key, vector.data(), secret.bytes());
    if (bytes.empty())
        return broken("a secret could not be encrypted");
    sealed.parameters = QByteArray(reinterpret_cast<const char *>(vector.data()), kBlockBytes);
    sealed.value
        = QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return sealed;
}

Result<Secret> SecretSession::unseal(const WireSecret &sealed) const
{
    if (m_key.isEmpty())
        return Secret(bytesOf(sealed.value));
    if (sealed.parameters.size() != kBlockBytes || sealed.value.isEmpty())
        return broken("a secret came in another form than was agreed on");
    // Nothing of ours is empty, so nothing means that it could not be decrypted.
    auto bytes = crypted(false, m_key, bytesOf(sealed.parameters).data(), bytesOf(sealed.value));
    if (bytes.empty())
        return broken("a secret could not be decrypted");
    Secret secret{ std::span<const std::uint8_t>(bytes) };
    wipe(bytes.data(), bytes.size());
    return secret;
}

} // namespace gatehouse
