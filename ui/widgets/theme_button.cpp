// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme_button.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>

namespace gatehouse::ui {

ThemeButton::ThemeButton(QWidget *parent)
    : QPushButton(tr("Appearance"), parent)
{
    setProperty("role", QStringLiteral("nav"));
    setAutoDefault(true); // as button() has it
    setIcon(ui::icon(QStringLiteral("theme")));
    auto *menu = new QMenu(this);
    auto *group = new QActionGroup(this);
    const std::initializer_list<std::pair<QString, ThemeChoice>> choices{ { tr("Like the system"),
                                                                            ThemeChoice::System },
                                                                          { tr("Light"), ThemeChoice::Light },
                                                                          { tr("Dark"), ThemeChoice::Dark } };
    for (const auto &entry : choices) {
        QAction *action = menu->addAction(entry.first);
        action->setCheckable(true);
        action->setChecked(entry.second == storedThemeChoice());
        group->addAction(action);
        connect(action, &QAction::triggered, this, [choice = entry.second] {
            storeThemeChoice(choice);
            applyTheme(*qobject_cast<QApplication *>(QCoreApplication::instance()), choice);
        });
    }
    setMenu(menu);
    setProperty("menu", true);
}

} // namespace gatehouse::ui
