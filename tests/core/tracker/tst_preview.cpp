// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/preview.h"

#include <QTest>

using namespace gatehouse;

namespace {

const Json kContext{
    { "states",
      { { { "id", "s1" }, { "name", "Todo" }, { "group", "unstarted" } },
        { { "id", "s2" }, { "name", "Done" }, { "group", "completed" } } } },
    { "labels", { { { "id", "l1" }, { "name", "bug" } }, { { "id", "l2" }, { "name", "docs" } } } },
    { "members", Json::array({ { { "id", "m1" }, { "display_name", "Ada\xe2\x80\xae" } } }) }
};
const Json kIssue{ { "id", "i1" },
                   { "identifier", "ENG-1" },
                   { "name", "Old name" },
                   { "description_markdown", "one\ntwo\nthree" },
                   { "priority", "low" },
                   { "state", { { "id", "s1" }, { "name", "Todo" }, { "group", "unstarted" } } },
                   { "label_ids", Json::array({ "l1" }) },
                   { "assignee_ids", Json::array() },
                   { "updated_at", "2026-09-01T08:00:00Z" } };

} // namespace

class PreviewTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void move_showsNamesForIds()
    {
        AskedCall asked;
        asked.issueUpdatedAt = "2026-09-01T08:00:00Z";
        asked.request = { { "state_id", "s2" }, { "expected_updated_at", asked.issueUpdatedAt } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QCOMPARE(preview.issue, std::string("ENG-1"));
        QVERIFY(!preview.changedMeanwhile);
        QCOMPARE(preview.fields.size(), std::size_t(1));
        QCOMPARE(preview.fields[0].name, std::string("state"));
        QCOMPARE(preview.fields[0].before, std::string("Todo"));
        QCOMPARE(preview.fields[0].after, std::string("Done"));
    }

    void lists_showNames_withoutInvisibleCharacters()
    {
        AskedCall asked;
        asked.request = { { "label_ids", Json::array({ "l1", "l2" }) },
                          { "assignee_ids", Json::array({ "m1", "stranger" }) } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QCOMPARE(preview.fields[0].before, std::string("bug"));
        QCOMPARE(preview.fields[0].after, std::string("bug, docs"));
        QCOMPARE(preview.fields[1].after, std::string("Ada, stranger"));
    }

    void description_isShownAsADiff()
    {
        AskedCall asked;
        asked.request = { { "description_markdown", "one\n2\nthree\nfour" } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        std::string text;
        for (const DiffLine &line : preview.fields.at(0).diff) {
            const char *mark = line.kind == DiffLine::Kind::Same ? " "
                : line.kind == DiffLine::Kind::Added             ? "+"
                                                                 : "-";
            text += mark + line.text + '\n';
        }
        QCOMPARE(text, std::string(" one\n-two\n+2\n three\n+four\n"));
    }

    void issue_newerThanTheQuestion_isSaid()
    {
        AskedCall asked;
        asked.issueUpdatedAt = "2026-08-31T08:00:00Z";
        asked.request = { { "priority", "high" } };

        QVERIFY(previewOf(asked, kIssue, kContext).changedMeanwhile);
    }

    void create_hasNoBefore()
    {
        AskedCall asked;
        asked.title = "New";
        asked.request = { { "project_id", "p" }, { "name", "New" }, { "state_id", "s1" } };

        const Preview preview = previewOf(asked, nullptr, kContext);

        QCOMPARE(preview.title, std::string("New"));
        QCOMPARE(preview.fields.size(), std::size_t(2));
        QVERIFY(preview.fields[1].before.empty());
        QCOMPARE(preview.fields[1].after, std::string("Todo"));
    }

    void diff_ofHugeTexts_isBounded()
    {
        const std::string left(5'000, '\n');
        const std::string right = left + "x";

        QCOMPARE(diffOf(left, right).size(), std::size_t(10'001));
    }
};

QTEST_APPLESS_MAIN(PreviewTest)
#include "tst_preview.moc"
