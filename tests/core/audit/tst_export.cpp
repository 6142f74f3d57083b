// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal_export.h"
#include "gateway_core/audit/retention.h"

#include "tests/core/audit/audit_bench.h"

#include <QSignalSpy>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct ExportBench : AuditBench
{
    QTemporaryDir place;

    ExportBench()
    {
        if (!start())
            qFatal("no checkpoints");
        record(300);
    }
    [[nodiscard]] fs::path folder() const { return fs::path(place.path().toStdString()) / "exports" / "one"; }
    Result<Exported> exportAll(JournalExport::Range range = {})
    {
        return exportTo({ folder(), BundleFolder::Parent::Made }, range);
    }
    Result<Exported> exportTo(const JournalExport::Place &where, JournalExport::Range range = {})
    {
        Result<Exported> outcome = failure(ErrorCode::Internal, "no answer");
        JournalExport::run({ storage, *journal, clock }, ProfileId{ 1 }, *checkpoints->key(), where, range,
                           "ctl", [&outcome](Result<Exported> heard) { outcome = std::move(heard); });
        settle();
        return outcome;
    }
    Result<BundleVerdict> verified() { return verifyBundle(folder(), checkpoints->key()->publicKey()); }
    void change(const char *file, const std::function<void(std::string &)> &act)
    {
        std::ifstream in(folder() / file, std::ios::binary);
        std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        act(text);
        std::ofstream(folder() / file, std::ios::binary | std::ios::trunc) << text;
    }
};

/// Takes so many units and no more, as if the program had been ended then.
class StoppingStorage final : public Storage
{
public:
    StoppingStorage(Storage &inner, int left)
        : m_inner(inner)
        , m_left(left)
    {
    }
    void write(Work work, Done done) override
    {
        if (m_left-- > 0)
            m_inner.write(std::move(work), std::move(done));
    }
    void read(Work work, Done done) override
    {
        if (m_left-- > 0)
            m_inner.read(std::move(work), std::move(done));
    }
    void onCommitted(Committed listener) override { m_inner.onCommitted(std::move(listener)); }

private:
    Storage &m_inner;
    int m_left;
};

/// 900 old rows under three checkpoints, and a young one.
struct PiecesBench : ExportBench
{
    std::function<void(const RetentionProgress &)> look;

    PiecesBench()
    {
        for (int piece = 0; piece < 2; ++piece) {
            clock.advance(61s); // what waits is signed
            settle();
            record(300);
        }
        clock.advance(24h * 91);
        settle();
        record(1);
    }
    [[nodiscard]] fs::path archive() const { return fs::path(place.path().toStdString()) / "archive"; }
    /// One life of retention.
    Result<std::int64_t> run(Storage &on)
    {
        Journal own(on, clock);
        Retention retention({ on, own, clock }, clock, *checkpoints, ProfileId{ 1 }, archive(), nullptr, 100);
        if (look)
            QObject::connect(&retention, &Retention::progressed, &retention,
                             [&] { look(retention.progress()); });
        Result<std::int64_t> outcome = failure(ErrorCode::Internal, "no answer");
        retention.run([&outcome](Result<std::int64_t> heard) { outcome = std::move(heard); });
        settle();
        return outcome;
    }
    /// First and last row of each whole bundle.
    std::vector<std::pair<std::int64_t, std::int64_t>> bundles()
    {
        std::vector<std::pair<std::int64_t, std::int64_t>> found;
        for (const auto &entry : fs::directory_iterator(archive()))
            if (const auto verdict = verifyBundle(entry.path(), checkpoints->key()->publicKey()))
                found.emplace_back(verdict->journal.first, verdict->journal.last);
        std::sort(found.begin(), found.end());
        return found;
    }
    /// Every old row stands in one bundle, and in one alone.
    bool bundlesJoin()
    {
        std::int64_t next = 1;
        for (const auto &[first, last] : bundles()) {
            if (first != next)
                return false;
            next = last + 1;
        }
        return next == 901;
    }
};

void replaceFirst(std::string &text, const std::string &from, const std::string &to, std::size_t after = 0)
{
    text.replace(text.find(from, after), from.size(), to);
}

std::size_t lineStart(const std::string &text, int line)
{
    std::size_t at = 0;
    for (; line > 1; --line)
        at = text.find('\n', at) + 1;
    return at;
}

} // namespace

class ExportTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void export_verifiesOffline_andIsOnRecord()
    {
        ExportBench bench;
        const auto exported = bench.exportAll();
        QVERIFY(exported);
        QCOMPARE(exported->rows, 300);

        const auto verdict = bench.verified();

        QVERIFY(verdict);
        QVERIFY(verdict->journal.isSound());
        QCOMPARE(verdict->journal.first, 1);
        QCOMPARE(verdict->journal.last, 300);
        QCOMPARE(verdict->journal.vouchedTo, 300);
        QCOMPARE(verdict->exportedAt, bench.clock.now());
        QCOMPARE(verdict->installId.size(), std::size_t{ 36 });
        QCOMPARE(bench.storage.kinds().back(), std::string("journal_exported"));
        for (const auto &entry : fs::directory_iterator(bench.folder()))
            QCOMPARE(static_cast<int>(entry.status().permissions() & fs::perms::mask), 0600);
    }

    void export_ofAPart_verifies()
    {
        ExportBench bench;
        QVERIFY(bench.exportAll({ 100, 280 }));

        const auto verdict = bench.verified();

        QVERIFY(verdict && verdict->journal.isSound());
        QCOMPARE(verdict->journal.first, 100);
        QCOMPARE(verdict->journal.rows, 181);
    }

    void export_ofMoreThanOneStep_isWhole()
    {
        ExportBench bench;
        bench.record(2000);
        QVERIFY(bench.exportAll());
        QCOMPARE(bench.verified()->journal.rows, 2300);
    }

    void export_toWhatIsThere_isAConflict_andTouchesNothing()
    {
        ExportBench bench;
        const fs::path home = bench.place.path().toStdString();
        fs::create_directory(home / "folder");
        std::ofstream(home / "file") << "mine";
        fs::create_symlink(home / "nowhere", home / "link");

        for (const char *name : { "folder", "file", "link" }) {
            const auto outcome = bench.exportTo({ home / name });
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().code, ErrorCode::Conflict);
            QCOMPARE(outcome.error().details.at("errors").at(0).at("field"), Json("/folder"));
        }
        QVERIFY(fs::is_empty(home / "folder"));
        QCOMPARE(fs::file_size(home / "file"), 4U);
        QVERIFY(!fs::exists(home / "nowhere"));
        QCOMPARE(std::distance(fs::directory_iterator(home), fs::directory_iterator()), 3);
    }

    void export_underAParentThatIsNotOursAlone_isRefused_andLeavesNothing()
    {
        ExportBench bench;
        const fs::path home = bench.place.path().toStdString();
        fs::create_directory(home / "ours");
        fs::create_directory(home / "shared");
        fs::permissions(home / "shared", fs::perms::all);
        fs::create_directory_symlink(home / "ours", home / "link");
        std::ofstream(home / "file") << "mine";

        for (const fs::path &parent :
             { home / "missing", home / "shared", home / "link", home / "file", fs::path("/proc") }) {
            const auto outcome = bench.exportTo({ parent / "one" });
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().code, ErrorCode::ValidationFailed);
            QVERIFY(!outcome.error().details.at("errors").at(0).at("problem").get<std::string>().empty());
        }
        QVERIFY(!fs::exists(home / "missing"));
        QVERIFY(fs::is_empty(home / "ours") && fs::is_empty(home / "shared"));
    }

    void export_thatFailsOnTheWay_leavesNothing()
    {
        ExportBench bench;
        const fs::path home = bench.place.path().toStdString();
        auto writer = BundleWriter::open(home / "one", BundleFolder::Parent::OursAlone);
        QVERIFY(writer);
        // Until it is closed there is nothing of that name, and somebody else may take it.
        QVERIFY(!fs::exists(home / "one"));
        std::ofstream(home / "one") << "mine";

        const auto closed = writer->close(ProfileId{ 1 }, "install", 1, *bench.checkpoints->key());
        {
            const BundleWriter ended = std::move(*writer);
        }

        QCOMPARE(closed.error().code, ErrorCode::Conflict);
        QCOMPARE(std::distance(fs::directory_iterator(home), fs::directory_iterator()), 1);
        QCOMPARE(fs::file_size(home / "one"), 4U);
    }

    void path_thatNamesNoNewFolder_isRefused_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("relative") << QByteArray("exports/one");
        QTest::newRow("NUL") << QByteArray("/home/ada/one\0/etc", 18);
        QTest::newRow("root") << QByteArray("/");
        QTest::newRow("dot") << QByteArray("/home/ada/.");
        QTest::newRow("dots") << QByteArray("/home/ada/..");
    }
    void path_thatNamesNoNewFolder_isRefused()
    {
        QFETCH(QByteArray, path);

        const auto checked = newFolderPath(path.toStdString());

        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::ValidationFailed);
        QCOMPARE(newFolderPath("/home/ada/one//")->native(), std::string("/home/ada/one"));
    }

    void export_ofNothing_isNotFound()
    {
        ExportBench bench;
        const auto outcome = bench.exportAll({ 5000, 0 });

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::NotFound);
        QVERIFY(!fs::exists(bench.folder()));
    }

    // A bundle in a stranger's hands

    void editedRow_isNamed()
    {
        ExportBench bench;
        QVERIFY(bench.exportAll());
        bench.change(kBundleRows,
                     [](std::string &text) { replaceFirst(text, "window", "wind0w", lineStart(text, 42)); });

        const auto verdict = bench.verified();

        QVERIFY(verdict);
        QVERIFY(verdict->journal.finding == JournalState::Edited);
        QCOMPARE(verdict->journal.badRow, 42);
    }

    void removedRow_isNamed()
    {
        ExportBench bench;
        QVERIFY(bench.exportAll());
        bench.change(kBundleRows, [](std::string &text) {
            const auto begin = lineStart(text, 42);
            text.erase(begin, text.find('\n', begin) + 1 - begin);
        });

        QVERIFY(bench.verified()->journal.finding == JournalState::Missing);
        QCOMPARE(bench.verified()->journal.badRow, 42);
    }

    void cutTail_isNamed()
    {
        ExportBench bench;
        QVERIFY(bench.exportAll());
        bench.change(kBundleRows, [](std::string &text) { text.resize(lineStart(text, 290)); });

        QVERIFY(bench.verified()->journal.finding == JournalState::TailCut);
        QCOMPARE(bench.verified()->journal.badRow, 290);
    }

    void editedManifest_isRefused_soIsAnotherKey()
    {
        ExportBench bench;
        QVERIFY(bench.exportAll());
        QVERIFY(!verifyBundle(bench.folder(), SigningKey::make(bench.random).publicKey()));
        QVERIFY(verifyBundle(bench.folder()));

        bench.change(kBundleManifest,
                     [](std::string &text) { replaceFirst(text, "\"last\":300", "\"last\":299"); });

        const auto verdict = bench.verified();
        QVERIFY(!verdict);
        QCOMPARE(verdict.error().code, ErrorCode::ValidationFailed);
    }

    void editedCheckpoints_orRubbish_areRefused()
    {
        for (const char *file : { kBundleCheckpoints, kBundleManifest, kBundleSignature }) {
            ExportBench bench;
            QVERIFY(bench.exportAll());
            bench.change(file, [](std::string &text) { text = "rubbish\n"; });
            QVERIFY2(!bench.verified(), file);
        }
        ExportBench bench;
        QVERIFY(bench.exportAll());
        fs::remove(bench.folder() / kBundleRows);
        QCOMPARE(bench.verified().error().code, ErrorCode::NotFound);
    }

    // Retention

    void retention_cutsOnlyWhatIsOldExportedAndSigned()
    {
        ExportBench bench;
        const auto archive = fs::path(bench.place.path().toStdString()) / "archive";
        Retention retention({ bench.storage, *bench.journal, bench.clock }, bench.clock, *bench.checkpoints,
                            ProfileId{ 1 }, archive);
        const auto run = [&] {
            Result<std::int64_t> outcome = failure(ErrorCode::Internal, "no answer");
            retention.run([&outcome](Result<std::int64_t> heard) { outcome = std::move(heard); });
            bench.settle();
            return outcome;
        };
        bench.clock.advance(24h * 50);
        bench.settle();
        QCOMPARE(run().value_or(-1), 0);
        bench.record(20);
        bench.clock.advance(24h * 41);
        bench.settle();
        const auto old = bench.stored();
        QVERIFY(old.size() >= 2);

        const auto removed = run();

        QVERIFY(removed);
        QCOMPARE(*removed, 300);
        const auto rows = bench.storage.journal();
        QCOMPARE(rows.front().seq, 301);
        QCOMPARE(rows.back().kind, std::string("journal_cut"));
        QVERIFY(bench.verdict().isSound());
        QVERIFY(fs::exists(archive));
        for (const auto &bundle : fs::directory_iterator(archive))
            QCOMPARE(verifyBundle(bundle.path(), bench.checkpoints->key()->publicKey())->journal.last, 300);
        QCOMPARE(run().value_or(-1), 0);
    }

    void retention_whereTheExportFails_removesNothing()
    {
        ExportBench bench;
        bench.clock.advance(24h * 91);
        bench.settle();
        bench.record(1);
        const auto blocked = fs::path(bench.place.path().toStdString()) / "a-file";
        std::ofstream(blocked) << "in the way";
        Retention retention({ bench.storage, *bench.journal, bench.clock }, bench.clock, *bench.checkpoints,
                            ProfileId{ 1 }, blocked);
        Result<std::int64_t> outcome = 0;

        retention.run([&outcome](Result<std::int64_t> heard) { outcome = std::move(heard); });
        bench.settle();

        QVERIFY(!outcome);
        QCOMPARE(bench.storage.journal().front().seq, 1);
    }

    void retention_runsByItself_onceADay()
    {
        ExportBench bench;
        const auto archive = fs::path(bench.place.path().toStdString()) / "archive";
        Retention retention({ bench.storage, *bench.journal, bench.clock }, bench.clock, *bench.checkpoints,
                            ProfileId{ 1 }, archive);
        retention.start();
        bench.settle();
        QVERIFY(!fs::exists(archive));
        for (int day = 0; day < 91; ++day) {
            bench.clock.advance(24h);
            bench.settle();
        }
        bench.record(1);
        bench.clock.advance(24h);
        bench.settle();

        QCOMPARE(bench.storage.journal().front().seq, 301);
        QVERIFY(fs::exists(archive));
        QVERIFY(bench.verdict().isSound());
    }

    void retention_anotherFolder_isKeptAndOnRecord()
    {
        ExportBench bench;
        const auto place = fs::path(bench.place.path().toStdString());
        const auto make = [&] {
            return std::make_unique<Retention>(
                JournalExport::Dependencies{ bench.storage, *bench.journal, bench.clock }, bench.clock,
                *bench.checkpoints, ProfileId{ 1 }, place / "usual");
        };
        const auto outcome
            = [&](const std::function<void(Storage::Done)> &act) { return bench.outcomeOf(act); };
        auto retention = make();
        const auto moveTo = [&](const fs::path &folder) {
            Event said;
            said.via = "window";
            return outcome([&](auto done) { retention->moveTo(folder, said, std::move(done)); });
        };
        std::ofstream(place / "a-file") << "in the way";

        for (const fs::path &wrong : { fs::path("relative"), place / "a-file", place / "a-file" / "below" })
            QCOMPARE(moveTo(wrong).error().code, ErrorCode::ValidationFailed);
        QVERIFY(retention->folder() == place / "usual");
        QVERIFY(moveTo(place / "disk" / "journal"));

        QVERIFY(retention->folder() == place / "disk" / "journal");
        const Json body = Json::parse(bench.storage.journal().back().body);
        QCOMPARE(body["kind"], "retention_changed");
        QCOMPARE(body["more"]["folder"].get<std::string>(), (place / "disk" / "journal").string());
        QCOMPARE(body["more"]["folder_before"].get<std::string>(), (place / "usual").string());
        retention = make(); // another life
        QVERIFY(outcome([&](auto done) { retention->load(std::move(done)); }));
        QVERIFY(retention->folder() == place / "disk" / "journal");
    }

    void retention_inPieces_givesBundlesThatJoin()
    {
        PiecesBench bench;

        QCOMPARE(bench.run(bench.storage).value_or(-1), 900);

        QCOMPARE(bench.storage.journal().front().seq, 901);
        QVERIFY(bench.bundlesJoin());
        QVERIFY(bench.bundles().size() >= 3);
        QVERIFY(bench.verdict().isSound());
        const auto kinds = bench.storage.kinds();
        QCOMPARE(static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), "journal_cut")),
                 bench.bundles().size());
    }

    // However many of its steps were done when it was ended: the journal is sound, and the next life goes on.
    void retention_endedAtAnyStep_leavesASoundJournal_andIsGoneOnWith()
    {
        int left = 0;
        for (bool ended = false; !ended; left += 5) {
            PiecesBench bench;
            StoppingStorage stopping(bench.storage, left);
            ended = bench.run(stopping).has_value();
            bench.storage.reopen();
            QVERIFY2(bench.verdict().isSound(), qPrintable(QString::number(left)));

            const auto rest = bench.run(bench.storage);

            QVERIFY2(rest.has_value(), qPrintable(QString::number(left)));
            QVERIFY2(bench.verdict().isSound(), qPrintable(QString::number(left)));
            QCOMPARE(bench.storage.journal().front().seq, 901);
            QVERIFY2(bench.bundlesJoin(), qPrintable(QString::number(left))); // none was written twice
        }
        QVERIFY(left > 20);
    }

    void retention_removesWhatAKilledExportLeft_andNotWhatIsBeingWritten()
    {
        PiecesBench bench;
        fs::create_directories(bench.archive());
        auto writing = BundleWriter::open(bench.archive() / "of-another", BundleFolder::Parent::OursAlone);
        QVERIFY(writing);
        fs::create_directory(bench.archive() / ".gatehouse-export-4194305-1");
        std::ofstream(bench.archive() / ".gatehouse-export-4194305-1" / "journal.jsonl") << "half a row";

        QVERIFY(bench.run(bench.storage));

        QVERIFY(!fs::exists(bench.archive() / ".gatehouse-export-4194305-1"));
        QVERIFY(writing->close(ProfileId{ 1 }, "install", 1, *bench.checkpoints->key()));
    }

    void retention_bundleOfThatNameWithOtherRows_isNotTakenForOurs()
    {
        PiecesBench bench;
        QVERIFY(
            bench.exportTo({ bench.archive() / "journal-to-300", BundleFolder::Parent::Made }, { 2, 300 }));

        QVERIFY(bench.run(bench.storage));

        QVERIFY(!bench.bundlesJoin()); // the other one is still there
        QVERIFY(bench.verdict().isSound());
    }

    void retention_saysHowFarItIs()
    {
        PiecesBench bench;
        std::set<std::string> steps;
        std::int64_t most = 0;
        bench.look = [&](const RetentionProgress &progress) {
            steps.insert(std::string(nameOf(progress.step)));
            most = std::max(most, progress.of);
        };

        QVERIFY(bench.run(bench.storage));

        QVERIFY(steps.contains("exporting") && steps.contains("checking") && steps.contains("idle"));
        QCOMPARE(most, 900);
    }

    void verify_whileRetentionCuts_isSound()
    {
        PiecesBench bench;
        const auto points = bench.stored();
        const auto point
            = *std::find_if(points.begin(), points.end(), [](const auto &one) { return one.seq == 600; });
        bool cut = false;
        Result<VerificationReport> verdict = failure(ErrorCode::Internal, "no answer");
        JournalCheck::run(
            bench.storage, bench.secrets, ProfileId{ 1 },
            [&verdict](Result<VerificationReport> heard) { verdict = std::move(heard); },
            [&](std::int64_t) {
                if (std::exchange(cut, true))
                    return;
                Event event;
                event.kind = EventKind::JournalCut;
                event.more = { { "checkpoint", toJson(point) } }; // ahead of where the walk is
                bench.journal->recordWith(
                    event, [point](Stores &stores) { return stores.journal.cutAt(point); }, {});
            });
        bench.settle();

        QVERIFY(verdict);
        QVERIFY2(verdict->isSound(), verdict->detail.c_str());
        QCOMPARE(verdict->first, 601);
    }

    void retention_whileSigningIsHeld_cutsNothingAndBlamesNobody()
    {
        ExportBench bench;
        bench.clock.advance(24h * 91);
        bench.settle();
        bench.record(1);
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.settle();
        bench.build();
        QVERIFY(!bench.start());
        const auto archive = fs::path(bench.place.path().toStdString()) / "archive";
        Retention retention({ bench.storage, *bench.journal, bench.clock }, bench.clock, *bench.checkpoints,
                            ProfileId{ 1 }, archive);
        const QSignalSpy failed(&retention, &Retention::failed);

        retention.start();
        bench.settle();

        QCOMPARE(failed.count(), 0);
        QCOMPARE(bench.storage.journal().front().seq, 1);
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"
