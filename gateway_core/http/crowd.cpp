// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/crowd.h"

#include <algorithm>

namespace gatehouse {

bool Crowd::enter(CrowdMember &member, std::uint32_t uid)
{
    const auto size = [this] { return static_cast<int>(m_members.size()); };
    const int openToStrangers = m_limits.connections - m_limits.keptFreeForAuthenticated;
    if (m_strangersByUid[uid] >= m_limits.unauthenticatedPerUid && !makeRoom(Who::StrangersOfUid, uid))
        return false;
    if (m_strangers >= m_limits.unauthenticated && !makeRoom(Who::Strangers, uid))
        return false;
    if (size() >= openToStrangers && m_strangers > 0 && !makeRoom(Who::Strangers, uid))
        return false;
    if (size() >= m_limits.connections && !makeRoom(Who::Anyone, uid))
        return false;
    member.m_uid = uid;
    member.m_name.clear();
    m_members.push_back(&member);
    ++m_strangers;
    ++m_strangersByUid[uid];
    return true;
}

void Crowd::leave(CrowdMember &member)
{
    const auto found = std::ranges::find(m_members, &member);
    if (found == m_members.end())
        return;
    forget(member);
    *found = m_members.back();
    m_members.pop_back();
}

void Crowd::forget(const CrowdMember &member)
{
    if (member.m_name.empty()) {
        --m_strangers;
        if (--m_strangersByUid[member.m_uid] == 0)
            m_strangersByUid.erase(member.m_uid);
    } else if (--m_byName[member.m_name] == 0) {
        m_byName.erase(member.m_name);
    }
}

bool Crowd::rename(CrowdMember &member, const std::string &name, int most)
{
    if (member.m_name == name)
        return true;
    const auto known = m_byName.find(name);
    if (name.empty() || (known != m_byName.end() ? known->second : 0) >= most)
        return false;
    if (std::ranges::find(m_members, &member) == m_members.end())
        return false;
    forget(member);
    member.m_name = name;
    ++m_byName[name];
    return true;
}

std::vector<CrowdMember *> Crowd::named(const std::string &name) const
{
    std::vector<CrowdMember *> found;
    std::ranges::copy_if(m_members, std::back_inserter(found),
                         [&](const auto *m) { return m->m_name == name; });
    return found;
}

bool Crowd::makeRoom(Who who, std::uint32_t uid)
{
    CrowdMember *oldest = nullptr;
    for (CrowdMember *member : m_members) {
        const bool isStranger = member->m_name.empty();
        if (who == Who::StrangersOfUid && !(isStranger && member->m_uid == uid))
            continue;
        if (who == Who::Strangers && !isStranger)
            continue;
        if (member->idleSince() >= 0 && (!oldest || member->idleSince() < oldest->idleSince()))
            oldest = member;
    }
    if (!oldest)
        return false;
    oldest->giveWay();
    return true;
}

} // namespace gatehouse
