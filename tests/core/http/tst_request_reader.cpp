// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/head_rules.h"
#include "gateway_core/http/request_reader.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

#include <string>

using namespace gatehouse;

namespace {

constexpr std::size_t kHeadLimit = 16 << 10;
constexpr std::size_t kBodyLimit = 1024;

/// All that comes of reading `bytes` in pieces of `size`, as one text.
std::string readInPieces(const std::string &bytes, std::size_t size)
{
    RequestReader reader(kHeadLimit);
    std::string seen;
    std::string waiting;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        waiting += bytes.substr(at, size);
        for (bool goOn = true; goOn;) {
            std::size_t taken = 0;
            const auto step = reader.read(waiting, taken);
            waiting.erase(0, taken);
            const HttpRequest &request = reader.request();
            switch (step) {
            case RequestReader::Step::NeedMore: goOn = false; break;
            case RequestReader::Step::Head:
                seen += request.method + ' ' + request.path + '?' + request.query;
                for (const auto &[name, value] : request.headers)
                    seen += ' ' + name + '=' + value;
                if (reader.hasBody() && reader.limitBody(kBodyLimit))
                    return seen + " too large";
                break;
            case RequestReader::Step::Whole:
                seen += " [" + request.body + (reader.keepsAlive() ? "] " : "] end ");
                reader.next();
                break;
            case RequestReader::Step::Refused: return seen + std::string(reader.fault().reason);
            }
        }
    }
    return seen + (reader.isAtStart() ? "rest " : "inside ") + std::to_string(waiting.size());
}

} // namespace

class RequestReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytes_inPiecesOfAnySize_areReadTheSame_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("seen");
        QTest::newRow("one") << QByteArray("GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Y: Z\r\n\r\n")
                             << QByteArray("GET /a?b=c host=x x-y=Z [] rest 0");
        QTest::newRow("three") << QByteArray(
            "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
            "\r\nokGET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                               << QByteArray("GET /a? host=x [] POST /b? host=x content-length=2 [ok] "
                                             "GET /c? host=x connection=close [] end rest 0");
        QTest::newRow("chunked") << QByteArray(
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0a\r\n0123456789\r\n"
            "0\r\nX: y\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
                                 << QByteArray("POST /a? host=x transfer-encoding=chunked [a0123456789] GET "
                                               "/b? host=x [] rest 0");
        QTest::newRow("cut in the body")
            << QByteArray("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
            << QByteArray("POST /a? host=x content-length=9inside 0");
        QTest::newRow("bad chunk") << QByteArray(
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab")
                                   << QByteArray("POST /a? host=x transfer-encoding=chunkedbad_chunk");
        QTest::newRow("too large") << QByteArray(
            "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n")
                                   << QByteArray("POST /a? host=x content-length=1025 too large");
        QTest::newRow("chunks too large together")
            << QByteArray("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n")
                + QByteArray(512, 'x') + QByteArray("\r\n201\r\n")
            << QByteArray("POST /a? host=x transfer-encoding=chunkedbody_too_large");
        QTest::newRow("opaque values that nobody reads")
            << QByteArray(
                   "GET /a HTTP/1.1\r\nCookie: n=\xd0\xb6; \x80\xff\r\nHost: x\r\nReferer: http://x/\xe9\r\n"
                   "User-Agent: \xc3\xa9:b\r\nX-Any: \xff\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            << QByteArray("GET /a? host=x [] GET /b? host=x [] rest 0");
        for (const char *name :
             { "Host", "Origin", "Authorization", "Content-Type", "Upgrade", "Idempotency-Key",
               "Mcp-Session-Id", "Mcp-Param-Name", "Sec-Fetch-Site", "X-Step-Up-Token", "Transfer-Encoding" })
            QTest::addRow("opaque value in %s, which is read", name) << "GET /a HTTP/1.1\r\n"
                    + QByteArray(name) + ": a\xe9\r\n\r\n" << QByteArray("head_not_ascii");
        QTest::newRow("opaque value in Connection, which the parser reads itself")
            << QByteArray("GET /a HTTP/1.1\r\nHost: x\r\nConnection: a\xe9\r\n\r\n")
            << QByteArray("malformed_head");
        QTest::newRow("opaque byte in a name")
            << QByteArray("GET /a HTTP/1.1\r\nHost: x\r\nX\xe9: a\r\n\r\n") << QByteArray("head_not_ascii");
        QTest::newRow("opaque byte behind a colon in the target")
            << QByteArray("GET /a:\xe9 HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("head_not_ascii");
        QTest::newRow("DEL in a value that nobody reads")
            << QByteArray("GET /a HTTP/1.1\r\nHost: x\r\nCookie: \x7f\r\n\r\n") << QByteArray("control_byte");
        QTest::newRow("bare line feed")
            << QByteArray("GET /a HTTP/1.1\nHost: x\r\n\r\n") << QByteArray("bare_line_end");
    }
    void bytes_inPiecesOfAnySize_areReadTheSame()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, seen);
        const std::string all = bytes.toStdString();

        for (const std::size_t size : { std::size_t{ 1 }, std::size_t{ 2 }, std::size_t{ 3 },
                                        std::size_t{ 7 }, std::size_t{ 64 }, all.size() })
            QCOMPARE(QByteArray::fromStdString(readInPieces(all, size)), seen);
    }

    void head_ofExactlyTheLimit_isReadAndOneByteMoreIsNot()
    {
        const std::string start = "GET /a HTTP/1.1\r\nHost: x\r\nX: ";
        const std::string fits = start + std::string(kHeadLimit - start.size() - 4, 'a') + "\r\n\r\n";
        const std::string over = start + std::string(kHeadLimit - start.size() - 3, 'a') + "\r\n\r\n";
        QCOMPARE(fits.size(), kHeadLimit);

        for (const std::size_t size : { std::size_t{ 1 }, std::size_t{ 1000 }, over.size() }) {
            QVERIFY(readInPieces(fits, size).ends_with("rest 0"));
            QCOMPARE(readInPieces(over, size), std::string("headers_too_large"));
        }
    }

    void headers_hiddenFromTheHandler_countAsAnyOther()
    {
        std::string head = "GET /a HTTP/1.1\r\nHost: x\r\n";
        for (int i = 0; i < 100; ++i)
            head += "X-" + std::to_string(i) + ": \xe9\r\n";
        QCOMPARE(readInPieces(head + "\r\n", 64), std::string("too_many_headers"));
    }

    /// What the sources read by name is what must be ASCII. User-Agent is the one that is only looked at for
    /// our own command line's name, and says nothing where it is hidden.
    void headers_thatTheSourcesRead_areThoseThatMustBeAscii()
    {
        const QRegularExpression reads(
            QStringLiteral(R"re((?:\bheader\(|onlyValue\(request, |find\(request, )"([a-z0-9-]+)"\))re"));
        QDirIterator files(QStringLiteral(GATEHOUSE_SOURCES "/gateway_core"),
                           { QStringLiteral("*.cpp"), QStringLiteral("*.h") }, QDir::Files,
                           QDirIterator::Subdirectories);
        QStringList seen;
        while (files.hasNext()) {
            const QString name = files.next();
            if (!name.contains(QLatin1String("/http/")) && !name.contains(QLatin1String("/api/")))
                continue;
            QFile file(name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            auto found = reads.globalMatch(QString::fromUtf8(file.readAll()));
            while (found.hasNext())
                seen << found.next().captured(1);
        }
        for (const char *header :
             { "host", "origin", "authorization", "content-type", "idempotency-key", "mcp-method" })
            QVERIFY2(seen.contains(QLatin1String(header)), header);
        for (const QString &header : seen)
            QVERIFY2(isRead(header.toStdString()) || header == QLatin1String("user-agent"),
                     qPrintable(header));
    }

    void path_ofARefusedHead_isGlimpsed_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("cookies without end") << QByteArray("GET /oauth/authorize?a=b HTTP/1.1\r\nCookie: ")
                + QByteArray(17 << 10, 'a') << QByteArray("/oauth/authorize");
        QTest::newRow("a bad header")
            << QByteArray("GET /oauth/token HTTP/1.1\r\nX : y\r\n\r\n") << QByteArray("/oauth/token");
        QTest::newRow("a bad target")
            << QByteArray("GET /a//b HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("/a//b");
        QTest::newRow("no request") << QByteArray("\x16\x03\x01\x02") << QByteArray();
        QTest::newRow("another form")
            << QByteArray("GET http://x/oauth/token HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray();
    }
    void path_ofARefusedHead_isGlimpsed()
    {
        QFETCH(QByteArray, head);
        RequestReader reader(kHeadLimit);
        std::size_t taken = 0;
        QVERIFY(reader.read(head.toStdString(), taken) == RequestReader::Step::Refused);
        QTEST(QByteArray::fromStdString(reader.request().path), "path");
    }
};

QTEST_APPLESS_MAIN(RequestReaderTest)
#include "tst_request_reader.moc"
