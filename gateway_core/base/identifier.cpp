// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/identifier.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kBytesMost = 96; // of a key: 12 characters, decomposed
constexpr qsizetype kKeyMost = 12;
constexpr std::size_t kNumberMost = 9;

bool isKeyCharacter(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Letter_Uppercase:
    case QChar::Letter_Lowercase:
    case QChar::Letter_Titlecase:
    case QChar::Letter_Modifier:
    case QChar::Letter_Other:
    case QChar::Number_DecimalDigit:
    case QChar::Mark_NonSpacing:
    case QChar::Mark_SpacingCombining: return true;
    default: return c == U'_';
    }
}

/// Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point among them).
bool isUnseen(char32_t c)
{
    return c == 0x34f || c == 0x115f || c == 0x1160 || (c >= 0x17b4 && c <= 0x17b5)
        || (c >= 0x180b && c <= 0x180f) || c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0
        || (c >= 0xe0000 && c <= 0xe0fff);
}

} // namespace

std::optional<std::string> projectIdentifier(std::string_view text)
{
    if (text.empty() || text.size() > kBytesMost)
        return std::nullopt;
    const QString given = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))
                              .normalized(QString::NormalizationForm_C);
    if (given != given.normalized(QString::NormalizationForm_KC))
        return std::nullopt;
    const QString key = given.toCaseFolded().toUpper().normalized(QString::NormalizationForm_C);
    const QList<uint> characters = key.toUcs4();
    const bool good = !characters.isEmpty() && characters.size() <= kKeyMost
        && !QChar::isMark(characters.front())
        && std::all_of(characters.begin(), characters.end(),
                       [](uint c) { return isKeyCharacter(c) && !isUnseen(c); });
    return good ? std::optional(key.toStdString()) : std::nullopt;
}

std::optional<IssueIdentifier> asIdentifier(std::string_view issue)
{
    const std::size_t dash = issue.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    const std::string_view number = issue.substr(dash + 1);
    const bool isNumber = !number.empty() && number.size() <= kNumberMost
        && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    auto project = isNumber ? projectIdentifier(issue.substr(0, dash)) : std::nullopt;
    if (!project)
        return std::nullopt;
    std::string whole = *project + '-' + std::string(number);
    return IssueIdentifier{ *std::move(project), std::move(whole) };
}

} // namespace gatehouse
