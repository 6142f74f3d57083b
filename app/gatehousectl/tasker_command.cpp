// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/tasker_command.h"

#include "app/client/prompt.h"
#include "app/gatehousectl/remedies.h"
#include "app/gatehousectl/printing.h"
#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tasker/adapter_search.h"
#include "gateway_core/tasker/reply_mapping.h"
#include "gateway_core/tasker/tasker_check.h"

#include <QCoreApplication>

#include <cstdio>

namespace gatehouse {

namespace {

constexpr auto kAgentId = "gatehouse-contract-check";
constexpr auto kAgentName = "Gatehouse contract check";

/// By id or key; empty: not among the matches.
std::string idOfProject(const TaskerReply &reply, const std::string &wanted)
{
    const Json matches = reply.body ? reply.body->value("matches", Json::array()) : Json::array();
    for (const Json &match : matches) {
        const Json &project = match["project"]; // the adapter has checked its shape
        if (project["id"] == wanted || project["identifier"] == wanted)
            return project["id"].get<std::string>();
    }
    return {};
}

std::string whyNoProject(const TaskerReply &reply)
{
    if (reply.body)
        return "no match has that id or key";
    const Error &error = reply.body.error();
    return std::string(nameOf(error.code)) + (error.detail.empty() ? "" : " (" + error.detail + ')');
}

std::string whyNotFound(const Error &error)
{
    const std::string reason = reasonOf(error);
    const std::string_view cure = cureFor(reason.empty() ? nameOf(error.code) : std::string_view(reason));
    return std::string(nameOf(error.code)) + (reason.empty() ? "" : ", " + reason) + " (" + error.detail + ')'
        + (cure.empty() ? "" : ": " + std::string(cure));
}

Exit report(const std::vector<CheckRow> &rows, bool asJson)
{
    Json list = Json::array();
    bool same = true;
    for (const CheckRow &row : rows) {
        same = same && row.ok;
        list.push_back({ { "route", row.route }, { "ok", row.ok }, { "difference", row.difference } });
        const std::string line
            = row.ok ? "ok       " + row.route : "DIFFERS  " + row.route + ": " + visible(row.difference);
        if (!asJson)
            std::printf("%s\n", line.c_str());
    }
    if (asJson)
        std::fputs(shownJson({ { "findings", list }, { "same", same } }).c_str(), stdout);
    return same ? Exit::Done : Exit::Refused;
}

int warn(const std::string &sentence)
{
    std::fprintf(stderr, "gatehousectl: %s\n", sentence.c_str());
    return static_cast<int>(Exit::Usage);
}

} // namespace

int runTaskerCheck(QCoreApplication &application, const Invocation &invocation)
{
    auto credential = prompt::readLine(invocation.secretDescriptor);
    if (!credential)
        return warn("the adapter credential is expected on standard input");
    SystemClock clock;
    SystemRandom random;
    TaskerClient tasker(clock);
    const std::string project = invocation.arguments.words[0];
    AdapterSearch search(clock, random);
    TaskerTarget target{ .baseUrl = invocation.arguments.words[1],
                         .ownerUserId = invocation.arguments.words[2],
                         .credential = std::move(*credential),
                         .caFile = invocation.arguments.option("ca-file") };
    // What cannot even be tried is a mistake in the command line.
    TaskerTarget tried{ adapterAddresses(target.baseUrl).value_or(std::vector{ target.baseUrl }).front(),
                        target.ownerUserId, target.credential.copy(), target.caFile };
    if (const auto fits = tasker.setTarget(std::move(tried)); !fits)
        return warn("that address or CA file cannot be used: " + visible(fits.error().detail));

    TaskerCheck check(tasker, random);
    const auto end = [&](const std::vector<CheckRow> &rows) {
        application.exit(static_cast<int>(report(rows, invocation.json)));
    };
    const auto begin = [&](const TaskerReply &reply) {
        const std::string id = idOfProject(reply, project);
        if (id.empty())
            return end({ { "POST /projects/resolve", false, whyNoProject(reply) } });
        check.run(ProjectId(id), kAgentId, kAgentName, end);
    };
    search.run(target, [&](const Result<AdapterSearch::Found> &found) {
        if (!found)
            return end({ { "POST /projects/resolve", false, whyNotFound(found.error()) } });
        target.baseUrl = found->baseUrl;
        if (const auto set = tasker.setTarget(std::move(target)); !set)
            return end({ { "POST /projects/resolve", false, set.error().detail } });
        auto request = adapter::resolveProjects(project, 10);
        request.acting = { .agentId = kAgentId, .agentName = kAgentName, .requestId = random.uuid() };
        tasker.send(request, begin);
    });
    return application.exec();
}

} // namespace gatehouse
