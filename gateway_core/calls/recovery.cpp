// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

#include <algorithm>
#include <map>

namespace gatehouse {

namespace {

// A call that was under way when the gateway died was begun within its last minutes: a question holds a
// call for 45 s, Tasker for 15 s. Rows before that need not be read.
constexpr std::int64_t kLookBack = Millis(std::chrono::minutes(10)).count();
constexpr int kRowsAtOnce = 500;
constexpr int kRowsMost = 50'000;

/// What the last life left open.
struct LeftOpen
{
    std::vector<Json> calls; ///< bodies of intents without an outcome
    Json questions = Json::array();
};

Result<std::vector<Json>> openIntents(JournalStore &journal)
{
    const auto last = journal.last();
    if (!last)
        return tl::unexpected<Error>(last.error());
    std::map<std::string, Json> open;
    if (!*last)
        return std::vector<Json>();
    std::vector<JournalRow> rows;
    std::int64_t first = (*last)->seq + 1;
    while (first > 1 && static_cast<int>(rows.size()) < kRowsMost) {
        const std::int64_t from = std::max<std::int64_t>(1, first - kRowsAtOnce);
        auto page = journal.from(from, static_cast<int>(first - from));
        if (!page)
            return tl::unexpected<Error>(page.error());
        if (page->empty()) // cut away
            break;
        const bool isFarEnough = page->front().at < (*last)->at - kLookBack;
        rows.insert(rows.begin(), std::make_move_iterator(page->begin()),
                    std::make_move_iterator(page->end()));
        first = from;
        if (isFarEnough)
            break;
    }
    for (const JournalRow &row : rows) {
        if (row.kind == nameOf(EventKind::CallIntent))
            open[row.callId] = Json::parse(row.body, nullptr, false);
        else if (row.kind == nameOf(EventKind::CallOutcome))
            open.erase(row.callId);
    }
    std::vector<Json> bodies;
    for (auto &[call, body] : open) {
        if (body.is_object())
            bodies.push_back(std::move(body));
    }
    return bodies;
}

Event closing(EventKind kind, const Json &body)
{
    const auto text = [&body](const char *field) { return body.value(field, std::string()); };
    Event event;
    event.kind = kind;
    event.call = CallId(text("call"));
    event.agent = AgentId(text("agent"));
    event.client = ClientId(text("client"));
    event.via = "gateway";
    event.tool = text("tool");
    event.more = { { "reason", "restart" } };
    return event;
}

} // namespace

/// Closes on record what the last life left open, then forgets it: the keys of writes become unknown in
/// the same unit of work as the first row that says so.
void CallPipeline::Inside::recover(Storage::Done done)
{
    storage.read<LeftOpen>(
        [](Stores &stores) -> Result<LeftOpen> {
            auto calls = openIntents(stores.journal);
            if (!calls)
                return tl::unexpected<Error>(calls.error());
            const auto note = stores.profile.note(kOpenQuestionsNote);
            if (!note)
                return tl::unexpected<Error>(note.error());
            Json questions = *note ? Json::parse(**note, nullptr, false) : Json::array();
            return LeftOpen{ std::move(*calls), questions.is_array() ? std::move(questions) : Json::array() };
        },
        [this, guard = QPointer<CallPipeline>(&q), done = std::move(done)](const Result<LeftOpen> &left) {
            if (!guard)
                return;
            if (!left)
                return done(tl::unexpected<Error>(left.error()));
            std::vector<Event> events;
            for (const Json &body : left->calls) {
                Event event = closing(EventKind::CallOutcome, body);
                const Tool *tool = catalogue.find(event.tool);
                event.outcome = tool && !tool->writes ? nameOf(ErrorCode::Cancelled) : "unknown";
                events.push_back(std::move(event));
            }
            for (const Json &question : left->questions) {
                Event event = closing(EventKind::ApprovalClosed, question);
                event.more["approval_id"] = question.value("id", std::string());
                events.push_back(std::move(event));
            }
            const int closed = static_cast<int>(left->questions.size());
            const std::int64_t now = registry.now();
            storage.write(
                [events, at = clock.now(),
                 oldest = now - Millis(kKeyLifetime).count()](Stores &stores) -> Result<> {
                    for (const Event &event : events) {
                        if (const auto row = stores.journal.append(toRow(event, at)); !row)
                            return tl::unexpected<Error>(row.error());
                    }
                    if (const auto marked = stores.keys.markRunningUnknown(); !marked)
                        return tl::unexpected<Error>(marked.error());
                    if (const auto dropped = stores.keys.dropOlderThan(oldest); !dropped)
                        return tl::unexpected<Error>(dropped.error());
                    return stores.profile.saveNote(kOpenQuestionsNote, "[]");
                },
                [this, guard, closed, done](Result<> recovered) {
                    if (!guard)
                        return;
                    if (recovered)
                        questionsClosed = closed;
                    done(std::move(recovered));
                });
        });
}

} // namespace gatehouse
