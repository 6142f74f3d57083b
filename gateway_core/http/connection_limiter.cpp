// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/connection_limiter.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gatehouse {

bool ConnectionLimiter::enter(LimitedConnection &member, Door door, std::uint32_t uid)
{
    ++m_newcomers;
    for (Among among; (among = tooMany(door, uid)) != Among::Nobody;) {
        LimitedConnection *first = firstToGo(among, door, uid);
        if (!first)
            return false;
        // Its request may lie whole in its socket: it is heard before it is judged, once.
        if (std::exchange(first->m_heardFor, m_newcomers) != m_newcomers)
            first->drainInput();
        else
            first->evict();
    }
    member.m_door = door;
    member.m_uid = uid;
    member.m_arrival = m_newcomers;
    m_members.push_back(&member);
    takeForStranger(member);
    return true;
}

void ConnectionLimiter::takeForStranger(LimitedConnection &member)
{
    member.m_name.clear();
    Strangers &unauthenticated = at(member.m_door);
    ++unauthenticated.all;
    ++unauthenticated.byUid[member.m_uid];
}

ConnectionLimiter::Among ConnectionLimiter::tooMany(Door door, std::uint32_t uid) const
{
    const int size = static_cast<int>(m_members.size());
    const Strangers &unauthenticated = at(door);
    const auto ofUid = unauthenticated.byUid.find(uid);
    if (ofUid != unauthenticated.byUid.end() && ofUid->second >= m_limits.unauthenticatedPerUid)
        return Among::StrangersOfUid;
    if (unauthenticated.all >= m_limits.unauthenticated)
        return Among::Strangers;
    if (size >= m_limits.connections - m_limits.keptFreeForAuthenticated && unauthenticated.all > 0)
        return Among::Strangers;
    return size >= m_limits.connections ? Among::Anyone : Among::Nobody;
}

LimitedConnection *ConnectionLimiter::firstToGo(Among among, Door door, std::uint32_t uid) const
{
    const auto isAmong = [&](const LimitedConnection &member) {
        if (among == Among::Anyone)
            return true;
        return member.m_name.empty() && member.m_door == door
            && (among == Among::Strangers || member.m_uid == uid);
    };
    LimitedConnection *first = nullptr;
    EvictionRank least{ EvictionRank::Brought::Request, 0 };
    for (LimitedConnection *member : m_members) {
        const EvictionRank claim = member->claim();
        if (claim.brought == EvictionRank::Brought::Request || !isAmong(*member))
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

void ConnectionLimiter::leave(LimitedConnection &member)
{
    const auto found = std::ranges::find(m_members, &member);
    if (found == m_members.end())
        return;
    forget(member);
    *found = m_members.back();
    m_members.pop_back();
}

void ConnectionLimiter::forget(const LimitedConnection &member)
{
    if (member.m_name.empty()) {
        Strangers &unauthenticated = at(member.m_door);
        --unauthenticated.all;
        if (--unauthenticated.byUid[member.m_uid] == 0)
            unauthenticated.byUid.erase(member.m_uid);
    } else if (--m_byName[member.m_name] == 0) {
        m_byName.erase(member.m_name);
    }
}

bool ConnectionLimiter::rename(LimitedConnection &member, const std::string &name, int most,
                               ConnectionUse place)
{
    if (member.m_name == name)
        return true;
    if (name.empty() || std::ranges::find(m_members, &member) == m_members.end())
        return false;
    if (countOf(name) >= most) {
        // One request after the other, each over its own connection, is no crowd: the ends of those before
        // may lie in their sockets still.
        for (LimitedConnection *other : named(name))
            other->leaveIfClosed();
    }
    if (countOf(name) >= most && !(place == ConnectionUse::Work && endOneStream(name)))
        return false;
    forget(member);
    member.m_name = name;
    ++m_byName[name];
    return true;
}

int ConnectionLimiter::countOf(const std::string &name) const
{
    const auto known = m_byName.find(name);
    return known != m_byName.end() ? known->second : 0;
}

bool ConnectionLimiter::endOneStream(const std::string &name)
{
    LimitedConnection *oldest = nullptr;
    for (LimitedConnection *member : named(name)) {
        const bool listens = member->claim().brought == EvictionRank::Brought::Stream;
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

std::vector<LimitedConnection *> ConnectionLimiter::named(const std::string &name) const
{
    std::vector<LimitedConnection *> found;
    std::ranges::copy_if(m_members, std::back_inserter(found),
                         [&](const auto *m) { return m->m_name == name; });
    return found;
}

} // namespace gatehouse
