// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/mcp/mcp_with_sessions.h"
#include "gateway_core/api/oauth/oauth_form.h"
#include "gateway_core/api/owner/stream_readers.h"
#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/audit/retention.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/calls/call_pipeline_inside.h"
#include "gateway_core/grants/rates.h"
#include "gateway_core/tracker/upstream_budget.h"
#include "gateway_core/http/http_limits.h"
#include "gateway_core/identity/logins.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/identity/step_up.h"
#include "gateway_core/identity/stream_tickets.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/secrets/scrypt.h"
#include "gateway_core/tasker/adapter_search.h"
#include "gateway_core/tasker/tasker_client.h"
#include "ui/models/consent_guard.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <filesystem>
#include <map>

using namespace gatehouse;
namespace fs = std::filesystem;

namespace {

const fs::path kSources = GATEHOUSE_SOURCES;

/// What a constant is worth: milliseconds, bytes or a plain number.
template <typename Rep, typename Period> double worth(std::chrono::duration<Rep, Period> time)
{
    return static_cast<double>(std::chrono::milliseconds(time).count());
}
template <typename Number> double worth(Number number)
{
    return static_cast<double>(number);
}

#define NAMED(constant)                                                                                      \
    {                                                                                                        \
#constant, worth(constant)                                                                           \
    }
const std::map<QByteArray, double> kConstants{
    NAMED(kAddressesTried),
    NAMED(kFailuresInARow),
    NAMED(kCodeLifetime),
    NAMED(kCodeLifetimeMost),
    NAMED(kCodeTries),
    NAMED(kPairingTriesAMinute),
    NAMED(kPairingPause),
    NAMED(kConfirmationLifetime),
    NAMED(kTokenFetchTime),
    NAMED(kLongPoll),
    NAMED(kCodeLetters),
    NAMED(kAgentTokenLifetime),
    NAMED(kAgentTokenIdle),
    NAMED(kOwnerTokenLifetime),
    NAMED(kWrongTokenDelay),
    NAMED(kWrongTokensWaiting),
    NAMED(kStepUpLifetime),
    NAMED(kPinDigitsLeast),
    NAMED(kPinTries),
    NAMED(kPinLock),
    NAMED(kScryptCost),
    NAMED(kTicketLifetime),
    NAMED(kNoteEvery),
    NAMED(kClockJump),
    NAMED(kRegistrationsMost),
    NAMED(kUnusedRegistrationLifetime),
    NAMED(kLoginCodeLifetime),
    NAMED(kAccessTokenLifetime),
    NAMED(kFamilyLifetime),
    NAMED(kLoginTokensMost),
    NAMED(kSiblingTime),
    NAMED(kSilentDenial),
    NAMED(kCeremoniesPerMinute),
    NAMED(kHoldTime),
    NAMED(kProgressEvery),
    NAMED(kQuestionTime),
    NAMED(kOnceReach),
    NAMED(kHeldPerClient),
    NAMED(kHeldInAll),
    NAMED(kUnansweredBeforeCoolDown),
    NAMED(kCoolDown),
    NAMED(kUnknownReach),
    NAMED(kRequestsPerMinute),
    NAMED(kRefusalsPerMinute),
    NAMED(kAgentReadsAMinute),
    NAMED(kAgentWritesAMinute),
    NAMED(kBurstFactor),
    NAMED(kUpstreamAMinute),
    NAMED(kUpstreamKeptForWrites),
    NAMED(kFormMost),
    NAMED(kJsonDepthLimit),
    NAMED(kResultLimit),
    NAMED(kConnectionsPerClient),
    NAMED(kConnectionsOfOwner),
    NAMED(kUpstreamConnectTime),
    NAMED(kUpstreamWholeTime),
    NAMED(kJournalQueueLimit),
    NAMED(kJournalPatience),
    NAMED(kFloodLimit),
    NAMED(kFloodPlaces),
    NAMED(kFloodWindow),
    NAMED(kRowsPerCheckpoint),
    NAMED(kBundleLeastRows),
    NAMED(kCheckpointAfter),
    NAMED(kCheckpointApart),
    NAMED(kKeepApart),
    NAMED(kJournalKept),
    NAMED(kStreamHeartbeat),
    NAMED(kMcpHeartbeat),
    { "kConsentDelayMs", worth(ui::kConsentDelayMs) },
    { "kHeaderMismatch", worth(mcp::kHeaderMismatch) },
    { "kMissingClientCapability", worth(mcp::kMissingClientCapability) },
    { "kUnsupportedVersion", worth(mcp::kUnsupportedVersion) },
    { "HttpLimits::head", worth(HttpLimits().head) },
    { "HttpLimits::body", worth(HttpLimits().body) },
    { "HttpLimits::connections", worth(HttpLimits().connections) },
    { "HttpLimits::unauthenticated", worth(HttpLimits().unauthenticated) },
    { "HttpLimits::unauthenticatedPerUid", worth(HttpLimits().unauthenticatedPerUid) },
    { "HttpLimits::keptFreeForAuthenticated", worth(HttpLimits().keptFreeForAuthenticated) },
    { "HttpLimits::headTime", worth(HttpLimits().headTime) },
    { "HttpLimits::bodyTime", worth(HttpLimits().bodyTime) },
    { "HttpLimits::idleTime", worth(HttpLimits().idleTime) },
};
#undef NAMED

/// Constants that one .cpp keeps to itself: there is no more to hold against them than their line.
const std::map<QByteArray, QByteArray> kPrivate{
    { "kPageRows", "gateway_core/api/owner/owner_audit.cpp" },
    { "kTokenDigits", "gateway_core/identity/token.cpp" },
    { "kPageRowsMost", "gateway_core/api/owner/owner_audit.cpp" },
};

QByteArray textOf(const fs::path &file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

/// "45 s", "16 KiB" or "-32020" as the worth of a constant; nullopt where it is none of ours to know.
std::optional<double> worthOf(const QByteArray &words)
{
    static const std::map<QByteArray, double> kUnits{
        { "", 1 },         { "ms", 1 },        { "s", 1000 },
        { "min", 60'000 }, { "h", 3'600'000 }, { "days", 86'400'000 },
        { "KiB", 1024 },   { "MiB", 1 << 20 },
    };
    const QList<QByteArray> parts = words.split(' ');
    bool isNumber = false;
    const double number = parts.value(0).toDouble(&isNumber);
    const auto unit = kUnits.find(parts.value(1));
    return isNumber && unit != kUnits.end() ? std::optional(number * unit->second) : std::nullopt;
}

struct Row
{
    QByteArray what;
    QByteArray number;
    QByteArray constant; ///< empty: none
    QList<QByteArray> shownBy;
};

/// What stands between backquotes.
QList<QByteArray> quoted(const QByteArray &cell)
{
    QList<QByteArray> all = cell.split('`');
    QList<QByteArray> inside;
    for (int i = 1; i < all.size(); i += 2)
        inside << all[i];
    return inside;
}

QList<Row> rowsOf(const QByteArray &document)
{
    QList<Row> rows;
    for (const QByteArray &line : document.split('\n')) {
        const QList<QByteArray> cells = line.split('|');
        if (cells.size() != 6 || line.startsWith("|---") || cells[1].trimmed() == "what")
            continue;
        rows << Row{ cells[1].trimmed(), cells[2].trimmed(), quoted(cells[3]).value(0), quoted(cells[4]) };
    }
    return rows;
}

/// The source of each test and measurement, by its name without .cpp.
std::map<QByteArray, fs::path> sourcesOfTests()
{
    std::map<QByteArray, fs::path> sources;
    for (const auto &entry : fs::recursive_directory_iterator(kSources / "tests")) {
        if (entry.path().extension() == ".cpp")
            sources[QByteArray::fromStdString(entry.path().stem().string())] = entry.path();
    }
    return sources;
}

} // namespace

/// docs/numbers.md against the code: the same numbers, and no proof that does not exist.
class NumbersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_rows = rowsOf(textOf(kSources / "docs/numbers.md"));
        QVERIFY(m_rows.size() > 60);
    }

    void everyNumber_isTheConstants()
    {
        QByteArrayList named;
        for (const Row &row : m_rows) {
            if (row.constant.isEmpty())
                continue;
            named << row.constant;
            const auto worth = worthOf(row.number);
            QVERIFY2(worth, row.what.constData());
            if (const auto file = kPrivate.find(row.constant); file != kPrivate.end()) {
                const QByteArray line = row.constant + " = " + row.number + ';';
                QVERIFY2(textOf(kSources / file->second.toStdString()).contains(line), line.constData());
                continue;
            }
            const auto constant = kConstants.find(row.constant);
            QVERIFY2(constant != kConstants.end(), row.constant.constData());
            QCOMPARE(*worth, constant->second);
        }
        for (const auto &[name, worth] : kConstants)
            QVERIFY2(named.contains(name), name.constData());
    }

    void everyNumber_isShownBySomething()
    {
        const auto sources = sourcesOfTests();
        for (const Row &row : m_rows) {
            QVERIFY2(!row.shownBy.isEmpty(), row.what.constData());
            for (const QByteArray &proof : row.shownBy) {
                if (proof.startsWith("./dev"))
                    continue;
                if (proof.contains('/')) {
                    QVERIFY2(fs::exists(kSources / proof.toStdString()), proof.constData());
                    continue;
                }
                const int colons = proof.indexOf("::");
                const auto source = sources.find(colons < 0 ? proof : proof.left(colons));
                QVERIFY2(source != sources.end(), proof.constData());
                const QByteArray slot = " " + proof.mid(colons + 2) + "()";
                QVERIFY2(colons < 0 || textOf(source->second).contains(slot), proof.constData());
            }
            qInfo("%s: %s, shown by %s", row.what.constData(), row.number.constData(),
                  row.shownBy.join(", ").constData());
        }
    }

private:
    QList<Row> m_rows;
};

QTEST_GUILESS_MAIN(NumbersTest)
#include "tst_numbers.moc"
