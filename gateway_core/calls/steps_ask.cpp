// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

#include "gateway_core/audit/reduce.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/foreign_text.h"

namespace gatehouse {

namespace {

/// The turn of Codex that the call belongs to, as it says itself; empty: it does not say.
std::string turnOf(const Json &codex)
{
    const std::string thread = textAt(codex, "threadId");
    const std::string turn = textAt(codex, "turnId");
    return thread.empty() || turn.empty() ? std::string() : canonicalJson(Json::array({ thread, turn }));
}

} // namespace

AskedCall Hallway::Inside::questionOf(const Walk &walk) const
{
    AskedCall asked;
    asked.call = walk.id;
    asked.client = walk.client.id;
    asked.clientName = walk.client.name;
    asked.agent = walk.agent.id;
    asked.agentName = walk.agent.displayName;
    asked.tool = walk.tool->name;
    const ProjectReference project = walk.project();
    asked.project = project.id;
    asked.projectName = project.name;
    const Subject subject = walk.use->subject();
    asked.issue = subject.name;
    asked.issueId = subject.id;
    asked.title = subject.id.empty() ? subject.title : cleanText(subject.title, true);
    asked.issueUpdatedAt = subject.version;
    asked.issueSeen = walk.use->seen();
    asked.argumentDigest = argumentDigest(walk.arguments(), journalKey);
    asked.grantRevision = walk.decision.revision;
    asked.asking = walk.decision.asking;
    asked.turn = turnOf(walk.call.codex);
    asked.withPin = walk.decision.answer == Answer::AskWithPin;
    asked.peer = walk.call.peer;
    asked.arguments = walk.arguments();
    asked.request = walk.use->request().body;
    return asked;
}

void Hallway::Inside::tellProgress(const WalkPtr &walk, int seconds)
{
    clock.after(kProgressEvery, &q, [this, walk, seconds] {
        if (walk->ended || !walk->waitsForOwner || !walk->progress)
            return;
        walk->progress(seconds, "Waiting for the owner's answer in Gatehouse");
        tellProgress(walk, seconds + static_cast<int>(std::chrono::seconds(kProgressEvery).count()));
    });
}

/// Taken again after the owner's yes: what stood when the question was asked has to stand still.
Taken Hallway::Inside::awaitApproval(const WalkPtr &walk)
{
    if (const Taken caller = checkCaller(walk); !caller)
        return caller;
    if (const auto decided = decideAgain(*walk); !decided)
        return tl::unexpected<Error>(decided.error());
    // An unknown outcome was allowed before it was first sent.
    if (walk->resend || walk->decision.answer == Answer::Allow
        || walk->askedRevision == walk->decision.revision)
        return Pace::On;

    walk->waitsForOwner = true;
    const std::int64_t revision = walk->decision.revision;
    const ApprovalId approval = approvals.ask(
        questionOf(*walk), [this, walk, revision, guard = QPointer<Hallway>(&q)](const Result<GivenYes> &word) {
            if (!guard || walk->ended)
                return;
            walk->waitsForOwner = false;
            if (!word)
                return resume(walk, tl::unexpected<Error>(word.error()));
            walk->askedRevision = revision;
            walk->yes = *word;
            resume(walk, {});
        });
    if (walk->waitsForOwner) {
        walk->approval = approval;
        tellProgress(walk, static_cast<int>(std::chrono::seconds(kProgressEvery).count()));
        if (walk->unheard)
            approvals.leave(walk->id);
    }
    return Pace::Again;
}

} // namespace gatehouse
