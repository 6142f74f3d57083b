// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/abuse_cases.h"
#include "tests/core/http/http_bench.h"

#include <QFile>

#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const std::vector<AbuseCase> kCases = everyAbuse();

void addAllCases()
{
    QTest::addColumn<std::size_t>("which");
    for (std::size_t i = 0; i < kCases.size(); ++i)
        QTest::newRow(kCases[i].name.constData()) << i;
}

} // namespace

/// The table of docs/threats.md, "What arrives at the doors", over real sockets.
class AbuseTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void abuse_ofAnyKind_getsItsExactAnswerAndTheNextIsServed_data() { addAllCases(); }
    void abuse_ofAnyKind_getsItsExactAnswerAndTheNextIsServed()
    {
        QFETCH(std::size_t, which);
        const AbuseCase &abuse = kCases[which];
        HttpBench bench;
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(abuse.filledIn(bench.host(), bench.port));

        QCOMPARE(answer.status, abuse.fault.status);
        QCOMPARE(answer.header("connection"), std::string("close"));
        QCOMPARE(bench.refusals.size(), 1U);
        QCOMPARE(bench.refusals[0].reason, std::string(abuse.fault.reason));
        QCOMPARE(bench.refusals[0].uid, ::getuid());
        QVERIFY(client.isClosedByServer());
        QCOMPARE(client.received().find("HTTP/1.1"), std::string::npos);
        QVERIFY(bench.requests.empty());
        QVERIFY(bench.servesTheNext());
    }

    void abuse_behindAGoodRequest_isAnsweredSecond_data() { addAllCases(); }
    void abuse_behindAGoodRequest_isAnsweredSecond()
    {
        QFETCH(std::size_t, which);
        const AbuseCase &abuse = kCases[which];
        HttpBench bench;
        RawClient client = bench.client();

        client.send(bench.request("GET /good") + abuse.filledIn(bench.host(), bench.port));

        QCOMPARE(client.answer().status, 200);
        QCOMPARE(client.answer().status, abuse.fault.status);
        QVERIFY(client.isClosedByServer());
        QCOMPARE(bench.requests.size(), 1U);
    }

    void everyReason_isInTheDocument()
    {
        QFile document(QStringLiteral(GATEHOUSE_DOCS "/threats.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        const QByteArray text = document.readAll();

        for (const HttpRejection &fault : fault::kAll) {
            const QByteArray row = QByteArray::number(fault.status) + " `"
                + QByteArray(fault.reason.data(), static_cast<int>(fault.reason.size())) + '`';
            QVERIFY2(text.contains(row), row.constData());
        }
    }
};

QTEST_GUILESS_MAIN(AbuseTest)
#include "tst_abuse.moc"
