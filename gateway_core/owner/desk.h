// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/hallway.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/identity/step_up.h"
#include "gateway_core/secrets/secret_store.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

#include <functional>
#include <optional>
#include <string>

namespace gatehouse {

/// Which of the owner's doors an act came through.
struct OwnerCaller
{
    enum class Door { Window, Token } door = Door::Window;
    std::string name = "window"; ///< the step-up is bound to it: "window", or the owner token's id
    std::string stepUpToken; ///< as sent by a token's holder; the window needs none
    std::string via = "window"; ///< for the record: window | ctl | rest
};

/// Everything that an owner can do, and for each what it takes. `static` table in desk.cpp; a test walks it.
enum class Act {
    CreateAgent,
    RenameAgent,
    PauseAgent,
    ResumeAgent,
    RetireAgent,
    NarrowGrant,
    WidenGrant,
    WildcardGrant,
    MintAgentToken,
    RotateAgentToken,
    RevokeClient,
    MintOwnerToken,
    RevokeOwnerToken,
    OpenPairing,
    ClosePairing,
    ConfirmPairing,
    DenyPairing,
    AllowCall,
    AllowCallWithPin,
    DenyCall,
    PauseGateway,
    ResumeGateway,
    StopEverything,
    ChangeConnection,
    ExportJournal,
    LoosenProtection,
    ReadAnything,
};

/// Does this act at this door need the PIN of the last five minutes? Pure; the one place that knows.
/// By token: whatever allows, widens, mints, resumes, connects or exports. In the window: the same but
/// for an ordinary *ask* and a pairing confirmation, where the press itself is the owner's presence.
[[nodiscard]] bool needsStepUp(Act act, OwnerCaller::Door door);

struct ConnectionSettings
{
    std::string taskerUrl;
    std::string ownerUserId;
    std::string ownerEmail;
    std::optional<Secret> credential; ///< nullopt keeps the stored one (allowed only where the URL is the same)
    std::string caFile;
};

struct GrantRequest
{
    AgentId agent;
    ProjectId project;
    std::string projectName;
    std::string projectIdentifier;
    std::string scope;
    Answer answer = Answer::Off;
    std::optional<std::int64_t> until;
};

/// What *stop everything* did, and how long it took until nothing was under way.
struct Quiet
{
    int questionsWithdrawn = 0;
    int streamsClosed = 0;
    int clientsRevoked = 0;
    int callsFinished = 0;
    std::int64_t milliseconds = 0;
};

/// The owner's acts, each gated once and here: the window and the routes both come this way, so no
/// path around a check exists. StepUpRequired where needsStepUp() says so and the PIN is not fresh.
/// Thread: core. The references must outlive it.
class Desk final : public QObject
{
    Q_OBJECT

public:
    struct Rooms
    {
        Storage &storage;
        Registry &registry;
        Journal &journal;
        StepUp &stepUp;
        Pairing &pairing;
        Approvals &approvals;
        Hallway &hallway;
        TaskerClient &tasker;
        SecretStore &secrets;
        Clock &clock;
        Random &random;
    };
    template <typename T>
    using Answered = std::function<void(Result<T>)>;

    explicit Desk(const Rooms &rooms, QObject *parent = nullptr);

    // Agents. NotFound: no such agent. ValidationFailed: a name that is empty, longer than 80, or taken.
    void createAgent(const OwnerCaller &caller, const std::string &displayName, Answered<Agent> done);
    void renameAgent(const OwnerCaller &caller, const AgentId &agent, const std::string &name, Answered<Agent> done);
    /// Paused refuses its calls; Retired cannot come back and revokes its clients.
    void setAgentState(const OwnerCaller &caller, const AgentId &agent, AgentState state, Answered<Agent> done);

    // Grants. ValidationFailed: an unknown scope, a date in the past.
    void putGrant(const OwnerCaller &caller, const GrantRequest &request, Answered<Grant> done);

    // Clients and tokens. The Secret is shown once.
    void mintAgentToken(const OwnerCaller &caller, const AgentId &agent, const std::string &name,
                        std::function<void(Result<std::pair<Client, Secret>>)> done);
    void rotateAgentToken(const OwnerCaller &caller, const ClientId &client,
                          std::function<void(Result<std::pair<Client, Secret>>)> done);
    void revokeClient(const OwnerCaller &caller, const ClientId &client, Storage::Done done);
    void mintOwnerToken(const OwnerCaller &caller, const std::string &name, std::chrono::seconds lifetime,
                        std::function<void(Result<std::pair<OwnerToken, Secret>>)> done);
    void revokeOwnerToken(const OwnerCaller &caller, const OwnerTokenId &token, Storage::Done done);

    // Pairing and confirmations (identity/pairing.h), behind the gate.
    void openPairing(const OwnerCaller &caller, const AgentId &agent, std::chrono::seconds lifetime,
                     Answered<PairingCode> done);
    void closePairing(const OwnerCaller &caller, Storage::Done done);
    void confirmPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done);
    void denyPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done);

    // Approvals (calls/approvals.h), behind the gate.
    void allowCall(const OwnerCaller &caller, const ApprovalId &id, Reach reach, Storage::Done done);
    void denyCall(const OwnerCaller &caller, const ApprovalId &id, const std::string &reason, bool pauseAgent,
                  Storage::Done done);

    // Mode.
    void setMode(const OwnerCaller &caller, Mode mode, const std::string &reason, Answered<Profile> done);
    void stopEverything(const OwnerCaller &caller, bool revokeClients, Answered<Quiet> done);

    // Tasker.
    void saveConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Profile> done);
    /// Lists the owner's projects with these settings without storing them. {matches: [...]} as the adapter has it.
    void testConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Json> done);
    void findProjects(const OwnerCaller &caller, const std::string &query, int limit, Answered<Json> done);

    // Reading.
    void activity(const CallFilter &filter, Answered<std::vector<CallRow>> done);

signals:
    /// *Stop everything* wants the streams and the clients' connections closed.
    void closeStreams();

private:
    [[nodiscard]] Result<> gate(Act act, const OwnerCaller &caller) const;

    Rooms m_rooms;
};

} // namespace gatehouse
