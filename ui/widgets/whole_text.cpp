// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/whole_text.h"

#include <QFontMetrics>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kLinesMost = 12; // more are scrolled to
constexpr qsizetype kLettersOfALine = 66;
constexpr qsizetype kShortMost = 300;

int linesNeeded(const QString &text)
{
    int lines = 0;
    for (const QString &line : text.split(u'\n')) {
        lines += static_cast<int>(1 + line.size() / kLettersOfALine);
        if (lines > kLinesMost)
            break;
    }
    return std::clamp(lines, 2, kLinesMost);
}

} // namespace

WholeText::WholeText(const QString &name, const QString &text, QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setProperty("role", QStringLiteral("mono"));
    setAccessibleName(name);
    showText(text);
}

void WholeText::showText(const QString &text)
{
    setPlainText(text);
    ensurePolished(); // the style sheet sets the font
    setFixedHeight(linesNeeded(text) * fontMetrics().lineSpacing() + 2 * frameWidth() + 20);
}

bool isLongText(const QString &text)
{
    return text.size() > kShortMost || text.contains(u'\n');
}

} // namespace gatehouse::ui
