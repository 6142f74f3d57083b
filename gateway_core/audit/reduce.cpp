// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/reduce.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/base/json.h"

namespace gatehouse {

namespace {

constexpr std::size_t kNames = 32;
constexpr std::size_t kNameBytes = 64;
constexpr std::size_t kHmacDigits = 16;

std::string hmacOf(const Secret &key, const std::string &text)
{
    return hex(hmacSha256(key, text));
}

/// Cut between characters: half of one is no UTF-8.
std::string shortened(const std::string &name)
{
    std::size_t end = std::min(name.size(), kNameBytes);
    while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
        --end;
    return name.substr(0, end);
}

} // namespace

Json reduceArguments(const Json &arguments, const Secret &journalKey)
{
    Json reduced = Json::object();
    if (!arguments.is_object())
        return reduced;
    std::size_t left = 0;
    for (const auto &[name, value] : arguments.items()) {
        if (reduced.size() == kNames) {
            ++left;
            continue;
        }
        const std::string spelled = canonicalJson(value);
        reduced[shortened(name)]
            = { { "size", spelled.size() },
                { "hmac",
                  hmacOf(journalKey, "gatehouse.argument.1\n" + canonicalJson(name) + spelled)
                      .substr(0, kHmacDigits) } };
    }
    if (left > 0)
        reduced["…"] = left;
    return reduced;
}

std::string argumentDigest(const Json &arguments, const Secret &journalKey)
{
    return hmacOf(journalKey, "gatehouse.arguments.1\n" + canonicalJson(arguments));
}

} // namespace gatehouse
