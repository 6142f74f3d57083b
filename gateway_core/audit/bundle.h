// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/bundle_folder.h"
#include "gateway_core/audit/checkpoint.h"
#include "gateway_core/audit/verify.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// Names inside a bundle; docs/storage.md, "The export bundle".
inline constexpr const char *kBundleRows = "journal.jsonl";
inline constexpr const char *kBundleCheckpoints = "checkpoints.jsonl";
inline constexpr const char *kBundleManifest = "manifest.json";
inline constexpr const char *kBundleSignature = "manifest.sig";

/// Writes a part of the journal into a folder that anybody can verify without this program's database.
/// Blocking file I/O: it is used on the storage thread, or by a tool. The folder is there when close() has
/// returned well, and not before; what was not closed leaves nothing behind.
/// Outcomes: those of BundleFolder · StorageFull · StorageReadOnly · StorageFailed.
class BundleWriter final
{
public:
    [[nodiscard]] static Result<BundleWriter> open(const std::filesystem::path &folder,
                                                   BundleFolder::Parent parent);
    BundleWriter(BundleWriter &&) noexcept;
    BundleWriter(const BundleWriter &) = delete;
    BundleWriter &operator=(const BundleWriter &) = delete;
    BundleWriter &operator=(BundleWriter &&) = delete;
    ~BundleWriter();

    /// Rows in chain order.
    [[nodiscard]] Result<> add(const JournalRow &row);
    [[nodiscard]] Result<> add(const Checkpoint &checkpoint);
    /// Writes and signs the manifest, syncs everything to disk and puts the folder at its name.
    [[nodiscard]] Result<> close(ProfileId profile, const std::string &installId, std::int64_t at,
                                 const SigningKey &key);

    /// Takes it back, also when it was closed.
    void discard();

    [[nodiscard]] std::int64_t rows() const;

private:
    struct Inside;
    explicit BundleWriter(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

struct BundleVerdict
{
    VerificationReport journal;
    PublicKey key{}; ///< that signed it; compare it with the one you know
    std::string installId;
    std::int64_t exportedAt = 0;
    Digest head{}; ///< hash of the last row
};

/// Verifies a bundle offline, in steps: signature, digests, chain and checkpoints. Thread: any, one at a
/// time.
class BundleCheck final
{
public:
    /// `trusted`: the key that it must be signed with; without it the bundle vouches only for itself.
    /// NotFound: a file of it is missing. ValidationFailed: it is not what was signed (the detail says which
    /// file).
    [[nodiscard]] static Result<BundleCheck> begin(const std::filesystem::path &folder,
                                                   const std::optional<PublicKey> &trusted);
    BundleCheck(BundleCheck &&) noexcept;
    BundleCheck(const BundleCheck &) = delete;
    BundleCheck &operator=(const BundleCheck &) = delete;
    BundleCheck &operator=(BundleCheck &&) = delete;
    ~BundleCheck();

    /// Reads on, `lines` at most. False: there is no more, ask for the verdict. The errors of begin().
    [[nodiscard]] Result<bool> take(int lines);
    /// A fault of the chain inside a well-signed bundle is a verdict, not an error.
    [[nodiscard]] Result<BundleVerdict> verdict();

private:
    struct Inside;
    explicit BundleCheck(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

/// The same in one go.
[[nodiscard]] Result<BundleVerdict> verifyBundle(const std::filesystem::path &folder,
                                                 const std::optional<PublicKey> &trusted = {});

} // namespace gatehouse
