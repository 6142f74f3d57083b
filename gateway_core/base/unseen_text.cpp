// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/unseen_text.h"

#include <unicode/uchar.h>

#include <array>
#include <cstdio>

namespace gatehouse {

namespace {

constexpr char32_t kBlankBraille = 0x2800;

UChar32 codePointOf(char32_t character)
{
    return static_cast<UChar32>(character);
}

bool has(char32_t character, UProperty property)
{
    return u_hasBinaryProperty(codePointOf(character), property) != 0;
}

} // namespace

bool isInvisible(char32_t character)
{
    switch (u_charType(codePointOf(character))) {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR: return true;
    // The Arabic number sign and its like are format characters that are painted.
    case U_FORMAT_CHAR: return !has(character, UCHAR_PREPENDED_CONCATENATION_MARK);
    default: return has(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    }
}

bool isShapeless(char32_t character)
{
    switch (u_charType(codePointOf(character))) {
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE: return true;
    default: return character == kBlankBraille;
    }
}

bool isPictograph(char32_t character)
{
    return has(character, UCHAR_EXTENDED_PICTOGRAPHIC);
}

std::string codePointName(char32_t character)
{
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "U+%04X", static_cast<unsigned>(character));
    return name.data();
}

} // namespace gatehouse
