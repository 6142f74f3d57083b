// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/digest.h"
#include "gateway_core/base/ids.h"
#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace gatehouse {

inline constexpr std::string_view kTicketPrefix = "gh_t_";
inline constexpr auto kTicketLifetime = std::chrono::seconds(30); // product.md, Numbers
inline constexpr std::size_t kTicketsOpen = 64; ///< minted and not yet spent

/// One-time tickets to an event stream, for readers that can set no header (EventSource). A ticket stands
/// for the owner token that minted it and reaches no further. Any try to use it, good or bad, ends it.
/// In memory only, as SHA-256. Thread: core. The references must outlive it.
class StreamTickets final
{
public:
    struct Minted
    {
        Secret text; ///< shown once
        std::int64_t expiresAt = 0; ///< wall time, for display: what counts is the boot clock
    };

    StreamTickets(const Clock &clock, Random &random);

    /// For these streams alone. RateLimited {retry_after}: too many are open.
    [[nodiscard]] Result<Minted> mint(const OwnerTokenId &minter, std::set<std::string, std::less<>> streams);
    /// Whose ticket it is; spent from now on, whatever is answered.
    /// Unauthorized: unknown, spent or too old. ScopeDenied: it is for other streams.
    [[nodiscard]] Result<OwnerTokenId> spend(std::string_view ticket, std::string_view stream);
    /// It was offered where no ticket is taken.
    void burn(std::string_view ticket);

private:
    struct Open
    {
        OwnerTokenId minter;
        std::set<std::string, std::less<>> streams;
        std::int64_t until = 0; ///< boot time
    };

    void forgetOld();

    const Clock &m_clock;
    Random &m_random;
    std::map<Digest, Open> m_open;
};

} // namespace gatehouse
