// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/secrets/secret_store.h"

#include <filesystem>

namespace gatehouse {

/// The tokens of our own small programs as plain files of mode 0600, for machines without a keychain.
/// Chosen with `--secrets file` and never by itself: whoever can read the owner's files can read them.
/// A file that others can read, or that is not ours, is SecretsRefused.
/// Thread: main.
class TokenFolder final : public SecretStore
{
    Q_OBJECT

public:
    explicit TokenFolder(std::filesystem::path folder, QObject *parent = nullptr);

    void read(const std::string &name, Read done) override;
    void write(const std::string &name, Secret value, Done done) override;
    void remove(const std::string &name, Done done) override;
    [[nodiscard]] std::string kind() const override { return "token-folder"; }

private:
    [[nodiscard]] std::filesystem::path fileOf(const std::string &name) const;

    std::filesystem::path m_folder;
};

/// The first line of a file of mode 0600 that is ours. SecretNotFound, SecretsRefused.
[[nodiscard]] Result<Secret> readTokenFile(const std::filesystem::path &file);
/// Replaces it whole. SecretsRefused.
[[nodiscard]] Result<> writeTokenFile(const std::filesystem::path &file, const Secret &value);

} // namespace gatehouse
