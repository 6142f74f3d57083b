// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/foreign_text.h"

#include <algorithm>
#include <array>

namespace gatehouse::ui {

namespace {

constexpr char16_t kIsolate = 0x2068; // FIRST STRONG ISOLATE
constexpr char16_t kPopIsolate = 0x2069;
constexpr char16_t kReturnSign = 0x23ce;
constexpr char16_t kEllipsis = 0x2026;
/// Marks stacked higher than this run over the lines above and below.
constexpr int kMarksMost = 3;

/// Letters and symbols by category that nevertheless paint nothing.
constexpr std::array<char32_t, 7> kBlank{0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164};

bool isUnseen(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: break;
    }
    const bool variationSelector = (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
    const bool mongolianSelector = c >= 0x180b && c <= 0x180f;
    return variationSelector || mongolianSelector || c == 0xffa0
        || std::find(kBlank.begin(), kBlank.end(), c) != kBlank.end();
}

bool isMark(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing;
}

QString spelled(char32_t c)
{
    if (c < 0x20)
        return QString(QChar(static_cast<char16_t>(0x2400 + c)));
    if (c == 0x7f)
        return QString(QChar(char16_t{0x2421}));
    return QStringLiteral("‹U+%1›").arg(static_cast<uint>(c), 4, 16, QLatin1Char('0')).toUpper();
}

char32_t codePointAt(QStringView text, qsizetype &at)
{
    const QChar first = text[at++];
    if (first.isHighSurrogate() && at < text.size() && text[at].isLowSurrogate())
        return QChar::surrogateToUcs4(first, text[at++]);
    return first.unicode();
}

} // namespace

QString foreignText(QStringView text, int most)
{
    if (text.isEmpty())
        return {};
    QString shown(kIsolate);
    int count = 0;
    int marks = 0;
    for (qsizetype at = 0; at < text.size();) {
        if (count++ == most) {
            shown += kEllipsis;
            break;
        }
        const bool lineEnd = text[at] == u'\n' || text[at] == u'\r';
        if (lineEnd && text[at] == u'\r' && at + 1 < text.size() && text[at + 1] == u'\n')
            ++at; // CRLF is one line end
        const char32_t c = codePointAt(text, at);
        marks = isMark(c) ? marks + 1 : 0;
        if (lineEnd)
            shown += QChar(kReturnSign);
        else if (isUnseen(c) || marks > kMarksMost)
            shown += spelled(c);
        else if (QChar::category(c) == QChar::Separator_Space)
            shown += u' ';
        else
            shown += QString::fromUcs4(&c, 1);
    }
    return shown + QChar(kPopIsolate);
}

} // namespace gatehouse::ui
