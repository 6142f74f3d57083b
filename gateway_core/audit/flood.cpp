// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/flood.h"

namespace gatehouse {

namespace {

constexpr const char *kOtherTools = "…";

std::string projectOf(const Event &event)
{
    return event.project.isEmpty() ? event.projectName : event.project.text();
}

} // namespace

Flood::Key Flood::keyOf(const Event &event, ErrorCode reason)
{
    if (!event.client.isEmpty())
        return { "client " + event.client.text(), reason };
    return { "uid " + std::to_string(event.peer.uid), reason };
}

bool Flood::take(const Event &event, std::int64_t at)
{
    const std::string project = projectOf(event);
    if (m_places.size() < kFloodPlaces && m_places.insert({ event.tool, project }).second)
        return true;
    ++m_more;
    m_last = event;
    m_lastAt = at;
    const bool hasRoom = m_tools.size() < kFloodTools || m_tools.contains(event.tool);
    ++m_tools[hasRoom ? event.tool : kOtherTools];
    if (m_projects.size() < 2)
        m_projects.insert(project);
    return false;
}

JournalRow Flood::row(const Key &key, std::int64_t seconds, std::int64_t at) const
{
    if (m_more == 1)
        return toRow(m_last, m_lastAt);
    Event event;
    event.kind = EventKind::RefusalsCounted;
    event.via = m_last.via;
    event.decision = "denied";
    event.outcome = nameOf(key.reason);
    if (!key.who.empty()) {
        event.agent = m_last.agent;
        event.agentName = m_last.agentName;
        event.client = m_last.client;
        event.clientName = m_last.clientName;
        event.peer = m_last.peer;
    }
    if (m_projects.size() == 1) {
        event.project = m_last.project;
        event.projectName = m_last.projectName;
    }
    Json tools = Json::array();
    for (const auto &[tool, count] : m_tools)
        if (!tool.empty())
            tools.push_back({ { "tool", tool }, { "count", count } });
    if (tools.size() == 1 && m_tools.size() == 1)
        event.tool = m_tools.begin()->first;
    event.more = { { "count", m_more }, { "seconds", seconds } };
    if (!tools.empty())
        event.more["tools"] = std::move(tools);
    if (key.who.empty())
        event.more["others"] = true; // of several clients, who cannot be told apart any more
    return toRow(event, at);
}

} // namespace gatehouse
