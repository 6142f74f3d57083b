// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner_audit.h"

#include "gateway_core/api/error_table.h"
#include "gateway_core/api/wire.h"

#include <charconv>

namespace gatehouse {

namespace {

constexpr int kPageRows = 25;
constexpr int kPageRowsMost = 100;
constexpr std::size_t kFilterTextMost = 256;

struct TextFilter
{
    std::string_view name;
    std::string CallFilter::*member;
};
constexpr std::array kTextFilters{
    TextFilter{ "agent_id", &CallFilter::agentId },  TextFilter{ "client_id", &CallFilter::clientId },
    TextFilter{ "tool", &CallFilter::tool },         TextFilter{ "project_id", &CallFilter::projectId },
    TextFilter{ "decision", &CallFilter::decision }, TextFilter{ "outcome", &CallFilter::outcome },
    TextFilter{ "kind", &CallFilter::kind },         TextFilter{ "text", &CallFilter::text },
};

tl::unexpected<Error> wrong(std::string_view field, std::string_view problem)
{
    return tl::unexpected<Error>(fieldProblem(field, problem));
}

template <typename Number> bool readNumber(const std::string &text, Number least, Number most, Number &value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

Result<CallFilter> filterOf(const HttpRequest &request)
{
    CallFilter filter;
    for (const auto &[name, member] : kTextFilters) {
        filter.*member = request.queryValue(name);
        if ((filter.*member).size() > kFilterTextMost)
            return wrong(name, "too long");
    }
    for (const auto &[name, member] :
         { std::pair{ "from", &CallFilter::from }, std::pair{ "to", &CallFilter::to } }) {
        const std::string text = request.queryValue(name);
        if (text.empty())
            continue;
        filter.*member = wire::timeOf(text);
        if (!(filter.*member))
            return wrong(name, "not a date-time with an offset");
    }
    filter.limit = kPageRows;
    if (const std::string limit = request.queryValue("limit");
        !limit.empty() && !readNumber(limit, 1, kPageRowsMost, filter.limit))
        return wrong("limit", "not a number from 1 to 100");
    if (const std::string cursor = request.queryValue("cursor");
        !cursor.empty() && !readNumber<std::int64_t>(cursor, 1, INT64_MAX, filter.before))
        return wrong("cursor", "not a cursor of ours");
    return filter;
}

} // namespace

OwnerAudit::OwnerAudit(Desk &desk, Storage &storage)
    : m_desk(desk)
    , m_storage(storage)
{
}

void OwnerAudit::events(RouteCall &call)
{
    auto filter = filterOf(call.request);
    if (!filter)
        return call.reply.fail(filter.error());
    const int asked = filter->limit;
    // One more than asked for tells whether there is a next page.
    ++filter->limit;
    m_desk.activity(*filter, [reply = call.reply, asked](const Result<std::vector<CallRow>> &rows) {
        reply.answer(rows, 200, [asked](const std::vector<CallRow> &found) -> Json {
            Json events = Json::array();
            for (const CallRow &row : found) {
                if (std::ssize(events) < asked)
                    events.push_back(wire::toJson(row));
            }
            const bool more = std::ssize(found) > asked;
            return { { "events", events },
                     { "next_cursor",
                       more ? Json(std::to_string(found[static_cast<std::size_t>(asked) - 1].seq))
                            : Json(nullptr) } };
        });
    });
}

} // namespace gatehouse
