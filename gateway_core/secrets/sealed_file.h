// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/secrets/sealed_entries.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace gatehouse::sealed {

inline constexpr std::size_t kPassphraseLeast = 8; ///< bytes, for a new file

/// One sealed file on disk, shared by all our programs: each change reads, changes and replaces the whole
/// file under a lock, so that no entry of another program is lost. Blocks on the disk and on scrypt, which is
/// never run under the lock.
/// Thread: one at a time, never the core. Owns: the passphrase and the stretched key.
class File final
{
public:
    File(std::filesystem::path path, Secret passphrase, Random &random, int cost);

    /// What the file holds; empty if there is no file. SecretsRefused: wrong passphrase.
    /// SecretsUnavailable: damaged, not a plain file, unreadable.
    [[nodiscard]] Result<Entries> entries();
    /// Changes the entries and replaces the file (mode 0600), durably: after a crash either the old or the
    /// new one is there, whole. SecretsRefused also: no file yet, and the passphrase is shorter than
    /// kPassphraseLeast. SecretsUnavailable also: the lock was not to be had for some seconds, or the
    /// disk does not take it; then the old file stands.
    [[nodiscard]] Result<> change(const std::function<void(Entries &)> &act);

private:
    /// nullopt: there is no file.
    [[nodiscard]] Result<std::optional<Salt>> saltNow() const;
    [[nodiscard]] Result<> stretchFor(const Salt &salt);
    [[nodiscard]] Result<> stretchFresh();

    std::filesystem::path m_path;
    Secret m_passphrase;
    Random &m_random;
    int m_cost;
    std::optional<Key> m_key; ///< kept: stretching takes 0.4 s
};

} // namespace gatehouse::sealed
