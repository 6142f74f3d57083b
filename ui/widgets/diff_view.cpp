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

QString signOf(Line::Kind kind)
{
    switch (kind) {
    case Line::Kind::Added: return QStringLiteral("+ ");
    case Line::Kind::Removed: return QStringLiteral("− ");
    case Line::Kind::Same: break;
    }
    return QStringLiteral("  ");
}

Line shownLine(const Line &line)
{
    return { line.kind, signOf(line.kind) + foreignText(line.text, kForeignTextWhole) };
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
    for (qsizetype at = 0; at < lines.size();) {
        const qsizetype from = at;
        while (at < lines.size() && !isNear(at))
            ++at;
        const int left = static_cast<int>(at - from);
        if (left == 1)
            shown.append(shownLine(lines[from])); // a line that says so would save nothing
        else if (left > 1)
            shown.append({ Line::Kind::Same, DiffView::tr("⋯ %n line(s) as before", nullptr, left) });
        else
            shown.append(shownLine(lines[at++]));
    }
    return shown;
}

DiffView::DiffView(const QString &name, const QList<Line> &lines, QWidget *parent)
    : WholeText(name, {}, parent)
    , m_all(lines)
{
    setWhole(false);
}

bool DiffView::isShortened() const
{
    return m_shown.size() < m_all.size();
}

void DiffView::setWhole(bool whole)
{
    m_shown = shortenedDiff(m_all);
    if (whole) {
        m_shown.clear();
        std::transform(m_all.begin(), m_all.end(), std::back_inserter(m_shown), &shownLine);
    }
    QStringList texts;
    for (const Line &line : m_shown)
        texts += line.text;
    showText(texts.join(u'\n'));
    paintGrounds();
}

void DiffView::changeEvent(QEvent *event)
{
    WholeText::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintGrounds();
}

void DiffView::paintGrounds()
{
    QList<QTextEdit::ExtraSelection> grounds;
    for (int at = 0; at < m_shown.size(); ++at) {
        if (m_shown[at].kind == Line::Kind::Same)
            continue;
        QTextEdit::ExtraSelection ground;
        ground.cursor = QTextCursor(document()->findBlockByNumber(at));
        // With its line end, or the ground ends where the text does; the last line has none to take in.
        ground.cursor.movePosition(QTextCursor::NextBlock, QTextCursor::KeepAnchor);
        ground.format.setBackground(toneSoft(m_shown[at].kind == Line::Kind::Added ? Tone::Good : Tone::Bad));
        ground.format.setProperty(QTextFormat::FullWidthSelection, true);
        grounds.append(ground);
    }
    setExtraSelections(grounds);
}

} // namespace gatehouse::ui
