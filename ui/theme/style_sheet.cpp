// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

namespace gatehouse::ui {

namespace {

constexpr auto kSheet = R"(
QToolTip { color: @text; background: @surface; border: 1px solid @border; padding: 4px 6px; }
*[role="sidebar"] { background: @sunken; border: none; border-right: 1px solid @border; }
*[role="strip"] { background: @surface; border: none; border-bottom: 1px solid @border; }
*[role="card"] { background: @surface; border: 1px solid @border; border-radius: 10px; }
*[role="well"] { background: @sunken; border: 1px solid @border; border-radius: 8px; }
*[role="alarm"] { background: @badSoft; border: 1px solid @bad; border-radius: 8px; }
*[role="bar-error"] { background: @badSoft; border: 1px solid @bad; border-radius: 8px; }
*[role="bar-note"] { background: @accentSoft; border: 1px solid @accent; border-radius: 8px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 11pt; font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="bad"] { color: @bad; }
QLabel[role="good"] { color: @good; }
QLabel[role="number"] { font-size: 21pt; font-weight: 600; }
QLabel[role="code"] { font-family: "DejaVu Sans Mono", monospace; font-size: 30pt; font-weight: 700; letter-spacing: 3px; }
QLabel[role="mono"], QPlainTextEdit[role="mono"] { font-family: "DejaVu Sans Mono", monospace; }
QBalloonTip QLabel { color: #1a1a1a; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }

QPushButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 6px 14px; min-height: 18px; outline: none; }
QPushButton:hover { background: @sunken; border-color: @muted; }
QPushButton:pressed { background: @border; }
QPushButton:focus { border: 2px solid @accent; padding: 5px 13px; }
QPushButton:disabled { color: @muted; background: @sunken; border-color: @border; }
QPushButton:default { border-color: @accent; }
QPushButton[shut="true"] { color: @muted; }
QPushButton[role="primary"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: @accentHover; }
QPushButton[role="primary"]:focus { border: 2px solid @text; }
QPushButton[role="primary"][shut="true"] { background: @accentSoft; color: @muted; border-color: @border; }
QPushButton[role="primary"]:disabled { background: @sunken; color: @muted; border-color: @border; }
QPushButton[role="danger"] { background: @bad; color: @onBad; border-color: @bad; font-weight: 600; }
QPushButton[role="danger"]:hover { background: @badHover; }
QPushButton[role="danger"]:focus { border: 2px solid @text; }
QPushButton[role="danger"]:disabled { background: @sunken; color: @muted; border-color: @border; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: @accent; padding: 4px 8px; }
QPushButton[role="quiet"]:hover { background: @accentSoft; }
QPushButton[role="quiet"]:focus { border: 2px solid @accent; padding: 3px 7px; }
QPushButton[role="quiet"]:disabled { color: @muted; }
QPushButton[role="strong"] { font-weight: 600; }
QPushButton[role="nav"] { background: transparent; border: 1px solid transparent; border-radius: 8px; text-align: left; padding: 9px 12px; color: @text; }
QPushButton[role="nav"]:hover { background: @surface; }
QPushButton[role="nav"]:checked { border-color: transparent; background: @accentSoft; color: @accent; font-weight: 600; }
QPushButton[role="nav"]:focus { border: 2px solid @accent; padding: 8px 11px; }
QPushButton:checked { background: @accentSoft; color: @accent; border-color: @accent; }
QPushButton::menu-indicator { image: url(:/icons/arrow.svg); width: 12px; height: 12px; subcontrol-position: right center; right: 8px; }
QPushButton[menu="true"] { padding-right: 26px; }

QLineEdit, QComboBox, QDateEdit, QSpinBox, QPlainTextEdit { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 5px 8px; min-height: 18px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus { border: 2px solid @accent; padding: 4px 7px; }
QLineEdit:disabled, QComboBox:disabled, QDateEdit:disabled, QSpinBox:disabled { color: @muted; background: @sunken; }
QLineEdit:read-only { background: @sunken; }
QLineEdit[wrong="true"] { border-color: @bad; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(:/icons/arrow.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; selection-background-color: @accentSoft; selection-color: @text; outline: 0; }

QAbstractItemView { background: @surface; border: 1px solid @border; border-radius: 8px; outline: 0; gridline-color: @border; selection-background-color: @accentSoft; selection-color: @text; }
QAbstractItemView:focus { border: 2px solid @accent; }
*[role="flat"] { border: none; background: transparent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: @sunken; color: @muted; border: none; border-bottom: 1px solid @border; padding: 6px 8px; font-weight: 600; }
QTableCornerButton::section { background: @sunken; border: none; }
QSplitter::handle { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: @border; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QRadioButton::indicator, QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @muted; background: @surface; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid @accent; background: @onAccent; }
QCheckBox::indicator:checked { border-color: @accent; background: @accent; image: url(:/icons/tick-@tone.svg); }
QRadioButton:focus, QCheckBox:focus { color: @accent; }
QProgressBar { background: @sunken; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 10px; border-radius: 4px; }
QMenu::item:selected { background: @accentSoft; color: @text; }
QMenu::separator { height: 1px; background: @border; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
)";

} // namespace

QString styleSheetFor(const Colors &c)
{
    const auto hover = [&](const QColor &color) { return c.dark ? color.lighter(112) : color.darker(112); };
    // Longer names first: a name that begins another must not be replaced inside it.
    const std::initializer_list<std::pair<const char *, QColor>> names{ { "@accentHover", hover(c.accent) },
                                                                        { "@accentSoft", c.accentSoft },
                                                                        { "@onAccent", c.onAccent },
                                                                        { "@accent", c.accent },
                                                                        { "@badHover", hover(c.bad) },
                                                                        { "@badSoft", c.badSoft },
                                                                        { "@onBad", c.onBad },
                                                                        { "@bad", c.bad },
                                                                        { "@good", c.good },
                                                                        { "@surface", c.surface },
                                                                        { "@sunken", c.sunken },
                                                                        { "@border", c.border },
                                                                        { "@muted", c.muted },
                                                                        { "@text", c.text } };
    QString sheet = QString::fromLatin1(kSheet);
    for (const auto &[name, color] : names)
        sheet.replace(QLatin1String(name), color.name());
    return sheet.replace(QLatin1String("@tone"), c.dark ? QLatin1String("dark") : QLatin1String("light"));
}

} // namespace gatehouse::ui
