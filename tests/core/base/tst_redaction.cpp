// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/redaction.h"

#include <QTest>

using namespace gatehouse;

namespace {

const std::string kDigits43 = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";

} // namespace

class RedactionTest final : public QObject
{
    Q_OBJECT

private slots:
    // Every kind of secret that passes through the program, in every kind of text that could carry it.
    void secret_inAnyText_isNotThereAfterwards_data()
    {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("named"); // as the things that name it would write it
        const auto row = [](const char *name, const std::string &secret, const std::string &named = {}) {
            QTest::newRow(name) << QByteArray::fromStdString(secret) << QByteArray::fromStdString(named);
        };
        row("agent token", "gh_a_" + kDigits43, "Authorization: Bearer gh_a_" + kDigits43);
        row("owner token", "gh_o_" + kDigits43, "{\"token\":\"gh_o_" + kDigits43 + "\"}");
        row("login's access token", "gh_l_" + kDigits43, "access_token=gh_l_" + kDigits43);
        row("refresh token", "gh_r_" + kDigits43, "{\"refresh_token\": \"gh_r_" + kDigits43 + "\"}");
        row("authorization code", kDigits43, "/callback?code=" + kDigits43 + "&state=x");
        row("short authorization code", "", "code=SplxlOBeZQQYbYS6WxSbIA");
        row("verifier", kDigits43, "code_verifier=" + kDigits43);
        row("stream ticket", kDigits43, "/api/v1/streams/audit?ticket=" + kDigits43);
        row("step-up token", kDigits43, "X-Step-Up-Token: " + kDigits43);
        row("adapter credential, of any form", "", "Authorization: Bearer tsk-7.Qw!e");
        row("credential in JSON", "", "{\"credential\": \"tsk-7.Qw!e\"}");
        row("credential in a form", "", "credential=tsk-7.Qw!e&x=1");
        row("passphrase", "", "passphrase=correct-horse");
        row("password in JSON", "", "'password': 'correct horse'");
        row("PIN", "", "PIN 482910");
        row("PIN in JSON", "", "{\"pin\":\"482910\"}");
        row("pairing code", "BCDF-GHJK", "code: BCDF-GHJK");
        row("database key, base64", "q1w2e3r4t5y6u7i8o9p0A+S/D1F2G3H4J5K6L7Z8X9c=");
        row("database key, hex", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        row("JWT", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.c2ln");
        row("private key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----");
        row("cookie", "", "Cookie: session=abc123; other=1");
        row("basic", "", "Proxy-Authorization: Basic YW5uOnB3");
        row("user of an address", "", "http://ann:pw@proxy.example:3128/");
        row("e-mail", "ann@example.org");
    }
    void secret_inAnyText_isNotThereAfterwards()
    {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, named);
        // What must be gone is what stands last behind the name, without what closes it.
        std::vector<std::string> texts{ named.toStdString() };
        for (const char *around : { "%", "it said % and ended", "x=%", "\"%\"", "(%)", "%, %", "a\n%\nb" }) {
            if (!secret.isEmpty())
                texts.push_back(QByteArray(around).replace('%', secret).toStdString());
        }
        std::vector<std::string> gone;
        if (!secret.isEmpty())
            gone.push_back(secret.toStdString());
        for (const char *part : { "SplxlOBeZQQYbYS6WxSbIA", "tsk-7", "Qw!e", "correct", "482910", "abc123",
                                  "YW5uOnB3", "ann:pw", "MHcCAQEEIB" })
            gone.emplace_back(part);
        for (const std::string &text : texts) {
            const std::string clean = withoutSecrets(text);
            for (const std::string &part : gone)
                QVERIFY2(clean.find(part) == std::string::npos, (text + " -> " + clean).c_str());
        }
    }

    void whatHelps_stays_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             { "request 0b6b54c6-4c4e-4d0a-9f3e-9d7c1f0f2a11: 502 upstream_error: status 500",
               "cannot go on: port_busy: port 4100 is held by nc (pid 7)",
               "the socket /run/user/1000/gatehouse/gatehouse.sock was gone; it is there again",
               "storage_full: /home/x/.local/share/gatehouse/gatehouse.db: disk I/O error",
               "the PIN is locked after too many wrong tries", "the token was not stored", "exit code: 7" })
            QTest::newRow(text) << QByteArray(text);
    }
    void whatHelps_stays()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(withoutSecrets(text.toStdString()), text.toStdString());
    }
};

QTEST_GUILESS_MAIN(RedactionTest)
#include "tst_redaction.moc"
