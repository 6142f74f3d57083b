// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/codex_client.h"

#include "app/gatehouse/codex_setup.h"
#include "gateway_core/base/digest.h"

#include <utility>

namespace gatehouse {

namespace {

const OwnerCaller kWindow;

std::string tokenEntry()
{
    return bridgeTokenEntry(codexSetup::kName);
}

} // namespace

void CodexClient::setUp(const Dependencies &dependencies, const AgentId &agent, Run run, Done done)
{
    const std::shared_ptr<CodexClient> self(new CodexClient(dependencies, std::move(run), std::move(done)));
    dependencies.owner.mintAgentToken(kWindow, agent, "Codex",
                                      [self](Result<std::pair<Client, Secret>> minted) {
                                          if (!minted)
                                              return self->m_done(tl::unexpected<Error>(minted.error()));
                                          self->m_fresh = minted->first.id;
                                          self->takeOver(std::move(minted->second));
                                      });
}

CodexClient::CodexClient(const Dependencies &dependencies, Run run, Done done)
    : m_services(dependencies)
    , m_owner(&dependencies.owner)
    , m_run(std::move(run))
    , m_done(std::move(done))
{
}

/// Whose token lies there now is known by the token alone, not by a name.
void CodexClient::takeOver(Secret token)
{
    const auto kept = std::make_shared<Secret>(std::move(token));
    m_services.secrets.read(tokenEntry(), [self = shared_from_this(), kept](Result<Secret> before) {
        if (!self->m_owner)
            return;
        if (before) {
            self->m_before = self->holderOf(*before);
            self->m_tokenBefore = std::move(*before);
        } else if (before.error().code != ErrorCode::SecretNotFound) {
            return self->undo(tl::unexpected<Error>(before.error()));
        }
        self->store(std::move(*kept));
    });
}

void CodexClient::store(Secret token)
{
    m_services.secrets.write(tokenEntry(), std::move(token),
                             [self = shared_from_this()](const Result<> &stored) {
                                 if (!self->m_owner)
                                     return;
                                 if (!stored)
                                     return self->settle(tl::unexpected<Error>(stored.error()));
                                 self->m_run([self](const Result<SetupResult> &ran) {
                                     if (self->m_owner)
                                         self->settle(ran);
                                 });
                             });
}

void CodexClient::settle(const Result<SetupResult> &ran)
{
    if (!ran || !ran->ok) {
        if (!m_tokenBefore)
            return undo(ran);
        m_services.secrets.write(tokenEntry(), std::move(*m_tokenBefore),
                                 [self = shared_from_this(), ran](const Result<> &) { self->undo(ran); });
        return;
    }
    if (!m_before)
        return m_done(ran);
    m_owner->revokeClient(kWindow, m_before->id, [self = shared_from_this(), ran](const Result<> &revoked) {
        SetupResult result = *ran;
        if (revoked)
            result.replaced = QString::fromStdString(self->m_before->name);
        self->m_done(result);
    });
}

/// No token that nobody uses stays behind.
void CodexClient::undo(const Result<SetupResult> &ran)
{
    if (m_owner)
        m_owner->revokeClient(kWindow, m_fresh,
                              [self = shared_from_this(), ran](const Result<> &) { self->m_done(ran); });
}

std::optional<Client> CodexClient::holderOf(const Secret &token) const
{
    const auto directory = m_services.registry.current();
    const auto found = directory->clientsByToken.find(sha256({ token.text() }));
    const Client *client
        = found == directory->clientsByToken.end() ? nullptr : directory->client(found->second);
    return client && client->id != m_fresh ? std::optional(*client) : std::nullopt;
}

} // namespace gatehouse
