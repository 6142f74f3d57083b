// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/bundle.h"
#include "gateway_core/audit/bundle_text.h"
#include "gateway_core/base/json.h"

#include <fstream>
#include <iterator>

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

/// The lines of a file, hashed on the way. False from `act` ends the acting, not the hashing.
Result<Digest> forEachLine(const fs::path &file, const std::function<bool(std::string_view)> &act)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, file.filename().string());
    RunningDigest digest;
    bool acting = true;
    for (std::string line; std::getline(stream, line);) {
        digest.add(line);
        if (!stream.eof())
            digest.add("\n");
        acting = acting && act(line);
    }
    return digest.finish();
}

tl::unexpected<Error> notWhatWasSigned(const std::string &what)
{
    return failure(ErrorCode::ValidationFailed, what + " is not what was signed");
}

struct Manifest
{
    std::string text;
    PublicKey key{};
    ProfileId profile{ 1 };
    std::string installId;
    std::int64_t at = 0, rows = 0, first = 0, last = 0;
    std::string rowsDigest, checkpointsDigest, before, head;
};

/// Reads what the signature already stands for; still, a file of a stranger must not end the program.
Result<Manifest> manifestFrom(const std::string &text)
{
    const auto json = parseJson(text);
    if (!json)
        return notWhatWasSigned(kBundleManifest);
    try {
        Manifest manifest;
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

Result<Manifest> signedManifest(const fs::path &folder, const std::optional<PublicKey> &trusted)
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

Result<BundleVerdict> verifyBundle(const fs::path &folder, const std::optional<PublicKey> &trusted)
{
    const auto manifest = signedManifest(folder, trusted);
    if (!manifest)
        return tl::unexpected(manifest.error());

    Evidence evidence;
    evidence.profile = manifest->profile;
    evidence.key = manifest->key;
    evidence.mayBeginAnywhere = true;
    bool readable = true;
    const auto checkpoints = forEachLine(folder / kBundleCheckpoints, [&](std::string_view line) {
        const auto json = parseJson(line);
        auto checkpoint = json ? checkpointFrom(*json) : failure(ErrorCode::InvalidRequest);
        if (checkpoint)
            evidence.stored.push_back(std::move(*checkpoint));
        return readable = checkpoint.has_value();
    });
    if (!checkpoints)
        return tl::unexpected(checkpoints.error());
    if (!readable || hex(*checkpoints) != manifest->checkpointsDigest)
        return notWhatWasSigned(kBundleCheckpoints);

    // The chain first: it names the row, the digest only the file.
    Verifier verifier(std::move(evidence));
    const auto rows = forEachLine(folder / kBundleRows, [&](std::string_view line) {
        const auto row = rowFrom(line);
        return (readable = row.has_value()) && verifier.take(*row);
    });
    if (!rows)
        return tl::unexpected(rows.error());
    BundleVerdict verdict{ verifier.finish(), manifest->key, manifest->installId, manifest->at };
    if (verdict.journal.isSound() && hex(*rows) != manifest->rowsDigest) {
        if (readable && verdict.journal.last < manifest->last) {
            verdict.journal.finding = Finding::TailCut;
            verdict.journal.badRow = verdict.journal.last + 1;
            verdict.journal.detail = "rows up to " + std::to_string(manifest->last) + " were exported";
            return verdict;
        }
        return notWhatWasSigned(kBundleRows);
    }
    // The manifest is signed and names the end, so nothing in a sound bundle is left unvouched.
    if (verdict.journal.isSound()) {
        verdict.journal.vouchedTo = manifest->last;
        verdict.journal.vouchedAt = manifest->at;
        verdict.journal.unsignedFrom = manifest->last + 1;
        verdict.journal.unsignedTo = manifest->last;
    }
    return verdict;
}

} // namespace gatehouse
