// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/main_window.h"
#include "ui/models/time_text.h"
#include "ui/models/display_names.h"
#include "ui/translations.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace gatehouse::ui;

class TranslationsTest : public QObject
{
    Q_OBJECT

private:
    struct Message
    {
        QString context, source, type;
        QStringList translations;
        bool operator==(const Message &) const = default;
    };
    static QList<Message> read(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return {};
        QXmlStreamReader xml(&file);
        QList<Message> messages;
        QString context;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            if (xml.name() == u"name")
                context = xml.readElementText();
            else if (xml.name() == u"source")
                messages.append({ context, xml.readElementText(), {}, {} });
            else if (xml.name() == u"translation") {
                messages.last().type = xml.attributes().value(QStringLiteral("type")).toString();
                messages.last().translations = xml.readElementText(QXmlStreamReader::IncludeChildElements)
                                                   .split(u'\n', Qt::SkipEmptyParts);
            }
        }
        return messages;
    }
    static QString stored(const QString &name)
    {
        return QStringLiteral(GATEHOUSE_SOURCE_DIR "/translations/") + name;
    }

private slots:
    void russian_isComplete()
    {
        const QList<Message> messages = read(stored(QStringLiteral("gatehouse_ru.ts")));
        QVERIFY(messages.size() > 400);
        static const QRegularExpression places(QStringLiteral("%[1-9n]"));
        for (const Message &message : messages) {
            QVERIFY2(message.type.isEmpty(), qPrintable(message.source));
            const QString all = message.translations.join(u'\n');
            QVERIFY2(!all.trimmed().isEmpty(), qPrintable(message.source));
            for (auto place = places.globalMatch(message.source); place.hasNext();)
                QVERIFY2(all.contains(place.next().captured()), qPrintable(message.source));
        }
    }
    void everyWordInTheSource_isInTheFile()
    {
        // lupdate adds what is missing to a copy; nothing may be missing.
        QTemporaryDir folder;
        const QString copy = folder.filePath(QStringLiteral("gatehouse_ru.ts"));
        QVERIFY(QFile::copy(stored(QStringLiteral("gatehouse_ru.ts")), copy));
        QProcess lupdate;
        lupdate.setWorkingDirectory(QStringLiteral(GATEHOUSE_SOURCE_DIR));
        lupdate.start(QStringLiteral(GATEHOUSE_LUPDATE),
                      { QStringLiteral("-no-obsolete"), QStringLiteral("-locations"), QStringLiteral("none"),
                        QStringLiteral("-I"), QStringLiteral("."), QStringLiteral("ui"),
                        QStringLiteral("-ts"), copy });
        QVERIFY(lupdate.waitForFinished());
        for (const Message &message : read(copy))
            QVERIFY2(message.type.isEmpty(),
                     qPrintable(message.context + QStringLiteral(": ") + message.source));
    }
    void russian_isLoadedWithItsPlurals()
    {
        const QDateTime now(QDate(2026, 3, 12), QTime(14, 0));
        QCOMPARE(installTranslations(*qApp, QStringLiteral("ru")), QStringLiteral("ru"));
        QCOMPARE(decisionMark(QStringLiteral("denied")).text, QStringLiteral("Отказано"));
        QCOMPARE(relativeTime(now.addDays(-2), now), QStringLiteral("2 дня назад"));
        QCOMPARE(relativeTime(now.addDays(-5), now), QStringLiteral("5 дней назад"));
        gatehouse::test::FixturePort port;
        MainWindow window(port);
        window.show();
        for (const QLabel *label : window.findChildren<QLabel *>()) {
            if (label->property("role") == QStringLiteral("heading") && label->text() != u"PIN"
                && label->text() != u"Tasker" && label->text() != u"Gatehouse")
                QVERIFY2(label->text().contains(QRegularExpression(QStringLiteral("[а-яА-Я]"))),
                         qPrintable(label->text()));
        }
    }
    void anUnknownLanguage_isEnglish()
    {
        QCOMPARE(installTranslations(*qApp, QStringLiteral("ja")), QStringLiteral("en"));
    }
};

QTEST_MAIN(TranslationsTest)
#include "tst_translations.moc"
