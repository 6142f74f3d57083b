// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/grants/rates.h"
#include "gateway_core/identity/logins.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/identity/step_up.h"
#include "gateway_core/identity/stream_tickets.h"

#include <QObject>

#include <map>
#include <optional>

namespace gatehouse {

// product.md, Numbers, in our docs: docs/rest-api.md, Limits.
inline constexpr int kRequestsPerMinute = 600;
inline constexpr int kRefusalsPerMinute = 60;
inline constexpr int kCeremoniesPerMinute = 10;
inline constexpr Millis kWrongTokenDelay{ 250 };
inline constexpr int kWrongTokensWaiting = 16;
inline constexpr int kConnectionsPerClient = 16;
inline constexpr int kConnectionsOfOwner = 256;

/// Why nobody came in. `late`: answer after kWrongTokenDelay (AccessCheck::answerLate).
struct AccessRefusal
{
    Error error;
    bool late = false;
};

/// Steps 3 and 3b of a call, in their order: token, connection count, request rate; for the owner's
/// always-guarded routes also the step-up. Host and Origin were checked below, in http/.
/// A token is only ever read from the Authorization header. A stream's ticket is read from the query of the
/// two streams alone, where no token is sent; offered on any other closed route, or beside a token, it is
/// burned.
///   Unauthorized    no token (at once), or a wrong one (late)
///   ScopeDenied     a good token of the other kind: an agent's on an owner's route, and the reverse
///   StepUpRequired  OwnerStepUp without a fresh step-up
///   RateLimited     retry_after says when; for a client also {reason, client, most}
/// Every refusal is on record. Thread: core. The references must outlive it.
class AccessCheck final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Registry &registry;
        StepUp &stepUp;
        Journal &journal;
        Clock &clock;
        const Logins &logins;
        StreamTickets &tickets;
        const Condition &condition; ///< whose address the tokens of logins must be for
    };

    explicit AccessCheck(const Dependencies &dependencies, QObject *parent = nullptr);

    [[nodiscard]] tl::expected<RouteCaller, AccessRefusal> admit(const Route &route,
                                                                 const HttpRequest &request);
    /// Would admit() find a good token of the right kind, if this route needs one? Counts and records
    /// nothing.
    [[nodiscard]] bool hasGoodToken(const Route &route, const HttpRequest &request) const;
    /// This ceremony came with a key of that client's: it is one of the client's requests, and no ceremony of
    /// its system user. RateLimited: it has to wait.
    [[nodiscard]] Result<> countAsClient(std::uint32_t uid, const ClientId &client);
    /// Answers a wrong token when its delay is over; RateLimited at once where too many wait already.
    void answerLate(const HttpRequest &request, const Reply &reply, const Error &error);
    /// A refusal was given to this client: it costs a second request, and 60 a minute are all it gets.
    void countRefusal(const ClientId &client);
    /// Puts a refusal of the door on record.
    /// `caller` null: whose token came with it, if it is a client's. `tool`: empty where it is about none.
    void record(const HttpRequest &request, const RouteCaller *caller, const Error &error,
                const std::string &tool = {});
    /// The same for what http/ refused before there was a request.
    void recordBelow(std::uint32_t uid, int status, const std::string &reason);

private:
    using Admission = tl::expected<RouteCaller, AccessRefusal>;

    [[nodiscard]] Admission admitCeremony(const HttpRequest &request);
    [[nodiscard]] Admission admitClient(const HttpRequest &request, std::string_view token);
    [[nodiscard]] Admission admitOwner(const Route &route, const HttpRequest &request,
                                       std::string_view token);
    [[nodiscard]] Admission admitTicket(const Route &route, const HttpRequest &request,
                                        std::string_view ticket);
    struct Holder
    {
        const Client *client = nullptr; ///< null: nobody's token
        std::optional<std::int64_t> scopeLimit;
    };
    /// Errors are those of Logins::bearerOf().
    [[nodiscard]] Result<Holder> holderOf(const Directory &directory, std::string_view token) const;
    [[nodiscard]] const OwnerToken *ownerOf(const Directory &directory, std::string_view token) const;
    [[nodiscard]] std::optional<AccessRefusal> clientMustWait(const Client &client);
    [[nodiscard]] Peer evidence(const HttpRequest &request, ErrorCode reason);

    Dependencies m_services;
    Rate m_requests{ kRequestsPerMinute, kRequestsPerMinute };
    Rate m_refusals{ kRefusalsPerMinute, kRefusalsPerMinute };
    Rate m_ceremonies{ kCeremoniesPerMinute, kCeremoniesPerMinute };
    std::unordered_map<ClientId, std::int64_t> m_shutUntil; ///< boot time; too many refusals
    std::unordered_map<std::uint32_t, int> m_waiting; ///< wrong tokens not yet answered, by uid
    std::map<std::pair<std::uint32_t, ErrorCode>, std::int64_t> m_lookedUp;
    std::int64_t m_prunedAt = 0;
};

/// The token of an `Authorization: Bearer …` header; nullopt where there is none of that scheme.
[[nodiscard]] std::optional<std::string_view> bearerOf(const HttpRequest &request);

} // namespace gatehouse
