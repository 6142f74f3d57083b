// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/certificates.h"

#include <QDir>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace contract {

namespace {

struct Free
{
    void operator()(X509 *each) const { X509_free(each); }
    void operator()(EVP_PKEY *each) const { EVP_PKEY_free(each); }
    void operator()(BIO *each) const { BIO_free(each); }
    void operator()(X509_EXTENSION *each) const { X509_EXTENSION_free(each); }
};
using Certified = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Bio = std::unique_ptr<BIO, Free>;

constexpr long kDay = 86'400;

void extend(X509 *certificate, X509 *issuer, int kind, const std::string &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    X509_add_ext(certificate, extension.get(), -1);
}

Certified certificateFor(EVP_PKEY *key, const std::string &name, long from, long until)
{
    Certified certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(name.c_str()), -1, -1, 0);
    return certificate;
}

QByteArray pemOf(X509 *certificate)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    char *text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return { text, static_cast<qsizetype>(size) };
}

QByteArray pemOf(EVP_PKEY *key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char *text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return { text, static_cast<qsizetype>(size) };
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(bytes) == bytes.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Authority
{
    Key key;
    Certified certificate;
};

Authority authorityIn(const QString &folder)
{
    const QByteArray keyPem = readFile(folder + QStringLiteral("/ca-key.pem"));
    const QByteArray caPem = readFile(folder + QStringLiteral("/ca.pem"));
    if (!keyPem.isEmpty() && !caPem.isEmpty()) {
        const Bio keyBio(BIO_new_mem_buf(keyPem.constData(), static_cast<int>(keyPem.size())));
        const Bio caBio(BIO_new_mem_buf(caPem.constData(), static_cast<int>(caPem.size())));
        return { Key(PEM_read_bio_PrivateKey(keyBio.get(), nullptr, nullptr, nullptr)),
                 Certified(PEM_read_bio_X509(caBio.get(), nullptr, nullptr, nullptr)) };
    }
    Authority made{ Key(EVP_EC_gen("P-256")), nullptr };
    made.certificate = certificateFor(made.key.get(), "Contract Tasker authority", -kDay, 3650 * kDay);
    X509 *ca = made.certificate.get();
    X509_set_issuer_name(ca, X509_get_subject_name(ca));
    extend(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
    extend(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(ca, ca, NID_subject_key_identifier, "hash");
    X509_sign(ca, made.key.get(), EVP_sha256());
    if (!writeFile(folder + QStringLiteral("/ca-key.pem"), pemOf(made.key.get()))
        || !writeFile(folder + QStringLiteral("/ca.pem"), pemOf(ca)))
        return {};
    return made;
}

} // namespace

std::optional<Tls> tlsIn(const QString &folder, Certificate kind)
{
    if (!QDir().mkpath(folder))
        return std::nullopt;
    const Authority authority = authorityIn(folder);
    if (!authority.key || !authority.certificate)
        return std::nullopt;
    const Key key(EVP_EC_gen("P-256"));
    const bool expired = kind == Certificate::Expired;
    const auto certificate = certificateFor(key.get(), "Contract Tasker", expired ? -30 * kDay : -kDay,
                                            expired ? -kDay : 90 * kDay);
    X509 *server = certificate.get();
    X509_set_issuer_name(server, X509_get_subject_name(authority.certificate.get()));
    extend(server, authority.certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(server, authority.certificate.get(), NID_ext_key_usage, "serverAuth");
    extend(server, authority.certificate.get(), NID_subject_alt_name,
           kind == Certificate::WrongHost ? "DNS:another.test"
                                          : "IP:127.0.0.1,IP:::1,DNS:localhost,DNS:tasker.test");
    X509_sign(server, authority.key.get(), EVP_sha256());

    Tls tls;
    tls.caFile = folder + QStringLiteral("/ca.pem");
    tls.server = QSslConfiguration::defaultConfiguration();
    tls.server.setLocalCertificate(QSslCertificate(pemOf(server)));
    tls.server.setPrivateKey(QSslKey(pemOf(key.get()), QSsl::Ec));
    tls.server.setPeerVerifyMode(QSslSocket::VerifyNone);
    tls.server.setProtocol(QSsl::TlsV1_2OrLater);
    return tls;
}

} // namespace contract
