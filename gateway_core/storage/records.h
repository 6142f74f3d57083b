// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/digest.h"
#include "gateway_core/base/ids.h"
#include "gateway_core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the stores keep, as plain values. Times are milliseconds since 1970, UTC. Texts are UTF-8.
// Thread: values, any thread.
namespace gatehouse {

enum class Mode { Running, Paused, Draining };

struct Profile
{
    ProfileId id{ 1 };
    std::string name;
    std::string installId; ///< a UUID made once; part of every upstream idempotency key
    std::string taskerUrl; ///< base of the adapter; empty until the owner has connected
    std::string ownerUserId;
    std::string ownerEmail;
    std::string caFile; ///< PEM file of an own certificate authority, or empty
    int port = 4100;
    Mode mode = Mode::Running;
    std::string modeReason;
    std::int64_t createdAt = 0;
};

enum class AgentState { Active, Paused, Retired };

struct Agent
{
    AgentId id; ///< also the X-NodeDC-Agent-Id that Tasker sees
    std::string displayName;
    AgentState state = AgentState::Active;
    std::int64_t createdAt = 0;
};

/// A program paired to an agent. Its one token is kept as SHA-256.
struct Client
{
    ClientId id;
    AgentId agent;
    std::string name;
    Digest tokenHash{};
    std::string tokenTail; ///< the last four characters, for display
    std::string pairedBy; ///< executable that redeemed the code; empty for a token made by hand
    std::int64_t createdAt = 0;
    std::int64_t expiresAt = 0; ///< 30 days absolute
    std::int64_t lastUsedAt = 0; ///< 7 days idle; stored at most once a minute
    std::optional<std::int64_t> revokedAt;
};

struct OwnerToken
{
    OwnerTokenId id;
    std::string name;
    Digest tokenHash{};
    std::string tokenTail;
    std::int64_t createdAt = 0;
    std::int64_t expiresAt = 0;
    std::optional<std::int64_t> revokedAt;
};

enum class GrantPolicy { Off, Allow, Ask, AskWithPin };

struct Grant
{
    GrantId id;
    AgentId agent;
    ProjectId project; ///< "*" is every project of the profile
    std::string projectName; ///< as Tasker called it when the grant was given
    std::string projectIdentifier; ///< ENG
    std::string scope;
    GrantPolicy answer = GrantPolicy::Off;
    std::optional<std::int64_t> until;
    std::int64_t revision = 0; ///< grows with every change of any grant of the profile
    bool byApproval = false; ///< given for a time by the answer to an approval
};

inline const ProjectId kEveryProject{ "*" };

/// A program that said who it is before a login (RFC 7591).
struct LoginRegistration
{
    std::string id; ///< the OAuth client_id
    std::string name;
    std::vector<std::string> redirects;
    std::uint32_t uid = 0; ///< of the system user that registered it
    std::string executable; ///< of the program that registered it
    std::int64_t createdAt = 0;
};

/// One login: the client that it made, and what its tokens may reach.
struct LoginFamily
{
    ClientId client;
    std::string registration;
    std::optional<std::int64_t> scopeLimit; ///< bit set over Scope; nullopt: not narrowed
    std::string resource; ///< the address that its tokens are good for
    std::uint32_t uid = 0;
    std::int64_t createdAt = 0;
    std::int64_t expiresAt = 0;
};

/// A token of a family, as SHA-256.
struct LoginToken
{
    enum class Kind { Access, Refresh };

    Digest hash{};
    ClientId client;
    Kind kind = Kind::Access;
    std::optional<std::int64_t> scopeLimit; ///< of an access token: the family's, or narrower
    std::int64_t createdAt = 0;
    std::int64_t expiresAt = 0;
    std::optional<std::int64_t> spentAt; ///< of a refresh token
    bool siblingGiven = false; ///< it was repeated once already, in time
};

/// The owner's PIN as scrypt output, and how many wrong tries stand against it.
struct PinRecord
{
    std::string salt;
    std::string hash;
    int wrongTries = 0;
    int lockouts = 0; ///< doubles the lock each time; 0 again after a right PIN
    std::int64_t lockedUntilBoot = 0; ///< CLOCK_BOOTTIME milliseconds
    std::string lockedBootId; ///< the boot that lockedUntilBoot counts in
    std::int64_t lockedForMs = 0; ///< served again in full when the boot is another
};

/// Where one agent's key stands (product.md, Idempotency).
enum class KeyState { Sent, Done, Unknown };

struct IdempotencyRecord
{
    ClientId client;
    std::string tool;
    std::string key;
    Digest bodyDigest{};
    KeyState state = KeyState::Sent;
    CallId call;
    ProjectId project;
    Json answer; ///< for Done: what was answered, replayed as it was
    std::int64_t createdAt = 0;
};

/// One row of the journal. `body` is canonical JSON that holds every field of the event;
/// `hash` = SHA-256("gatehouse.journal.1\n", profile, seq, prev, body). docs/storage.md has the spelling.
struct JournalRow
{
    std::int64_t seq = 0;
    std::int64_t at = 0;
    std::string kind;
    std::string callId;
    std::string body;
    Digest prev{};
    Digest hash{};
};

/// A signed point of the chain: rows up to `seq` hash to `head`.
struct Checkpoint
{
    std::int64_t seq = 0;
    Digest head{};
    std::int64_t at = 0;
    std::string bootId;
    std::int64_t sinceBoot = 0;
    std::string signature; ///< Ed25519 over the canonical text; 64 bytes
};

/// A line of *Activity*: one call or one other event, joined from its journal rows.
struct CallRow
{
    std::int64_t seq = 0; ///< of the first row; the cursor of every list
    std::int64_t at = 0;
    std::string kind; ///< "call" or the kind of the other event
    std::string callId;
    std::string agentId, agentName, clientId, clientName;
    std::string via; ///< rest | mcp | window | ctl
    std::string tool;
    std::string projectId, projectName, issue, title;
    std::string decision; ///< allowed | denied | asked | ""
    std::string outcome; ///< "" while running, ok, partial, unknown, or an error code
    std::string transport, protocol,
        upstream; ///< outcome split: HTTP status, JSON-RPC or tool error, Tasker's answer
    std::int64_t durationMs = -1;
    std::string about; ///< JSON: {count, tools, others} of counted refusals, {yes: {approval_id, given_at}}
                       ///< of a call; or ""
    std::string text; ///< one line, made of the above, for search
};

/// How many lines of *Activity* are calls, and what became of them.
struct CallCounts
{
    std::int64_t calls = 0, refused = 0, asked = 0;
    std::int64_t upTo = 0; ///< the newest line that was looked at; 0: there is none
};

struct CallFilter
{
    std::string agentId, clientId, tool, projectId, decision, outcome, kind, text;
    std::optional<std::int64_t> from, to; ///< wall time, [from, to)
    std::int64_t before = 0; ///< cursor: rows with a smaller seq; 0 from the newest
    std::int64_t after = 0; ///< rows with a larger seq only
    int limit = 25;
};

/// What one read found, and how far it came: it looks at a bounded number of rows, so a mix of filters that
/// almost nothing passes takes several reads.
struct CallPage
{
    std::vector<CallRow> rows; ///< newest first
    std::optional<std::int64_t>
        nextBefore; ///< CallFilter::before of the read that goes on; none: nothing older passes
    std::optional<std::int64_t>
        searchedBackTo; ///< wall time of the line that was reached; none: there are no lines
    int searchedPercent = 100; ///< of the lines in the filter's time
};

} // namespace gatehouse
