// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_streams.h"

#include "gateway_core/api/route/call_filter.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/wire.h"

#include <charconv>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 2> kStreams{ "audit", "status" };

/// The header that a browser sends when it comes back by itself; the query is for a reader that comes back
/// with a new ticket and can set no header.
std::string lastIdOf(const HttpRequest &request)
{
    const std::string_view header = request.header("last-event-id");
    return header.empty() ? request.queryValue("last_event_id") : std::string(header);
}

bool isRowId(const std::string &text, std::int64_t &row)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
    return error == std::errc() && end == text.data() + text.size() && row >= 0 && row < INT64_MAX;
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerStreams::routes()
{
    // clang-format off
    static constexpr std::string_view kTicket = R"({
  "type":"object","additionalProperties":false,"properties":{
    "streams":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,
               "items":{"enum":["audit","status"]}}}})";
    static constexpr std::string_view kFiltersOfTheStream
        = "agent_id:text? client_id:text? tool:text? project_id:text? decision:text? outcome:text? kind:text? "
          "text:text? from:time? to:time? last_event_id:text? ticket:text?";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Post, .path = "/api/v1/streams/tickets", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "A one-time ticket to a stream",
               .answer = to<&OwnerStreams::mintTicket>, .bodySchema = kTicket,
               .responses = {{ { 201, "ticket:text expires_at:time" } }},
               .example = { true, {}, R"({"streams":["status"]})" } },
        Route{ .method = Method::Get, .path = "/api/v1/streams/audit", .access = Access::OwnerOrTicket, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The journal as it grows",
               .answer = to<&OwnerStreams::audit>,
               .query = kFiltersOfTheStream,
               .responses = {{ { 200, "text/event-stream" } }},
               .example = { true, "kind=call" } },
        Route{ .method = Method::Get, .path = "/api/v1/streams/status", .access = Access::OwnerOrTicket, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The gateway's state as it changes",
               .answer = to<&OwnerStreams::status>,
               .query = "last_event_id:text? ticket:text?",
               .responses = {{ { 200, "text/event-stream" } }},
               .example = { true } },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerStreams>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerStreams::OwnerStreams(const Dependencies &dependencies)
    : m_services(dependencies)
    , m_audit(dependencies.storage, dependencies.clock)
    , m_status({ dependencies.registry, dependencies.journal, dependencies.pairing, dependencies.approvals,
                 dependencies.tasker })
{
    const auto endTokens = [this] {
        m_readers.endThoseWithoutToken(*m_services.registry.current(), m_services.registry.now());
    };
    connect(&dependencies.registry, &Registry::changed, this, endTokens);
    connect(&dependencies.journal, &Journal::appended, this,
            [this, endTokens](const std::vector<JournalRow> &rows) {
                endTokens(); // nothing is told to a token that ran out a moment ago
                m_audit.publish(rows);
                m_readers.relieve();
            });
    m_services.clock.after(kStreamHeartbeat, this, [this] { beat(); });
}

void OwnerStreams::mintTicket(RouteCall &call)
{
    std::set<std::string, std::less<>> streams;
    for (const Json &name : call.body.value("streams", Json(kStreams)))
        streams.insert(name.get<std::string>());
    const auto minted = m_services.tickets.mint(call.caller.owner->id, std::move(streams));
    call.reply.answer(minted, 201, [](const StreamTickets::Minted &ticket) -> Json {
        return { { "ticket", ticket.text.text() }, { "expires_at", wire::timeText(ticket.expiresAt) } };
    });
}

void OwnerStreams::audit(RouteCall &call)
{
    auto filter = callFilterOf(call.request);
    if (!filter)
        return call.reply.fail(filter.error());
    std::optional<std::int64_t> last;
    if (const std::string id = lastIdOf(call.request); !id.empty() && !isRowId(id, last.emplace()))
        return call.reply.fail(fieldProblem("Last-Event-ID", "not an id of this stream"));
    if (const ReaderPtr reader = open(call))
        m_audit.add(reader, std::move(*filter), last);
}

void OwnerStreams::status(RouteCall &call)
{
    if (const ReaderPtr reader = open(call))
        m_status.add(reader, lastIdOf(call.request));
}

ReaderPtr OwnerStreams::open(const RouteCall &call)
{
    if (m_readers.isFull()) {
        call.reply.fail(ErrorCode::RateLimited, { { "retry_after", 5 }, { "reason", "streams" } });
        return nullptr;
    }
    const ResponderPtr &responder = call.reply.responder();
    const ReaderPtr reader = m_readers.add(responder->stream({ { "x-request-id", call.reply.requestId() },
                                                               { "x-content-type-options", "nosniff" } }),
                                           *call.caller.owner);
    responder->onGone([gone = std::weak_ptr(reader)] {
        if (const ReaderPtr left = gone.lock())
            left->forget();
    });
    return reader;
}

int OwnerStreams::closeAll()
{
    return m_readers.endAll("everything_stopped");
}

void OwnerStreams::beat()
{
    m_readers.endThoseWithoutToken(*m_services.registry.current(), m_services.registry.now());
    m_readers.beat();
    m_audit.beat();
    m_status.look();
    m_readers.relieve();
    m_services.clock.after(kStreamHeartbeat, this, [this] { beat(); });
}

} // namespace gatehouse
