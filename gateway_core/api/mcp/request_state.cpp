// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/request_state.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/base/json.h"

#include <array>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::size_t kStateMost = 256; // a UUID, a time and a seal are 100

Secret freshKey(Random &random)
{
    std::array<std::uint8_t, 32> bits{};
    random.fill(bits);
    Secret key{ std::span<const std::uint8_t>(bits) };
    wipe(bits.data(), bits.size());
    return key;
}

} // namespace

RequestStates::RequestStates(Clock &clock, Random &random)
    : m_clock(clock)
    , m_key(freshKey(random))
{
}

std::string RequestStates::sealed(const std::string &approval, const std::string &until,
                                  const Call &call) const
{
    const Json bound = Json::array({ approval, until, call.client.text(), call.tool, call.arguments });
    return approval + "." + until + "." + base64Url(hmacSha256(m_key, canonicalJson(bound)));
}

std::string RequestStates::seal(const ApprovalId &approval, const Call &call) const
{
    const std::int64_t until = m_clock.sinceBoot() + Millis(kQuestionTime).count();
    return sealed(approval.text(), std::to_string(until), call);
}

bool RequestStates::fits(const std::string &state, const Call &call) const
{
    const std::size_t first = state.find('.');
    const std::size_t second = state.find('.', first == std::string::npos ? first : first + 1);
    if (state.size() > kStateMost || second == std::string::npos)
        return false;
    const std::string approval = state.substr(0, first);
    const std::string until = state.substr(first + 1, second - first - 1);
    // The seal first, in constant time: nothing of a forged state is looked at.
    if (!Secret(state).equals(Secret(sealed(approval, until, call))))
        return false;
    std::int64_t end = 0;
    std::from_chars(until.data(), until.data() + until.size(), end);
    return m_clock.sinceBoot() < end;
}

} // namespace gatehouse
