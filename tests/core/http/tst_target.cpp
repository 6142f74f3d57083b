// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/message.h"
#include "gateway_core/http/target.h"

#include <QTest>

using namespace gatehouse;

namespace {

std::string text(const QByteArray &bytes)
{
    return bytes.toStdString();
}

} // namespace

class TargetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void target_plain_isReadOnce_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("root") << QByteArray("/") << QByteArray("/") << QByteArray();
        QTest::newRow("root with query") << QByteArray("/?a=b") << QByteArray("/") << QByteArray("a=b");
        QTest::newRow("segments") << QByteArray("/api/v1/x") << QByteArray("/api/v1/x") << QByteArray();
        QTest::newRow("space") << QByteArray("/a%20b") << QByteArray("/a b") << QByteArray();
        QTest::newRow("UTF-8") << QByteArray("/%D0%B6") << QByteArray("/\xd0\xb6") << QByteArray();
        QTest::newRow("decoded once") << QByteArray("/%252e") << QByteArray("/%2e") << QByteArray();
        QTest::newRow("dots inside") << QByteArray("/...") << QByteArray("/...") << QByteArray();
        QTest::newRow("hidden file") << QByteArray("/.well-known/x") << QByteArray("/.well-known/x")
                                     << QByteArray();
        QTest::newRow("question mark in segment")
            << QByteArray("/a%3Fb") << QByteArray("/a?b") << QByteArray();
        QTest::newRow("slash in query")
            << QByteArray("/a?b=/c/../d") << QByteArray("/a") << QByteArray("b=/c/../d");
        QTest::newRow("encoded slash in query")
            << QByteArray("/a?b=%2f") << QByteArray("/a") << QByteArray("b=%2f");
    }
    void target_plain_isReadOnce()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);

        const auto target = parseTarget(text(raw));

        QVERIFY(target);
        QCOMPARE(target->path, text(path));
        QCOMPARE(target->query, text(query));
    }

    void target_ofTwoMeanings_isRefused_data()
    {
        QTest::addColumn<QByteArray>("raw");
        const QByteArray bad[] = {
            "",
            "*",
            "a",
            "http://localhost/a",
            "localhost:80",
            "//a",
            "/a//b",
            "/a/",
            "/.",
            "/..",
            "/a/./b",
            "/a/../b",
            "/%2e",
            "/%2E%2e",
            "/.%2e/a",
            "/a/%2e%2e",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%0d%0aX",
            "/a%7f",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a%%41",
            "/a#b",
            "/a b",
            "/a\tb",
            "/\xd0\xb6",
            "/%ff",
            "/%c0%af",
            "/%ed%a0%80",
            "/%f4%90%80%80",
            "/%e0%80%af",
            "/%d0",
            "/a?%",
            "/a?b=%0",
            "/a?b=%zz",
            "/a?b=%00",
            "/a?b=%ff",
            "/a?b#c",
        };
        for (const QByteArray &raw : bad)
            QTest::addRow("'%s'", raw.toPercentEncoding("/%?#*:\\").constData()) << raw;
    }
    void target_ofTwoMeanings_isRefused()
    {
        QFETCH(QByteArray, raw);

        QVERIFY(!parseTarget(text(raw)));
    }

    void percent_allBytes_comeBackAsTheyWere()
    {
        std::string all;
        for (int byte = 0; byte < 256; ++byte)
            all += static_cast<char>(byte);

        const Decoded decoded = percentDecoded(percentEncoded(all));

        QVERIFY(decoded.ok);
        QCOMPARE(decoded.text, all);
        QCOMPARE(percentEncoded("a/b c~-._"), std::string("a%2Fb%20c~-._"));
    }

    void percent_plus_isASpaceOnlyInForms()
    {
        QCOMPARE(percentDecoded("a+b").text, std::string("a+b"));
        QCOMPARE(percentDecoded("a+b%2B", true).text, std::string("a b+"));
    }

    void percent_brokenEscape_isSaid_data()
    {
        QTest::addColumn<QByteArray>("raw");
        for (const char *raw : { "%", "%1", "%g0", "%0g", "a%", "a%2", "%-1", "%+1" })
            QTest::addRow("%s", raw) << QByteArray(raw);
    }
    void percent_brokenEscape_isSaid()
    {
        QFETCH(QByteArray, raw);

        QVERIFY(!percentDecoded(text(raw)).ok);
    }

    void queryValue_ofParameters_isDecoded()
    {
        HttpRequest request;
        request.query = "a=1&b=two+words&c=%26&empty=&flag&a=2&n%61me=x";

        QCOMPARE(request.queryValue("a"), std::string("1"));
        QCOMPARE(request.queryValue("b"), std::string("two words"));
        QCOMPARE(request.queryValue("c"), std::string("&"));
        QCOMPARE(request.queryValue("empty"), std::string());
        QCOMPARE(request.queryValue("flag"), std::string());
        QCOMPARE(request.queryValue("name"), std::string("x"));
        QCOMPARE(request.queryValue("missing"), std::string());
    }
};

QTEST_APPLESS_MAIN(TargetTest)
#include "tst_target.moc"
