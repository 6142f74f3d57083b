// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "app/gatehousectl/command.h"
#include "app/gatehousectl/page_collector.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// One command, carried to the gateway and back: names are looked up, then the request is sent; where
/// the gateway wants the PIN, it is asked for once and the request is sent again.
/// A page is gathered from as many requests as it takes.
/// Thread: main.
class OwnerRequest final : public QObject
{
    Q_OBJECT

public:
    /// Gives the PIN or nullopt; called at most once, when the gateway wants it.
    using AskPin = std::function<std::optional<Secret>()>;

    /// `token` is null for signing in.
    OwnerRequest(SocketClient &client, std::shared_ptr<const Secret> token, AskPin askPin,
                 QObject *parent = nullptr);

    void run(Ask ask);
    /// Ends a search with what it has found. No effect on anything else.
    void stop();

signals:
    /// A search goes on; what it has so far.
    void searched(const gatehouse::Json &answer);
    /// `answer` is the gateway's body: null where it had none. `complaint` is set unless done.
    void ended(gatehouse::Exit exit, const gatehouse::Json &answer, const std::string &complaint);

private:
    using Take = std::function<void(const Json &body)>;

    void resolveAgent();
    void resolveProject();
    void sendAsk();
    void gather();
    void stepUp();
    void send(const std::string &method, const std::string &target, const Json &body, Take take);
    void refuse(int status, const Json &body);
    void end(Exit exit, const Json &answer, std::string complaint = {});

    SocketClient &m_client;
    std::shared_ptr<const Secret> m_token;
    AskPin m_askPin;
    Ask m_ask;
    std::optional<PageCollector> m_gathering;
    bool m_ended = false;
    std::string m_stepUpToken;
    bool m_stepUpAllowed = false;
};

} // namespace gatehouse
