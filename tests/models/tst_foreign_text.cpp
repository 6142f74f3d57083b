// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/foreign_text.h"

#include <QTest>

using namespace gatehouse::ui;

class ForeignTextTest : public QObject
{
    Q_OBJECT

private:
    /// What stands between the isolates.
    static QString inside(const QString &shown) { return shown.mid(1, shown.size() - 2); }

private slots:
    void plainText_isIsolatedAndUnchanged()
    {
        const QString shown = foreignText(u"Fix the export, Задача 7, 漢字");
        QCOMPARE(shown.front().unicode(), char16_t{ 0x2068 });
        QCOMPARE(shown.back().unicode(), char16_t{ 0x2069 });
        QCOMPARE(inside(shown), QStringLiteral("Fix the export, Задача 7, 漢字"));
    }
    void emptyText_staysEmpty() { QVERIFY(foreignText(u"").isEmpty()); }

    void lineEnds_becomeOneLine()
    {
        QCOMPARE(inside(foreignText(u"a\nb\r\nc\rd")), QStringLiteral("a⏎b⏎c⏎d"));
        QVERIFY(!foreignText(u"a\u2028b\u2029c").contains(QChar(char16_t{ 0x2028 })));
    }

    void unseenCharacters_areSpelled_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("override") << QStringLiteral("a\u202eb") << QStringLiteral("a‹U+202E›b");
        QTest::newRow("isolate end") << QStringLiteral("a\u2069b") << QStringLiteral("a‹U+2069›b");
        QTest::newRow("zero width space") << QStringLiteral("a\u200bb") << QStringLiteral("a‹U+200B›b");
        QTest::newRow("joiner") << QStringLiteral("a\u200db") << QStringLiteral("a‹U+200D›b");
        QTest::newRow("byte order mark") << QStringLiteral("\ufeffa") << QStringLiteral("‹U+FEFF›a");
        QTest::newRow("soft hyphen") << QStringLiteral("a\u00adb") << QStringLiteral("a‹U+00AD›b");
        QTest::newRow("nul") << QString(QChar(char16_t{ 0 })) << QStringLiteral("␀");
        QTest::newRow("escape") << QStringLiteral("\x1b[31m") << QStringLiteral("␛[31m");
        QTest::newRow("delete") << QStringLiteral("a\x7f") << QStringLiteral("a␡");
        QTest::newRow("c1") << QString(QChar(char16_t{ 0x9b })) << QStringLiteral("‹U+009B›");
        QTest::newRow("tag") << QString::fromUcs4(U"\U000E0041") << QStringLiteral("‹U+E0041›");
        QTest::newRow("variation selector") << QStringLiteral("a\ufe0f") << QStringLiteral("a‹U+FE0F›");
        QTest::newRow("hangul filler") << QStringLiteral("\u3164") << QStringLiteral("‹U+3164›");
        QTest::newRow("half-width hangul filler") << QStringLiteral("\uffa0") << QStringLiteral("‹U+FFA0›");
        QTest::newRow("selector of the second plane")
            << QString::fromUcs4(U"\U000E0100") << QStringLiteral("‹U+E0100›");
        QTest::newRow("musical format") << QString::fromUcs4(U"\U0001D173") << QStringLiteral("‹U+1D173›");
        QTest::newRow("blank braille") << QStringLiteral("\u2800") << QStringLiteral("‹U+2800›");
        QTest::newRow("private use") << QStringLiteral("\ue000") << QStringLiteral("‹U+E000›");
        QTest::newRow("lone surrogate") << QString(QChar(char16_t{ 0xd800 })) << QStringLiteral("‹U+D800›");
    }
    void unseenCharacters_areSpelled()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(inside(foreignText(text)), shown);
    }

    void lines_areWholeAndSafe()
    {
        const QString text = QString(5000, u'x') + QStringLiteral("\n\u200bend");
        const QStringList lines = foreignLines(text).split(u'\n');
        QCOMPARE(lines.size(), 2);
        QCOMPARE(inside(lines[0]), QString(5000, u'x'));
        QCOMPARE(inside(lines[1]), QStringLiteral("‹U+200B›end"));
    }
    void stackedMarks_areSpelledAfterTheThird()
    {
        const QString shown = inside(foreignText(u"a\u0301\u0301\u0301\u0301\u0301"));
        QCOMPARE(shown, QStringLiteral("a\u0301\u0301\u0301‹U+0301›‹U+0301›"));
    }
    void wideSpaces_becomeASpace()
    {
        QCOMPARE(inside(foreignText(u"a\u00a0\u3000b")), QStringLiteral("a  b"));
    }

    void longText_isCutBetweenCodePoints()
    {
        const QString shown = inside(foreignText(QStringLiteral("😀😀😀😀"), 3));
        QCOMPARE(shown, QStringLiteral("😀😀😀…"));
    }
};

QTEST_GUILESS_MAIN(ForeignTextTest)
#include "tst_foreign_text.moc"
