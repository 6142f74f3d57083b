// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/token.h"
#include "gateway_core/base/clock.h"
#include "tests/support/fixed_random.h"

#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kStart = 1'790'000'000'000;

std::int64_t after(Millis span)
{
    return kStart + span.count();
}

/// One client and one owner token, as load() would have put them.
struct TokenBench
{
    FixedRandom random;
    MintedClient minted = mintClient(AgentId("a"), "codex", {}, kStart, random);
    MintedOwnerToken owner = mintOwnerToken("ctl", kStart, random);
    Directory directory;

    TokenBench() { put(); }
    void put()
    {
        directory.clients[minted.client.id] = minted.client;
        directory.clientsByToken[minted.client.tokenHash] = minted.client.id;
        directory.ownerTokens[owner.record.id] = owner.record;
        directory.ownersByToken[owner.record.tokenHash] = owner.record.id;
    }
};

} // namespace

class TokenTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mint_form_isPrefixAnd43Digits()
    {
        FixedRandom random;

        const auto minted = mintToken(kAgentTokenPrefix, random);

        const auto text = QString::fromUtf8(minted.text.text().data(), static_cast<int>(minted.text.size()));
        QVERIFY(QRegularExpression(QStringLiteral("^gh_a_[A-Za-z0-9_-]{43}$")).match(text).hasMatch());
        QCOMPARE(minted.tail, text.right(4).toStdString());
        QVERIFY(minted.hash == sha256({ minted.text.text() }));
    }

    void mint_manyTokens_neverRepeat()
    {
        FixedRandom random;
        std::set<std::string> seen;

        for (int i = 0; i < 200; ++i)
            seen.emplace(mintToken(kOwnerTokenPrefix, random).text.text());

        QCOMPARE(seen.size(), std::size_t{ 200 });
    }

    void clientOf_itsToken_isTheClient()
    {
        const TokenBench bench;

        const Client *client = clientOf(bench.directory, bench.minted.token.text(), kStart);

        QVERIFY(client);
        QVERIFY(client->id == bench.minted.client.id);
    }

    void clientOf_strangeToken_isNull_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("prefix") << QByteArray("gh_a_");
        QTest::newRow("unknown") << QByteArray("gh_a_") + QByteArray(43, 'A');
        QTest::newRow("too long") << QByteArray("gh_a_") + QByteArray(44, 'A');
        QTest::newRow("bad digit") << QByteArray("gh_a_") + QByteArray(42, 'A') + '=';
        QTest::newRow("huge") << QByteArray(1 << 20, 'A');
    }
    void clientOf_strangeToken_isNull()
    {
        QFETCH(QByteArray, token);
        const TokenBench bench;
        const std::string_view text(token.constData(), static_cast<std::size_t>(token.size()));

        QVERIFY(!clientOf(bench.directory, text, kStart));
        QVERIFY(!ownerTokenOf(bench.directory, text, kStart));
    }

    void tokens_ofTheOtherKind_openNothing()
    {
        const TokenBench bench;

        QVERIFY(!clientOf(bench.directory, bench.owner.token.text(), kStart));
        QVERIFY(!ownerTokenOf(bench.directory, bench.minted.token.text(), kStart));
    }

    void clientOf_sevenDaysIdle_isNull()
    {
        const TokenBench bench;

        QVERIFY(clientOf(bench.directory, bench.minted.token.text(), after(kAgentTokenIdle) - 1));
        QVERIFY(!clientOf(bench.directory, bench.minted.token.text(), after(kAgentTokenIdle)));
    }

    void clientOf_thirtyDays_isNullEvenIfUsed()
    {
        TokenBench bench;
        bench.minted.client.lastUsedAt = after(kAgentTokenLifetime) - 10;
        bench.put();

        QVERIFY(clientOf(bench.directory, bench.minted.token.text(), after(kAgentTokenLifetime) - 1));
        QVERIFY(!clientOf(bench.directory, bench.minted.token.text(), after(kAgentTokenLifetime)));
    }

    void tokens_revoked_openNothing()
    {
        TokenBench bench;
        bench.minted.client.revokedAt = kStart;
        bench.owner.record.revokedAt = kStart;
        bench.put(); // even with a stale index

        QVERIFY(!clientOf(bench.directory, bench.minted.token.text(), kStart));
        QVERIFY(!ownerTokenOf(bench.directory, bench.owner.token.text(), kStart));
    }

    void ownerToken_twelveHours_isTheEnd()
    {
        const TokenBench bench;

        QVERIFY(ownerTokenOf(bench.directory, bench.owner.token.text(), after(12h) - 1));
        QVERIFY(!ownerTokenOf(bench.directory, bench.owner.token.text(), after(12h)));
    }
};

QTEST_APPLESS_MAIN(TokenTest)
#include "tst_token.moc"
