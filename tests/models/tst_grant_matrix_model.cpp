// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "tests/support/plain_text.h"
#include "ui/models/grant_matrix_model.h"
#include "ui/models/display_names.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

class GrantMatrixModelTest : public QObject
{
    Q_OBJECT

private:
    struct Bench
    {
        FixturePort port;
        PinFlow pins{ port };
        GrantMatrixModel model{ port, pins };
        QAbstractItemModelTester tester{ &model, QAbstractItemModelTester::FailureReportingMode::QtTest };
        QSignalSpy saved{ &model, &GrantMatrixModel::saved };
        QSignalSpy failed{ &model, &GrantMatrixModel::failed };
        Bench() { model.setAgent(QStringLiteral("scribe")); }
        [[nodiscard]] QModelIndex cell(const QString &project, const QString &scope) const
        {
            const int column = static_cast<int>(allScopes().indexOf(scope)) + 1;
            for (int row = 0; row < model.rowCount(); ++row) {
                if (model.index(row, 0).data().toString().contains(project))
                    return model.index(row, column);
            }
            return {};
        }
        bool set(const QString &project, const QString &scope, const QString &answer)
        {
            return model.setData(cell(project, scope), answer, Qt::EditRole);
        }
    };
    static constexpr auto kMove = "issues:move";

private slots:
    void shows_whatWasGranted()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        QCOMPARE(bench.cell(QStringLiteral("Engine"), QStringLiteral("issues:move"))
                     .data(GrantMatrixModel::AnswerRole),
                 QStringLiteral("ask_with_pin"));
        QCOMPARE(bench.cell(QStringLiteral("Website"), QStringLiteral("issues:move"))
                     .data(GrantMatrixModel::AnswerRole),
                 QStringLiteral("off"));
        QVERIFY(!bench.model.isDirty());
    }
    void change_isNotSentBeforeSave()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        QVERIFY(bench.set(QStringLiteral("Website"), QStringLiteral("issues:create"), QStringLiteral("ask")));
        QVERIFY(bench.model.isDirty());
        QVERIFY(bench.cell(QStringLiteral("Website"), QStringLiteral("issues:create"))
                    .data(GrantMatrixModel::ChangedRole)
                    .toBool());
        QCOMPARE(bench.port.callsTo(QStringLiteral("putGrants")), 0);

        bench.model.save();

        QTRY_COMPARE(bench.saved.size(), 1);
        QVERIFY(bench.port.called(QStringLiteral("putGrants WEB:issues:create=ask")));
        QVERIFY(!bench.model.isDirty());
    }
    void nonsense_isNotTaken()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        QVERIFY(
            !bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("always")));
        QVERIFY(!bench.model.setData(bench.model.index(0, 0), QStringLiteral("allow"), Qt::EditRole));
        QVERIFY(!bench.model.isDirty());
    }
    void discard_bringsBackWhatIsStored()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("allow"));
        bench.model.addProject(
            { QStringLiteral("p-ops"), QStringLiteral("OPS"), QStringLiteral("Operations"), {} });
        bench.model.discard();
        QCOMPARE(bench.model.rowCount(), 3);
        QCOMPARE(bench.cell(QStringLiteral("Engine"), QStringLiteral("issues:move"))
                     .data(GrantMatrixModel::AnswerRole),
                 QStringLiteral("ask_with_pin"));
    }
    void failedSave_keepsWhatWasEntered()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.port.faults[QStringLiteral("putGrants")] = FixturePort::error(ErrorCode::StorageFull);
        bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("allow"));
        bench.model.save();
        QTRY_COMPARE(bench.failed.size(), 1);
        QVERIFY(bench.failed[0][0].toString().contains(QStringLiteral("disk")));
        QCOMPARE(bench.model.changes().size(), 1);
    }
    void changeFromElsewhere_keepsWhatIsNotSaved()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("allow"));
        bench.port.grantList.removeIf([](const GrantSummary &grant) { return grant.projectId == u"p-web"; });
        emit bench.port.directoryChanged();
        QTRY_COMPARE(bench.model.rowCount(), 2);
        QCOMPARE(bench.cell(QStringLiteral("Engine"), QStringLiteral("issues:move"))
                     .data(GrantMatrixModel::AnswerRole),
                 QStringLiteral("allow"));
        QCOMPARE(bench.model.changes().size(), 1);
    }
    void underAGrantOnEveryProject_offIsKept_andCanBeTakenBack()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        const QString create = QStringLiteral("issues:create");
        bench.port.grantList.append(
            { QStringLiteral("scribe"), QStringLiteral("*"), {}, {}, create, QStringLiteral("allow"), {} });
        bench.port.grantList.removeIf(
            [&](const GrantSummary &one) { return one.projectId == u"p-web" && one.scope == create; });
        emit bench.port.directoryChanged();
        QTRY_COMPARE(bench.model.rowCount(), 4);
        const auto answer = [&] {
            return bench.cell(QStringLiteral("Website"), create)
                .data(GrantMatrixModel::AnswerRole)
                .toString();
        };

        // What stands for every project speaks here, and the cell does not say Off.
        QCOMPARE(answer(), QStringLiteral("none"));
        QVERIFY(!bench.model.answersFor(bench.cell(QStringLiteral("All projects"), create))
                     .contains(QStringLiteral("none")));
        QVERIFY(bench.set(QStringLiteral("Website"), create, QStringLiteral("off")));
        bench.model.save();
        QTRY_COMPARE(bench.saved.size(), 1);
        QVERIFY(bench.port.called(QStringLiteral("putGrants WEB:issues:create=off")));
        QTRY_COMPARE(answer(), QStringLiteral("off"));
        QVERIFY(!bench.model.isDirty());

        QVERIFY(bench.set(QStringLiteral("Website"), create, QStringLiteral("none")));
        bench.model.save();
        QTRY_COMPARE(bench.saved.size(), 2);
        QVERIFY(bench.port.called(QStringLiteral("putGrants WEB:issues:create=none")));
        QTRY_COMPARE(answer(), QStringLiteral("none"));
    }
    void aProjectWithoutAName_isShownByItsId()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.port.grantList.append({ QStringLiteral("scribe"),
                                      QStringLiteral("p-nameless"),
                                      {},
                                      {},
                                      QStringLiteral("issues:read"),
                                      QStringLiteral("off"),
                                      {} });
        emit bench.port.directoryChanged();
        QTRY_COMPARE(bench.model.rowCount(), 4);
        QVERIFY(bench.cell(QStringLiteral("p-nameless"), QStringLiteral("issues:read")).isValid());
    }
    void everyProject_widenedOnlyWhereMoreIsAllowed()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("allow"));
        QVERIFY(!bench.model.widensEveryProject());
        const int row = bench.model.addProject({ QStringLiteral("*"), {}, {}, {} });
        QCOMPARE(row, 0);
        QVERIFY(bench.model.isWildcard(0));
        QVERIFY(!bench.model.widensEveryProject());
        bench.model.applyPreset(row, GrantMatrixModel::Preset::Read);
        QVERIFY(bench.model.widensEveryProject());
        bench.model.applyPreset(row, GrantMatrixModel::Preset::Nothing);
        QVERIFY(!bench.model.widensEveryProject());
    }
    void everyProjectLonger_isWideningToo()
    {
        FixturePort port;
        GrantSummary all;
        all.agentId = QStringLiteral("nightly");
        all.projectId = QStringLiteral("*");
        all.scope = QStringLiteral("issues:read");
        all.answer = QStringLiteral("allow");
        all.until = port.now.addDays(1);
        port.grantList = { all };
        PinFlow pins(port);
        GrantMatrixModel model(port, pins);
        model.setAgent(QStringLiteral("nightly"));
        QTRY_COMPARE(model.rowCount(), 1);
        model.setUntil(0, port.now.addSecs(60));
        QVERIFY(!model.widensEveryProject());
        model.setUntil(0, std::nullopt);
        QVERIFY(model.widensEveryProject());
    }
    void preset_readAndAsk_allowsReadsAndAsksForTheRest()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.model.applyPreset(0, GrantMatrixModel::Preset::ReadAndAsk);
        for (int column = 1; column <= allScopes().size(); ++column) {
            const bool reads = allScopes()[column - 1].endsWith(u":read");
            QCOMPARE(bench.model.index(0, column).data(GrantMatrixModel::AnswerRole).toString(),
                     reads ? QStringLiteral("allow") : QStringLiteral("ask"));
        }
    }
    void undoRow_bringsBackWhatStoodBeforeTheChange_thenBeforeTheSave()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        const QString move = QStringLiteral("issues:move");
        const auto answer = [&] {
            return bench.cell(QStringLiteral("Engine"), move).data(GrantMatrixModel::AnswerRole).toString();
        };
        const auto row = [&] { return bench.cell(QStringLiteral("Engine"), move).row(); };
        QVERIFY(!bench.model.canUndoRow(row()));
        bench.set(QStringLiteral("Engine"), move, QStringLiteral("allow"));
        bench.model.undoRow(row());
        QCOMPARE(answer(), QStringLiteral("ask_with_pin"));
        QVERIFY(!bench.model.isDirty());

        bench.set(QStringLiteral("Engine"), move, QStringLiteral("allow"));
        bench.model.save();
        QTRY_COMPARE(bench.saved.size(), 1);
        QTRY_VERIFY(!bench.model.isDirty());
        QVERIFY(bench.model.canUndoRow(row()));
        bench.model.undoRow(row());
        QCOMPARE(answer(), QStringLiteral("ask_with_pin"));
        QCOMPARE(bench.model.changes().size(), 1); // to be saved
        bench.model.save();
        QTRY_COMPARE(bench.saved.size(), 2);
        QTRY_COMPARE(answer(), QStringLiteral("ask_with_pin"));
    }
    void undoRow_ofARowThatLostEveryGrant_isStillThere()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        const QString read = QStringLiteral("issues:read");
        const int row = bench.cell(QStringLiteral("Mobile"), read).row();
        bench.model.applyPreset(row, GrantMatrixModel::Preset::Nothing);
        bench.model.save();
        QTRY_COMPARE(bench.saved.size(), 1);
        QTRY_VERIFY(!bench.model.isDirty());
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("grants")), 3); // read anew
        QTRY_COMPARE(bench.cell(QStringLiteral("Mobile"), read).data(GrantMatrixModel::AnswerRole).toString(),
                     QStringLiteral("off"));
        bench.model.undoRow(bench.cell(QStringLiteral("Mobile"), read).row());
        QCOMPARE(bench.cell(QStringLiteral("Mobile"), read).data(GrantMatrixModel::AnswerRole).toString(),
                 QStringLiteral("allow"));
        QVERIFY(bench.model.changes().first().until);
    }
    void changeMadeWhileASaveRuns_isNotTakenAsSaved()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        bench.set(QStringLiteral("Website"), QStringLiteral("issues:create"), QStringLiteral("ask"));
        bench.model.save();
        bench.set(QStringLiteral("Website"), QStringLiteral("issues:move"), QStringLiteral("ask"));
        QTRY_COMPARE(bench.saved.size(), 1);
        QTRY_COMPARE(bench.model.changes().size(), 1);
        QCOMPARE(bench.model.changes().first().scope, QStringLiteral("issues:move"));
    }
    void preset_ofAScopeOfAnotherArea_saysNothing()
    {
        using Preset = GrantMatrixModel::Preset;
        for (const Preset preset :
             { Preset::Nothing, Preset::Read, Preset::ReadAndAsk, Preset::Everything }) {
            for (const char *scope : { "team:read", "team:write", "codex:run", "processes:read" })
                QVERIFY2(!GrantMatrixModel::presetAnswer(preset, QString::fromLatin1(scope)), scope);
            for (const QString &scope : allScopes())
                QVERIFY(GrantMatrixModel::presetAnswer(preset, scope));
        }
    }
    void aYesForATime_isToldBesideAsk_untilTheAnswerIsChanged()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        const auto move = [&] { return bench.cell(QStringLiteral("Engine"), QStringLiteral("issues:move")); };
        QVERIFY(!move().data().toString().contains(QStringLiteral("until")));
        const QDateTime until = QDateTime::currentDateTime().addSecs(60);
        for (GrantSummary &grant : bench.port.grantList) {
            if (grant.agentId != u"scribe" || grant.projectIdentifier != u"ENG"
                || grant.scope != u"issues:move")
                continue;
            grant.allowedUntil = until;
            grant.allowedCovers = QStringLiteral("issue");
            grant.allowedIssue = QStringLiteral("ENG-42");
        }
        emit bench.port.standingChanged();
        QTRY_VERIFY(plainText(move().data().toString()).contains(QStringLiteral("ENG-42 allowed until ")));
        QVERIFY(move().data().toString().startsWith(QStringLiteral("PIN")));
        QVERIFY(plainText(move().data(Qt::AccessibleTextRole).toString())
                    .contains(QStringLiteral("ENG-42 allowed until ")));
        QVERIFY(bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"), QStringLiteral("allow")));
        QVERIFY(!move().data().toString().contains(QStringLiteral("until")));
        QVERIFY(bench.set(QStringLiteral("Engine"), QStringLiteral("issues:move"),
                          QStringLiteral("ask_with_pin")));
        QVERIFY(move().data().toString().contains(QStringLiteral("until")));
    }
    void until_appliesToAllGrantsOfTheRow()
    {
        Bench bench;
        QTRY_COMPARE(bench.model.rowCount(), 3);
        const QDateTime end = bench.port.now.addDays(7);
        const int row = bench.cell(QStringLiteral("Website"), QStringLiteral("issues:read")).row();
        bench.model.setUntil(row, end);
        QCOMPARE(bench.model.changes().size(), 2);
        for (const GrantSummary &grant : bench.model.changes())
            QCOMPARE(grant.until, std::optional(end));
    }
};

QTEST_GUILESS_MAIN(GrantMatrixModelTest)
#include "tst_grant_matrix_model.moc"
