// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/style_sheet.h"
#include "ui/theme/system_appearance.h"

#include <QApplication>
#include <QPalette>
#include <QSettings>
#include <QStyleFactory>

namespace gatehouse::ui {

namespace {

const Colors kLight{ "#f3f4f6", "#ffffff", "#f8f9fb", "#d9dde3", "#1c2129", "#5b6472",
                     "#2457c5", "#ffffff", "#e4ecfc", "#1a6b3c", "#e0f3e7", "#8a5300",
                     "#fdf0d9", "#b3261e", "#fce6e4", "#ffffff", false };
const Colors kDark{ "#16181d", "#1f2228", "#1a1d22", "#363b45", "#e8eaee", "#a0a8b5",
                    "#8ab0ff", "#0e1b36", "#253556", "#7fd6a0", "#1d3a2a", "#f2bf6a",
                    "#43351b", "#ff9a92", "#4d2421", "#3b0906", true };

Colors &current()
{
    static Colors inForce = kLight;
    return inForce;
}

QPalette paletteFor(const Colors &c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.surface);
    palette.setColor(QPalette::AlternateBase, c.sunken);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::PlaceholderText, c.muted);
    palette.setColor(QPalette::Button, c.surface);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.bad);
    palette.setColor(QPalette::Highlight, c.accentSoft);
    palette.setColor(QPalette::HighlightedText, c.text);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::ToolTipBase, c.surface);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Light, c.surface);
    palette.setColor(QPalette::Midlight, c.border);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.border);
    palette.setColor(QPalette::Shadow, c.dark ? QColor(Qt::black) : c.muted);
    for (const QPalette::ColorRole role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, c.muted);
    return palette;
}

} // namespace

const Colors &colors()
{
    return current();
}

QColor toneColor(Tone tone)
{
    switch (tone) {
    case Tone::Plain: return colors().text;
    case Tone::Muted: return colors().muted;
    case Tone::Accent: return colors().accent;
    case Tone::Good: return colors().good;
    case Tone::Waiting: return colors().waiting;
    case Tone::Bad: return colors().bad;
    }
    return {};
}

QColor toneSoft(Tone tone)
{
    switch (tone) {
    case Tone::Plain:
    case Tone::Muted: return colors().sunken;
    case Tone::Accent: return colors().accentSoft;
    case Tone::Good: return colors().goodSoft;
    case Tone::Waiting: return colors().waitingSoft;
    case Tone::Bad: return colors().badSoft;
    }
    return {};
}

void applyTheme(QApplication &app, ThemeChoice choice)
{
    static SystemAppearance *appearance = nullptr;
    if (!appearance) {
        appearance = new SystemAppearance(app.palette(), &app); // before our palette hides the desktop's
        app.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    }
    QObject::disconnect(appearance, nullptr, &app, nullptr);
    if (choice == ThemeChoice::System) {
        QObject::connect(appearance, &SystemAppearance::changed, &app,
                         [&app] { applyTheme(app, ThemeChoice::System); });
    }
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && appearance->isDark());
    current() = dark ? kDark : kLight;
    app.setPalette(paletteFor(colors()));
    app.setStyleSheet(styleSheetFor(colors()));
}

ThemeChoice storedThemeChoice()
{
    const QString stored = QSettings().value(QStringLiteral("theme")).toString();
    if (stored == u"light")
        return ThemeChoice::Light;
    return stored == u"dark" ? ThemeChoice::Dark : ThemeChoice::System;
}

void storeThemeChoice(ThemeChoice choice)
{
    const QString name = choice == ThemeChoice::Light ? QStringLiteral("light")
        : choice == ThemeChoice::Dark                 ? QStringLiteral("dark")
                                                      : QStringLiteral("system");
    QSettings().setValue(QStringLiteral("theme"), name);
}

} // namespace gatehouse::ui
