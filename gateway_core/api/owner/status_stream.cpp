// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/status_stream.h"

#include "gateway_core/api/route/wire.h"
#include "gateway_core/storage/enum_names.h"
#include "gateway_core/base/digest.h"
#include "gateway_core/base/json.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kIdDigits = 16; // of the state's digest: no two states in a row share them

} // namespace

StatusStream::StatusStream(const Dependencies &dependencies)
    : m_services(dependencies)
{
    connect(&dependencies.registry, &Registry::changed, this, &StatusStream::lookSoon);
    connect(&dependencies.journal, &Journal::healthChanged, this, &StatusStream::lookSoon);
    connect(&dependencies.pairing, &Pairing::confirmationAsked, this, &StatusStream::lookSoon);
    connect(&dependencies.pairing, &Pairing::confirmationClosed, this, &StatusStream::lookSoon);
    connect(&dependencies.approvals, &Approvals::asked, this, &StatusStream::lookSoon);
    connect(&dependencies.approvals, &Approvals::closed, this, &StatusStream::lookSoon);
    connect(&dependencies.approvals, &Approvals::heldChanged, this, &StatusStream::lookSoon);
    connect(&dependencies.tasker, &TaskerClient::healthChanged, this, &StatusStream::lookSoon);
}

void StatusStream::add(ReaderPtr reader, const std::string &lastId)
{
    look(); // the others hear it now, and no reader hears it twice
    take();
    if (m_id != lastId)
        reader->send(m_text, m_id, "status");
    m_readers.push_back(std::move(reader));
}

void StatusStream::look()
{
    std::erase_if(m_readers, [](const ReaderPtr &reader) { return !reader->isOpen(); });
    if (m_readers.empty())
        return;
    const std::string before = m_id;
    take();
    if (m_id == before)
        return;
    for (const ReaderPtr &reader : m_readers)
        reader->send(m_text, m_id, "status");
}

void StatusStream::lookSoon()
{
    if (std::exchange(m_looking, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_looking = false;
            look();
        },
        Qt::QueuedConnection);
}

void StatusStream::take()
{
    m_text = canonicalJson(state());
    m_id = hex(sha256({ m_text })).substr(0, kIdDigits);
}

Json StatusStream::state() const
{
    const DirectoryPtr directory = m_services.registry.current();
    std::vector<const Agent *> sorted;
    for (const auto &[id, agent] : directory->agents)
        sorted.push_back(&agent);
    std::ranges::sort(sorted, {},
                      [](const Agent *agent) { return std::pair(agent->createdAt, agent->id.text()); });
    Json agents = Json::array();
    for (const Agent *agent : sorted)
        agents.push_back(wire::toJson(*agent));
    Json approvals = Json::array();
    for (const Approval &approval : m_services.approvals.open())
        approvals.push_back(wire::toJson(approval));
    Json confirmations = Json::array();
    for (const Confirmation &confirmation : m_services.pairing.questions())
        confirmations.push_back(wire::toJson(confirmation));
    const auto health = m_services.tasker.health();
    return { { "mode", nameOf(directory->profile.mode) },
             { "mode_reason", directory->profile.modeReason },
             { "recording", m_services.journal.isHealthy() },
             { "agents", std::move(agents) },
             { "approvals", std::move(approvals) },
             { "confirmations", std::move(confirmations) },
             { "upstream",
               { { "configured", m_services.tasker.isConfigured() },
                 { "last_error", health.lastError ? Json(nameOf(*health.lastError)) : Json(nullptr) } } } };
}

} // namespace gatehouse
