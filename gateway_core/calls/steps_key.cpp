// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

#include "gateway_core/base/json.h"
#include "gateway_core/calls/key_record.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kKeyMost = 255; // the contract's Idempotency-Key

bool isVisibleAscii(const std::string &text)
{
    return !text.empty() && text.size() <= kKeyMost
        && std::ranges::all_of(text, [](char c) { return c > 32 && c < 127; });
}

/// Codex names each tool call by thread, turn and item; all three, because an item's name alone comes
/// again in the next turn. A client may send the same three with every call: what it asks for tells them apart.
std::string keyFromCodex(const Json &codex, const std::string &asked)
{
    const std::string thread = textAt(codex, "threadId");
    const std::string turn = textAt(codex, "turnId");
    const std::string item = textAt(codex, "itemId");
    if (thread.empty() || turn.empty() || item.empty())
        return {};
    return "codex-" + base64Url(sha256({ canonicalJson(Json::array({ thread, turn, item, asked })) }));
}

} // namespace

std::string Hallway::Inside::upstreamKeyOf(const Walk &walk) const
{
    const Json parts = Json::array(
        { walk.directory->profile.installId, walk.client.id.text(), walk.tool->name, walk.key });
    return base64Url(sha256({ canonicalJson(parts) }));
}

void Hallway::Inside::releaseClaim(const Walk &walk)
{
    if (walk.claimed)
        claims.erase({ walk.client.id, std::string(walk.tool->name), walk.key });
}

Result<> Hallway::Inside::judgeEarlier(Walk &walk, const IdempotencyRecord &earlier)
{
    if (earlier.bodyDigest != walk.bodyDigest)
        return failure(ErrorCode::IdempotencyKeyReused);
    // What it was done to is what has to be granted still, whatever the arguments would mean today.
    walk.use->actOn(earlier.project);
    if (const auto stands = decideAgain(walk); !stands)
        return failure(ErrorCode::ScopeDenied,
                       "the grant of the first call is gone: " + stands.error().detail);
    if (earlier.state == KeyState::Done) {
        const KeptAnswer kept = keptAnswerOf(earlier.answer);
        walk.result = kept.result;
        walk.partial = kept.partial;
        walk.replayed = true;
        skipToOutcome(walk);
        return {};
    }
    // Sent, and no call of this life holds it: nobody will ever hear its answer.
    const bool expired = registry.now() - earlier.createdAt >= Millis(kUnknownReach).count();
    const auto request = requestIn(earlier.answer);
    if (expired || !request)
        return failure(ErrorCode::OutcomeUnknownExpired);
    walk.use->repeat(*request);
    walk.resend = true;
    walk.firstSentAt = earlier.createdAt;
    return {};
}

Taken Hallway::Inside::claimKey(const WalkPtr &walk)
{
    if (!walk->tool->writes)
        return Pace::On;
    walk->firstSentAt = registry.now();
    walk->bodyDigest = sha256({ walk->tool->name, "\n", canonicalJson(walk->arguments()) });
    walk->key = walk->call.idempotencyKey.empty() ? keyFromCodex(walk->call.codex, base64Url(walk->bodyDigest))
                                                  : walk->call.idempotencyKey;
    walk->madeKey = walk->key.empty();
    if (walk->madeKey)
        walk->key = "made-" + random.uuid();
    if (!isVisibleAscii(walk->key))
        return failure(ErrorCode::InvalidRequest,
                       "the idempotency key is not 1 to 255 visible ASCII characters");

    const auto [claim, isNew]
        = claims.try_emplace({ walk->client.id, std::string(walk->tool->name), walk->key }, walk->id);
    if (!isNew) {
        const Walk &other = *walks.at(claim->second);
        if (other.bodyDigest != walk->bodyDigest)
            return failure(ErrorCode::IdempotencyKeyReused);
        Json details = nullptr;
        if (other.waitsForOwner)
            details = { { "approval_id", other.approval.text() } };
        return failure(ErrorCode::IdempotencyInProgress, {}, std::move(details));
    }
    walk->claimed = true;
    if (walk->madeKey)
        return Pace::On;

    using Earlier = std::optional<IdempotencyRecord>;
    storage.read<Earlier>(
        [client = walk->client.id, tool = std::string(walk->tool->name), key = walk->key](Stores &stores) {
            return stores.keys.find(client, tool, key);
        },
        [this, walk, guard = QPointer<Hallway>(&q)](const Result<Earlier> &earlier) {
            if (!guard || walk->ended)
                return;
            if (!earlier)
                return resume(walk, failure(ErrorCode::AuditUnavailable, "keys: " + earlier.error().detail));
            resume(walk, *earlier ? judgeEarlier(*walk, **earlier) : Result<>());
        });
    return Pace::Wait;
}

} // namespace gatehouse
