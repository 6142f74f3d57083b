// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/gate_bench.h"

#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <deque>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr int kGuesses = 10'000;
constexpr int kConnections = 48; // of one system user; unauthenticated get 64
constexpr qint64 kServedWithin = 100'000; // microseconds
constexpr std::int64_t kMemoryMost = 16 << 20;

/// Resident memory of this process.
std::int64_t memoryNow()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

/// Many connections that send one request each, again and again.
class ConnectionLimiter final
{
public:
    explicit ConnectionLimiter(GateBench &bench)
        : m_bench(bench)
    {
        for (int i = 0; i < kConnections; ++i)
            m_clients.push_back(RawClient::tcp(bench.port));
    }
    /// Every connection sends `request` and nobody reads yet; true once all of it has arrived.
    bool send(const std::string &request)
    {
        const int due = m_bench.arrived + kConnections;
        for (RawClient &client : m_clients)
            client.send(request);
        return GateBench::until([&] { return m_bench.arrived >= due; });
    }
    /// The answers' statuses, counted.
    std::map<int, int> statuses()
    {
        std::map<int, int> counts;
        for (RawClient &client : m_clients)
            ++counts[client.answer().status];
        return counts;
    }

private:
    GateBench &m_bench;
    std::vector<RawClient> m_clients;
};

/// How many microseconds an honest client that comes now waits for its answer; negative: it got none.
qint64 honestVisit(GateBench &bench)
{
    Visit visit{ "GET", "/api/v1/agent-session", {}, {} };
    visit.headers = { { "Host", bench.host() }, { "Authorization", "Bearer " + bench.api.agentToken } };
    QElapsedTimer timer;
    timer.start();
    const RawAnswer answer = bench.ask(visit);
    return answer.status == 200 ? timer.nsecsElapsed() / 1000 : -1;
}

/// Times of visits, and whether most of them were quick: one slow turn of a busy machine is no finding.
void checkServed(std::vector<qint64> times, const char *during)
{
    QVERIFY(!times.empty());
    QVERIFY(std::ranges::min(times) >= 0);
    std::ranges::sort(times);
    const qint64 median = times[times.size() / 2];
    qInfo("%s: an honest client was served in %.2f ms (median of %zu), %.2f ms at worst", during,
          double(median) / 1000, times.size(), double(times.back()) / 1000);
    QVERIFY(median < kServedWithin);
}

struct Record
{
    int rows = 0;
    std::int64_t refusals = 0;
};

/// What the journal has of refusals since the last look: rows, and how many they stand for.
Record refusalsOnRecord(GateBench &bench)
{
    Record record;
    for (const JournalRow &row : bench.newRows()) {
        if (row.kind == "call_refused")
            ++record.refusals;
        else if (row.kind == "refusals_counted")
            record.refusals += Json::parse(row.body).at("more").at("count").get<int>();
        else
            continue;
        ++record.rows;
    }
    return record;
}

} // namespace

/// Ten thousand guesses, over real sockets, at the gateway as it is.
class FloodTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void wrongTokens_tenThousand_areAnsweredCountedAndInNobodysWay()
    {
        GateBench bench(m_tasker);
        ConnectionLimiter crowd(bench);
        std::vector<qint64> visits;
        (void)bench.newRows();
        const std::int64_t before = bench.api.clock.sinceBoot();
        std::int64_t memory = 0;

        int sent = 0;
        for (int round = 0; sent < kGuesses; ++round) {
            const std::string guess = QByteArray::number(round).rightJustified(43, 'A').toStdString();
            QVERIFY(crowd.send(
                bench.bytes({ "GET",
                              "/api/v1/agent-session",
                              { { "Host", bench.host() }, { "Authorization", "Bearer gh_a_" + guess } },
                              {} })));
            sent += kConnections;
            if (round % 10 == 0)
                visits.push_back(honestVisit(bench)); // in between, while the late answers are still due
            bench.api.wind(kWrongTokenDelay);
            const auto counts = crowd.statuses();
            QCOMPARE(counts.count(401) ? counts.at(401) : 0, kWrongTokensWaiting);
            QCOMPARE(counts.count(429) ? counts.at(429) : 0, kConnections - kWrongTokensWaiting);
            if (round == 20)
                memory = memoryNow();
        }

        bench.api.wind(10s); // the last window of counting ends
        const std::int64_t windows = (bench.api.clock.sinceBoot() - before) / 10'000;
        const Record record = refusalsOnRecord(bench);
        const std::int64_t grown = memoryNow() - memory;
        qInfo("%d wrong tokens: %d rows in the journal for %lld refusals, memory grew by %lld KiB", sent,
              record.rows, static_cast<long long>(record.refusals), static_cast<long long>(grown >> 10));
        QCOMPARE(record.refusals, std::int64_t{ sent });
        QVERIFY(record.rows
                <= 4 * (windows + 1)); // two reasons, each with one whole row and one count a window
        QVERIFY(bench.nothingHappened());
#ifndef GATEHOUSE_SANITIZED
        QVERIFY(grown < kMemoryMost);
        checkServed(visits, "wrong tokens");
#endif
    }

    void wrongCodes_tenThousand_areAnsweredCountedAndInNobodysWay()
    {
        GateBench bench(m_tasker);
        ConnectionLimiter crowd(bench);
        std::map<int, int> answers;
        std::vector<qint64> visits;
        (void)bench.newRows();
        const std::int64_t before = bench.api.clock.sinceBoot();
        std::int64_t memory = 0;
        const Json body{ { "code", "BBBB-BBBB" },
                         { "client_name", "guesser" },
                         { "nonce", "0123456789abcdef" } };

        int sent = 0;
        for (int round = 0; sent < kGuesses; ++round) {
            QVERIFY(
                crowd.send(bench.bytes({ "POST",
                                         "/api/v1/pairing/redeem",
                                         { { "Host", bench.host() }, { "Content-Type", "application/json" } },
                                         body.dump() })));
            sent += kConnections;
            if (round % 10 == 0)
                visits.push_back(honestVisit(bench));
            for (const auto &[status, count] : crowd.statuses())
                answers[status] += count;
            bench.api.wind(1s);
            if (round == 20)
                memory = memoryNow();
        }

        bench.api.wind(10s);
        const std::int64_t minutes = (bench.api.clock.sinceBoot() - before) / 60'000 + 1;
        const std::int64_t windows = minutes * 6;
        const Record record = refusalsOnRecord(bench);
        const std::int64_t grown = memoryNow() - memory;
        qInfo("%d wrong codes: %d were looked at in %lld minutes, %d were told to wait; %d rows in the "
              "journal, memory "
              "grew by %lld KiB",
              sent, answers[404], static_cast<long long>(minutes), answers[429], record.rows,
              static_cast<long long>(grown >> 10));
        QCOMPARE(answers[404] + answers[429], sent);
        QVERIFY(answers[404] >= kCeremoniesPerMinute);
        QVERIFY(answers[404] <= minutes * kCeremoniesPerMinute);
        QCOMPARE(record.refusals, std::int64_t{ sent });
        QVERIFY(record.rows <= 2 * (windows + 2)); // not_found and rate_limited are counted apart
        QVERIFY(bench.api.pairing.questions().empty());
#ifndef GATEHOUSE_SANITIZED
        QVERIFY(grown < kMemoryMost);
        checkServed(visits, "wrong codes");
#endif
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(FloodTest)
#include "tst_flood.moc"
