// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/stream_tickets.h"

#include "gateway_core/identity/token.h"

namespace gatehouse {

namespace {

constexpr std::size_t kTicketTextMost = 64;

} // namespace

StreamTickets::StreamTickets(const Clock &clock, Random &random)
    : m_clock(clock)
    , m_random(random)
{
}

Result<StreamTickets::Minted> StreamTickets::mint(const OwnerTokenId &minter,
                                                  std::set<std::string, std::less<>> streams)
{
    forgetOld();
    if (m_open.size() >= kTicketsOpen)
        return failure(ErrorCode::RateLimited, "stream tickets",
                       { { "retry_after", kTicketLifetime.count() }, { "reason", "tickets" } });
    MintedToken minted = mintToken(kTicketPrefix, m_random);
    const std::int64_t lifetime = Millis(kTicketLifetime).count();
    m_open.emplace(minted.hash, Open{ minter, std::move(streams), m_clock.sinceBoot() + lifetime });
    return Minted{ std::move(minted.text), m_clock.now() + lifetime };
}

Result<OwnerTokenId> StreamTickets::spend(std::string_view ticket, std::string_view stream)
{
    forgetOld();
    if (ticket.size() > kTicketTextMost)
        return failure(ErrorCode::Unauthorized, "no ticket");
    const auto found = m_open.find(sha256({ ticket }));
    if (found == m_open.end())
        return failure(ErrorCode::Unauthorized, "no ticket, or one that is spent");
    const Open open = std::move(found->second);
    m_open.erase(found);
    if (!open.streams.contains(stream))
        return failure(ErrorCode::ScopeDenied, "a ticket for another stream", { { "needs", stream } });
    return open.minter;
}

void StreamTickets::burn(std::string_view ticket)
{
    if (ticket.size() <= kTicketTextMost)
        m_open.erase(sha256({ ticket }));
}

void StreamTickets::forgetOld()
{
    std::erase_if(m_open,
                  [now = m_clock.sinceBoot()](const auto &entry) { return entry.second.until <= now; });
}

} // namespace gatehouse
