// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/visible.h"

#include "gateway_core/base/unseen_text.h"

#include <QString>

namespace gatehouse {

namespace {

bool isHarmful(char32_t letter)
{
    return isInvisible(letter) || isShapeless(letter);
}

} // namespace

std::string visible(std::string_view text)
{
    QString result;
    for (const char32_t letter :
         QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUcs4()) {
        if (isHarmful(letter))
            result += QStringLiteral("<%1>").arg(QString::fromStdString(codePointName(letter)));
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
