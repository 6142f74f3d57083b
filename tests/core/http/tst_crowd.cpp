// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/crowd.h"

#include <QTest>

#include <memory>

using namespace gatehouse;

namespace {

class Visitor final : public CrowdMember
{
public:
    Visitor(Crowd &crowd, std::int64_t since)
        : m_crowd(crowd)
        , m_since(since)
    {
    }
    [[nodiscard]] std::int64_t idleSince() const override { return m_since; }
    void giveWay() override
    {
        gaveWay = true;
        m_crowd.leave(*this);
    }
    void closeSoon() override { }

    bool gaveWay = false;

private:
    Crowd &m_crowd;
    const std::int64_t m_since;
};

/// Visitors that live as long as the crowd; each came a little later than the one before.
struct Street
{
    explicit Street(HttpLimits given)
        : limits(given)
        , crowd(limits)
    {
    }
    Visitor &visitor(bool idle = true)
    {
        visitors.push_back(
            std::make_unique<Visitor>(crowd, idle ? static_cast<std::int64_t>(visitors.size()) : -1));
        return *visitors.back();
    }
    bool come(std::uint32_t uid, bool idle = true) { return crowd.enter(visitor(idle), uid); }
    Visitor &operator[](std::size_t i) { return *visitors[i]; }

    HttpLimits limits;
    Crowd crowd;
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
        QVERIFY(street.come(7, false) && street.come(7) && street.come(8));

        QVERIFY(street.come(7));

        QVERIFY(!street[0].gaveWay);
        QVERIFY(street[1].gaveWay);
        QVERIFY(!street[2].gaveWay);
        QCOMPARE(street.crowd.strangers(), 3);
    }

    void strangers_ofOneUidAllBusy_theNewcomerIsRefused()
    {
        Street street(smallLimits());
        QVERIFY(street.come(7, false) && street.come(7, false));

        QVERIFY(!street.come(7));
        QVERIFY(street.come(8));
    }

    void strangers_tooManyInAll_theOldestIdleOneGoesWhoeverItIs()
    {
        Street street(smallLimits());
        QVERIFY(street.come(1, false) && street.come(2) && street.come(3) && street.come(4));

        QVERIFY(street.come(5));

        QVERIFY(street[1].gaveWay);
        QCOMPARE(street.crowd.strangers(), 4);
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
        QCOMPARE(street.crowd.strangers(), 1);
        street.crowd.leave(street[0]);
        QVERIFY(street.crowd.rename(street[1], "a", 1));
    }

    void lastPlaces_areForThoseWithAName()
    {
        Street street(smallLimits());
        for (std::uint32_t i = 0; i < 5; ++i) {
            QVERIFY(street.come(i, false));
            QVERIFY(street.crowd.rename(street[i], "owner", 100));
        }
        QVERIFY(street.come(90));

        // Six of eight: a stranger only takes another stranger's place from here on.
        QVERIFY(street.come(91, false));
        QVERIFY(street[5].gaveWay);
        QVERIFY(street.crowd.rename(street[6], "owner", 100));
        QVERIFY(street.come(92, false));
        QVERIFY(street.crowd.rename(street[7], "owner", 100));
        QVERIFY(street.come(93, false));
        QVERIFY(street.crowd.rename(street[8], "owner", 100));

        QCOMPARE(street.crowd.members().size(), 8U);
        QVERIFY(!street.come(94));
    }

    void full_ofNamedOnes_theOldestIdleOneGoes()
    {
        Street street(smallLimits());
        for (std::uint32_t i = 0; i < 8; ++i) {
            QVERIFY(street.come(i, i != 3));
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

        QCOMPARE(street.crowd.strangers(), 0);
        QVERIFY(!street.crowd.rename(street[0], "a", 1));
    }
};

QTEST_APPLESS_MAIN(CrowdTest)
#include "tst_crowd.moc"
