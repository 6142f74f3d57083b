// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/secrets/scrypt.h"
#include "gateway_core/secrets/secret_store.h"

#include <QThreadPool>

#include <filesystem>
#include <memory>

namespace gatehouse {

namespace sealed {
class File;
}

/// Secrets in one encrypted file (mode 0600), for machines without a keychain; chosen knowingly with
/// `--secrets file`. scrypt from a passphrase, AES-256-GCM. The passphrase comes from the caller, who read
/// it from a terminal or a descriptor, never from argv. Several of our programs may share the file.
///   SecretsRefused      wrong passphrase; or none of at least 8 bytes for a file that is yet to be made
///   SecretsUnavailable  the file is damaged, unreadable, held by another program, or the disk is full
/// It is never locked, and an answer takes as long as scrypt needs on this machine. Thread: the one that
/// made it; the work runs on a thread of its own, in the order of the calls, and destruction waits for it.
/// `random` must outlive it.
class SealedFileStore final : public SecretStore
{
    Q_OBJECT

public:
    SealedFileStore(std::filesystem::path path, Secret passphrase, Random &random, QObject *parent = nullptr,
                    int scryptCost = kScryptCost);
    ~SealedFileStore() override;

    void read(const std::string &name, Read done) override;
    void write(const std::string &name, Secret value, Done done) override;
    void remove(const std::string &name, Done done) override;
    [[nodiscard]] std::string kind() const override { return "sealed-file"; }

private:
    template <typename T>
    void run(std::function<Result<T>(sealed::File &)> work, std::function<void(Result<T>)> done);

    std::unique_ptr<sealed::File> m_file; ///< touched by the one thread of m_worker alone
    QThreadPool m_worker;
};

} // namespace gatehouse
