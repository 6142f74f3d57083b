// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/digest.h"
#include "gateway_core/secrets/sealed_file.h"
#include "gateway_core/secrets/sealed_file_store.h"
#include "tests/support/fixed_random.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kCheap = 4; // log2 of N
const std::string kPassphrase = "correct horse";

struct SealedBench
{
    QTemporaryDir folder;
    FixedRandom random;
    std::string path = folder.path().toStdString() + "/secrets";
    std::unique_ptr<SealedFileStore> store = storeWith(kPassphrase);

    std::unique_ptr<SealedFileStore> storeWith(const std::string &passphrase)
    {
        return std::make_unique<SealedFileStore>(path, Secret(passphrase), random, nullptr, kCheap);
    }
    static Result<Secret> read(SealedFileStore &from, const std::string &name)
    {
        std::optional<Result<Secret>> answer;
        from.read(name, [&](Result<Secret> outcome) { answer.emplace(std::move(outcome)); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return failure(ErrorCode::Internal, "never answered");
        return std::move(*answer);
    }
    static Result<> write(SealedFileStore &to, const std::string &name, std::string_view value)
    {
        std::optional<Result<>> answer;
        to.write(name, Secret(value), [&](Result<> outcome) { answer = std::move(outcome); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return failure(ErrorCode::Internal, "never answered");
        return *answer;
    }
    static Result<> remove(SealedFileStore &from, const std::string &name)
    {
        std::optional<Result<>> answer;
        from.remove(name, [&](Result<> outcome) { answer = std::move(outcome); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return failure(ErrorCode::Internal, "never answered");
        return *answer;
    }
    [[nodiscard]] QByteArray bytes() const
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QByteArray &bytes) const
    {
        QFile file(QString::fromStdString(path));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
            qFatal("cannot write the file");
    }
    /// With a sum that fits again, as somebody would who tampers on purpose.
    void putTampered(QByteArray bytes) const
    {
        const std::string_view text(bytes.constData(), static_cast<std::size_t>(bytes.size() - 32));
        const Digest sum = sha256({ text });
        bytes.replace(bytes.size() - 32, 32, reinterpret_cast<const char *>(sum.data()), 32);
        put(bytes);
    }
};

std::string textOf(const Result<Secret> &secret)
{
    return secret ? std::string(secret->text()) : std::string(nameOf(secret.error().code));
}

} // namespace

class SealedFileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void write_anyBytes_comeBackFromAnotherProgram()
    {
        SealedBench bench;
        const std::string value("a\0b\xff\n", 5);

        QVERIFY(bench.write(*bench.store, "profile/1/key", value));
        QVERIFY(bench.write(*bench.store, "empty", ""));

        const auto other = bench.storeWith(kPassphrase);
        QCOMPARE(textOf(bench.read(*other, "profile/1/key")), value);
        QVERIFY(bench.read(*other, "empty")->isEmpty());
        QCOMPARE(textOf(bench.read(*other, "absent")), std::string("secret_not_found"));
    }

    void read_noFile_isNotFoundAndMakesNone()
    {
        SealedBench bench;

        QCOMPARE(textOf(bench.read(*bench.store, "x")), std::string("secret_not_found"));
        QVERIFY(bench.remove(*bench.store, "x"));

        QVERIFY(!QFile::exists(QString::fromStdString(bench.path)));
    }

    void file_onDisk_isOurs0600AndShowsNothing()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "name-that-is-hidden", "value-that-is-hidden"));

        struct stat seen
        {
        };
        QCOMPARE(::stat(bench.path.c_str(), &seen), 0);
        QCOMPARE(seen.st_mode & 07777, mode_t{ 0600 });
        QVERIFY(!bench.bytes().contains("hidden"));
    }

    void write_same_isAnotherFileEachTime()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "b"));
        const QByteArray first = bench.bytes();
        QVERIFY(bench.write(*bench.store, "a", "b"));

        QVERIFY(first != bench.bytes()); // a nonce is never used twice
        QCOMPARE(first.left(41), bench.bytes().left(41)); // magic, version, salt, check
    }

    void remove_entry_isGone()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        QVERIFY(bench.write(*bench.store, "b", "2"));

        QVERIFY(bench.remove(*bench.store, "a"));

        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secret_not_found"));
        QCOMPARE(textOf(bench.read(*bench.store, "b")), std::string("2"));
    }

    void twoPrograms_writingAtOnce_loseNothing()
    {
        SealedBench bench;
        const auto other = bench.storeWith(kPassphrase);
        int done = 0;
        for (int i = 0; i < 20; ++i) {
            for (SealedFileStore *store : { bench.store.get(), other.get() }) {
                const std::string name = (store == other.get() ? "other" : "one") + std::to_string(i);
                store->write(name, Secret(name),
                             [&](const Result<> &outcome) { done += outcome.has_value(); });
            }
        }

        QTRY_COMPARE_WITH_TIMEOUT(done, 40, 20'000);

        for (int i = 0; i < 20; ++i) {
            QCOMPARE(textOf(bench.read(*bench.store, "other" + std::to_string(i))),
                     "other" + std::to_string(i));
            QCOMPARE(textOf(bench.read(*other, "one" + std::to_string(i))), "one" + std::to_string(i));
        }
    }

    void crash_leftovers_areNoObstacle()
    {
        SealedBench bench;
        QFile half(QString::fromStdString(bench.path + ".new"));
        QVERIFY(half.open(QIODevice::WriteOnly));
        half.write("half");
        half.close();

        QVERIFY(bench.write(*bench.store, "a", "1"));

        QVERIFY(!half.exists());
        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("1"));
    }

    // Tests of the error paths.

    void wrongPassphrase_isRefusedAndHarmsNothing()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        const QByteArray before = bench.bytes();
        const auto stranger = bench.storeWith("incorrect horse");

        QCOMPARE(textOf(bench.read(*stranger, "a")), std::string("secrets_refused"));
        QCOMPARE(bench.write(*stranger, "a", "2").error().code, ErrorCode::SecretsRefused);
        QCOMPARE(bench.remove(*stranger, "a").error().code, ErrorCode::SecretsRefused);

        QCOMPARE(bench.bytes(), before);
    }

    void shortPassphrase_makesNoFile()
    {
        SealedBench bench;
        for (const char *passphrase : { "", "1234567" }) {
            const auto store = bench.storeWith(passphrase);
            QCOMPARE(bench.write(*store, "a", "1").error().code, ErrorCode::SecretsRefused);
        }

        QVERIFY(!QFile::exists(QString::fromStdString(bench.path)));
    }

    void damage_anyByte_isUnavailable()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        const QByteArray whole = bench.bytes();

        for (qsizetype i = 0; i < whole.size(); ++i) {
            QByteArray damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ 1);
            bench.put(damaged);
            QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secrets_unavailable"));
        }
        QCOMPARE(bench.write(*bench.store, "a", "2").error().code, ErrorCode::SecretsUnavailable);
    }

    void tampering_anyByte_neverOpens()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        const QByteArray whole = bench.bytes();

        for (qsizetype i = 0; i < whole.size() - 32; ++i) {
            QByteArray changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ 0x80);
            bench.putTampered(changed);
            const auto opened = bench.read(*bench.store, "a");
            QVERIFY(!opened);
            const bool inSaltOrCheck = i >= 9 && i < 41;
            QCOMPARE(opened.error().code,
                     inSaltOrCheck ? ErrorCode::SecretsRefused : ErrorCode::SecretsUnavailable);
        }
    }

    void cutShort_anyLength_isUnavailable()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        const QByteArray whole = bench.bytes();

        for (qsizetype size = 0; size < whole.size(); ++size) {
            bench.put(whole.left(size));
            QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secrets_unavailable"));
        }
    }

    void noPlainFile_isUnavailable()
    {
        SealedBench bench;
        const QString path = QString::fromStdString(bench.path);
        QVERIFY(QFile::link(QStringLiteral("/etc/hostname"), path));
        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secrets_unavailable"));
        QVERIFY(QFile::remove(path));
        QCOMPARE(::mkfifo(bench.path.c_str(), 0600), 0);
        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secrets_unavailable"));
        QVERIFY(QFile::remove(path));
        QFile huge(path);
        QVERIFY(huge.open(QIODevice::WriteOnly) && huge.resize(1 << 21));
        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("secrets_unavailable"));
    }

    void noFolder_isUnavailable()
    {
        SealedBench bench;
        bench.path += "/nowhere/secrets";
        const auto store = bench.storeWith(kPassphrase);

        QCOMPARE(bench.write(*store, "a", "1").error().code, ErrorCode::SecretsUnavailable);
    }

    void tooMuch_isUnavailableAndKeepsTheOld()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));

        QCOMPARE(bench.write(*bench.store, "b", std::string(1 << 20, 'x')).error().code,
                 ErrorCode::SecretsUnavailable);

        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("1"));
    }

    void lockHeldByAnother_isUnavailableInTime()
    {
        SealedBench bench;
        QVERIFY(bench.write(*bench.store, "a", "1"));
        const int held = ::open((bench.path + ".lock").c_str(), O_RDWR | O_CLOEXEC);
        QCOMPARE(::flock(held, LOCK_EX), 0);

        const auto outcome = bench.write(*bench.store, "a", "2");

        QCOMPARE(outcome.error().code, ErrorCode::SecretsUnavailable);
        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("1")); // reading needs no lock
        ::close(held);
        QVERIFY(bench.write(*bench.store, "a", "2"));
    }

    void answer_comesOnce_andNeverBeforeTheCallHasReturned()
    {
        SealedBench bench;
        std::vector<Result<>> answers;
        bench.store->write("a", Secret("1"), [&](Result<> outcome) { answers.push_back(outcome); });
        QVERIFY(answers.empty());

        QCOMPARE(textOf(bench.read(*bench.store, "a")), std::string("1"));

        QCOMPARE(answers.size(), std::size_t{ 1 });
    }

    void destruction_withWorkUnderWay_isQuiet()
    {
        SealedBench bench;
        bool answered = false;
        bench.store->write("a", Secret("1"), [&](const Result<> &) { answered = true; });

        bench.store.reset();
        QCoreApplication::sendPostedEvents();

        QVERIFY(!answered);
    }
};

QTEST_GUILESS_MAIN(SealedFileTest)
#include "tst_sealed_file.moc"
