// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/printing.h"

#include <QTest>

using namespace gatehouse;

class PrintingTest final : public QObject
{
    Q_OBJECT

private slots:
    void foreignText_cannotSteerTheTerminal()
    {
        const std::string text = visible("a\033[2J\nb\xE2\x80\xAE"
                                         "c\xE2\x80\x8B");
        QCOMPARE(text, "a<U+001B>[2J<U+000A>b<U+202E>c<U+200B>");
    }

    void whatCannotBeSeen_isSpelledOut()
    {
        QCOMPARE(visible("a\xE3\x85\xA4\xEF\xB8\x8F\xEF\xBE\xA0\xF3\xA0\x84\x80\xE2\xA0\x80"),
                 "a<U+3164><U+FE0F><U+FFA0><U+E0100><U+2800>");
    }

    void textOfSeveralLines_standsBehindBars()
    {
        const Json answer{
            { "preview",
              { { "fields",
                  { { { "name", "description" }, { "after", "one\n\xE2\x80\x8Btitle: two\n" } } } } } }
        };
        QCOMPARE(shown(answer, {}),
                 "preview.fields.0.after:\n  | one\n  | <U+200B>title: two\n  | \npreview.fields.0.name: "
                 "description\n");
    }

    void json_cannotSteerTheTerminal_andMeansTheSame()
    {
        const Json answer{ { "title",
                             "a\x1b[2J\xC2\x9B"
                             "b\xE2\x80\xAE"
                             "c \xD0\xAF \xF3\xA0\x81\x81" } };
        const std::string text = shownJson(answer);
        QCOMPARE(text, "{\n  \"title\": \"a\\u001b[2J\\u009bb\\u202ec \xD0\xAF \\udb40\\udc41\"\n}\n");
        QCOMPARE(Json::parse(text), answer);
    }

    void list_isATable()
    {
        static constexpr std::array kColumns{ Column{ "ID", "/id" }, Column{ "NAME", "/name" } };
        const Json answer{
            { "things", { { { "id", "1" }, { "name", "one" } }, { { "id", "22" }, { "name", nullptr } } } }
        };
        QCOMPARE(shown(answer, { "things", kColumns }), "ID  NAME\n1   one\n22  -\n");
    }

    void list_thatWasSearchedInPart_saysHowFarAndWhereToGoOn()
    {
        const Json answer{ { "things", Json::array() },
                           { "next_cursor", "812" },
                           { "searched_back_to", "2026-03-12T14:02:00Z" },
                           { "searched_percent", 40 } };
        QCOMPARE(shown(answer, { "things", {} }),
                 "none\nmore: --cursor 812 (searched back to 2026-03-12T14:02:00Z, 40 %)\n");
    }

    void list_empty_saysNone()
    {
        QCOMPARE(shown({ { "things", Json::array() } }, { "things", {} }), "none\n");
    }

    void cell_ofObjects_isTheirValues()
    {
        static constexpr std::array kColumns{ Column{ "REFUSALS", "/refusals" },
                                              Column{ "OF TOOLS", "/refused_tools" } };
        const Json line{ { "refusals", 7 },
                         { "refused_tools",
                           { { { "tool", "a" }, { "count", 4 } }, { { "tool", "b" }, { "count", 3 } } } } };
        const Json none{ { "refusals", nullptr }, { "refused_tools", Json::array() } };
        QCOMPARE(shown({ { "events", Json::array({ line, none }) } }, { "events", kColumns }),
                 "REFUSALS  OF TOOLS\n7         4 a, 3 b\n-         -\n");
    }

    void listWithFieldsToo_hasThemAbove()
    {
        static constexpr std::array kColumns{ Column{ "STEP", "/step" } };
        const Json answer{ { "verdict", "ask" }, { "steps", { { { "step", "mode" } } } } };
        QCOMPARE(shown(answer, { "steps", kColumns, {}, true }), "verdict: ask\nSTEP\nmode\n");
    }

    void object_isNamesAndValues() { QCOMPARE(shown({ { "a", { { "b", 1 } } } }, {}), "a.b: 1\n"); }
};

QTEST_GUILESS_MAIN(PrintingTest)
#include "tst_printing.moc"
