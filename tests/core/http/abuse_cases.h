// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_rejection.h"

#include <QByteArray>
#include <QString>

#include <string>
#include <vector>

// What no honest client sends, and the answer that is due: the tables of docs/threats.md, "What arrives at
// the doors". For the test of the answers and for the measurement of whom they keep waiting.
namespace gatehouse::test {

/// HOST in the bytes stands for our own name with our own port, PORT for the port.
struct AbuseCase
{
    QByteArray name;
    QByteArray bytes;
    HttpRejection fault;

    [[nodiscard]] std::string filledIn(const std::string &host, int port) const
    {
        QByteArray filled = bytes;
        filled.replace("HOST", QByteArray::fromStdString(host));
        filled.replace("PORT", QByteArray::number(port));
        return filled.toStdString();
    }
};

struct AbuseCases
{
    std::vector<AbuseCase> all;

    void add(const QByteArray &name, const QByteArray &bytes, const HttpRejection &fault)
    {
        all.push_back({ name, bytes, fault });
    }
};

inline void addFraming(AbuseCases &cases)
{
    const QByteArray post = "POST /a HTTP/1.1\r\nHost: HOST\r\n";
    cases.add("two lengths, different", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
              fault::kContentLength);
    cases.add("two lengths, equal", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
              fault::kContentLength);
    cases.add("length as list", post + "Content-Length: 1, 1\r\n\r\na", fault::kContentLength);
    cases.add("length with sign", post + "Content-Length: +1\r\n\r\na", fault::kContentLength);
    cases.add("negative length", post + "Content-Length: -1\r\n\r\na", fault::kContentLength);
    cases.add("hexadecimal length", post + "Content-Length: 0x1\r\n\r\na", fault::kContentLength);
    cases.add("empty length", post + "Content-Length: \r\n\r\na", fault::kContentLength);
    cases.add("length that overflows", post + "Content-Length: 18446744073709551617\r\n\r\na",
              fault::kContentLength);
    cases.add("length of twenty zeros", post + "Content-Length: 00000000000000000001\r\n\r\na",
              fault::kContentLength);
    cases.add("length, then chunked", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
              fault::kTwoFramings);
    cases.add("chunked, then length", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
              fault::kContentLength);
    cases.add("length and xchunked", post + "Content-Length: 1\r\nTransfer-Encoding: xchunked\r\n\r\na",
              fault::kTwoFramings);
    cases.add("chunked twice",
              post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              fault::kTwoFramings);
    cases.add("identity, then chunked",
              post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              fault::kHeaderTwice);
    for (const char *coding : { "xchunked", "gzip", "gzip, chunked", "chunked, gzip", "identity",
                                "chunked;q=1", "\"chunked\"", "chunked,", "" })
        cases.add(QStringLiteral("coding '%1'").arg(QString::fromLatin1(coding)).toUtf8(),
                  post + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", fault::kTransferEncoding);
    const QByteArray chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    cases.add("chunk size no number", chunked + "x\r\n\r\n", fault::kBadChunk);
    cases.add("chunk size with 0x", chunked + "0x1\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("chunk size with sign", chunked + "+1\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("chunk size that overflows", chunked + "11111111111111111\r\n", fault::kBadChunk);
    cases.add("chunk with extension", chunked + "1;a=b\r\nx\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("last chunk with extension", chunked + "0;a=\"\r\n\"\r\n\r\n", fault::kBadChunk);
    cases.add("chunk line ends bare", chunked + "1\nx\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("chunk longer than said", chunked + "1\r\nxy\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("chunk of 4 GiB", chunked + "ffffffff\r\n", fault::kBodyTooLarge);
    cases.add("chunk size line without end", chunked + QByteArray(17 << 10, '0'), fault::kBadChunk);
    cases.add("trailers without end", chunked + "0\r\n" + QByteArray("a: b\r\n").repeated(4 << 10),
              fault::kHeadTooLarge);
    cases.add("trailers without a colon", chunked + "0\r\nGET /b HTTP/1.1\r\n\r\n", fault::kMalformed);
    cases.add("trailers with a bare LF", chunked + "0\r\na: b\n\r\n", fault::kBareLineEnd);
    cases.add("empty chunk size", chunked + "\r\n", fault::kBadChunk);
    cases.add("chunk size with a space", chunked + "1 \r\na\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("chunk size of nine digits", chunked + "000000001\r\na\r\n0\r\n\r\n", fault::kBadChunk);
    cases.add("body over the limit", post + "Content-Length: 1048577\r\n\r\n", fault::kBodyTooLarge);
    cases.add("body over the limit, told to wait",
              post + "Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n", fault::kBodyTooLarge);
    cases.add("unknown expectation", post + "Content-Length: 1\r\nExpect: 200-ok\r\n\r\na",
              fault::kExpectation);
    cases.add("compressed body", post + "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\na",
              fault::kContentEncoding);
}

inline void addHeads(AbuseCases &cases)
{
    const QByteArray get = "GET /a HTTP/1.1\r\nHost: HOST\r\n";
    cases.add("bare LF behind the line", "GET /a HTTP/1.1\nHost: HOST\r\n\r\n", fault::kBareLineEnd);
    cases.add("bare LF behind a header", "GET /a HTTP/1.1\r\nHost: HOST\n\r\n", fault::kBareLineEnd);
    cases.add("bare LF as last line", "GET /a HTTP/1.1\r\nHost: HOST\r\n\n", fault::kBareLineEnd);
    cases.add("bare CR in a value", get + "X: a\rb\r\n\r\n", fault::kBareLineEnd);
    cases.add("CR CR LF", get + "X: a\r\r\n\r\n", fault::kBareLineEnd);
    cases.add("folded header", get + "X: a\r\n b\r\n\r\n", fault::kFoldedHeader);
    cases.add("folded with tab", get + "X: a\r\n\tb\r\n\r\n", fault::kFoldedHeader);
    cases.add("space before the first header", "GET /a HTTP/1.1\r\n Host: HOST\r\n\r\n",
              fault::kFoldedHeader);
    cases.add("NUL in a value", get + QByteArray("X: a\0b\r\n\r\n", 10), fault::kControlByte);
    cases.add("NUL in a name", get + QByteArray("X\0: a\r\n\r\n", 9), fault::kControlByte);
    cases.add("control byte in a value", get + "X: a\x01\r\n\r\n", fault::kControlByte);
    cases.add("DEL in a value", get + "X: a\x7f\r\n\r\n", fault::kControlByte);
    cases.add("TLS instead of HTTP", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
              fault::kControlByte);
    cases.add("not ASCII in a value that is read", get + "Origin: \xd0\xb6\r\n\r\n", fault::kNotAscii);
    cases.add("not ASCII in a name", get + "X\xd0\xb6: a\r\n\r\n", fault::kNotAscii);
    cases.add("not ASCII in the target", "GET /\xd0\xb6 HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kNotAscii);
    cases.add("space before the colon", "GET /a HTTP/1.1\r\nHost : HOST\r\n\r\n", fault::kMalformed);
    cases.add("tab before the colon", get + "X\t: a\r\n\r\n", fault::kMalformed);
    cases.add("space in a name", get + "X Y: a\r\n\r\n", fault::kMalformed);
    cases.add("no name", get + ": a\r\n\r\n", fault::kMalformed);
    cases.add("no colon", get + "X\r\n\r\n", fault::kMalformed);
    cases.add("empty line first", "\r\nGET /a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    cases.add("two spaces in the line", "GET  /a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    cases.add("text behind the version", "GET /a HTTP/1.1 x\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    cases.add("tab in the line", "GET\t/a HTTP/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    cases.add("no version, as HTTP/0.9", "GET /a\r\n\r\n", fault::kMalformed);
    cases.add("version of another protocol", "GET /a RTSP/1.0\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    cases.add("HTTP in small letters", "GET /a http/1.1\r\nHost: HOST\r\n\r\n", fault::kMalformed);
    for (const char *version : { "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/3.0" })
        cases.add(version, QByteArray("GET /a ") + version + "\r\nHost: HOST\r\n\r\n", fault::kVersion);
    cases.add("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", fault::kVersion);
    cases.add("head without end", get + "X: " + QByteArray(17 << 10, 'a'), fault::kHeadTooLarge);
    cases.add("head over the limit", get + "X: " + QByteArray(16 << 10, 'a') + "\r\n\r\n",
              fault::kHeadTooLarge);
    cases.add("target over the limit", "GET /" + QByteArray(17 << 10, 'a'), fault::kHeadTooLarge);
    QByteArray many = get;
    for (int i = 0; i < 100; ++i)
        many += "X-" + QByteArray::number(i) + ": a\r\n";
    cases.add("a hundred and one headers", many + "\r\n", fault::kTooManyHeaders);
    for (const char *name : { "Authorization", "Content-Type", "Origin", "Idempotency-Key", "Expect",
                              "Cookie", "X-Step-Up-Token", "Mcp-Session-Id", "X-Unheard-Of" })
        cases.add(name, get + name + ": a\r\n" + QByteArray(name).toLower() + ": a\r\n\r\n",
                  fault::kHeaderTwice);
}

inline void addNames(AbuseCases &cases)
{
    const auto get = [](const QByteArray &headers) { return "GET /a HTTP/1.1\r\n" + headers + "\r\n"; };
    cases.add("no host", get(""), fault::kHostMissing);
    cases.add("empty host", get("Host:\r\n"), fault::kHostMissing);
    cases.add("two hosts", get("Host: HOST\r\nHost: HOST\r\n"), fault::kHostMissing);
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
        cases.add(QStringLiteral("host '%1'").arg(QString::fromLatin1(host)).toUtf8(),
                  get(QByteArray("Host: ") + host + "\r\n"), fault::kHostForeign);
    for (const char *origin :
         { "null", "http://evil.example", "https://localhost:PORT", "http://localhost", "http://localhost:1",
           "http://localhost:PORT/", "http://localhost:PORT.evil.example",
           "http://localhost.evil.example:PORT", "file://", "", "http://evil.example http://HOST",
           "chrome-extension://abc", "HTTP://HOST" })
        cases.add(QStringLiteral("origin '%1'").arg(QString::fromLatin1(origin)).toUtf8(),
                  get(QByteArray("Host: HOST\r\nOrigin: ") + origin + "\r\n"), fault::kOriginForeign);
    for (const char *site : { "cross-site", "same-site", "Same-Origin", "", "same-origin, cross-site" })
        cases.add(QStringLiteral("site '%1'").arg(QString::fromLatin1(site)).toUtf8(),
                  get(QByteArray("Host: HOST\r\nSec-Fetch-Site: ") + site + "\r\n"), fault::kCrossSite);
}

inline void addTargets(AbuseCases &cases)
{
    const auto get
        = [](const QByteArray &target) { return "GET " + target + " HTTP/1.1\r\nHost: HOST\r\n\r\n"; };
    for (const char *target :
         { "http://HOST/a", "HOST",      "*",     "a",      "//a",    "/a//b",   "/a/",    "/.",
           "/a/../b",       "/%2e%2e/b", "/.%2e", "/a%2fb", "/a%5Cb", "/a\\b",   "/a%00b", "/a%0d%0aX:%20b",
           "/a%",           "/a%4",      "/a%zz", "/a#b",   "/%ff",   "/%c0%ae", "/a?b=%", "/a?b=%00" })
        cases.add(QStringLiteral("target '%1'").arg(QString::fromLatin1(target)).toUtf8(), get(target),
                  fault::kTarget);
    const auto as = [](const QByteArray &method, const QByteArray &target) {
        return method + ' ' + target + " HTTP/1.1\r\nHost: HOST\r\n\r\n";
    };
    cases.add("HEAD", as("HEAD", "/a"), fault::kMethodNotAllowed);
    cases.add("OPTIONS", as("OPTIONS", "/a"), fault::kMethodNotAllowed);
    cases.add("OPTIONS *", as("OPTIONS", "*"), fault::kMethodNotAllowed);
    cases.add("TRACE", as("TRACE", "/a"), fault::kMethodNotAllowed);
    cases.add("CONNECT, authority-form", as("CONNECT", "HOST"), fault::kMethodNotAllowed);
    cases.add("method in small letters", as("get", "/a"), fault::kMethodUnknown);
    cases.add("unknown method", as("BREW", "/a"), fault::kMethodUnknown);
    cases.add("method that is no token", as("G(T", "/a"), fault::kMalformed);
}

[[nodiscard]] inline std::vector<AbuseCase> everyAbuse()
{
    AbuseCases cases;
    addFraming(cases);
    addHeads(cases);
    addNames(cases);
    addTargets(cases);
    return cases.all;
}

} // namespace gatehouse::test
