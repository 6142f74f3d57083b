// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

#include <limits>

namespace gatehouse::ui {

/// Longer text is cut and ends in an ellipsis. Long enough for an issue's description in a dialog.
inline constexpr int kForeignTextMost = 600;
/// As much as there is: for what a yes lets through.
inline constexpr int kForeignTextWhole = std::numeric_limits<int>::max();

/// Text that somebody else wrote (a title, a name, an argument, a program's path), made safe to show beside
/// our own words: one line, wrapped in a bidi isolate so that it cannot reorder what stands around it, and
/// with every character that has no shape of its own spelled out: line ends as a return sign, other controls
/// as their control picture or as ‹U+200B›. Empty stays empty. Show it as Qt::PlainText only. Thread: any.
[[nodiscard]] QString foreignText(QStringView text, int most = kForeignTextMost);

/// The same for a text of several lines: all of it, line by line.
[[nodiscard]] QString foreignLines(const QString &text);

} // namespace gatehouse::ui
