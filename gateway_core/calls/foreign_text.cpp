// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/foreign_text.h"

#include <QString>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

struct Range
{
    char32_t first;
    char32_t last;
};

// Unicode 15: format characters, fillers and selectors that leave no mark on a page. U+FE0F stays: it
// only chooses between two pictures of the character before it.
constexpr std::array kUnseen{
    Range{ 0x00, 0x1f },       Range{ 0x7f, 0x9f },       Range{ 0xad, 0xad },       Range{ 0x34f, 0x34f },
    Range{ 0x61c, 0x61c },     Range{ 0x115f, 0x1160 },   Range{ 0x17b4, 0x17b5 },   Range{ 0x180b, 0x180f },
    Range{ 0x200b, 0x200f },   Range{ 0x2028, 0x202e },   Range{ 0x2060, 0x206f },   Range{ 0x3164, 0x3164 },
    Range{ 0xfe00, 0xfe0e },   Range{ 0xfeff, 0xfeff },   Range{ 0xffa0, 0xffa0 },   Range{ 0xfff0, 0xfffb },
    Range{ 0x1bca0, 0x1bca3 }, Range{ 0x1d173, 0x1d17a }, Range{ 0xe0000, 0xe0fff },
};

bool isUnseen(char32_t character)
{
    const auto after = std::ranges::upper_bound(kUnseen, character, {}, &Range::first);
    return after != kUnseen.begin() && character <= std::prev(after)->last;
}

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
    for (const uint character : characters) {
        const char32_t c = character;
        if (oneLine && isBreak(c))
            clean += QLatin1Char(' ');
        else if (c == U'\n' || c == U'\t' || !isUnseen(c))
            clean += QStringView(QChar::fromUcs4(c));
        else if (c == 0x2028 || c == 0x2029 || c == 0x85)
            clean += QLatin1Char('\n');
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
