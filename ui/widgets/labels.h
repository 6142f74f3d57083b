// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>

class QBoxLayout;
class QFrame;
class QGridLayout;

namespace gatehouse::ui {

// Small makers, so that every label is plain text and every part has its role for the style sheet.

/// A label that never reads its text as markup. `role` as in theme/style_sheet.h.
[[nodiscard]] QLabel *plainLabel(const QString &text, const char *role = nullptr);
/// The same, over several lines.
[[nodiscard]] QLabel *wrappedLabel(const QString &text, const char *role = nullptr);
[[nodiscard]] QPushButton *button(const QString &text, const char *role = nullptr,
                                  const QString &iconName = {});
/// A framed box with room inside; the layout is its own.
[[nodiscard]] QFrame *card(QBoxLayout *layout, const char *role = "card");
/// Name on the left in muted letters, value on the right; returns the value's label. Values are foreign text:
/// the caller has passed them through foreignText().
QLabel *addFact(QGridLayout &grid, const QString &name, const QString &value);
/// The same in a narrow column: the name above its value.
void addFact(QBoxLayout &column, const QString &name, const QString &value);
void setRole(QWidget &widget, const char *role);
/// A tooltip that shows its text as it is, whatever stands in it.
[[nodiscard]] QString plainToolTip(const QString &text);
void copyToClipboard(const QString &text);

} // namespace gatehouse::ui
