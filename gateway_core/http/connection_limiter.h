// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_limits.h"
#include "gateway_core/http/message.h"

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse {

/// Where it came in. Each door has places of its own for unauthenticated.
enum class Door { Tcp, Unix };

/// What a connection has brought by now, and since when (Clock::sinceBoot) that is so.
struct EvictionRank
{
    /// A request's head that is not whole counts as nothing: it costs its sender nothing.
    /// A stream on which nothing is under way is less than a request in hand.
    enum class Brought { Nothing, Head, Stream, Request } brought = Brought::Nothing;
    std::int64_t since = 0;
};

/// A connection as the crowd counts it.
class LimitedConnection
{
public:
    virtual ~LimitedConnection() = default;
    [[nodiscard]] virtual EvictionRank claim() const = 0;
    /// Takes what its client has sent by now, and serves what is whole. It may leave on the way.
    virtual void drainInput() = 0;
    /// Leaves where its client has closed and nothing is owed to it.
    virtual void leaveIfClosed() = 0;
    /// Its place is needed: close now, without a word.
    virtual void evict() = 0;
    /// Its name may not come in any more.
    virtual void closeSoon() = 0;

private:
    friend class ConnectionLimiter;
    Door m_door = Door::Tcp;
    std::uint32_t m_uid = 0;
    std::string m_name; ///< empty until the caller proved who it is
    std::uint64_t m_arrival = 0; ///< its number among all newcomers
    std::uint64_t m_heardFor = 0; ///< the newcomer for whose place it was last asked to catch up
};

/// How many connections there are, and who has to go when there are too many. Everybody comes in as a
/// stranger; unauthenticated are bounded per door, in all and per uid: a flood at one door takes nobody's
/// place at the other. Who has brought least gives way, the oldest first, and is heard once more before it
/// does; a request in hand never gives way (ADR 0105). Close to the bound of all, unauthenticated only
/// replace each other, so that the last places are for those with a name. Thread: core. Owns: nothing;
/// members leave() before they die.
class ConnectionLimiter final
{
public:
    explicit ConnectionLimiter(const HttpLimits &limits)
        : m_limits(limits)
    {
    }

    /// False: no place, and each that is held stands for a request in hand. Others may be served meanwhile.
    [[nodiscard]] bool enter(LimitedConnection &member, Door door, std::uint32_t uid);
    void leave(LimitedConnection &member);
    /// The member has a name now. Where `most` others of that name are here, whoever of them is gone already
    /// leaves first; then one that comes to work takes the place of the stream that has listened for longest.
    /// False: there is none; it stays what it was.
    [[nodiscard]] bool rename(LimitedConnection &member, const std::string &name, int most,
                              ConnectionUse place = ConnectionUse::Work);

    [[nodiscard]] const std::vector<LimitedConnection *> &members() const { return m_members; }
    [[nodiscard]] std::vector<LimitedConnection *> named(const std::string &name) const;
    [[nodiscard]] int unauthenticated(Door door) const { return at(door).all; }

private:
    struct Strangers
    {
        int all = 0;
        std::unordered_map<std::uint32_t, int> byUid;
    };
    /// Among whom somebody has to go before a newcomer comes in.
    enum class Among { Nobody, StrangersOfUid, Strangers, Anyone };

    [[nodiscard]] Among tooMany(Door door, std::uint32_t uid) const;
    [[nodiscard]] LimitedConnection *firstToGo(Among among, Door door, std::uint32_t uid) const;
    [[nodiscard]] Strangers &at(Door door) { return m_strangers[static_cast<std::size_t>(door)]; }
    [[nodiscard]] const Strangers &at(Door door) const { return m_strangers[static_cast<std::size_t>(door)]; }
    [[nodiscard]] int countOf(const std::string &name) const;
    /// Ends the stream of this name that has listened for longest. False: there is none.
    [[nodiscard]] bool endOneStream(const std::string &name);
    void forget(const LimitedConnection &member);
    void takeForStranger(LimitedConnection &member);

    const HttpLimits &m_limits;
    std::vector<LimitedConnection *> m_members;
    std::array<Strangers, 2> m_strangers;
    std::unordered_map<std::string, int> m_byName;
    std::uint64_t m_newcomers = 0;
};

} // namespace gatehouse
