// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/owner/owner_service.h"
#include "tests/core/calls/pipeline_bench.h"
#include "tests/support/memory_secrets.h"

namespace gatehouse::test {

/// The pipeline's bench with a owner, a PIN (481516) and an owner token.
struct OwnerBench : PipelineBench
{
    explicit OwnerBench(ContractTaskerProcess &upstream)
        : PipelineBench(upstream)
    {
        stepUp.load([](const Result<> &) {});
        storage.settle();
        bool set = false;
        stepUp.setPin(Secret(), Secret(std::string_view("481516")),
                      [&set](const Result<> &done) { set = done.has_value(); });
        if (!until([&set] { return set; }))
            qFatal("the PIN was not set");
    }
    void enterPin(const std::string &caller)
    {
        bool entered = false;
        stepUp.enter(caller, Secret(std::string_view("481516")), [&](Result<StepUpTicket> ticket) {
            entered = ticket.has_value();
            if (ticket)
                stepUpToken = std::string(ticket->token.text());
        });
        if (!until([&entered] { return entered; }))
            qFatal("the PIN was not taken");
    }
    [[nodiscard]] OwnerCaller tokenCaller(bool withTicket = false) const
    {
        return { OwnerCaller::Channel::Token, "owner-token-1", withTicket ? stepUpToken : std::string(),
                 "ctl" };
    }
    GrantRequest request(const char *scope, GrantPolicy answer, const std::string &project = "ENG")
    {
        GrantRequest wanted;
        wanted.agent = agent.id;
        wanted.project = ProjectId(project == "*" ? project : projectId(project));
        wanted.projectName = project;
        wanted.projectIdentifier = project;
        wanted.scope = scope;
        wanted.answer = answer;
        return wanted;
    }
    /// The outcome of an act, waited for.
    template <typename T> Result<T> wait(const std::function<void(OwnerService::Answered<T>)> &act)
    {
        auto outcome = std::make_shared<std::optional<Result<T>>>();
        act([outcome](Result<T> heard) { outcome->emplace(std::move(heard)); });
        if (!until([&outcome] { return outcome->has_value(); }))
            return failure(ErrorCode::Internal, "no answer");
        storage.settle();
        return std::move(**outcome);
    }

    MemorySecrets secrets;
    StepUp stepUp{ storage, *registry, *journal, clock, random, nullptr, StepUpConfig{ "boot", 8 } };
    Pairing pairing{ *registry, *journal, clock, random };
    QTemporaryDir exports;
    Checkpoints checkpoints{ { *journal, storage, secrets, clock, random }, ProfileId{ 1 }, "boot-1" };
    Retention retention{
        { storage, *journal, clock }, clock, checkpoints, ProfileId{ 1 }, exports.path().toStdString()
    };
    OwnerService owner{ { storage, *registry, *journal, stepUp, pairing, *approvals, *pipeline, relay,
                          secrets, checkpoints, retention, clock, random } };
    std::string stepUpToken;
};

} // namespace gatehouse::test
