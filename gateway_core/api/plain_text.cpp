// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/plain_text.h"

#include <QString>

#include <algorithm>

namespace gatehouse {

namespace {

bool isInvisible(char32_t c)
{
    if (c == U'\n' || c == U'\t')
        return false;
    return c < 0x20 || (c >= 0x7f && c < 0xa0) // controls
        || c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e // soft hyphen, joiner, marks
        || (c >= 0x115f && c <= 0x1160) || c == 0x3164 || c == 0xffa0 // fillers
        || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) // zero width, separators, bidi
        || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff // joiners, isolates
        || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) // variation selectors
        || (c >= 0xfff9 && c <= 0xfffb) // interlinear annotation
        || (c >= 0xe0000 && c <= 0xe007f); // tags
}

bool isPlain(std::string_view text)
{
    return std::ranges::all_of(text,
                               [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'; });
}

QList<uint> visibleCharacters(std::string_view text)
{
    auto characters = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4();
    characters.removeIf([](uint c) { return isInvisible(c); });
    return characters;
}

std::string toUtf8(const QList<uint> &characters)
{
    std::u32string text(characters.begin(), characters.end());
    return QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toStdString();
}

} // namespace

std::string visibleText(std::string_view text)
{
    // Nearly all text is plain ASCII and needs no second look.
    return isPlain(text) ? std::string(text) : toUtf8(visibleCharacters(text));
}

std::string visibleLine(std::string_view text, std::size_t most)
{
    auto characters = visibleCharacters(text);
    std::ranges::replace_if(
        characters, [](uint c) { return c == U'\n' || c == U'\t'; }, uint(U' '));
    if (characters.size() > static_cast<qsizetype>(most)) {
        characters.resize(static_cast<qsizetype>(most));
        characters.last() = U'…';
    }
    return toUtf8(characters);
}

Json visibleJson(Json value)
{
    if (value.is_string())
        return visibleText(value.get_ref<const std::string &>());
    if (value.is_structured()) {
        for (auto &part : value)
            part = visibleJson(std::move(part));
    }
    return value;
}

} // namespace gatehouse
