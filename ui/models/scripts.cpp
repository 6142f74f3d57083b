// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scripts.h"

#include "ui/models/foreign_text.h"

#include <QCoreApplication>
#include <QList>
#include <QStringList>

namespace gatehouse::ui {

namespace {

struct Scripts
{
    Q_DECLARE_TR_FUNCTIONS(Scripts)
};

QString nameOfScript(QChar::Script script)
{
    switch (script) {
    case QChar::Script_Latin: return Scripts::tr("Latin");
    case QChar::Script_Cyrillic: return Scripts::tr("Cyrillic");
    case QChar::Script_Greek: return Scripts::tr("Greek");
    case QChar::Script_Armenian: return Scripts::tr("Armenian");
    case QChar::Script_Georgian: return Scripts::tr("Georgian");
    case QChar::Script_Hebrew: return Scripts::tr("Hebrew");
    case QChar::Script_Arabic: return Scripts::tr("Arabic");
    case QChar::Script_Devanagari: return Scripts::tr("Devanagari");
    case QChar::Script_Thai: return Scripts::tr("Thai");
    case QChar::Script_Hangul: return Scripts::tr("Hangul");
    case QChar::Script_Han: return Scripts::tr("Han");
    case QChar::Script_Hiragana: return Scripts::tr("Hiragana");
    case QChar::Script_Katakana: return Scripts::tr("Katakana");
    default: return Scripts::tr("another script");
    }
}

} // namespace

QString shownIdentifier(const QString &identifier)
{
    QStringList names;
    bool plain = true;
    for (const uint c : identifier.toUcs4()) {
        const QChar::Script script = QChar::script(c);
        if (script == QChar::Script_Common || script == QChar::Script_Inherited)
            continue;
        plain = plain && script == QChar::Script_Latin;
        if (const QString name = nameOfScript(script); !names.contains(name))
            names += name;
    }
    const QString shown = foreignText(identifier);
    return plain ? shown : QStringLiteral("%1 (%2)").arg(shown, names.join(QStringLiteral(" + ")));
}

} // namespace gatehouse::ui
