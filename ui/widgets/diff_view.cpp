// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diff_view.h"

#include "ui/models/foreign_text.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QTextBlock>

#include <algorithm>

namespace gatehouse::ui {

namespace {

using Line = PreviewSummary::Line;
constexpr int kNeighbours = 2;
constexpr int kLineMost = 2000;
constexpr int kLinesShown = 12;

QString signOf(Line::Kind kind)
{
    switch (kind) {
    case Line::Kind::Added: return QStringLiteral("+ ");
    case Line::Kind::Removed: return QStringLiteral("− ");
    case Line::Kind::Same: break;
    }
    return QStringLiteral("  ");
}

} // namespace

QList<Line> shortenedDiff(const QList<Line> &lines)
{
    const auto isNear = [&](qsizetype at) {
        const qsizetype end = std::min<qsizetype>(lines.size(), at + kNeighbours + 1);
        for (qsizetype i = std::max<qsizetype>(0, at - kNeighbours); i < end; ++i) {
            if (lines[i].kind != Line::Kind::Same)
                return true;
        }
        return false;
    };
    QList<Line> shown;
    int left = 0;
    const auto sayLeft = [&] {
        if (left > 0)
            shown.append({Line::Kind::Same, DiffView::tr("⋯ %n line(s) as before", nullptr, left)});
        left = 0;
    };
    for (qsizetype at = 0; at < lines.size(); ++at) {
        if (!isNear(at)) {
            ++left;
            continue;
        }
        sayLeft();
        shown.append({lines[at].kind, signOf(lines[at].kind) + foreignText(lines[at].text, kLineMost)});
    }
    sayLeft();
    return shown;
}

DiffView::DiffView(const QList<Line> &lines, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_lines(shortenedDiff(lines))
{
    setReadOnly(true);
    setTabChangesFocus(true);
    setProperty("role", QStringLiteral("mono"));
    QStringList texts;
    for (const Line &line : m_lines)
        texts += line.text;
    setPlainText(texts.join(u'\n'));
    const int shown = std::clamp<int>(static_cast<int>(m_lines.size()) + 1, 2, kLinesShown);
    ensurePolished(); // the style sheet sets the font
    setFixedHeight(shown * fontMetrics().lineSpacing() + 2 * frameWidth() + 16);
    paintGrounds();
}

void DiffView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintGrounds();
}

void DiffView::paintGrounds()
{
    QList<QTextEdit::ExtraSelection> grounds;
    for (int at = 0; at < m_lines.size(); ++at) {
        if (m_lines[at].kind == Line::Kind::Same)
            continue;
        QTextEdit::ExtraSelection ground;
        ground.cursor = QTextCursor(document()->findBlockByNumber(at));
        // With its line end, or the ground ends where the text does; the last line has none to take in.
        ground.cursor.movePosition(QTextCursor::NextBlock, QTextCursor::KeepAnchor);
        ground.format.setBackground(toneSoft(m_lines[at].kind == Line::Kind::Added ? Tone::Good : Tone::Bad));
        ground.format.setProperty(QTextFormat::FullWidthSelection, true);
        grounds.append(ground);
    }
    setExtraSelections(grounds);
}

} // namespace gatehouse::ui
