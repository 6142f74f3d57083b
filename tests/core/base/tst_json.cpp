// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/json.h"

#include <QTest>

using namespace gatehouse;

class JsonTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_nestedValue_keepsEverything()
    {
        const auto value = parseJson(R"({"a":[{"b":1},{"c":[true,null,"x"]}],"d":-2.5})");

        QVERIFY(value);
        QCOMPARE(canonicalJson(*value), std::string(R"({"a":[{"b":1},{"c":[true,null,"x"]}],"d":-2.5})"));
    }

    void parse_numberWithoutAFraction_isAnInteger_howeverItIsWritten()
    {
        const auto value = parseJson("[1.0, 1e2, -2.50e1, -0.0, 25, 9007199254740991.0]");

        QVERIFY(value);
        QCOMPARE(canonicalJson(*value), std::string("[1,100,-25,0,25,9007199254740991]"));
    }

    void parse_numberWithAFraction_orBeyondWhatIsExact_staysAsItIs()
    {
        const auto value = parseJson("[1.5, 9007199254740993.0, 1e300]");

        QVERIFY(value);
        for (const Json &number : *value)
            QVERIFY(number.is_number_float());
    }

    void parse_ambiguousText_isRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("duplicate key") << QByteArray(R"({"a":1,"a":2})");
        QTest::newRow("duplicate key below") << QByteArray(R"([{"a":{"b":1,"b":1}}])");
        QTest::newRow("duplicate by escape") << QByteArray(R"({"a":1,"\u0061":2})");
        QTest::newRow("NUL in key") << QByteArray(R"({"a\u0000b":1})");
        QTest::newRow("lone surrogate") << QByteArray(R"(["\ud800"])");
        QTest::newRow("bad UTF-8") << QByteArray("[\"\xc3\x28\"]");
        QTest::newRow("NUL behind it") << QByteArray("{}\0 no JSON", 11);
        QTest::newRow("NUL in a text") << QByteArray("[\"a\0b\"]", 7);
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{}");
        QTest::newRow("trailing text") << QByteArray("{} {}");
        QTest::newRow("comment") << QByteArray("/* a */ {}");
        QTest::newRow("huge number") << QByteArray("[1e999]");
        QTest::newRow("empty") << QByteArray();
    }
    void parse_ambiguousText_isRefused()
    {
        QFETCH(QByteArray, text);

        const auto value = parseJson({ text.constData(), static_cast<std::size_t>(text.size()) });

        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::InvalidRequest);
    }

    void parse_depth_isBounded()
    {
        const std::string fits = std::string(kJsonDepthLimit, '[') + std::string(kJsonDepthLimit, ']');
        const std::string tooDeep = '[' + fits + ']';

        QVERIFY(parseJson(fits));
        QVERIFY(!parseJson(tooDeep));
    }

    void parse_parts_areBounded()
    {
        QVERIFY(parseJson(R"({"a":[1,2]})", 5)); // an object, a key, an array, two numbers
        const auto refused = parseJson(R"({"a":[1,2]})", 4);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_json.moc"
