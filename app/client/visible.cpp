// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/visible.h"

#include <QString>

namespace gatehouse {

namespace {

bool isHarmful(char32_t letter)
{
    const auto category = QChar::category(letter);
    return category == QChar::Other_Control || category == QChar::Other_Format
        || category == QChar::Separator_Line || category == QChar::Separator_Paragraph
        || category == QChar::Other_NotAssigned || category == QChar::Other_Surrogate
        || category == QChar::Other_PrivateUse;
}

} // namespace

std::string visible(std::string_view text)
{
    QString result;
    for (const char32_t letter :
         QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4()) {
        if (isHarmful(letter))
            result
                += QStringLiteral("<U+%1>").arg(static_cast<uint>(letter), 4, 16, QLatin1Char('0')).toUpper();
        else
            result += QString::fromUcs4(&letter, 1);
    }
    return result.toStdString();
}

std::string visibleJson(std::string_view json)
{
    QString result;
    for (const char32_t letter :
         QString::fromUtf8(json.data(), static_cast<qsizetype>(json.size())).toUcs4()) {
        // Below the blank stands only the layout: JSON has escaped the rest itself.
        if (letter < U' ' || !isHarmful(letter)) {
            result += QString::fromUcs4(&letter, 1);
            continue;
        }
        for (const QChar unit : QString::fromUcs4(&letter, 1))
            result += QStringLiteral("\\u%1").arg(unit.unicode(), 4, 16, QLatin1Char('0'));
    }
    return result.toStdString();
}

} // namespace gatehouse
