// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/crash/household.h"

#include <QTest>
#include <QTimer>

#include <map>
#include <set>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kWriters = 16;
constexpr int kPatience = 60'000;

/// A client with its own token that writes one issue and repeats it, under the same key, until it is told
/// that the issue stands.
class Writer final : public QObject
{
    Q_OBJECT

public:
    Writer(const std::filesystem::path &socket, std::string token, std::string project)
        : m_client(socket)
        , m_token(std::make_shared<const Secret>(token))
        , m_project(std::move(project))
    {
    }

    void write(const std::string &title)
    {
        m_title = title;
        m_issue.clear();
        send();
    }
    [[nodiscard]] bool isDone() const { return !m_issue.empty(); }
    [[nodiscard]] std::string lastRefusal() const { return m_refusal; }

private:
    void send()
    {
        WireRequest request{ .method = "POST",
                             .target = "/api/v1/tools/tasker_create_issue",
                             .headers = { { "Content-Type", "application/json" },
                                          { "Idempotency-Key", "key of " + m_title } },
                             .body = Json{ { "project", m_project }, { "name", m_title } }.dump(),
                             .bearer = m_token };
        for (auto &[name, value] : request.headers) {
            if (name == "Idempotency-Key")
                std::replace(value.begin(), value.end(), ' ', '-');
        }
        m_client.send(
            std::move(request),
            [this](const WireAnswer &answer) {
                if (answer.status >= 200 && answer.status < 300)
                    m_issue = answer.body;
                else
                    again(answer.body);
            },
            [this](WireFailure failure) { again(std::string(sentenceFor(failure))); });
    }
    void again(const std::string &why)
    {
        m_refusal = why;
        QTimer::singleShot(200, this, &Writer::send);
    }

    SocketClient m_client;
    std::shared_ptr<const Secret> m_token;
    std::string m_project, m_title, m_issue, m_refusal;
};

/// Titles of the writes that reached Tasker, each with the keys under which it came.
std::map<std::string, std::multiset<std::string>> writesAt(ContractTaskerProcess &tasker)
{
    std::map<std::string, std::multiset<std::string>> writes;
    for (const Json &request : tasker.requests()) {
        if (request["method"] != "POST" || !request["path"].get<std::string>().ends_with("/issues"))
            continue;
        writes[request["body"]["name"].get<std::string>()].insert(
            request["headers"]["idempotency-key"].get<std::string>());
    }
    return writes;
}

std::set<std::string> titlesOnRecord(Household &house)
{
    std::set<std::string> titles;
    std::string cursor;
    do {
        const Json page = house.owner(
            "GET", "/api/v1/audit/events?limit=100" + (cursor.empty() ? "" : "&cursor=" + cursor));
        for (const Json &row : page.value("events", Json::array()))
            titles.insert(row.value("title", ""));
        const Json next = page.value("next_cursor", Json());
        cursor = next.is_string() ? next.get<std::string>() : "";
    } while (!cursor.empty());
    return titles;
}

} // namespace

class CrashTest final : public QObject
{
    Q_OBJECT

private slots:
    void kill_whileSixteenClientsWrite_losesNoRecordAndWritesNothingTwice()
    {
        Household house;
        QVERIFY2(house.open(), qPrintable(house.problem()));
        const std::string project = house.tasker().project("ENG")["id"].get<std::string>();
        const Json agent = house.owner("POST", "/api/v1/agents", { { "display_name", "Writer" } });
        QVERIFY2(!agent.is_null(), qPrintable(house.problem()));
        const std::string agentPath = "/api/v1/agents/" + agent["id"].get<std::string>();
        QVERIFY2(!house
                      .owner("PUT", agentPath + "/grants",
                             { { "project_id", project },
                               { "scopes", { "projects:read", "issues:read", "issues:create" } },
                               { "answer", "allow" } })
                      .is_null(),
                 qPrintable(house.problem()));
        std::vector<std::unique_ptr<Writer>> writers;
        for (int i = 0; i < kWriters; ++i) {
            const Json minted
                = house.owner("POST", agentPath + "/tokens", { { "name", "writer " + std::to_string(i) } });
            QVERIFY2(!minted.is_null(), qPrintable(house.problem()));
            writers.push_back(
                std::make_unique<Writer>(house.socket(), minted["token"].get<std::string>(), project));
        }

        // The gateway dies when so many of the sixteen writes have reached Tasker.
        std::set<std::string> titles;
        for (const std::size_t reached : { 1u, 8u, 14u }) {
            house.tasker().fault({ { "match", "POST /issues" },
                                   { "kind", "slow" },
                                   { "times", kWriters },
                                   { "delay_ms", 60 } });
            const std::size_t before = writesAt(house.tasker()).size();
            for (int i = 0; i < kWriters; ++i) {
                const std::string title = "round " + std::to_string(reached) + " writer " + std::to_string(i);
                titles.insert(title);
                writers[static_cast<std::size_t>(i)]->write(title);
            }
            QVERIFY(QTest::qWaitFor([&] { return writesAt(house.tasker()).size() >= before + reached; },
                                    kPatience));
            house.killGatehouse();
            const auto arrived = writesAt(house.tasker());
            QVERIFY2(house.startGatehouse(), qPrintable(house.problem()));

            const auto onRecord = titlesOnRecord(house);
            for (const auto &[title, keys] : arrived)
                QVERIFY2(onRecord.contains(title), ("a write without its intent: " + title).c_str());

            const bool allDone = QTest::qWaitFor(
                [&] {
                    return std::all_of(writers.begin(), writers.end(),
                                       [](const auto &writer) { return writer->isDone(); });
                },
                kPatience);
            if (!allDone) {
                for (const auto &writer : writers)
                    qWarning("%s", writer->lastRefusal().c_str());
            }
            QVERIFY(allDone);
        }

        std::map<std::string, int> stored;
        const Json world = house.tasker().world();
        for (const Json &issue : world["issues"])
            ++stored[issue["name"].get<std::string>()];
        for (const auto &title : titles)
            QVERIFY2(stored[title] == 1,
                     (title + " is stored " + std::to_string(stored[title]) + " times").c_str());
        int repeated = 0;
        for (const auto &[title, keys] : writesAt(house.tasker())) {
            QCOMPARE(std::set<std::string>(keys.begin(), keys.end()).size(), 1u);
            repeated += keys.size() > 1 ? 1 : 0;
        }
        QVERIFY2(repeated > 0, "no write was cut off: the gateway died too late to show anything");
    }
};

QTEST_GUILESS_MAIN(CrashTest)
#include "tst_crash.moc"
