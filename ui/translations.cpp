// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace gatehouse::ui {

QString installTranslations(QCoreApplication &app, const QString &languageCode)
{
    if (!languageCode.isEmpty() && QLocale(languageCode).language() != QLocale::system().language())
        QLocale::setDefault(QLocale(languageCode));
    const QLocale locale;
    auto *qt = new QTranslator(&app); // the words of Qt's own context menus, where the system has them
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    // English too: it carries the plural forms.
    for (const QString &code : { locale.name().section(u'_', 0, 0), QStringLiteral("en") }) {
        auto *ours = new QTranslator(&app);
        if (ours->load(QStringLiteral(":/i18n/gatehouse_%1.qm").arg(code))) {
            QCoreApplication::installTranslator(ours);
            return code;
        }
        delete ours;
    }
    return QStringLiteral("en");
}

} // namespace gatehouse::ui
