// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/registry.h"
#include "gateway_core/owner/owner_service.h"
#include "gateway_core/port/gateway_port.h"

#include <QPointer>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse {

/// *Set up Codex*: mints a client for the bridge of this machine, puts its token into the keychain in place
/// of the one before, and runs the setup command. Once that worked, whose token was replaced is revoked in
/// the same act: nobody holds it any more. If it did not, the earlier token is put back and the new client
/// revoked. Thread: core. Owns: itself, until it has answered. The references must outlive it, or the owner
/// be gone.
class CodexClient final : public std::enable_shared_from_this<CodexClient>
{
public:
    struct Dependencies
    {
        OwnerService &owner;
        Registry &registry;
        SecretStore &secrets;
    };
    using Done = std::function<void(Result<SetupResult>)>;
    /// Runs the setup command and answers once.
    using Run = std::function<void(Done)>;

    /// StepUpRequired and the other outcomes of OwnerService::mintAgentToken; those of the keychain and of
    /// `run`.
    static void setUp(const Dependencies &dependencies, const AgentId &agent, Run run, Done done);

private:
    CodexClient(const Dependencies &dependencies, Run run, Done done);
    void takeOver(Secret token);
    void store(Secret token);
    void settle(const Result<SetupResult> &ran);
    void undo(const Result<SetupResult> &ran);
    [[nodiscard]] std::optional<Client> holderOf(const Secret &token) const;

    const Dependencies m_services;
    const QPointer<OwnerService> m_owner;
    const Run m_run;
    const Done m_done;
    ClientId m_fresh;
    std::optional<Client> m_before; ///< whose token is replaced
    std::optional<Secret> m_tokenBefore;
};

} // namespace gatehouse
