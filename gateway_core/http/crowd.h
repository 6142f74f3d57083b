// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_limits.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse {

/// A connection as the crowd counts it.
class CrowdMember
{
public:
    virtual ~CrowdMember() = default;
    /// Since when (Clock::sinceBoot) it has had no whole request in hand; negative: it is being served.
    [[nodiscard]] virtual std::int64_t idleSince() const = 0;
    /// Its place is needed: close now, without a word.
    virtual void giveWay() = 0;
    /// Its name may not come in any more.
    virtual void closeSoon() = 0;

private:
    friend class Crowd;
    std::uint32_t m_uid = 0;
    std::string m_name; ///< empty until the caller proved who it is
};

/// How many connections there are, and who has to go when there are too many. Everybody comes in as a
/// stranger; strangers are bounded in all and per uid, and the oldest idle one goes first. Close to the
/// bound of all, strangers only replace each other, so that the last places are for those with a name.
/// Thread: core. Owns: nothing; members leave() before they die.
class Crowd final
{
public:
    explicit Crowd(const HttpLimits &limits)
        : m_limits(limits)
    {
    }

    /// False: no place, and nobody idle to make one.
    [[nodiscard]] bool enter(CrowdMember &member, std::uint32_t uid);
    void leave(CrowdMember &member);
    /// The member has a name now. False: `most` others of that name are here; it stays what it was.
    [[nodiscard]] bool rename(CrowdMember &member, const std::string &name, int most);

    [[nodiscard]] const std::vector<CrowdMember *> &members() const { return m_members; }
    [[nodiscard]] std::vector<CrowdMember *> named(const std::string &name) const;
    [[nodiscard]] int strangers() const { return m_strangers; }

private:
    enum class Who { StrangersOfUid, Strangers, Anyone };
    [[nodiscard]] bool makeRoom(Who who, std::uint32_t uid);
    void forget(const CrowdMember &member);

    const HttpLimits &m_limits;
    std::vector<CrowdMember *> m_members;
    std::unordered_map<std::uint32_t, int> m_strangersByUid;
    std::unordered_map<std::string, int> m_byName;
    int m_strangers = 0;
};

} // namespace gatehouse
