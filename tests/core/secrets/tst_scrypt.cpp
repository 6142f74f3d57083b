// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/digest.h"
#include "gateway_core/secrets/scrypt.h"
#include "gateway_core/secrets/secret_store.h"

#include <QTest>

#include <set>

using namespace gatehouse;

namespace {

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return { reinterpret_cast<const std::uint8_t *>(text.data()), text.size() };
}

} // namespace

class ScryptTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scrypt_rfc7914_thirdVector_isRight()
    {
        const auto key = scrypt(Secret("pleaseletmein"), bytesOf("SodiumChloride"), 64, 14);

        QVERIFY(key);
        QCOMPARE(hex(key->bytes()),
                 std::string("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                             "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"));
    }

    void scrypt_fullCost_isNotRefusedByOpenSsl()
    {
        QVERIFY(scrypt(Secret("pleaseletmein"), bytesOf("SodiumChloride"), 32));
        QCOMPARE(kScryptCost, 17);
    }

    void scrypt_otherSaltOrPassword_isAnotherKey()
    {
        const auto one = scrypt(Secret("123456"), bytesOf("salt"), 32, 4);

        QVERIFY(!one->equals(*scrypt(Secret("123457"), bytesOf("salt"), 32, 4)));
        QVERIFY(!one->equals(*scrypt(Secret("123456"), bytesOf("salu"), 32, 4)));
        QVERIFY(one->equals(*scrypt(Secret("123456"), bytesOf("salt"), 32, 4)));
    }

    void scrypt_absurdCost_isRefusedWithoutTryingIt()
    {
        QCOMPARE(scrypt(Secret("x"), bytesOf("salt"), 32, 0).error().code, ErrorCode::Internal);
        QCOMPARE(scrypt(Secret("x"), bytesOf("salt"), 32, 40).error().code, ErrorCode::Internal);
    }

    void entryNames_allDiffer()
    {
        const std::set<std::string> names{ databaseKeyEntry("1"), databaseKeyEntry("2"),
                                           journalKeyEntry("1"),  checkpointEntry("1"),
                                           signingKeyEntry("1"),  taskerCredentialEntry("1"),
                                           bridgeTokenEntry("1"), bridgeTokenEntry("codex") };

        QCOMPARE(names.size(), std::size_t{ 8 });
    }
};

QTEST_APPLESS_MAIN(ScryptTest)
#include "tst_scrypt.moc"
