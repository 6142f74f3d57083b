// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/bundle.h"
#include "gateway_core/audit/bundle_text.h"
#include "gateway_core/base/json.h"

#include <fstream>
#include <limits>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kManifestLimit = 64 * 1024;

Result<std::string> readWhole(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, file.filename().string());
    std::string text(kManifestLimit + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kManifestLimit)
        return failure(ErrorCode::ValidationFailed, file.filename().string() + " is too large");
    return text;
}

} // namespace

/// The lines of a file, hashed on the way.
class BundleLines final
{
public:
    explicit BundleLines(const fs::path &file)
        : m_stream(file, std::ios::binary)
    {
    }
    [[nodiscard]] bool isOpen() const { return m_stream.is_open(); }
    /// False: there is no more.
    bool next(std::string &line)
    {
        if (!std::getline(m_stream, line))
            return false;
        m_digest.add(line);
        if (!m_stream.eof())
            m_digest.add("\n");
        return true;
    }
    [[nodiscard]] Digest finish() { return m_digest.finish(); }

private:
    std::ifstream m_stream;
    RunningDigest m_digest;
};

struct BundleManifest
{
    std::string text;
    PublicKey key{};
    ProfileId profile{ 1 };
    std::string installId;
    std::int64_t at = 0, rows = 0, first = 0, last = 0;
    std::string rowsDigest, checkpointsDigest, before, head;
};

namespace {

tl::unexpected<Error> notWhatWasSigned(const std::string &what)
{
    return failure(ErrorCode::ValidationFailed, what + " is not what was signed");
}

/// Reads what the signature already stands for; still, a file of a stranger must not end the program.
Result<BundleManifest> manifestFrom(const std::string &text)
{
    const auto json = parseJson(text);
    if (!json)
        return notWhatWasSigned(kBundleManifest);
    try {
        BundleManifest manifest;
        manifest.text = text;
        if (json->at("format") != kBundleFormat)
            return failure(ErrorCode::ValidationFailed, "an export of another format");
        const auto key = digestFrom(json->at("public_key").get<std::string>());
        if (!key)
            return notWhatWasSigned(kBundleManifest);
        manifest.key = *key;
        manifest.profile = ProfileId{ json->at("profile").get<std::int64_t>() };
        manifest.installId = json->at("install").get<std::string>();
        manifest.at = json->at("at").get<std::int64_t>();
        manifest.rows = json->at("rows").get<std::int64_t>();
        manifest.first = json->at("first").get<std::int64_t>();
        manifest.last = json->at("last").get<std::int64_t>();
        manifest.before = json->at("before").get<std::string>();
        manifest.head = json->at("head").get<std::string>();
        manifest.rowsDigest = json->at("files").at(kBundleRows).at("sha256").get<std::string>();
        manifest.checkpointsDigest = json->at("files").at(kBundleCheckpoints).at("sha256").get<std::string>();
        return manifest;
    } catch (const Json::exception &) {
        return notWhatWasSigned(kBundleManifest);
    }
}

Result<BundleManifest> signedManifest(const fs::path &folder, const std::optional<PublicKey> &trusted)
{
    const auto text = readWhole(folder / kBundleManifest);
    if (!text)
        return tl::unexpected(text.error());
    const auto signatureText = readWhole(folder / kBundleSignature);
    if (!signatureText)
        return tl::unexpected(signatureText.error());
    auto manifest = manifestFrom(*text);
    if (!manifest)
        return manifest;
    if (trusted && manifest->key != *trusted)
        return failure(ErrorCode::ValidationFailed, "signed by another key");
    const auto signature = unhex(*signatureText, 64);
    if (!signature || !isSignedBy(manifest->key, manifestSignedText(*text), *signature))
        return notWhatWasSigned(kBundleManifest);
    return manifest;
}

} // namespace

struct BundleCheck::Inside
{
    Inside(const fs::path &folder, BundleManifest &&read)
        : manifest(std::move(read))
        , checkpoints(folder / kBundleCheckpoints)
        , rows(folder / kBundleRows)
    {
    }

    [[nodiscard]] Result<bool> takeCheckpoint()
    {
        if (checkpoints.next(line)) {
            const auto json = parseJson(line);
            auto checkpoint = json ? checkpointFrom(*json) : failure(ErrorCode::InvalidRequest);
            if (!checkpoint)
                return notWhatWasSigned(kBundleCheckpoints);
            evidence.stored.push_back(std::move(*checkpoint));
            return true;
        }
        if (hex(checkpoints.finish()) != manifest.checkpointsDigest)
            return notWhatWasSigned(kBundleCheckpoints);
        verifier.emplace(std::move(evidence));
        return true;
    }
    [[nodiscard]] bool takeRow()
    {
        if (!rows.next(line))
            return false;
        if (!walking)
            return true; // hashed, no more
        const auto row = rowFrom(line);
        readable = row.has_value();
        walking = readable && verifier->take(*row);
        if (readable)
            head = row->hash;
        return true;
    }

    BundleManifest manifest;
    BundleLines checkpoints, rows;
    Evidence evidence;
    std::optional<Verifier> verifier; ///< once the checkpoints are read
    bool readable = true, walking = true;
    Digest head{};
    std::string line;
};

Result<BundleCheck> BundleCheck::begin(const fs::path &folder, const std::optional<PublicKey> &trusted)
{
    auto manifest = signedManifest(folder, trusted);
    if (!manifest)
        return tl::unexpected(manifest.error());
    auto inside = std::make_unique<Inside>(folder, std::move(*manifest));
    if (!inside->checkpoints.isOpen())
        return failure(ErrorCode::NotFound, kBundleCheckpoints);
    if (!inside->rows.isOpen())
        return failure(ErrorCode::NotFound, kBundleRows);
    inside->evidence.profile = inside->manifest.profile;
    inside->evidence.key = inside->manifest.key;
    inside->evidence.mayBeginAnywhere = true;
    return BundleCheck(std::move(inside));
}

BundleCheck::BundleCheck(std::unique_ptr<Inside> inside)
    : m_inside(std::move(inside))
{
}

BundleCheck::BundleCheck(BundleCheck &&) noexcept = default;
BundleCheck::~BundleCheck() = default;

Result<bool> BundleCheck::take(int lines)
{
    for (; lines > 0; --lines) {
        const auto more = m_inside->verifier ? Result<bool>(m_inside->takeRow()) : m_inside->takeCheckpoint();
        if (!more || !*more)
            return more;
    }
    return true;
}

Result<BundleVerdict> BundleCheck::verdict()
{
    // The chain first: it names the row, the digest only the file.
    const BundleManifest &manifest = m_inside->manifest;
    BundleVerdict verdict{ m_inside->verifier->finish(), manifest.key, manifest.installId, manifest.at,
                           m_inside->head };
    if (verdict.journal.isSound() && hex(m_inside->rows.finish()) != manifest.rowsDigest) {
        if (m_inside->readable && verdict.journal.last < manifest.last) {
            verdict.journal.finding = JournalState::TailCut;
            verdict.journal.badRow = verdict.journal.last + 1;
            verdict.journal.detail = "rows up to " + std::to_string(manifest.last) + " were exported";
            return verdict;
        }
        return notWhatWasSigned(kBundleRows);
    }
    // The manifest is signed and names the end, so nothing in a sound bundle is left unvouched.
    if (verdict.journal.isSound()) {
        verdict.journal.vouchedTo = manifest.last;
        verdict.journal.vouchedAt = manifest.at;
        verdict.journal.unsignedFrom = manifest.last + 1;
        verdict.journal.unsignedTo = manifest.last;
    }
    return verdict;
}

Result<BundleVerdict> verifyBundle(const fs::path &folder, const std::optional<PublicKey> &trusted)
{
    auto check = BundleCheck::begin(folder, trusted);
    if (!check)
        return tl::unexpected(check.error());
    for (;;) {
        const auto more = check->take(std::numeric_limits<int>::max());
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return check->verdict();
    }
}

} // namespace gatehouse
