// SPDX-License-Identifier: GPL-3.0-or-later
// Attacks on rows in memory. tst_attacks does them to a real database.
#include "gateway_core/audit/verify.h"

#include "gateway_core/audit/event.h"
#include "gateway_core/base/json.h"
#include "gateway_core/storage/journal_hash.h"
#include "tests/support/fixed_random.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr ProfileId kProfile{ 1 };

struct Chain
{
    std::vector<JournalRow> rows;
    FixedRandom random;
    SigningKey key = SigningKey::make(random);
    std::vector<Checkpoint> stored;

    explicit Chain(int count)
    {
        for (int i = 1; i <= count; ++i) {
            Event event;
            event.kind = EventKind::ModeChanged;
            event.via = "window";
            event.more = { { "n", i } };
            rows.push_back(toRow(event, 1000 + i));
        }
        rehash(0);
    }
    /// What an attacker with the database key does after a change: the chain fits itself again.
    void rehash(std::size_t from)
    {
        for (std::size_t i = from; i < rows.size(); ++i) {
            rows[i].seq = static_cast<std::int64_t>(i) + 1;
            rows[i].prev = i > 0 ? rows[i - 1].hash : Digest{};
            rows[i].hash = journalHash(kProfile, rows[i]);
        }
    }
    Checkpoint signAt(std::int64_t seq)
    {
        Checkpoint checkpoint{ seq, rows[static_cast<std::size_t>(seq) - 1].hash, 5000 + seq, "boot", 9, {} };
        checkpoint.signature = key.sign(signedText(kProfile, checkpoint));
        return checkpoint;
    }
    void edit(std::size_t index)
    {
        auto &body = rows[index].body;
        body.replace(body.find("window"), 6, "wind0w");
    }
    VerificationReport verdict(std::optional<Checkpoint> kept = {}) const
    {
        Verifier verifier({ kProfile, key.publicKey(), stored, std::move(kept), false });
        for (const auto &row : rows)
            if (!verifier.take(row))
                break;
        return verifier.finish();
    }
};

} // namespace

class VerifyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soundChain_saysWhatItVouchesForAndWhatNot()
    {
        Chain chain(20);
        chain.stored = { chain.signAt(5), chain.signAt(12) };

        const auto verdict = chain.verdict(chain.signAt(5));

        QVERIFY(verdict.isSound());
        QCOMPARE(verdict.rows, 20);
        QCOMPARE(verdict.vouchedTo, 12);
        QCOMPARE(verdict.vouchedAt, 5012);
        QCOMPARE(verdict.keptTo, 5);
        QCOMPARE(verdict.unsignedFrom, 13);
        QCOMPARE(verdict.unsignedTo, 20);
    }

    void noCheckpoint_vouchesForNothing()
    {
        const auto verdict = Chain(3).verdict();

        QVERIFY(verdict.isSound());
        QCOMPARE(verdict.vouchedTo, 0);
        QCOMPARE(verdict.unsignedFrom, 1);
        QCOMPARE(verdict.unsignedTo, 3);
    }

    void emptyJournal_isSound() { QVERIFY(Chain(0).verdict().isSound()); }

    void editedBody_isNamed()
    {
        Chain chain(20);
        chain.edit(6);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Edited);
        QCOMPARE(verdict.badRow, 7);
    }

    void editedColumn_isNamed_data()
    {
        QTest::addColumn<int>("column");
        QTest::newRow("at") << 0;
        QTest::newRow("kind") << 1;
        QTest::newRow("call") << 2;
    }
    void editedColumn_isNamed()
    {
        QFETCH(int, column);
        Chain chain(20);
        if (column == 0)
            chain.rows[6].at += 1;
        else if (column == 1)
            chain.rows[6].kind = "call_intent";
        else
            chain.rows[6].callId = "another";

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Edited);
        QCOMPARE(verdict.badRow, 7);
    }

    void editedRowWithANewHash_isNamedByItsFollower()
    {
        Chain chain(20);
        chain.edit(6);
        chain.rows[6].hash = journalHash(kProfile, chain.rows[6]);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Edited);
        QCOMPARE(verdict.badRow, 7);
    }

    void editedRowAndChainHashedAgain_isRewritten_fromTheLastGoodCheckpoint()
    {
        Chain chain(20);
        chain.stored = { chain.signAt(5), chain.signAt(12), chain.signAt(18) };
        chain.edit(6);
        chain.rehash(6);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Rewritten);
        QCOMPARE(verdict.badRow, 6);
        QCOMPARE(verdict.vouchedTo, 5);
    }

    void changeBehindTheLastCheckpoint_isInTheWindowThatIsSaid()
    {
        Chain chain(20);
        chain.stored = { chain.signAt(12) };
        chain.edit(15);
        chain.rehash(15);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.isSound());
        QVERIFY(verdict.unsignedFrom <= 16 && verdict.unsignedTo >= 16);
    }

    void rowTakenFromTheMiddle_isMissing()
    {
        Chain chain(20);
        chain.rows.erase(chain.rows.begin() + 9, chain.rows.begin() + 12);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Missing);
        QCOMPARE(verdict.badRow, 10);
        QCOMPARE(verdict.detail, std::string("rows 10 to 12"));
    }

    void rowTakenAndTheRestRenumbered_isMoved()
    {
        Chain chain(20);
        chain.rows.erase(chain.rows.begin() + 9);
        for (std::size_t i = 9; i < chain.rows.size(); ++i)
            chain.rows[i].seq = static_cast<std::int64_t>(i) + 1;

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Moved);
        QCOMPARE(verdict.badRow, 10);
        QCOMPARE(verdict.detail, std::string("row 11 stands in the place of row 10"));
    }

    void twoRowsExchanged_areMoved()
    {
        Chain chain(20);
        std::swap(chain.rows[4], chain.rows[8]);
        std::swap(chain.rows[4].seq, chain.rows[8].seq);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::Moved);
        QCOMPARE(verdict.badRow, 5);
    }

    void cutTail_isToldByTheCheckpointsOfTheDatabase()
    {
        Chain chain(20);
        chain.stored = { chain.signAt(12), chain.signAt(18) };
        const auto kept = chain.signAt(18);
        chain.rows.resize(15);

        const auto verdict = chain.verdict(kept);

        QVERIFY(verdict.finding == JournalState::TailCut);
        QCOMPARE(verdict.badRow, 16);
    }

    void olderCopy_isToldByTheKeychain()
    {
        Chain chain(20);
        const auto kept = chain.signAt(18);
        chain.stored = { chain.signAt(12) };
        chain.rows.resize(15);

        const auto verdict = chain.verdict(kept);

        QVERIFY(verdict.finding == JournalState::RolledBack);
        QCOMPARE(verdict.badRow, 16);
        QCOMPARE(verdict.vouchedTo, 12);
    }

    void olderCopyThatWentOn_isToldByTheKeychain()
    {
        Chain chain(20);
        const auto kept = chain.signAt(18);
        chain.stored = { chain.signAt(12) };
        chain.edit(15);
        chain.rehash(15);

        const auto verdict = chain.verdict(kept);

        QVERIFY(verdict.finding == JournalState::RolledBack);
        QCOMPARE(verdict.badRow, 13);
    }

    void everythingGone_isToldByTheKeychain()
    {
        Chain chain(20);
        const auto kept = chain.signAt(18);
        chain.rows.clear();

        QVERIFY(chain.verdict(kept).finding == JournalState::RolledBack);
    }

    void beginningGone_withoutARecord_isHeadCut()
    {
        Chain chain(20);
        chain.rows.erase(chain.rows.begin(), chain.rows.begin() + 5);

        const auto verdict = chain.verdict();

        QVERIFY(verdict.finding == JournalState::HeadCut);
        QCOMPARE(verdict.badRow, 1);
    }

    void beginningCutOnRecord_isSound_butNotWithAForgedCheckpoint()
    {
        for (const bool forged : { false, true }) {
            Chain chain(20);
            auto cut = chain.signAt(5);
            if (forged)
                cut.signature[3] = static_cast<char>(cut.signature[3] ^ 1);
            Event event;
            event.kind = EventKind::JournalCut;
            event.via = "gateway";
            event.more = { { "checkpoint", toJson(cut) } };
            chain.rows.push_back(toRow(event, 3000));
            chain.rehash(20);
            chain.rows.erase(chain.rows.begin(), chain.rows.begin() + 5);

            QVERIFY(chain.verdict().finding == (forged ? JournalState::HeadCut : JournalState::Sound));
        }
    }

    void checkpointOfAnotherKey_isNamed()
    {
        Chain chain(20);
        chain.stored = { chain.signAt(12) };
        chain.stored[0].signature
            = SigningKey::make(chain.random).sign(signedText(kProfile, chain.stored[0]));

        QVERIFY(chain.verdict().finding == JournalState::BadCheckpoint);
        QCOMPARE(chain.verdict().badRow, 12);
    }

    void checkpointOfAnotherProfile_isNotTaken()
    {
        Chain chain(3);
        auto checkpoint = chain.signAt(2);

        QVERIFY(isGenuine(kProfile, checkpoint, chain.key.publicKey()));
        QVERIFY(!isGenuine(ProfileId{ 2 }, checkpoint, chain.key.publicKey()));
        checkpoint.seq = 3;
        QVERIFY(!isGenuine(kProfile, checkpoint, chain.key.publicKey()));
    }

    void checkpointJson_goesBothWays_andRefusesTheRest()
    {
        Chain chain(3);
        const auto checkpoint = chain.signAt(2);
        const auto again = checkpointFrom(toJson(checkpoint));

        QVERIFY(again && isGenuine(kProfile, *again, chain.key.publicKey()));
        for (const char *text :
             { "{}", "[]", "null",
               R"({"at":1,"boot":"b","head":"zz","seq":1,"since_boot":1,"signature":""})" })
            QVERIFY(!checkpointFrom(*parseJson(text)));
    }

    void signature_isEd25519OfRfc8032()
    {
        // RFC 8032, section 7.1, test 2
        const auto seed = unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", 32);
        const auto key = SigningKey::fromSecret(Secret(*seed));
        QVERIFY(key);
        const std::string signature = key->sign("\x72");

        QCOMPARE(hex(key->publicKey()),
                 std::string("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        QCOMPARE(signature,
                 *unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                        64));
        QVERIFY(isSignedBy(key->publicKey(), "\x72", signature));
        QVERIFY(!isSignedBy(key->publicKey(), "\x73", signature));
        QVERIFY(!isSignedBy(key->publicKey(), "\x72", signature.substr(1)));
        QVERIFY(!SigningKey::fromSecret(Secret(std::string_view("short"))));
    }
};

QTEST_APPLESS_MAIN(VerifyTest)
#include "tst_verify.moc"
