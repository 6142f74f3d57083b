// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QDateTime>
#include <QFuture>
#include <QList>
#include <QMap>
#include <QObject>
#include <QString>
#include <QStringList>

#include <optional>

// All that ui/ may include: plain values and one abstract class. The window never sees a store, a
// socket or a token that it did not ask for.
namespace gatehouse {

enum class GatewayState {
    Starting,
    Locked, ///< the keychain has not given the key yet: it is locked, asks the person, or was told no
            ///< (problem)
    Ready,
    Broken, ///< see GatewayStatus::problem
};

struct GatewayStatus
{
    GatewayState state = GatewayState::Starting;
    std::optional<ErrorCode> problem; ///< storage_*, secrets_*, port_busy; of Locked too
    QString problemDetail; ///< a file, who holds the port as PROGRAM (PID), a command that helps, or the
                           ///< keychain's name; no sentence
    bool keychainAsks = false; ///< Locked: a dialog of the keychain waits for the person
    QString mode = QStringLiteral("running"); ///< running | paused | draining
    QString modeReason;
    QString address; ///< http://127.0.0.1:4100; empty while that door is shut
    int port = 0; ///< the one it has or, while somebody else holds it, the one it wants
    bool pinSet = false;
    qint64 pinLockedForMs = 0;
    bool stepUpFresh = false;
    bool connected = false; ///< a Tasker is configured
    bool heard = true; ///< that Tasker has answered since it was set, or since the start
    std::optional<ErrorCode> upstreamProblem; ///< of Tasker itself, not of a single call
    QString upstreamReason; ///< what makes it more exact (docs/rest-api.md, Errors), or empty
    QString taskerUrl, ownerUserId, ownerEmail, caFile;
    bool recording = true; ///< false: the journal cannot be written
    std::optional<ErrorCode> recordingProblem; ///< why not: storage_*
    QString signingHeld = QStringLiteral("none"); ///< none | rolled_back | key_lost
    QString exportsFolder; ///< where rows go before they are removed
    int keptDays = 0; ///< how long rows stay
    QString retentionStep = QStringLiteral("idle"); ///< idle | exporting | checking | removing
    qint64 retentionRows = 0, retentionOf = 0; ///< how far that is
    QString clockQuestion
        = QStringLiteral("none"); ///< none | ahead | behind: the clock against the latest time
    QDateTime clockWall, clockLatest;
    QString secretsKind;
    QString logFolder; ///< where the log's files lie; empty: it is kept in none
    QString version;
};

struct AgentSummary
{
    QString id, name, state; ///< active | paused | retired
    QDateTime createdAt;
    int clients = 0, grants = 0;
    std::optional<QDateTime> lastCallAt;
};

struct ClientSummary
{
    QString id, agentId, name, tokenTail, pairedBy;
    QDateTime createdAt, expiresAt;
    std::optional<QDateTime> lastUsedAt, revokedAt;
    std::optional<QDateTime>
        crowdedAt; ///< lately refused a connection: as many of its own were open as may be
};

struct GrantSummary
{
    QString agentId, projectId, projectName, projectIdentifier, scope;
    QString
        answer; ///< off | allow | ask | ask_with_pin; to putGrants also none: no grant of its own any more
    std::optional<QDateTime> until;
    qint64 revision = 0;
    bool byApproval = false;
    // The widest yes for a time beside its *ask*; of `putGrants` not read.
    std::optional<QDateTime> allowedUntil;
    QString allowedCovers, allowedIssue;
};

struct ProjectSummary
{
    QString id, identifier, name, workspace;
};

struct PeerSummary
{
    QString program, folder; ///< of the first process in the chain that is not ours
    qint64 pid = 0;
    uint uid = 0;
    QStringList parents; ///< executables, nearest first
};

struct PairingSummary
{
    QString code, agentId;
    QDateTime expiresAt;
    QString command; ///< what the other side types
};

struct ConfirmationSummary
{
    QString id, checkNumber, agentId, agentName, clientName;
    PeerSummary peer;
    QDateTime expiresAt;
    bool login = false;
    QStringList scopes = {}; ///< what a login asks for; empty: everything that its agent may
};

struct ApprovalSummary
{
    QString id, agentName, clientName, tool, projectName, issue, title;
    QMap<QString, QString> arguments; ///< name -> value, foreign text
    PeerSummary peer;
    QDateTime askedAt, expiresAt;
    bool withPin = false;
    bool held = false; ///< its program waits for the answer just now; else a yes is kept for its next try
    std::optional<QDateTime>
        heldUntil; ///< then the caller has stopped waiting and must repeat; none: it never waited
    QStringList covers; ///< what a yes for a time can cover, narrowest first: issue | turn | project
};

/// A yes for a time.
struct StandingYesSummary
{
    QString id, agentName, clientName, tool, projectName;
    QString covers; ///< issue | turn | project
    QString issue; ///< of `issue`
    QDateTime givenAt, until;
    std::optional<QDateTime> lastUsedAt;
    int uses = 0;
};

/// What a held call would change, read from Tasker as the owner. Foreign text, whole; names for ids.
struct PreviewSummary
{
    struct Line
    {
        enum class Kind { Same, Removed, Added } kind = Kind::Same;
        QString text;
    };
    struct Field
    {
        QString name; ///< name, description, priority, state, labels, ...
        QString before, after;
        QList<Line> diff; ///< of a long text, besides
    };
    QString issue, title; ///< as they are now; no issue: a new one
    bool changedMeanwhile = false; ///< the issue is newer than the question
    QList<Field> changed; ///< since the owner was asked, by this question or the one that it repeats
    QList<Field> fields; ///< all that would be sent; a read has none
};

struct CountsSummary
{
    qint64 calls = 0, refused = 0, asked = 0;
    qint64 upTo = 0; ///< the newest line that was counted
};

/// What became of the journal, by a walk over its whole chain.
struct VerdictSummary
{
    QString finding; ///< sound | edited | moved | missing | rewritten | tail_cut | rolled_back | ...
    qint64 badRow = 0; ///< the first bad row; 0: none
    qint64 rows = 0, first = 0, last = 0;
    qint64 vouchedTo = 0; ///< rows up to here were signed
    qint64 restoredRow = 0; ///< the last accepted restore; 0: none
};

struct ActivityRow
{
    qint64 seq = 0;
    QDateTime at;
    QString kind, callId, agentId, agentName, clientId, clientName, via, tool, projectName, issue, title,
        decision, outcome;
    QString transport, protocol, upstream; ///< the rest of the outcome (docs/adr/0099)
    qint64 durationMs = -1;
    int refusals = 0; ///< how many the line counts; 0: it counts none
    QList<std::pair<QString, int>> refusedTools; ///< which of them, and how often
    std::optional<QDateTime> yesGivenAt; ///< of the owner's yes that let the call through
};

struct ActivityFilter
{
    QString agentId, clientId, tool, projectId, decision, outcome, text;
    std::optional<QDateTime> from; ///< not older
    qint64 before = 0; ///< older lines only; 0: from the newest
    qint64 after = 0; ///< newer lines only
    int limit = 100;
};

inline const QString kEveryAgent = QStringLiteral("*");

/// What *stop everything* did, and how long it took until nothing was under way.
struct QuietSummary
{
    int questionsWithdrawn = 0, streamsClosed = 0, callsFinished = 0, clientsRevoked = 0;
    qint64 milliseconds = 0;
};

/// What one read of the list found. It searches a bounded part of the journal: what almost nothing passes
/// takes several reads, each from the last one's `nextBefore`.
struct ActivityFound
{
    QList<ActivityRow> lines; ///< newest first
    std::optional<qint64> nextBefore; ///< none: nothing older passes
    std::optional<QDateTime> searchedBackTo; ///< none: the journal has no lines
    int searchedPercent = 100;
};

struct TaskerSettings
{
    QString url, ownerUserId, ownerEmail, credential, caFile; ///< credential empty: keep the stored one
};

/// What a test of settings found.
struct TestedConnection
{
    QString url; ///< where the adapter answered, found from the address that was given
    QList<ProjectSummary> projects;
};

/// What became of settings that were saved: where they lead, and whether Tasker answered there just now.
struct SavedConnection
{
    QString url;
    bool heard = false;
    std::optional<ErrorCode> problem; ///< why not
    QString reason; ///< what makes it more exact, or empty
};

/// A command that sets up the program on the other side, and what running it said.
struct SetupResult
{
    QString command, output;
    bool ok = false;
    QString replaced; ///< the client whose token this one took the place of, revoked; empty: there was none
};

/// The gateway as the window sees it. Futures are heard with ui/models/answer.h, on the thread that asked
/// and never by a hearer that has gone. Thread: ui. The implementation carries each call to the core thread
/// and back.
class GatewayPort : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual GatewayStatus status() const = 0; ///< the latest known; no wait
    virtual QFuture<Result<QList<AgentSummary>>> agents() = 0;
    virtual QFuture<Result<AgentSummary>> createAgent(const QString &name) = 0;
    virtual QFuture<Result<AgentSummary>> renameAgent(const QString &agent, const QString &name) = 0;
    virtual QFuture<Result<AgentSummary>> setAgentState(const QString &agent, const QString &state) = 0;

    virtual QFuture<Result<QList<GrantSummary>>> grants(const QString &agent) = 0;
    virtual QFuture<Result<>> putGrants(const QList<GrantSummary> &grants)
        = 0; ///< all or the first that failed
    virtual QFuture<Result<QList<ProjectSummary>>> findProjects(const QString &query) = 0;

    virtual QFuture<Result<QList<ClientSummary>>> clients(const QString &agent) = 0;
    virtual QFuture<Result<>> revokeClient(const QString &client) = 0;
    virtual QFuture<Result<QString>> mintAgentToken(const QString &agent, const QString &name)
        = 0; ///< shown once
    virtual QFuture<Result<QString>> mintOwnerToken(const QString &name) = 0; ///< shown once

    virtual QFuture<Result<PairingSummary>> openPairing(const QString &agent) = 0;
    virtual QFuture<Result<>> closePairing() = 0;
    virtual QFuture<Result<>> confirmPairing(const QString &confirmation) = 0;
    /// The same for a login, as the agent that the owner chose.
    virtual QFuture<Result<>> confirmPairing(const QString &confirmation, const QString &agent) = 0;
    virtual QFuture<Result<>> denyPairing(const QString &confirmation) = 0;
    /// Runs `codex mcp add` for the bridge and stores its token; the command is shown first by the dialog.
    [[nodiscard]] virtual QString codexSetupCommand() const = 0;
    virtual QFuture<Result<SetupResult>> setUpCodex(const QString &agent) = 0;

    virtual QFuture<Result<QList<ApprovalSummary>>> approvals() = 0;
    /// `reach`: once | 15m | 1h | 8h; `covers`: one of the question's, not read for once.
    virtual QFuture<Result<>> allowCall(const QString &approval, const QString &reach, const QString &covers)
        = 0;
    virtual QFuture<Result<QList<StandingYesSummary>>> standingYeses() = 0; ///< oldest first
    virtual QFuture<Result<>> endYes(const QString &approval) = 0;
    virtual QFuture<Result<>> denyCall(const QString &approval, const QString &reason, bool pauseAgent) = 0;
    virtual void approvalSeen(const QString &approval) = 0;
    virtual QFuture<Result<PreviewSummary>> preview(const QString &approval) = 0;

    virtual QFuture<Result<>> setPin(const QString &old, const QString &fresh) = 0;
    virtual QFuture<Result<>> enterPin(const QString &pin) = 0; ///< step-up for this window
    virtual QFuture<Result<>> resetPin() = 0;

    virtual QFuture<Result<TestedConnection>> testConnection(const TaskerSettings &settings) = 0;
    /// Tried before it is stored: what answers wrongly is the error, and status() then tells the address that
    /// was found, and whether anything answered.
    virtual QFuture<Result<SavedConnection>> saveConnection(const TaskerSettings &settings) = 0;

    virtual QFuture<Result<>> setMode(const QString &mode, const QString &reason) = 0;
    /// `revoked`: the agents whose clients are revoked too, or kEveryAgent.
    virtual QFuture<Result<QuietSummary>> stopEverything(const QStringList &revoked) = 0;

    virtual QFuture<Result<ActivityFound>> activity(const ActivityFilter &filter) = 0;
    virtual QFuture<Result<CountsSummary>> countsSince(const QDateTime &from) = 0;
    virtual QFuture<Result<VerdictSummary>> verifyJournal() = 0;
    /// The owner put the database or the keychain back themselves: signing goes on.
    virtual QFuture<Result<>> acceptRestore() = 0;
    virtual QFuture<Result<>> moveExports(const QString &folder) = 0;
    /// `answer`: is_right (after a jump ahead) | was_wrong (it once stood in the future).
    virtual QFuture<Result<>> settleClock(const QString &answer) = 0;

    /// After a problem (locked, port busy) was mended: try again. `port` 0 keeps the profile's.
    virtual void retry(int port) = 0;

signals:
    void statusChanged();
    void directoryChanged(); ///< agents, clients or grants
    /// New or changed lines of Activity, within 100 ms of the commit; a changed line keeps its seq.
    void activityAdded(const QList<gatehouse::ActivityRow> &rows);
    void activityFellBehind(); ///< too many came at once: read the page again
    void confirmationAsked(const gatehouse::ConfirmationSummary &confirmation);
    void confirmationClosed(const QString &confirmation);
    void
    approvalAsked(const gatehouse::ApprovalSummary &approval); ///< again: a repeat waits for the same one
    void approvalClosed(const QString &approval);
    /// Whether its program waits for the answer just now has changed.
    void approvalHeldChanged(const QString &approval, bool held);
    void standingChanged(); ///< a yes for a time was given, used, or has ended
    void pairingClosed(); ///< the code was spent, voided or ran out
    void notice(const QString &code); ///< pairing_paused, upstream_auth_failed, ... ui/ has the sentence
    void raiseRequested(); ///< a second start asks for the window
};

} // namespace gatehouse
