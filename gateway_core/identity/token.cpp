// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/token.h"

#include "gateway_core/base/clock.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenDigits = 43; // 256 bits in base64url without padding
constexpr std::size_t kTailLength = 4;

bool hasTheForm(std::string_view token, std::string_view prefix)
{
    if (!token.starts_with(prefix) || token.size() != prefix.size() + kTokenDigits)
        return false;
    return std::all_of(token.begin(), token.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
            || c == '_';
    });
}

std::int64_t millis(std::chrono::seconds span)
{
    return Millis(span).count();
}

} // namespace

MintedToken mintToken(std::string_view prefix, Random &random)
{
    std::array<std::uint8_t, kTokenBytes> bytes{};
    random.fill(bytes);
    std::string digits = base64Url(bytes);
    std::string text;
    text.reserve(prefix.size() + digits.size()); // no copy is left behind by growing
    text.append(prefix).append(digits);

    MintedToken minted{ Secret(text), sha256({ text }), text.substr(text.size() - kTailLength) };
    wipe(bytes.data(), bytes.size());
    wipe(digits.data(), digits.size());
    wipe(text.data(), text.size());
    return minted;
}

MintedClient mintClient(const AgentId &agent, std::string name, std::string pairedBy, std::int64_t now,
                        Random &random)
{
    MintedToken minted = mintToken(kAgentTokenPrefix, random);
    Client client;
    client.id = ClientId(random.uuid());
    client.agent = agent;
    client.name = std::move(name);
    client.tokenHash = minted.hash;
    client.tokenTail = std::move(minted.tail);
    client.pairedBy = std::move(pairedBy);
    client.createdAt = now;
    client.expiresAt = now + millis(kAgentTokenLifetime);
    client.lastUsedAt = now;
    return { std::move(client), std::move(minted.text) };
}

MintedOwnerToken mintOwnerToken(std::string name, std::int64_t now, Random &random,
                                std::chrono::seconds lifetime)
{
    MintedToken minted = mintToken(kOwnerTokenPrefix, random);
    OwnerToken record;
    record.id = OwnerTokenId(random.uuid());
    record.name = std::move(name);
    record.tokenHash = minted.hash;
    record.tokenTail = std::move(minted.tail);
    record.createdAt = now;
    record.expiresAt = now + millis(lifetime);
    return { std::move(record), std::move(minted.text) };
}

const Client *clientOf(const Directory &directory, std::string_view token, std::int64_t now)
{
    if (!hasTheForm(token, kAgentTokenPrefix))
        return nullptr;
    const auto found = directory.clientsByToken.find(sha256({ token }));
    const Client *client
        = found == directory.clientsByToken.end() ? nullptr : directory.client(found->second);
    if (!client || client->revokedAt || now >= client->expiresAt)
        return nullptr;
    const std::int64_t lastUse = std::max(client->lastUsedAt, client->createdAt);
    return now - lastUse >= millis(kAgentTokenIdle) ? nullptr : client;
}

const OwnerToken *ownerTokenOf(const Directory &directory, std::string_view token, std::int64_t now)
{
    if (!hasTheForm(token, kOwnerTokenPrefix))
        return nullptr;
    const auto found = directory.ownersByToken.find(sha256({ token }));
    if (found == directory.ownersByToken.end())
        return nullptr;
    const auto record = directory.ownerTokens.find(found->second);
    if (record == directory.ownerTokens.end() || record->second.revokedAt || now >= record->second.expiresAt)
        return nullptr;
    return &record->second;
}

} // namespace gatehouse
