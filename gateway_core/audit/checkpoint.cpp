// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/checkpoint.h"

#include "gateway_core/base/json.h"

#include <algorithm>

namespace gatehouse {

namespace {

int nibble(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

std::span<const std::uint8_t> bytesOf(const std::string &text)
{
    return { reinterpret_cast<const std::uint8_t *>(text.data()), text.size() };
}

Json unsignedJson(const Checkpoint &checkpoint)
{
    return { { "at", checkpoint.at },
             { "boot", checkpoint.bootId },
             { "head", hex(checkpoint.head) },
             { "seq", checkpoint.seq },
             { "since_boot", checkpoint.sinceBoot } };
}

} // namespace

std::string signedText(ProfileId profile, const Checkpoint &checkpoint)
{
    Json json = unsignedJson(checkpoint);
    json["profile"] = static_cast<std::int64_t>(profile);
    return "gatehouse.checkpoint.1\n" + canonicalJson(json);
}

bool isGenuine(ProfileId profile, const Checkpoint &checkpoint, const PublicKey &key)
{
    return isSignedBy(key, signedText(profile, checkpoint), checkpoint.signature);
}

Json toJson(const Checkpoint &checkpoint)
{
    Json json = unsignedJson(checkpoint);
    json["signature"] = hex(bytesOf(checkpoint.signature));
    return json;
}

Result<Checkpoint> checkpointFrom(const Json &json)
{
    const auto isNumber
        = [&json](const char *name) { return json.contains(name) && json[name].is_number_integer(); };
    const auto isText = [&json](const char *name) { return json.contains(name) && json[name].is_string(); };
    if (!json.is_object() || !isNumber("at") || !isNumber("seq") || !isNumber("since_boot") || !isText("boot")
        || !isText("head") || !isText("signature"))
        return failure(ErrorCode::InvalidRequest, "not a checkpoint");
    const auto head = digestFrom(json["head"].get_ref<const std::string &>());
    auto signature = unhex(json["signature"].get_ref<const std::string &>(), 64);
    if (!head || !signature)
        return failure(ErrorCode::InvalidRequest, "not a checkpoint's bytes");
    return Checkpoint{ json["seq"].get<std::int64_t>(),        *head,
                       json["at"].get<std::int64_t>(),         json["boot"].get<std::string>(),
                       json["since_boot"].get<std::int64_t>(), std::move(*signature) };
}

Result<std::string> unhex(std::string_view text, std::size_t bytes)
{
    std::string out;
    if (text.size() != 2 * bytes)
        return failure(ErrorCode::InvalidRequest, "not hex of the right size");
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = nibble(text[i]);
        const int low = nibble(text[i + 1]);
        if (high < 0 || low < 0)
            return failure(ErrorCode::InvalidRequest, "not hex");
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

Result<Digest> digestFrom(std::string_view text)
{
    Digest digest{};
    const auto bytes = unhex(text, digest.size());
    if (!bytes)
        return tl::unexpected(bytes.error());
    std::copy(bytes->begin(), bytes->end(), reinterpret_cast<char *>(digest.data()));
    return digest;
}

} // namespace gatehouse
