// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace gatehouse::ui {

/// Foreign text of several lines, all of it: read-only, as high as it needs up to a bound, and scrolled by
/// wheel and keys from there on. Made safe by the caller with foreignLines(). Thread: ui.
class WholeText : public QPlainTextEdit
{
    Q_OBJECT

public:
    /// `name` is what a screen reader calls it.
    WholeText(const QString &name, const QString &text, QWidget *parent = nullptr);

protected:
    void showText(const QString &text);
};

/// Too long, or of too many lines, for a line of its own.
[[nodiscard]] bool isLongText(const QString &text);

} // namespace gatehouse::ui
