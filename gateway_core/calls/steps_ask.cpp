// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

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

AskedCall CallPipeline::Inside::questionOf(const CallContext &context) const
{
    AskedCall asked;
    asked.call = context.id;
    asked.client = context.client.id;
    asked.clientName = context.client.name;
    asked.agent = context.agent.id;
    asked.agentName = context.agent.displayName;
    asked.tool = context.tool->name;
    const ProjectReference project = context.project();
    asked.project = project.id;
    asked.projectName = project.name;
    const Subject subject = context.use->subject();
    asked.issue = subject.name;
    asked.issueId = subject.id;
    asked.title = subject.id.empty() ? subject.title : cleanText(subject.title, true);
    asked.issueUpdatedAt = subject.version;
    asked.issueSeen = context.use->seen();
    asked.argumentDigest = argumentDigest(context.arguments(), journalKey);
    asked.grantRevision = context.decision.revision;
    asked.asking = context.decision.asking;
    asked.turn = turnOf(context.call.codex);
    asked.withPin = context.decision.answer == GrantPolicy::AskWithPin;
    asked.peer = context.call.peer;
    asked.arguments = context.arguments();
    asked.request = context.use->request().body;
    return asked;
}

void CallPipeline::Inside::tellProgress(const CallContextPtr &context, int seconds)
{
    clock.after(kProgressEvery, &q, [this, context, seconds] {
        if (context->ended || !context->waitsForOwner || !context->progress)
            return;
        context->progress(seconds, "Waiting for the owner's answer in Gatehouse");
        tellProgress(context, seconds + static_cast<int>(std::chrono::seconds(kProgressEvery).count()));
    });
}

/// Result<StepResult> again after the owner's yes: what stood when the question was asked has to stand still.
Result<StepResult> CallPipeline::Inside::awaitApproval(const CallContextPtr &context)
{
    if (const Result<StepResult> caller = checkCaller(context); !caller)
        return caller;
    if (const auto decided = decide(*context); !decided)
        return tl::unexpected<Error>(decided.error());
    // An unknown outcome was allowed before it was first sent.
    if (context->resend || context->decision.answer == GrantPolicy::Allow
        || context->askedRevision == context->decision.revision)
        return StepResult::Continue;

    context->waitsForOwner = true;
    const std::int64_t revision = context->decision.revision;
    const ApprovalId approval = approvals.ask(
        questionOf(*context),
        [this, context, revision, guard = QPointer<CallPipeline>(&q)](const Result<GivenYes> &word) {
            if (!guard || context->ended)
                return;
            context->waitsForOwner = false;
            if (!word)
                return resume(context, tl::unexpected<Error>(word.error()));
            context->askedRevision = revision;
            context->yes = *word;
            resume(context, {});
        });
    if (context->waitsForOwner) {
        context->approval = approval;
        tellProgress(context, static_cast<int>(std::chrono::seconds(kProgressEvery).count()));
        if (context->unheard)
            approvals.finish(context->id);
    }
    return StepResult::Retry;
}

} // namespace gatehouse
