// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QString>
#include <QStringList>

#include <string>

namespace gatehouse::test {

/// A contract Tasker in a process of its own, for a test. Its calls wait in a local event loop, so the
/// test's own timers and sockets go on meanwhile. Thread: the test's. Owns: the process, which ends with it.
class ContractTaskerProcess final
{
public:
    ContractTaskerProcess() = default;
    ~ContractTaskerProcess();
    ContractTaskerProcess(const ContractTaskerProcess &) = delete;
    ContractTaskerProcess &operator=(const ContractTaskerProcess &) = delete;

    /// False: it did not come up within 10 s; error() tells.
    [[nodiscard]] bool start(const QStringList &arguments = {});
    /// SIGTERM, and waits; port() stays, to start again on it.
    void stop();
    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] int port() const { return m_ready.value("port", 0); }
    [[nodiscard]] std::string baseUrl() const { return m_ready.value("base_url", ""); }
    [[nodiscard]] std::string credential() const { return m_ready.value("credential", ""); }
    [[nodiscard]] std::string owner() const { return m_ready.value("owner", ""); }
    /// PEM file of its authority; empty over plain http.
    [[nodiscard]] std::string caFile() const;

    /// The next requests that fit go wrong; see contract_tasker/faults.h.
    void fault(const nlohmann::json &fault);
    void reset();
    void closeIdle();
    void touch(const std::string &issue);
    void retireAgent(const std::string &agent);
    /// Every adapter request so far: {n, connection, method, path, query, headers, credential:
    /// good|wrong|absent, body, fault, status}.
    [[nodiscard]] nlohmann::json requests();
    [[nodiscard]] nlohmann::json counters();
    /// {projects, issues, comments, ...} as stored.
    [[nodiscard]] nlohmann::json world();
    /// Of a seeded or created issue, as in ENG-1; null if there is none.
    [[nodiscard]] nlohmann::json issue(const std::string &identifier);
    [[nodiscard]] nlohmann::json project(const std::string &identifier);

private:
    nlohmann::json control(const char *method, const QString &what, const nlohmann::json &body = nullptr);

    QProcess m_process;
    nlohmann::json m_ready = nlohmann::json::object();
    QString m_error;
};

} // namespace gatehouse::test
