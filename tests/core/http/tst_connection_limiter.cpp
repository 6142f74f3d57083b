// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/connection_limiter.h"

#include <QTest>

#include <memory>
#include <optional>

using namespace gatehouse;

namespace {

using Brought = EvictionRank::Brought;

class Visitor final : public LimitedConnection
{
public:
    Visitor(ConnectionLimiter &crowd, EvictionRank claim)
        : m_crowd(crowd)
        , m_claim(claim)
    {
    }
    [[nodiscard]] EvictionRank claim() const override { return m_claim; }
    void drainInput() override
    {
        ++heard;
        m_claim.brought = unread.value_or(m_claim.brought);
        if (hasClosed)
            m_crowd.leave(*this);
    }
    void leaveIfClosed() override
    {
        if (hasClosed)
            m_crowd.leave(*this);
    }
    void evict() override
    {
        gaveWay = true;
        m_crowd.leave(*this);
    }
    void closeSoon() override { ended = true; }

    std::optional<Brought> unread; ///< what its socket holds
    bool hasClosed = false;
    int heard = 0;
    bool gaveWay = false;
    bool ended = false;

private:
    ConnectionLimiter &m_crowd;
    EvictionRank m_claim;
};

/// Visitors that live as long as the crowd; each came a little later than the one before.
struct Street
{
    explicit Street(HttpLimits given)
        : limits(given)
        , crowd(limits)
    {
    }
    bool come(std::uint32_t uid, Brought brought = Brought::Nothing, Door door = Door::Tcp)
    {
        const EvictionRank claim{ brought, static_cast<std::int64_t>(visitors.size()) };
        visitors.push_back(std::make_unique<Visitor>(crowd, claim));
        return crowd.enter(*visitors.back(), door, uid);
    }
    Visitor &operator[](std::size_t i) { return *visitors[i]; }

    HttpLimits limits;
    ConnectionLimiter crowd;
    std::vector<std::unique_ptr<Visitor>> visitors;
};

HttpLimits smallLimits()
{
    HttpLimits limits;
    limits.connections = 8;
    limits.unauthenticated = 4;
    limits.unauthenticatedPerUid = 2;
    limits.keptFreeForAuthenticated = 2;
    return limits;
}

} // namespace

class CrowdTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strangers_tooManyOfOneUid_theOldestIdleOneGoes()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, Brought::Request) && street.come(7) && street.come(8));

        QVERIFY(street.come(7));

        QVERIFY(!street[0].gaveWay);
        QVERIFY(street[1].gaveWay);
        QVERIFY(!street[2].gaveWay);
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 3);
    }

    void strangers_ofOneUidAllBusy_theNewcomerIsRefused()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, Brought::Request) && street.come(7, Brought::Request));

        QVERIFY(!street.come(7));
        QVERIFY(street.come(8));
    }

    void strangers_tooManyInAll_theOldestIdleOneGoesWhoeverItIs()
    {
        Street street(smallLimits());
        QVERIFY(street.come(1, Brought::Request) && street.come(2) && street.come(3) && street.come(4));

        QVERIFY(street.come(5));

        QVERIFY(street[1].gaveWay);
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 4);
    }

    void strangers_atOneDoor_takeNobodysPlaceAtTheOther()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, Brought::Nothing, Door::Unix));

        for (std::uint32_t i = 0; i < 100; ++i)
            QVERIFY(street.come(i % 3 + 6));

        QVERIFY(!street[0].gaveWay);
        QCOMPARE(street.crowd.unauthenticated(Door::Unix), 1);
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 4);
        QVERIFY(street.come(7, Brought::Nothing, Door::Unix) && street.come(7, Brought::Nothing, Door::Unix));
        QVERIFY(street[0].gaveWay); // its own door's bound still holds
    }

    void stranger_withARequestUnread_isHeardInsteadOfSentAway()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        street[0].unread = Brought::Request;

        QVERIFY(street.come(7));

        QVERIFY(!street[0].gaveWay);
        QVERIFY(street[1].gaveWay);
        street[2].unread = Brought::Request;
        QVERIFY(!street.come(7)); // all are being served now
        QVERIFY(!street[2].gaveWay);
    }

    void strangers_whoHaveBroughtLess_goFirst()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, Brought::Head) && street.come(7));

        QVERIFY(street.come(7, Brought::Head));
        QVERIFY(street[1].gaveWay && !street[0].gaveWay);

        QVERIFY(street.come(7));
        QVERIFY(street[0].gaveWay && !street[2].gaveWay);
    }

    void stranger_whoTrickles_isHeardOnceForEachNewcomer()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        street[0].unread = Brought::Nothing; // one more byte of a head

        QVERIFY(street.come(7));

        QCOMPARE(street[0].heard, 1);
        QVERIFY(street[0].gaveWay);
    }

    void stranger_whoHasClosed_makesItsPlaceFree()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        street[0].hasClosed = true;

        QVERIFY(street.come(7));

        QVERIFY(!street[0].gaveWay && !street[1].gaveWay);
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 2);
    }

    void named_onesDoNotCountAsStrangers()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        QVERIFY(street.crowd.rename(street[0], "a", 2));
        QVERIFY(street.crowd.rename(street[1], "a", 2));

        QVERIFY(street.come(7) && street.come(7));

        QVERIFY(!street[0].gaveWay && !street[1].gaveWay);
        QCOMPARE(street.crowd.named("a").size(), 2U);
    }

    void named_moreThanAllowed_isRefusedAndStaysAStranger()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        QVERIFY(street.crowd.rename(street[0], "a", 1));

        QVERIFY(!street.crowd.rename(street[1], "a", 1));
        QVERIFY(street.crowd.rename(street[0], "a", 1));
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 1);
        street.crowd.leave(street[0]);
        QVERIFY(street.crowd.rename(street[1], "a", 1));
    }

    /// One request after the other, each over a connection of its own.
    void named_whoseClientIsGone_takesNobodysPlace()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7) && street.come(7));
        QVERIFY(street.crowd.rename(street[0], "a", 1));
        street[0].hasClosed = true;

        QVERIFY(street.crowd.rename(street[1], "a", 1));
        QCOMPARE(street.crowd.named("a").size(), 1U);
    }

    void named_moreThanAllowed_theStreamThatListensForLongestGivesWayToWork()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, Brought::Request) && street.come(7, Brought::Stream));
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(street.crowd.rename(street[i], "a", 3));
        QVERIFY(street.come(7, Brought::Stream));
        QVERIFY(street.crowd.rename(street[2], "a", 3));
        QVERIFY(street.come(7, Brought::Request));

        QVERIFY(!street.crowd.rename(street[3], "a", 3,
                                     ConnectionUse::Listening)); // streams take no place from each other
        QVERIFY(street.crowd.rename(street[3], "a", 3));

        QVERIFY(street[1].ended && !street[0].ended && !street[2].ended);
        QCOMPARE(street.crowd.named("a").size(), 3U);
        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 1); // the one that ends, until it is gone
    }

    void lastPlaces_areForThoseWithAName()
    {
        Street street(smallLimits());
        for (std::uint32_t i = 0; i < 5; ++i) {
            QVERIFY(street.come(i, Brought::Request));
            QVERIFY(street.crowd.rename(street[i], "owner", 100));
        }
        QVERIFY(street.come(90));

        // Six of eight: a stranger only takes another stranger's place from here on.
        QVERIFY(street.come(91, Brought::Request));
        QVERIFY(street[5].gaveWay);
        QVERIFY(street.crowd.rename(street[6], "owner", 100));
        QVERIFY(street.come(92, Brought::Request));
        QVERIFY(street.crowd.rename(street[7], "owner", 100));
        QVERIFY(street.come(93, Brought::Request));
        QVERIFY(street.crowd.rename(street[8], "owner", 100));

        QCOMPARE(street.crowd.members().size(), 8U);
        QVERIFY(!street.come(94));
    }

    void full_ofNamedOnes_theOldestIdleOneGoes()
    {
        Street street(smallLimits());
        for (std::uint32_t i = 0; i < 8; ++i) {
            QVERIFY(street.come(i, i == 3 ? Brought::Request : Brought::Nothing));
            QVERIFY(street.crowd.rename(street[i], "owner", 100));
        }

        QVERIFY(street.come(9));

        QVERIFY(street[0].gaveWay);
        QCOMPARE(street.crowd.members().size(), 8U);
    }

    void leaving_twice_countsOnce()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7));
        street.crowd.leave(street[0]);
        street.crowd.leave(street[0]);

        QCOMPARE(street.crowd.unauthenticated(Door::Tcp), 0);
        QVERIFY(!street.crowd.rename(street[0], "a", 1));
    }
};

QTEST_APPLESS_MAIN(CrowdTest)
#include "tst_connection_limiter.moc"
