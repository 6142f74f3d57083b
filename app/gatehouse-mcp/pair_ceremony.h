// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "gateway_core/base/json.h"
#include "gateway_core/base/random.h"
#include "gateway_core/secrets/secret_store.h"

#include <QObject>

#include <string>

namespace gatehouse {

/// How a pairing ends; the numbers are the program's exit codes.
enum class PairEnd {
    Paired = 0,
    Refused = 1, ///< a wrong or spent code, the owner's no, or nobody answered in time
    NotReachable = 3,
    NoSecretStore = 5, ///< the token could not be kept; found out before the code is spent
};

/// The client's half of a pairing: spend the code, show the check number, wait for the owner, keep the
/// token. The token goes from the answer to the secret store and is shown nowhere.
/// Idle -> Checking (the store) -> Redeeming -> Waiting (long polls) -> Storing -> ended.
/// Thread: main. Owns: the nonce.
class PairCeremony final : public QObject
{
    Q_OBJECT

public:
    /// `entry` is the secret store's name for the token.
    PairCeremony(SocketClient &client, SecretStore &secrets, Random &random, std::string entry,
                 QObject *parent = nullptr);

    void begin(std::string code, std::string clientName);

signals:
    void checkNumberKnown(const std::string &number);
    /// `sentence` is for the person; `agent` is set when paired.
    void ended(gatehouse::PairEnd end, const std::string &sentence, const std::string &agent);

private:
    using Take = void (PairCeremony::*)(const WireAnswer &answer);

    void redeem();
    void askAgain();
    void takeRedeemed(const WireAnswer &answer);
    void takeConfirmed(const WireAnswer &answer);
    void store(Json &body);
    void ask(const std::string &target, const Json &body, Take take);
    void refuse(const WireAnswer &answer);

    SocketClient &m_client;
    SecretStore &m_secrets;
    std::string m_entry;
    std::string m_nonce;
    std::string m_code;
    std::string m_clientName;
    std::string m_confirmation;
};

} // namespace gatehouse
