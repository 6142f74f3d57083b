// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/pairing_code.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/identity/pairing.h"

#include <openssl/crypto.h>

#include <QString>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kTypedMost = 64; // a code with generous spacing
constexpr std::size_t kCheckDigits = 6;
constexpr std::uint32_t kCheckNumbers = 1'000'000;

tl::unexpected<Error> malformed(const char *field)
{
    return failure(ErrorCode::ValidationFailed, {}, Json{ { "field", field } });
}

} // namespace

std::string freshCode(Random &random)
{
    std::string code;
    while (code.size() < kCodeLetters)
        code += kCodeAlphabet[random.below(static_cast<std::uint32_t>(kCodeAlphabet.size()))];
    return code;
}

std::string spelled(std::string_view code)
{
    std::string text(code);
    text.insert(kCodeLetters / 2, "-");
    return text;
}

std::optional<std::string> codeTyped(std::string_view typed)
{
    if (typed.size() > kTypedMost)
        return std::nullopt;
    std::string code;
    for (const char c : typed) {
        if (c == '-' || c == ' ')
            continue;
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (kCodeAlphabet.find(upper) == std::string_view::npos)
            return std::nullopt;
        code += upper;
    }
    if (code.size() != kCodeLetters)
        return std::nullopt;
    return code;
}

std::string freshCheckNumber(Random &random)
{
    const std::string digits = std::to_string(random.below(kCheckNumbers));
    return std::string(kCheckDigits - digits.size(), '0') + digits;
}

Result<> checkClientName(std::string_view name)
{
    if (name.size() > kClientNameMost * 4) // UTF-8 takes four bytes a character at most
        return malformed("client_name");
    const QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    const bool isUtf8 = text.toUtf8() == QByteArrayView(name.data(), static_cast<qsizetype>(name.size()));
    const bool hasControls
        = std::ranges::any_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    const auto characters = static_cast<std::size_t>(text.toUcs4().size());
    if (!isUtf8 || hasControls || text.trimmed().isEmpty() || characters > kClientNameMost)
        return malformed("client_name");
    return {};
}

Result<> checkNonce(std::string_view nonce)
{
    const bool printable = std::ranges::all_of(nonce, [](char c) { return c > ' ' && c <= '~'; });
    if (!printable || nonce.size() < kNonceLeast || nonce.size() > kNonceMost)
        return malformed("nonce");
    return {};
}

bool sameSecretText(std::string_view left, std::string_view right)
{
    const Digest one = sha256({ left });
    const Digest other = sha256({ right });
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace gatehouse
