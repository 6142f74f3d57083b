// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/foreign_text.h"

#include "gateway_core/base/unseen_text.h"

#include <QString>

#include <algorithm>

namespace gatehouse {

namespace {

/// Without it a heart that an agent reads and writes back would lose its colour.
constexpr char32_t kColourSelector = 0xfe0f;

bool isBreak(char32_t character)
{
    return character == U'\n' || character == U'\r' || character == U'\t' || character == 0x2028
        || character == 0x2029 || character == 0x85;
}

bool isPlain(char byte, bool oneLine)
{
    return (byte >= 0x20 && byte < 0x7f) || (!oneLine && (byte == '\n' || byte == '\t'));
}

std::string markFor(std::size_t bytes)
{
    return "\n[cut here by Gatehouse: " + std::to_string(bytes) + " more bytes]";
}

} // namespace

std::string cleanText(std::string_view text, bool oneLine)
{
    // Most texts have nothing to take out, and each call reads some.
    if (std::ranges::all_of(text, [oneLine](char byte) { return isPlain(byte, oneLine); }))
        return std::string(text);
    const auto characters = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4();
    QString clean;
    clean.reserve(static_cast<qsizetype>(text.size()));
    char32_t before = 0;
    for (const uint character : characters) {
        const char32_t c = character;
        if (oneLine && isBreak(c))
            clean += QLatin1Char(' ');
        else if (c == U'\n' || c == U'\t' || !isInvisible(c)
                 || (c == kColourSelector && isPictograph(before)))
            clean += QStringView(QChar::fromUcs4(c));
        else if (c == 0x2028 || c == 0x2029 || c == 0x85)
            clean += QLatin1Char('\n');
        before = c;
    }
    return clean.toStdString();
}

std::string cutText(const std::string &text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    const std::size_t markRoom = markFor(text.size()).size();
    std::size_t keep = bytes > markRoom ? bytes - markRoom : 0;
    while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xc0) == 0x80)
        --keep;
    return text.substr(0, keep) + markFor(text.size() - keep);
}

void fitText(const Json &result, Json &text, std::size_t limit)
{
    const auto whole = text.get<std::string>();
    std::size_t allowance = whole.size();
    for (std::size_t size = result.dump().size(); size > limit && allowance > 0;
         size = result.dump().size()) {
        // JSON spells a line break with two bytes and may spell others with six: shrink in steps.
        const std::size_t excess = size - limit;
        allowance -= std::min(allowance, std::max<std::size_t>(excess / 2, 64));
        text = cutText(whole, allowance);
    }
}

} // namespace gatehouse
