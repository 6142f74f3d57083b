// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/preview.h"

#include <QTest>

#include <algorithm>

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

    void lists_showNames_asTheyAre()
    {
        AskedCall asked;
        asked.request = { { "label_ids", Json::array({ "l1", "l2" }) },
                          { "assignee_ids", Json::array({ "m1", "stranger" }) } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QCOMPARE(preview.fields[0].before, std::string("bug"));
        QCOMPARE(preview.fields[0].after, std::string("bug, docs"));
        QCOMPARE(preview.fields[1].after, std::string("Ada\xe2\x80\xae, stranger"));
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

    void diff_hugeTexts_differInWhatDiffers()
    {
        const std::string left(5'000, '\n');
        const auto diff = diffOf(left, left + "x");

        QCOMPARE(diff.size(), std::size_t(5'002));
        QCOMPARE(std::ranges::count(diff, DiffLine::Kind::Same, &DiffLine::kind), 5'000);
    }

    void diff_beyondItsBound_isAllRemovedAndAllAdded()
    {
        std::string left;
        std::string right;
        for (int i = 0; i < 1'001; ++i) {
            left += "left " + std::to_string(i) + '\n';
            right += "right " + std::to_string(i) + '\n';
        }
        const auto diff = diffOf(left, right);

        QCOMPARE(std::ranges::count(diff, DiffLine::Kind::Removed, &DiffLine::kind), 1'001);
        QCOMPARE(std::ranges::count(diff, DiffLine::Kind::Added, &DiffLine::kind), 1'001);
    }

    void diff_theLinesThatStayAndCome_areTheNewText_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("from nothing") << QByteArray() << QByteArray("a\n\nb");
        QTest::newRow("to nothing") << QByteArray("a\nb") << QByteArray();
        QTest::newRow("a last line end") << QByteArray("a\nb") << QByteArray("a\nb\n");
        QTest::newRow("line ends only") << QByteArray("\n") << QByteArray("\n\n\n");
        QTest::newRow("delivery returns") << QByteArray("a\nb") << QByteArray("a\r\nb");
        QTest::newRow("in between") << QByteArray("1\n2\n3\n4\n5") << QByteArray("1\nx\n3\n5\n6");
        QTest::newRow("shorter") << QByteArray("a\nb\nc\nd\ne\nf") << QByteArray("b\ne");
        QTest::newRow("turned") << QByteArray("a\nb\nc\nd") << QByteArray("d\nc\nb\na");
    }
    void diff_theLinesThatStayAndCome_areTheNewText()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QByteArrayList old;
        QByteArrayList fresh;
        for (const DiffLine &line : diffOf(before.toStdString(), after.toStdString())) {
            if (line.kind != DiffLine::Kind::Added)
                old += QByteArray::fromStdString(line.text);
            if (line.kind != DiffLine::Kind::Removed)
                fresh += QByteArray::fromStdString(line.text);
        }
        QCOMPARE(old.join('\n'), before);
        QCOMPARE(fresh.join('\n'), after);
    }

    void text_isWhatIsSent_withAllThatCannotBeSeen()
    {
        const std::string hidden = "a\xe2\x80\x8b"
                                   "b\xf3\xa0\x81\x81"
                                   "c\xef\xb8\x8f\xe3\x85\xa4\x1b[31m";
        const std::string text = std::string(50'000, 'x') + '\n' + hidden;
        AskedCall asked;
        asked.request = { { "name", hidden }, { "description_markdown", text } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QCOMPARE(preview.fields.at(0).after, hidden);
        QCOMPARE(preview.fields.at(1).after, text);
    }

    void fieldWithoutAName_isShownAllTheSame()
    {
        AskedCall asked;
        asked.request = { { "project_id", "p" }, { "colour", { { "dark", "red" } } } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QCOMPARE(preview.fields.size(), std::size_t(1));
        QCOMPARE(preview.fields[0].name, std::string("colour"));
        QCOMPARE(preview.fields[0].after, std::string(R"({"dark":"red"})"));
    }

    void changedMeanwhile_namesTheFieldOldAndNew()
    {
        AskedCall asked;
        asked.issueUpdatedAt = "2026-08-31T08:00:00Z";
        asked.issueSeen = kIssue;
        asked.issueSeen["state"] = { { "id", "s2" }, { "name", "Done" }, { "group", "completed" } };
        asked.issueSeen["description_markdown"] = "one\ntwo";
        asked.request = { { "priority", "high" } };

        const Preview preview = previewOf(asked, kIssue, kContext);

        QVERIFY(preview.changedMeanwhile);
        QCOMPARE(preview.changed.size(), std::size_t(2));
        QCOMPARE(preview.changed[0].name, std::string("description"));
        QVERIFY(!preview.changed[0].diff.empty());
        QCOMPARE(preview.changed[1].name, std::string("state"));
        QCOMPARE(preview.changed[1].before, std::string("Done"));
        QCOMPARE(preview.changed[1].after, std::string("Todo"));
        QCOMPARE(preview.fields.size(), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(PreviewTest)
#include "tst_preview.moc"
