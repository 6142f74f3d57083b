// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/pair_ceremony.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/base/json.h"

namespace gatehouse {

namespace {

Json parsedObject(const std::string &text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_object() ? value : Json::object();
}

std::string freshNonce(Random &random)
{
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    return base64Url(bytes);
}

std::string sentenceFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::SecretsLocked:
        return "The keychain is locked. Unlock it and try again; the code is not spent.";
    case ErrorCode::SecretsRefused: return "The secret store refused. The code is not spent.";
    default: break;
    }
    return "There is no keychain here. Start one, or choose a plain file of mode 0600 knowingly: --secrets "
           "file. "
           "The code is not spent.";
}

} // namespace

PairCeremony::PairCeremony(SocketClient &client, SecretStore &secrets, Random &random, std::string entry,
                           QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_secrets(secrets)
    , m_entry(std::move(entry))
    , m_nonce(freshNonce(random))
{
}

void PairCeremony::begin(std::string code, std::string clientName)
{
    m_code = std::move(code);
    m_clientName = std::move(clientName);
    // A store that cannot keep the token must be known before the code is spent.
    m_secrets.read(m_entry, [this](const Result<Secret> &known) {
        if (known || known.error().code == ErrorCode::SecretNotFound)
            return redeem();
        emit ended(PairEnd::NoSecretStore, sentenceFor(known.error().code), {});
    });
}

void PairCeremony::redeem()
{
    ask("/api/v1/pairing/redeem",
        { { "code", m_code }, { "client_name", m_clientName }, { "nonce", m_nonce } },
        &PairCeremony::takeRedeemed);
}

void PairCeremony::takeRedeemed(const WireAnswer &answer)
{
    const Json body = parsedObject(answer.body);
    m_confirmation = textAt(body, "confirmation_id");
    if (answer.status != 202 || m_confirmation.empty())
        return refuse(answer);
    emit checkNumberKnown(textAt(body, "check_number"));
    askAgain();
}

void PairCeremony::askAgain()
{
    ask("/api/v1/pairing/confirmations/" + m_confirmation, { { "nonce", m_nonce } },
        &PairCeremony::takeConfirmed);
}

void PairCeremony::takeConfirmed(const WireAnswer &answer)
{
    if (answer.status == 202)
        return askAgain();
    Json body = parsedObject(answer.body);
    if (answer.status != 200 || textAt(body, "token").empty())
        return refuse(answer);
    store(body);
}

void PairCeremony::store(Json &body)
{
    const Json agent = body.value("agent", Json::object());
    std::string name = textAt(agent, "display_name");
    auto &token = body["token"].get_ref<std::string &>();
    Secret secret(token);
    wipe(token.data(), token.size());
    m_secrets.write(m_entry, std::move(secret), [this, name](const Result<> &written) {
        if (written)
            emit ended(PairEnd::Paired, {}, name);
        else
            emit ended(PairEnd::NoSecretStore,
                       "The token could not be stored. Revoke this client in Gatehouse and pair again.", {});
    });
}

void PairCeremony::ask(const std::string &target, const Json &body, Take take)
{
    WireRequest request{ .method = "POST",
                         .target = target,
                         .headers = { { "Content-Type", "application/json" } },
                         .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
                         .bearer = nullptr };
    m_client.send(
        std::move(request), [this, take](const WireAnswer &answer) { (this->*take)(answer); },
        [this](WireFailure failure) {
            emit ended(PairEnd::NotReachable,
                       std::string(gatehouse::sentenceFor(failure))
                           + ". The code may not be spent: see `gatehousectl doctor`, then try it again.",
                       {});
        });
}

void PairCeremony::refuse(const WireAnswer &answer)
{
    const Json body = parsedObject(answer.body);
    const std::string code = textAt(body, "error");
    std::string sentence = textAt(body, "message");
    if (code == "not_found")
        sentence = "That code is not right, was used already or has run out. Ask for a new one in Gatehouse.";
    else if (code == "approval_denied")
        sentence = "The owner said no.";
    else if (code == "pairing_expired")
        sentence = "Nobody answered in Gatehouse in time. Start again with a new code.";
    else if (sentence.empty())
        sentence = "Gatehouse answered " + std::to_string(answer.status) + ". See `gatehousectl doctor`.";
    emit ended(PairEnd::Refused, sentence, {});
}

} // namespace gatehouse
