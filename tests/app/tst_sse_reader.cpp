// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/sse_reader.h"

#include <QTest>

using namespace gatehouse;

class SseReaderTest final : public QObject
{
    Q_OBJECT

private slots:
    void event_inPieces_isWhole_data()
    {
        QTest::addColumn<QByteArray>("ending");
        QTest::newRow("LF") << QByteArray("\n");
        QTest::newRow("CR") << QByteArray("\r");
        QTest::newRow("CR LF") << QByteArray("\r\n");
    }
    void event_inPieces_isWhole()
    {
        QFETCH(QByteArray, ending);
        const QByteArray stream
            = "id: 5" + ending + "data: one" + ending + "data:two" + ending + ": a comment" + ending + ending;
        SseReader reader;
        std::vector<SseEvent> events;
        for (const char byte : stream) {
            for (auto &event : reader.feed({ &byte, 1 }))
                events.push_back(std::move(event));
        }

        QCOMPARE(events.size(), 1u);
        QCOMPARE(events[0].data, "one\ntwo");
        QCOMPARE(reader.lastId(), "5");
    }

    void heartbeats_areNoEvents()
    {
        SseReader reader;
        QVERIFY(reader.feed(": beat\n\n\n\nevent: x\n\n").empty());
    }

    void event_tooLarge_isLeftOutAndTheNextOneIsRead()
    {
        SseReader reader;
        QVERIFY(reader.feed("data: ").empty());
        const std::string mebibyte(1 << 20, 'x');
        for (std::size_t fed = 0; fed <= SseReader::kMost; fed += mebibyte.size())
            QVERIFY(reader.feed(mebibyte).empty());

        const auto events = reader.feed("\n\ndata: small\n\n");

        QCOMPARE(events.size(), 1u);
        QCOMPARE(events[0].data, "small");
    }
};

QTEST_GUILESS_MAIN(SseReaderTest)
#include "tst_sse_reader.moc"
