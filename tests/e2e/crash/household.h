// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "gateway_core/base/json.h"
#include "tests/support/contract_tasker_process.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <string>

namespace gatehouse::test {

/// A real Gatehouse on a throw-away profile, headless, with the contract Tasker behind it. Its calls wait
/// in the test's event loop.
class Household final
{
public:
    Household();
    ~Household();

    /// Tasker, PIN, owner token, Gatehouse, connection. False: problem() tells.
    [[nodiscard]] bool open();
    [[nodiscard]] QString problem() const { return m_problem; }

    /// SIGKILL, as a crash or a power cut of the program would be.
    void killGatehouse();
    [[nodiscard]] bool startGatehouse();

    /// One owner request with the PIN entered; the body of a 2xx answer, else null and problem().
    [[nodiscard]] Json owner(const std::string &method, const std::string &target,
                             const Json &body = nullptr);

    [[nodiscard]] ContractTaskerProcess &tasker() { return m_tasker; }
    [[nodiscard]] std::filesystem::path socket() const;

private:
    [[nodiscard]] WireAnswer ask(const std::string &method, const std::string &target, const Json &body);
    [[nodiscard]] bool run(const QStringList &arguments, const QByteArray &input, QByteArray &output);
    void prepare(QProcess &process, QStringList arguments) const;

    QTemporaryDir m_folder;
    ContractTaskerProcess m_tasker;
    QProcess m_gatehouse;
    std::unique_ptr<SocketClient> m_client;
    std::shared_ptr<const Secret> m_ownerToken;
    std::string m_stepUpToken;
    QString m_problem;
};

} // namespace gatehouse::test
