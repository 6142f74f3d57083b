// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back: Tasker's answers, from bytes to what the tool says, and the event streams that our own
// tools read. The first byte chooses the request, the second how the bytes are cut.
#include "app/client/sse_reader.h"
#include "gateway_core/base/json.h"
#include "gateway_core/tasker/answer_reader.h"
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/tracker/tool_rows.h"
#include "tests/fuzz/promise.h"

#include <algorithm>
#include <optional>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::fuzz;

namespace {

const ProjectId kProject{ "p1" };

struct Asked
{
    const char *tool;
    TaskerRequest request;
};

const Tool &toolOf(const Asked &one)
{
    return *std::ranges::find(trackerTools(), one.tool, &Tool::name);
}

const std::vector<Asked> &asked()
{
    static const std::vector<Asked> all = [] {
        const Json body{
            { "name", "x" }, { "state_id", "s1" }, { "label_ids", { "l1" } }, { "assignee_ids", { "m1" } }
        };
        std::vector<Asked> made{
            { "tasker_resolve_project", adapter::resolveProjects("x", 50) },
            { "tasker_get_project_context", *adapter::projectContext(kProject) },
            { "tasker_list_issues", *adapter::listIssues(kProject, { { "limit", 25 } }) },
            { "tasker_create_issue", adapter::createIssue(body) },
            { "tasker_update_issue", *adapter::updateIssue("i1", body) },
            { "tasker_move_issue", *adapter::moveIssue("i1", body) },
            { "tasker_add_comment", *adapter::addComment("i1", { { "body_markdown", "x" } }) },
            { "tasker_set_labels", *adapter::setLabels("i1", body) },
            { "tasker_set_assignees", *adapter::setAssignees("i1", body) },
        };
        for (Asked &one : made)
            one.request.isWrite = toolOf(one).writes;
        return made;
    }();
    return all;
}

struct Heard
{
    AnswerReader::Step step = AnswerReader::Step::NeedMore;
    RawAnswer answer = {};
};

/// Reads `bytes` in pieces of `size`, and then the end of the connection.
Heard hear(std::string_view bytes, std::size_t size)
{
    AnswerReader reader;
    Heard heard;
    for (std::size_t at = 0; at < bytes.size() && heard.step == AnswerReader::Step::NeedMore; at += size)
        heard.step = reader.read(bytes.substr(at, size));
    if (heard.step == AnswerReader::Step::NeedMore)
        heard.step = reader.end();
    if (heard.step == AnswerReader::Step::Whole)
        heard.answer = reader.take();
    return heard;
}

void checkReply(const Asked &one, const TaskerReply &reply)
{
    require(reply.sent == Sent::Answered, "an answer was an answer");
    require(!reply.outcomeUnknown || one.request.isWrite, "a read has no unknown outcome");
    if (!reply.body) {
        (void)canonicalJson(reply.body.error().details);
        return;
    }
    require(reply.status == 200 || reply.status == 201, "only a success has a body");
    const Tool &tool = toolOf(one);
    if (tool.scope == Scope::ProjectsRead && one.request.method == "POST")
        return; // filtered by grants, elsewhere
    const Json arguments{ { "project", "ENG" }, { "issue", "ENG-1" } };
    const auto result = resultOf(tool, arguments, kProject, one.request.body, *reply.body, true);
    if (result)
        require(parseJson(canonicalJson(result->result)).has_value(), "what a tool says can be read");
}

/// All events of a stream that is cut into pieces of `size`.
std::string eventsOf(std::string_view bytes, std::size_t size)
{
    SseReader reader;
    std::string seen;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        for (const SseEvent &event : reader.feed(bytes.substr(at, size)))
            seen += '<' + event.name + '|' + event.data + '>';
    }
    return seen + reader.lastId();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 3)
        return 0;
    const std::string_view bytes = textOf(data + 2, size - 2);
    const std::size_t piece = data[1] % 61 + std::size_t{ 2 };
    require(eventsOf(bytes, bytes.size()) == eventsOf(bytes, 1)
                && eventsOf(bytes, piece) == eventsOf(bytes, 1),
            "pieces of a stream read the same");

    const Heard whole = hear(bytes, bytes.size());
    for (const std::size_t cut : { std::size_t{ 1 }, piece }) {
        const Heard other = hear(bytes, cut);
        // Why there is none may be told sooner or later; whether there is one, and which, may not differ.
        const auto isWhole = [](const Heard &heard) { return heard.step == AnswerReader::Step::Whole; };
        require(isWhole(whole) == isWhole(other) && whole.answer.status == other.answer.status
                    && whole.answer.body == other.answer.body
                    && whole.answer.retryAfterSeconds == other.answer.retryAfterSeconds
                    && whole.answer.replayed == other.answer.replayed,
                "pieces of an answer read the same");
    }
    if (whole.step != AnswerReader::Step::Whole)
        return 0;
    require(whole.answer.body.size() <= kUpstreamAnswerLimit, "an answer has a bound");
    require(whole.answer.retryAfterSeconds.value_or(0) >= 0, "no one comes back before now");
    const Asked &one = asked()[data[0] % asked().size()];
    checkReply(one, replyTo(one.request, whole.answer));
    return 0;
}
