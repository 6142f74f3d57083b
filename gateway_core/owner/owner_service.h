// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/retention.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/calls/preview.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/identity/step_up.h"
#include "gateway_core/secrets/secret_store.h"
#include "gateway_core/tasker/adapter_search.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace gatehouse {

/// Which of the owner's doors an act came through.
struct OwnerCaller
{
    enum class Channel { Window, Token } channel = Channel::Window;
    std::string name = "window"; ///< the step-up is bound to it: "window", or the owner token's id
    std::string stepUpToken; ///< as sent by a token's holder; the window needs none
    std::string via = "window"; ///< for the record: window | ctl | rest
};

/// Everything that an owner can do, and for each what it takes. `static` table in owner.cpp; a test walks it.
enum class OwnerAction {
    CreateAgent,
    RenameAgent,
    PauseAgent,
    ResumeAgent,
    RetireAgent,
    NarrowGrant,
    WidenGrant,
    WildcardGrant,
    LiftOff, ///< what stands for every project speaks for this one again
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
    EndYes, ///< a yes for a time, before its time
    PauseGateway,
    ResumeGateway,
    StopEverything,
    FirstConnection, ///< where no Tasker is set yet
    ChangeConnection,
    ExportJournal,
    MoveExports, ///< where rows go before they are removed
    AcceptRestore,
    SettleClock, ///< what the time is when the clock jumped, or once stood in the future
    LoosenProtection,
    ReadAnything,
};
inline constexpr int kOwnerActions = static_cast<int>(OwnerAction::ReadAnything) + 1;

inline constexpr std::size_t kNameMost = 80; ///< characters of an agent's, client's or token's name
inline constexpr auto kOwnerTokenMost = std::chrono::hours(24 * 30);

/// Does this act at this channel need the PIN of the last five minutes? Pure; the one place that knows.
/// By token: whatever allows, widens, mints, resumes, connects or exports. In the window: the same but
/// for an ordinary *ask* and a pairing confirmation, where the press itself is the owner's presence.
[[nodiscard]] bool needsStepUp(OwnerAction act, OwnerCaller::Channel channel);

struct ConnectionSettings
{
    std::string taskerUrl;
    std::string ownerUserId;
    std::string ownerEmail;
    std::optional<Secret>
        credential; ///< nullopt keeps the stored one (allowed only where the URL is the same)
    std::string caFile;
};

struct GrantRequest
{
    AgentId agent;
    ProjectId project;
    std::string projectName;
    std::string projectIdentifier;
    std::string scope;
    GrantPolicy answer = GrantPolicy::Off;
    std::optional<std::int64_t> until;
    bool isNamedByTasker = false; ///< the names come from Tasker, not from the caller
    bool removes = false; ///< no grant of its own any more; `answer` and `until` are not read
};

/// Whose clients *stop everything* revokes too. An id of no agent is no mistake: nothing stands in the way of
/// a stop.
struct Revocation
{
    bool everyone = false;
    std::set<AgentId> agents;
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
class OwnerService final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Storage &storage;
        Registry &registry;
        Journal &journal;
        StepUp &stepUp;
        Pairing &pairing;
        Approvals &approvals;
        CallPipeline &pipeline;
        TaskerClient &tasker;
        SecretStore &secrets;
        Checkpoints &checkpoints;
        Retention &retention;
        Clock &clock;
        Random &random;
    };
    template <typename T> using Answered = std::function<void(Result<T>)>;

    explicit OwnerService(const Dependencies &dependencies, QObject *parent = nullptr);

    /// The gate by itself, for acts whose work is done elsewhere (export, a protection turned off).
    /// StepUpRequired {reason}.
    [[nodiscard]] Result<> authorize(OwnerAction act, const OwnerCaller &caller) const;

    // Agents. NotFound: no such agent. ValidationFailed: a name that is empty, longer than 80, or taken.
    void createAgent(const OwnerCaller &caller, const std::string &displayName, Answered<Agent> done);
    void renameAgent(const OwnerCaller &caller, const AgentId &agent, const std::string &name,
                     Answered<Agent> done);
    /// Paused refuses its calls; Retired cannot come back and revokes its clients.
    void setAgentState(const OwnerCaller &caller, const AgentId &agent, AgentState state,
                       Answered<Agent> done);

    // Grants. ValidationFailed: an unknown scope, a date in the past. Off on one project is kept where a
    // grant on every project would speak otherwise, and wins over it until it is changed or removed (ADR
    // 0106). A removed grant answers with what speaks from then on.
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
    /// A login in a browser: the owner chooses the agent that it acts as.
    void confirmLogin(const OwnerCaller &caller, const ConfirmationId &id, const AgentId &agent,
                      Storage::Done done);
    void denyPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done);

    // Approvals (calls/approvals.h), behind the gate.
    void allowCall(const OwnerCaller &caller, const ApprovalId &id, const Yes &yes, Storage::Done done);
    void denyCall(const OwnerCaller &caller, const ApprovalId &id, const std::string &reason, bool pauseAgent,
                  Storage::Done done);
    void endYes(const OwnerCaller &caller, const ApprovalId &id, Storage::Done done);
    /// What the call would change, read from its upstream as the owner, outside the agent's budget. For the
    /// owner alone. NotFound: no such question; else the upstream's error.
    void preview(const ApprovalId &id, Answered<Preview> done);

    // Mode.
    void setMode(const OwnerCaller &caller, Mode mode, const std::string &reason, Answered<Profile> done);
    /// Pauses, withdraws the questions, closes streams, revokes these clients, and answers once no call is
    /// under way. If the pause could not be stored, all the rest is done and the error comes back.
    void stopEverything(const OwnerCaller &caller, const Revocation &revoked, Answered<Quiet> done);
    /// Whoever hears closeStreams() tells how many it closed, before it returns.
    void countClosedStreams(int count) { m_streamsClosed += count; }

    // Tasker. ValidationFailed {field, reason}; the secret store's errors; and whatever answers wrongly, as
    // AdapterSearch says.
    /// Tries it first, and stores the address at which the adapter answered. Where nothing answers at all, it
    /// is stored as given, and TaskerClient::health() says that nothing was heard and why.
    void saveConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Profile> done);
    /// Lists the owner's projects with these settings without storing them. {matches: [...], tasker_url:
    /// where the adapter answered}.
    void testConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Json> done);
    void findProjects(const OwnerCaller &caller, const std::string &query, int limit, Answered<Json> done);

    // The journal.
    void activity(const CallFilter &filter, Answered<CallPage> done);
    /// Calls of [from, to) in wall time.
    void countCalls(std::int64_t from, std::int64_t to, Answered<CallCounts> done);
    /// The owner knows that the database, or the keychain's signing key, was put back (audit/checkpoints.h).
    void acceptRestore(const OwnerCaller &caller, Storage::Done done);
    /// Where rows older than 90 days are exported to (audit/retention.h).
    void moveExports(const OwnerCaller &caller, const std::filesystem::path &folder, Storage::Done done);
    [[nodiscard]] const RetentionProgress &retention() const { return m_services.retention.progress(); }
    /// What the wall clock is worth, where it and the time by which things end are apart
    /// (identity/registry.h).
    void settleClock(const OwnerCaller &caller, ClockAnswer answer, Storage::Done done);
    [[nodiscard]] Checkpoints::Hold hold() const { return m_services.checkpoints.hold(); }
    [[nodiscard]] const std::filesystem::path &exportsFolder() const { return m_services.retention.folder(); }

signals:
    /// *Stop everything* wants the streams and the clients' connections closed.
    void closeStreams();

private:
    [[nodiscard]] Event eventOf(EventKind kind, const OwnerCaller &caller) const;
    [[nodiscard]] Result<Agent> agentNamed(const AgentId &id) const;
    [[nodiscard]] Result<std::string> checkedAgentName(const std::string &name, const AgentId &of) const;
    [[nodiscard]] OwnerAction actOfSaving() const;
    void saveAgent(const OwnerCaller &caller, const Agent &agent, EventKind kind, Json more,
                   Answered<Agent> done);
    /// The target that these settings mean, with the stored credential where they carry none.
    void targetOf(const OwnerCaller &caller, ConnectionSettings settings,
                  std::function<void(Result<std::shared_ptr<TaskerTarget>>)> done);
    void search(const std::shared_ptr<TaskerTarget> &target, const Answered<AdapterSearch::Found> &done);
    void storeConnection(const OwnerCaller &caller, const std::string &ownerEmail,
                         const std::shared_ptr<TaskerTarget> &target, const TaskerClient::Health &known,
                         const std::shared_ptr<Secret> &former, const Answered<Profile> &done);

    Dependencies m_services;
    int m_streamsClosed = 0;
};

} // namespace gatehouse
