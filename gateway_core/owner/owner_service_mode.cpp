// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include "gateway_core/owner/input_text.h"
#include "gateway_core/storage/enum_names.h"

#include <QPointer>

namespace gatehouse {

namespace {

Result<> saveMode(Stores &stores, Mode mode, const std::string &reason)
{
    auto profile = stores.profile.load();
    if (!profile)
        return tl::unexpected<Error>(profile.error());
    profile->mode = mode;
    profile->modeReason = reason;
    return stores.profile.save(*profile);
}

/// How many it revoked.
Result<int> revokeClients(Stores &stores, const Revocation &revoked, std::int64_t now)
{
    const auto clients = stores.agents.clients();
    if (!clients)
        return tl::unexpected<Error>(clients.error());
    int count = 0;
    for (Client client : *clients) {
        if (client.revokedAt || !(revoked.everyone || revoked.agents.contains(client.agent)))
            continue;
        client.revokedAt = now;
        if (auto saved = stores.agents.save(client); !saved)
            return tl::unexpected<Error>(saved.error());
        ++count;
    }
    return count;
}

} // namespace

void OwnerService::setMode(const OwnerCaller &caller, Mode mode, const std::string &reason,
                           Answered<Profile> done)
{
    const Profile &profile = m_services.registry.current()->profile;
    const bool resumes = mode == Mode::Running && profile.mode != Mode::Running;
    if (const auto may = authorize(resumes ? OwnerAction::ResumeGateway : OwnerAction::PauseGateway, caller);
        !may)
        return done(tl::unexpected<Error>(may.error()));
    const std::string why = words::cut(reason, words::kReasonMost);
    Event event = eventOf(EventKind::ModeChanged, caller);
    event.more["mode_before"] = nameOf(profile.mode);
    event.more["mode"] = nameOf(mode);
    event.more["reason"] = why;
    m_services.registry.apply([mode, why](Stores &stores) { return saveMode(stores, mode, why); }, event,
                              [this, self = QPointer(this), done = std::move(done)](const Result<> &applied) {
                                  if (!self)
                                      return;
                                  if (!applied)
                                      return done(tl::unexpected<Error>(applied.error()));
                                  done(m_services.registry.current()->profile);
                              });
}

void OwnerService::stopEverything(const OwnerCaller &caller, const Revocation &revoked, Answered<Quiet> done)
{
    if (const auto may = authorize(OwnerAction::StopEverything, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const std::int64_t began = m_services.clock.sinceBoot();
    auto quiet = std::make_shared<Quiet>();
    auto count = std::make_shared<int>(0);
    quiet->questionsWithdrawn = static_cast<int>(m_services.approvals.open().size());
    const auto finish = [this, began, quiet, done = std::move(done)](const Result<> &stored) {
        quiet->milliseconds = m_services.clock.sinceBoot() - began;
        done(stored ? Result<Quiet>(*quiet) : tl::unexpected<Error>(stored.error()));
    };
    Event event = eventOf(EventKind::EverythingStopped, caller);
    event.more["revoke_clients"] = revoked.everyone;
    for (const AgentId &agent : revoked.agents)
        event.more["revoke_agents"].push_back(agent.text());
    m_services.registry.apply(
        [revoked, count, now = m_services.registry.now()](Stores &stores) -> Result<> {
            if (auto saved = saveMode(stores, Mode::Paused, "everything stopped"); !saved)
                return saved;
            const auto ended = revokeClients(stores, revoked, now);
            if (!ended)
                return tl::unexpected<Error>(ended.error());
            *count = *ended;
            return {};
        },
        event,
        [this, self = QPointer(this), quiet, count, finish](const Result<> &stored) {
            if (!self)
                return;
            // Whatever became of the record: what waits is called off, and nobody is listened to.
            quiet->clientsRevoked = *count;
            m_services.approvals.withdrawAll("everything stopped");
            m_streamsClosed = 0;
            emit closeStreams();
            quiet->streamsClosed = m_streamsClosed;
            quiet->callsFinished = m_services.pipeline.underWay();
            if (quiet->callsFinished == 0)
                return finish(stored);
            // Calls past their intent end by themselves within the relay's 15 s.
            connect(
                &m_services.pipeline, &CallPipeline::idle, this, [finish, stored] { finish(stored); },
                Qt::SingleShotConnection);
        });
}

void OwnerService::preview(const ApprovalId &id, Answered<Preview> done)
{
    const auto approval = m_services.approvals.find(id);
    if (!approval)
        return done(failure(ErrorCode::NotFound, "no such question"));
    const Tool *tool = m_services.pipeline.catalogue().find(approval->asked.tool);
    if (!tool)
        return done(failure(ErrorCode::NotFound, "no such tool"));
    m_services.pipeline.familyOf(*tool).preview(approval->asked, std::move(done));
}

} // namespace gatehouse
