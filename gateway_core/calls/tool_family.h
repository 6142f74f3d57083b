// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/ids.h"
#include "gateway_core/calls/preview.h"
#include "gateway_core/calls/tool.h"
#include "gateway_core/grants/caller_rights.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The port through which a room brings tools: what each acts on, what it looks up, the one request that it
// ends in, and what the answer is worth. The pipeline keeps order, rights, rates, record and asking, and
// names no family. How to add one: docs/adding.md.
namespace gatehouse {

struct AskedCall;

/// For whom a request is made, and the names under which it can be found again.
struct Actor
{
    AgentId agent;
    std::string agentName;
    std::string requestId; ///< a UUID
    std::string traceparent; ///< W3C, checked, or empty
    std::string idempotencyKey; ///< writes only: the same for every repeat of the call
};

/// What a call asks of its upstream, in a form that is stored beside its key, sent again as it was, and shown
/// to the owner.
struct UpstreamRequest
{
    std::string method;
    std::string path; ///< what it acts on, as the family spells it
    Json body = nullptr;
};

/// What came of a request.
struct UpstreamReply
{
    enum class Sent {
        Nothing, ///< nothing of it can have left
        Unknown, ///< it left, and nothing usable came back
        Answered, ///< the upstream answered, if only to refuse
    };
    Sent sent = Sent::Nothing;
    std::string
        upstream; ///< what the upstream said, for the record: "200", "429 replayed"; empty: see `sent`
    Result<Json> body = failure(ErrorCode::UpstreamUnavailable);
    bool outcomeUnknown = false; ///< a write that may or may not have happened
    Json facts = nullptr; ///< what the record should hold besides, by name
};

/// What a call is about, as far as the owner and the record name it. An empty field is not known.
struct Subject
{
    std::string name; ///< ENG-42
    std::string id; ///< of what is there already and was looked up
    std::string title;
    std::string version; ///< changes whenever the thing does
    std::string place; ///< what the arguments call the place, where nothing else tells it
};

/// What a tool answers, and whether the upstream did less than it was asked.
struct ToolResult
{
    Json result;
    bool partial = false;
};

/// One use of one tool, from the grants to the answer. The pipeline owns it and calls it in this order:
/// locate, needs, takeBudget, prepare (until it is done), request and subject, send, judge; needs again after
/// each step of prepare and before anything leaves. Thread: core.
class ToolUse
{
public:
    /// What prepare() has come to.
    enum class Prepared {
        Done, ///< request() is there
        Further, ///< needs() may be narrower now: the grants are asked again, then prepare() is called again
        Waits, ///< for a look-up: `ready` comes once, then as Further
    };
    using Ready = std::function<void(const Result<> &)>;
    using Sent = std::function<void(const UpstreamReply &)>;

    virtual ~ToolUse() = default;

    /// Finds where it acts, by the grants alone: nothing upstream is asked. NotFound, ValidationFailed.
    [[nodiscard]] virtual Result<> locate(const CallerRights &rights) = 0;
    /// All that it needs, its own place first.
    [[nodiscard]] virtual const std::vector<Need> &needs() const = 0;
    /// Takes its share of the upstream's patience. RateLimited {retry_after}.
    [[nodiscard]] virtual Result<> takeBudget() { return {}; }
    /// Takes one step towards request(). `asked`: the owner will be asked, so that subject() has to be whole.
    [[nodiscard]] virtual Result<Prepared> prepare(bool asked, const Ready &ready) = 0;
    [[nodiscard]] virtual UpstreamRequest request() const = 0;
    [[nodiscard]] virtual Subject subject() const = 0;
    /// The thing itself as it was looked up, so that preview() can say what has changed since; null: it was
    /// not.
    [[nodiscard]] virtual Json seen() const { return nullptr; }

    /// The call is a repeat of one that was made to this project: what it was done to is what counts.
    virtual void actOn(const ProjectId &project) = 0;
    /// In place of prepare(): the request as it left the first time.
    virtual void repeat(const UpstreamRequest &request) = 0;

    /// Sends request(). `sent` comes exactly once, never before send() returned.
    virtual void send(const Actor &actor, Sent sent) = 0;
    /// Checks the answer's shape and place, and that a write really happened; leaves out what the caller may
    /// not read. UpstreamInvalidResponse, NotFound.
    [[nodiscard]] virtual Result<ToolResult> judge(const Json &answer, const CallerRights &rights) const = 0;
};

/// A call whose arguments fit their schema; nothing else is known yet.
struct ToolCall
{
    const Tool &tool;
    const Json &arguments; ///< outlives the use
    Actor actor; ///< without a key
};

/// Can the upstream be reached, and is there room for one more of an agent's calls?
struct Readiness
{
    bool configured = true;
    std::int64_t waitMs = 0; ///< until the agent's next call of this kind would be let through
};

/// The tools of one room. Thread: core.
class ToolFamily
{
public:
    virtual ~ToolFamily() = default;

    /// Its rows; they live as long as the program.
    [[nodiscard]] virtual std::span<const Tool> tools() const = 0;
    /// Rules between arguments that no schema says. ValidationFailed {errors: [{field, problem}]}.
    [[nodiscard]] virtual Result<> check(const Tool &tool, const Json &arguments) const = 0;
    [[nodiscard]] virtual std::unique_ptr<ToolUse> begin(const ToolCall &call) = 0;
    /// What arguments name that nobody has checked, or a result that this family made; for the record.
    [[nodiscard]] virtual Subject subjectIn(const Json &argumentsOrResult) const = 0;
    /// For the window: what the call would change, read as the owner, outside every budget.
    virtual void preview(const AskedCall &asked, std::function<void(Result<Preview>)> done) = 0;

    // For explain: a call that nobody has made.
    /// What it would need if its own place were this one and it gave these arguments, whatever their values.
    [[nodiscard]] virtual std::vector<Need> needsAt(const Tool &tool, const Json &arguments,
                                                    const Place &place) const = 0;
    /// The argument that `field` names, also in the upstream's words; empty: the tool has none of that name.
    [[nodiscard]] virtual std::string argumentNamed(const Tool &tool, std::string_view field) const = 0;
    [[nodiscard]] virtual Readiness readiness(const AgentId &agent, bool writes) const = 0;
};

} // namespace gatehouse
