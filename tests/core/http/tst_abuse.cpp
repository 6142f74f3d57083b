// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/fault.h"
#include "tests/core/http/http_bench.h"

#include <QFile>

#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

/// HOST in a case stands for our own name with our own port, PORT for the port.
std::string filledIn(QByteArray bytes, const HttpBench &bench)
{
    bytes.replace("HOST", QByteArray::fromStdString(bench.host()));
    bytes.replace("PORT", QByteArray::number(bench.port));
    return bytes.toStdString();
}

void addCase(const char *name, const QByteArray &bytes, const Fault &fault)
{
    QTest::newRow(name) << bytes << fault.status
                        << QByteArray(fault.reason.data(), static_cast<int>(fault.reason.size()));
}

void addFramingCases()
{
    const QByteArray post = "POST /a HTTP/1.1\r\nHost: HOST\r\n";
    addCase("two lengths, different", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            fault::kContentLength);
    addCase("two lengths, equal", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
            fault::kContentLength);
    addCase("length as list", post + "Content-Length: 1, 1\r\n\r\na", fault::kContentLength);
    addCase("length with sign", post + "Content-Length: +1\r\n\r\na", fault::kContentLength);
    addCase("negative length", post + "Content-Length: -1\r\n\r\na", fault::kContentLength);
    addCase("hexadecimal length", post + "Content-Length: 0x1\r\n\r\na", fault::kContentLength);
    addCase("empty length", post + "Content-Length: \r\n\r\na", fault::kContentLength);
    addCase("length that overflows", post + "Content-Length: 18446744073709551617\r\n\r\na",
            fault::kContentLength);
    addCase("length of twenty zeros", post + "Content-Length: 00000000000000000001\r\n\r\na",
            fault::kContentLength);
    addCase("length, then chunked", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
            fault::kTwoFramings);
    addCase("chunked, then length", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
            fault::kContentLength);
    addCase("length and xchunked", post + "Content-Length: 1\r\nTransfer-Encoding: xchunked\r\n\r\na",
            fault::kTwoFramings);
    addCase("chunked twice",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            fault::kTwoFramings);
    addCase("identity, then chunked",
            post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            fault::kHeaderTwice);
    for (const char *coding : { "xchunked", "gzip", "gzip, chunked", "chunked, gzip", "identity",
                                "chunked;q=1", "\"chunked\"", "chunked,", "" })
        addCase(qPrintable(QStringLiteral("coding '%1'").arg(QString::fromLatin1(coding))),
                post + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", fault::kTransferEncoding);
    const QByteArray chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    addCase("chunk size no number", chunked + "x\r\n\r\n", fault::kBadChunk);
    addCase("chunk size with 0x", chunked + "0x1\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("chunk size with sign", chunked + "+1\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("chunk size that overflows", chunked + "11111111111111111\r\n", fault::kBadChunk);
    addCase("chunk with extension", chunked + "1;a=b\r\nx\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("last chunk with extension", chunked + "0;a=\"\r\n\"\r\n\r\n", fault::kBadChunk);
    addCase("chunk line ends bare", chunked + "1\nx\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("chunk longer than said", chunked + "1\r\nxy\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("chunk of 4 GiB", chunked + "ffffffff\r\n", fault::kBodyTooLarge);
    addCase("chunk size line without end", chunked + QByteArray(17 << 10, '0'), fault::kBadChunk);
    addCase("trailers without end", chunked + "0\r\n" + QByteArray("a: b\r\n").repeated(4 << 10),
            fault::kHeadTooLarge);
    addCase("trailers without a colon", chunked + "0\r\nGET /b HTTP/1.1\r\n\r\n", fault::kMalformed);
    addCase("trailers with a bare LF", chunked + "0\r\na: b\n\r\n", fault::kBareLineEnd);
    addCase("empty chunk size", chunked + "\r\n", fault::kBadChunk);
    addCase("chunk size with a space", chunked + "1 \r\na\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("chunk size of nine digits", chunked + "000000001\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    addCase("body over the limit", post + "Content-Length: 1048577\r\n\r\n", fault::kBodyTooLarge);
    addCase("body over the limit, told to wait",
            post + "Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n", fault::kBodyTooLarge);
    addCase("unknown expectation", post + "Content-Length: 1\r\nExpect: 200-ok\r\n\r\na",
            fault::kExpectation);
    addCase("compressed body", post + "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\na",
            fault::kContentEncoding);
}

void addHeadCases()
{
    const QByteArray get = "GET /a HTTP/1.1\r\nHost: HOST\r\n";
    addCase("bare LF behind the line", "GET /a HTTP/1.1\nHost: HOST\r\n\r\n", fault::kBareLineEnd);
    addCase("bare LF behind a header", "GET /a HTTP/1.1\r\nHost: HOST\n\r\n", fault::kBareLineEnd);
    addCase("bare LF as last line", "GET /a HTTP/1.1\r\nHost: HOST\r\n\n", fault::kBareLineEnd);
    addCase("bare CR in a value", get + "X: a\rb\r\n\r\n", fault::kBareLineEnd);
    addCase("CR CR LF", get + "X: a\r\r\n\r\n", fault::kBareLineEnd);
    addCase("folded header", get + "X: a\r\n b\r\n\r\n", fault::kFoldedHeader);
    addCase("folded with tab", get + "X: a\r\n\tb\r\n\r\n", fault::kFoldedHeader);
    addCase("space before the first header", "GET /a HTTP/1.1\r\n Host: HOST\r\n\r\n", fault::kFoldedHeader);
    addCase("NUL in a value", get + QByteArray("X: a\0b\r\n\r\n", 10), fault::kControlByte);
    addCase("NUL in a name", get + QByteArray("X\0: a\r\n\r\n", 9), fault::kControlByte);
    addCase("control byte in a value", get + "X: a\x01\r\n\r\n", fault::kControlByte);
    addCase("DEL in a value", get + "X: a\x7f\r\n\r\n", fault::kControlByte);
    addCase("TLS instead of HTTP", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
            fault::kControlByte);
    addCase("not ASCII in a value", get + "X: \xd0\xb6\r\n\r\n", fault::kNotAscii);
    addCase("not ASCII in the target", "GET /\xd0\xb6 HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kNotAscii);
    addCase("space before the colon", "GET /a HTTP/1.1\r\nHost : HOST\r\n\r\n", fault::kMalformed);
    addCase("tab before the colon", get + "X\t: a\r\n\r\n", fault::kMalformed);
    addCase("space in a name", get + "X Y: a\r\n\r\n", fault::kMalformed);
    addCase("no name", get + ": a\r\n\r\n", fault::kMalformed);
    addCase("no colon", get + "X\r\n\r\n", fault::kMalformed);
    addCase("empty line first", "\r\nGET /a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    addCase("two spaces in the line", "GET  /a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    addCase("text behind the version", "GET /a HTTP/1.1 x\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    addCase("tab in the line", "GET\t/a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    addCase("no version, as HTTP/0.9", "GET /a\r\n\r\n", fault::kMalformed);
    addCase("version of another protocol", "GET /a RTSP/1.0\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    addCase("HTTP in small letters", "GET /a http/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    for (const char *version : { "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/3.0" })
        addCase(version, QByteArray("GET /a ") + version + "\r\nHost: HOST\r\n\r\n", fault::kVersion);
    addCase("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", fault::kVersion);
    addCase("head without end", get + "X: " + QByteArray(17 << 10, 'a'), fault::kHeadTooLarge);
    addCase("head over the limit", get + "X: " + QByteArray(16 << 10, 'a') + "\r\n\r\n",
            fault::kHeadTooLarge);
    addCase("target over the limit", "GET /" + QByteArray(17 << 10, 'a'), fault::kHeadTooLarge);
    QByteArray many = get;
    for (int i = 0; i < 100; ++i)
        many += "X-" + QByteArray::number(i) + ": a\r\n";
    addCase("a hundred and one headers", many + "\r\n", fault::kTooManyHeaders);
    for (const char *name : { "Authorization", "Content-Type", "Origin", "Idempotency-Key", "Expect",
                              "Cookie", "X-Step-Up-Token", "Mcp-Session-Id", "X-Unheard-Of" })
        addCase(name, get + name + ": a\r\n" + QByteArray(name).toLower() + ": a\r\n\r\n",
                fault::kHeaderTwice);
}

void addNameCases()
{
    const auto get = [](const QByteArray &headers) { return "GET /a HTTP/1.1\r\n" + headers + "\r\n"; };
    addCase("no host", get(""), fault::kHostMissing);
    addCase("empty host", get("Host:\r\n"), fault::kHostMissing);
    addCase("two hosts", get("Host: HOST\r\nHost: HOST\r\n"), fault::kHostMissing);
    for (const char *host : { "evil.example:PORT",   "localhost",
                              "localhost:1",         "localhost:0PORT",
                              "localhost:PORT.",     "localhost.:PORT",
                              "127.0.0.1",           "127.0.0.2:PORT",
                              "0.0.0.0:PORT",        "127.1:PORT",
                              "2130706433:PORT",     "::1:PORT",
                              "[::]:PORT",           "[::ffff:127.0.0.1]:PORT",
                              "user@localhost:PORT", "localhost:PORT@evil.example",
                              "HOST, evil.example",  "http://HOST",
                              "gatehouse",           "HOST/" })
        addCase(qPrintable(QStringLiteral("host '%1'").arg(QString::fromLatin1(host))),
                get(QByteArray("Host: ") + host + "\r\n"), fault::kHostForeign);
    for (const char *origin :
         { "null", "http://evil.example", "https://localhost:PORT", "http://localhost", "http://localhost:1",
           "http://localhost:PORT/", "http://localhost:PORT.evil.example",
           "http://localhost.evil.example:PORT", "file://", "", "http://evil.example http://HOST",
           "chrome-extension://abc", "HTTP://HOST" })
        addCase(qPrintable(QStringLiteral("origin '%1'").arg(QString::fromLatin1(origin))),
                get(QByteArray("Host: HOST\r\nOrigin: ") + origin + "\r\n"), fault::kOriginForeign);
    for (const char *site : { "cross-site", "same-site", "Same-Origin", "", "same-origin, cross-site" })
        addCase(qPrintable(QStringLiteral("site '%1'").arg(QString::fromLatin1(site))),
                get(QByteArray("Host: HOST\r\nSec-Fetch-Site: ") + site + "\r\n"), fault::kCrossSite);
}

void addTargetCases()
{
    const auto get
        = [](const QByteArray &target) { return "GET " + target + " HTTP/1.1\r\nHost: HOST\r\n\r\n"; };
    for (const char *target :
         { "http://HOST/a", "HOST",      "*",     "a",      "//a",    "/a//b",   "/a/",    "/.",
           "/a/../b",       "/%2e%2e/b", "/.%2e", "/a%2fb", "/a%5Cb", "/a\\b",   "/a%00b", "/a%0d%0aX:%20b",
           "/a%",           "/a%4",      "/a%zz", "/a#b",   "/%ff",   "/%c0%ae", "/a?b=%", "/a?b=%00" })
        addCase(qPrintable(QStringLiteral("target '%1'").arg(QString::fromLatin1(target))), get(target),
                fault::kTarget);
    const auto as = [](const QByteArray &method, const QByteArray &target) {
        return method + ' ' + target + " HTTP/1.1\r\nHost: HOST\r\n\r\n";
    };
    addCase("HEAD", as("HEAD", "/a"), fault::kMethodNotAllowed);
    addCase("OPTIONS", as("OPTIONS", "/a"), fault::kMethodNotAllowed);
    addCase("OPTIONS *", as("OPTIONS", "*"), fault::kMethodNotAllowed);
    addCase("TRACE", as("TRACE", "/a"), fault::kMethodNotAllowed);
    addCase("CONNECT, authority-form", as("CONNECT", "HOST"), fault::kMethodNotAllowed);
    addCase("method in small letters", as("get", "/a"), fault::kMethodUnknown);
    addCase("unknown method", as("BREW", "/a"), fault::kMethodUnknown);
    addCase("method that is no token", as("G(T", "/a"), fault::kMalformed);
}

void addAllCases()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    addFramingCases();
    addHeadCases();
    addNameCases();
    addTargetCases();
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
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(QByteArray, reason);
        HttpBench bench;
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(filledIn(bytes, bench));

        QCOMPARE(answer.status, status);
        QCOMPARE(answer.header("connection"), std::string("close"));
        QCOMPARE(bench.refusals.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(bench.refusals[0].reason), reason);
        QCOMPARE(bench.refusals[0].uid, ::getuid());
        QVERIFY(client.isClosedByServer());
        QCOMPARE(client.received().find("HTTP/1.1"), std::string::npos);
        QVERIFY(bench.requests.empty());
        QVERIFY(bench.servesTheNext());
    }

    void abuse_behindAGoodRequest_isAnsweredSecond_data() { addAllCases(); }
    void abuse_behindAGoodRequest_isAnsweredSecond()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        HttpBench bench;
        RawClient client = bench.client();

        client.send(bench.request("GET /good") + filledIn(bytes, bench));

        QCOMPARE(client.answer().status, 200);
        QCOMPARE(client.answer().status, status);
        QVERIFY(client.isClosedByServer());
        QCOMPARE(bench.requests.size(), 1U);
    }

    void everyReason_isInTheDocument()
    {
        QFile document(QStringLiteral(GATEHOUSE_DOCS "/threats.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        const QByteArray text = document.readAll();

        for (const Fault &fault : fault::kAll) {
            const QByteArray row = QByteArray::number(fault.status) + " `"
                + QByteArray(fault.reason.data(), static_cast<int>(fault.reason.size())) + '`';
            QVERIFY2(text.contains(row), row.constData());
        }
    }
};

QTEST_GUILESS_MAIN(AbuseTest)
#include "tst_abuse.moc"
