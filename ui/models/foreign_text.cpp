// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/foreign_text.h"

#include "gateway_core/base/unseen_text.h"

namespace gatehouse::ui {

namespace {

constexpr char16_t kIsolate = 0x2068; // FIRST STRONG ISOLATE
constexpr char16_t kPopIsolate = 0x2069;
constexpr char16_t kReturnSign = 0x23ce;
constexpr char16_t kEllipsis = 0x2026;
/// Marks stacked higher than this run over the lines above and below.
constexpr int kMarksMost = 3;

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
        return QString(QChar(char16_t{ 0x2421 }));
    return QStringLiteral("‹%1›").arg(QString::fromStdString(codePointName(c)));
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
        else if (isInvisible(c) || isShapeless(c) || marks > kMarksMost)
            shown += spelled(c);
        else if (QChar::category(c) == QChar::Separator_Space)
            shown += u' ';
        else
            shown += QString::fromUcs4(&c, 1);
    }
    return shown + QChar(kPopIsolate);
}

QString foreignLines(const QString &text)
{
    QStringList lines;
    for (const QString &line : text.split(u'\n'))
        lines += foreignText(line, kForeignTextWhole);
    return lines.join(u'\n');
}

} // namespace gatehouse::ui
