// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/bundle_text.h"

#include "gateway_core/audit/checkpoint.h"
#include "gateway_core/base/json.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace gatehouse {

std::string lineOf(const JournalRow &row)
{
    return canonicalJson({ { "seq", row.seq },
                           { "at", row.at },
                           { "kind", row.kind },
                           { "call", row.callId },
                           { "body", row.body },
                           { "prev", hex(row.prev) },
                           { "hash", hex(row.hash) } })
        + '\n';
}

Result<JournalRow> rowFrom(std::string_view line)
{
    const auto json = parseJson(line);
    if (!json)
        return tl::unexpected(json.error());
    const auto text = [&json](const char *name) -> std::string {
        return json->is_object() && json->contains(name) && (*json)[name].is_string()
            ? (*json)[name].get<std::string>()
            : std::string();
    };
    const auto isNumber = [&json](const char *name) {
        return json->is_object() && json->contains(name) && (*json)[name].is_number_integer();
    };
    const auto prev = digestFrom(text("prev"));
    const auto hash = digestFrom(text("hash"));
    if (!isNumber("seq") || !isNumber("at") || !prev || !hash)
        return failure(ErrorCode::InvalidRequest, "not a row of the journal");
    return JournalRow{ (*json)["seq"].get<std::int64_t>(),
                       (*json)["at"].get<std::int64_t>(),
                       text("kind"),
                       text("call"),
                       text("body"),
                       *prev,
                       *hash };
}

std::string manifestSignedText(std::string_view manifest)
{
    return std::string(kBundleFormat) + '\n' + std::string(manifest);
}

struct RunningDigest::Inside
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{ EVP_MD_CTX_new(), &EVP_MD_CTX_free };
};

RunningDigest::RunningDigest()
    : m_inside(std::make_unique<Inside>())
{
    if (!m_inside->context || EVP_DigestInit_ex(m_inside->context.get(), EVP_sha256(), nullptr) != 1)
        std::abort(); // only without memory
}

RunningDigest::~RunningDigest() = default;

void RunningDigest::add(std::string_view piece)
{
    if (EVP_DigestUpdate(m_inside->context.get(), piece.data(), piece.size()) != 1)
        std::abort();
}

Digest RunningDigest::finish()
{
    Digest digest{};
    if (EVP_DigestFinal_ex(m_inside->context.get(), digest.data(), nullptr) != 1)
        std::abort();
    return digest;
}

} // namespace gatehouse
