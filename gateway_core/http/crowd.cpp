// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/crowd.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gatehouse {

bool Crowd::enter(CrowdMember &member, Door door, std::uint32_t uid)
{
    ++m_newcomers;
    for (Among among; (among = tooMany(door, uid)) != Among::Nobody;) {
        CrowdMember *first = firstToGo(among, door, uid);
        if (!first)
            return false;
        // Its request may lie whole in its socket: it is heard before it is judged, once.
        if (std::exchange(first->m_heardFor, m_newcomers) != m_newcomers)
            first->catchUp();
        else
            first->giveWay();
    }
    member.m_door = door;
    member.m_uid = uid;
    member.m_arrival = m_newcomers;
    m_members.push_back(&member);
    takeForStranger(member);
    return true;
}

void Crowd::takeForStranger(CrowdMember &member)
{
    member.m_name.clear();
    Strangers &strangers = at(member.m_door);
    ++strangers.all;
    ++strangers.byUid[member.m_uid];
}

Crowd::Among Crowd::tooMany(Door door, std::uint32_t uid) const
{
    const int size = static_cast<int>(m_members.size());
    const Strangers &strangers = at(door);
    const auto ofUid = strangers.byUid.find(uid);
    if (ofUid != strangers.byUid.end() && ofUid->second >= m_limits.unauthenticatedPerUid)
        return Among::StrangersOfUid;
    if (strangers.all >= m_limits.unauthenticated)
        return Among::Strangers;
    if (size >= m_limits.connections - m_limits.keptFreeForAuthenticated && strangers.all > 0)
        return Among::Strangers;
    return size >= m_limits.connections ? Among::Anyone : Among::Nobody;
}

CrowdMember *Crowd::firstToGo(Among among, Door door, std::uint32_t uid) const
{
    const auto isAmong = [&](const CrowdMember &member) {
        if (among == Among::Anyone)
            return true;
        return member.m_name.empty() && member.m_door == door
            && (among == Among::Strangers || member.m_uid == uid);
    };
    CrowdMember *first = nullptr;
    Claim least{ Claim::Brought::Request, 0 };
    for (CrowdMember *member : m_members) {
        const Claim claim = member->claim();
        if (claim.brought == Claim::Brought::Request || !isAmong(*member))
            continue;
        // Many come in one millisecond: among those, who came first goes first.
        if (!first
            || std::tie(claim.brought, claim.since, member->m_arrival)
                < std::tie(least.brought, least.since, first->m_arrival)) {
            first = member;
            least = claim;
        }
    }
    return first;
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
        Strangers &strangers = at(member.m_door);
        --strangers.all;
        if (--strangers.byUid[member.m_uid] == 0)
            strangers.byUid.erase(member.m_uid);
    } else if (--m_byName[member.m_name] == 0) {
        m_byName.erase(member.m_name);
    }
}

bool Crowd::rename(CrowdMember &member, const std::string &name, int most, ConnectionUse place)
{
    if (member.m_name == name)
        return true;
    if (name.empty() || std::ranges::find(m_members, &member) == m_members.end())
        return false;
    if (countOf(name) >= most && !(place == ConnectionUse::Work && endOneStream(name)))
        return false;
    forget(member);
    member.m_name = name;
    ++m_byName[name];
    return true;
}

int Crowd::countOf(const std::string &name) const
{
    const auto known = m_byName.find(name);
    return known != m_byName.end() ? known->second : 0;
}

bool Crowd::endOneStream(const std::string &name)
{
    CrowdMember *oldest = nullptr;
    for (CrowdMember *member : named(name)) {
        const bool listens = member->claim().brought == Claim::Brought::Stream;
        if (listens && (!oldest || member->m_arrival < oldest->m_arrival))
            oldest = member;
    }
    if (!oldest)
        return false;
    // Its place is free at once: it says its last word as a stranger.
    forget(*oldest);
    takeForStranger(*oldest);
    oldest->closeSoon();
    return true;
}

std::vector<CrowdMember *> Crowd::named(const std::string &name) const
{
    std::vector<CrowdMember *> found;
    std::ranges::copy_if(m_members, std::back_inserter(found),
                         [&](const auto *m) { return m->m_name == name; });
    return found;
}

} // namespace gatehouse
