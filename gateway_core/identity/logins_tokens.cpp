// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/loopback_redirect.h"
#include "gateway_core/identity/logins_inside.h"
#include "gateway_core/identity/pairing_code.h"
#include "gateway_core/identity/token.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t kJobsMost = 32;
constexpr std::size_t kSpentKept = 1024; // of one family; a client that refreshes hourly spends 720

tl::unexpected<Error> notGood(const char *why)
{
    return failure(ErrorCode::NotFound, why);
}

tl::unexpected<Error> clientUnknown()
{
    return failure(ErrorCode::NotFound, "registration is gone", Json{ { "field", "client_id" } });
}

tl::unexpected<Error> tooManyWait()
{
    return failure(ErrorCode::RateLimited, "logins queue", Json{ { "retry_after", 1 } });
}

/// RFC 7636, section 4.1.
bool isVerifier(std::string_view text)
{
    return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
                   || c == '.' || c == '_' || c == '~';
           });
}

bool isWithin(std::int64_t asked, const std::optional<std::int64_t> &limit)
{
    return !limit || (asked & ~*limit) == 0;
}

/// And clears away what ran out meanwhile.
Result<> saveTokens(Stores &stores, std::initializer_list<LoginToken> tokens, std::int64_t now)
{
    for (const LoginToken &token : tokens) {
        if (auto saved = stores.logins.save(token); !saved)
            return saved;
    }
    return stores.logins.dropEnded(now);
}

} // namespace

void Logins::exchangeCode(const CodeExchange &spending, std::uint32_t uid, Inside::Tokens done)
{
    if (auto open = m_inside->isOpen(); !open)
        return done(tl::unexpected<Error>(open.error()));
    auto kept = std::make_shared<std::array<std::string, 4>>(
        std::array{ std::string(spending.verifier), std::string(spending.registration),
                    std::string(spending.redirect), std::string(spending.resource) });
    auto job = [this, hash = sha256({ spending.code }), kept, uid, done = m_inside->freeing(done)]() mutable {
        Inside &inside = *m_inside;
        const CodeExchange asked{ {}, (*kept)[0], (*kept)[1], (*kept)[2], (*kept)[3] };
        const auto found = inside.codes.find(hash);
        if (found == inside.codes.end())
            return done(Result<LoginTokens>(inside.notGoodFor(asked.registration, "no such code")));
        Inside::Code &code = found->second;
        if (code.spent && !code.family.isEmpty()) {
            // Whoever spends it second may have been first in line to steal it (RFC 6749, section 4.1.2).
            return inside.end(code.family, "code_spent_twice", true, [done](const Result<> &ended) mutable {
                done(ended ? Result<LoginTokens>(notGood("spent twice"))
                           : Result<LoginTokens>(tl::unexpected<Error>(ended.error())));
            });
        }
        if (auto good = inside.checkCode(code, asked, uid); !good)
            return done(Result<LoginTokens>(tl::unexpected<Error>(good.error())));
        inside.begin(hash, [done](Result<LoginTokens> tokens) mutable { done(std::move(tokens)); });
    };
    if (!m_inside->enqueue(std::move(job)))
        done(tooManyWait());
}

Result<> Logins::Inside::checkCode(Code &code, const CodeExchange &spending, std::uint32_t uid) const
{
    if (code.spent)
        return notGood("spent");
    const Agent *agent = dependencies.registry.current()->agent(code.agent);
    if (agent && agent->state == AgentState::Paused)
        return failure(ErrorCode::AgentPaused);
    const bool verified = isVerifier(spending.verifier)
        && sameSecretText(base64Url(sha256({ spending.verifier })), code.asked.challenge);
    const bool good = verified && dependencies.clock.sinceBoot() < code.endsAtBoot && code.uid == uid
        && spending.registration == code.asked.registration
        && sameAddress(spending.redirect, code.asked.redirect)
        && (spending.resource.empty() || spending.resource == code.asked.resource) && agent
        && agent->state == AgentState::Active;
    if (good)
        return {};
    code.spent = true; // one try is all that it has
    return notGoodFor(spending.registration, "code, verifier, client, redirect or resource");
}

tl::unexpected<Error> Logins::Inside::notGoodFor(std::string_view registration, const char *why) const
{
    return registrations.contains(std::string(registration)) ? notGood(why) : clientUnknown();
}

void Logins::Inside::begin(const Digest &codeHash, Tokens done)
{
    const Code &code = codes.at(codeHash);
    const auto known = registrations.find(code.asked.registration);
    if (known == registrations.end())
        return done(clientUnknown());
    const LoginRegistration registration = known->second.record;
    const std::int64_t now = dependencies.registry.now();
    // The client gets no token of its own: what it was minted with is forgotten here, only families speak
    // for it.
    Client client
        = mintClient(code.agent, registration.name, registration.executable, now, dependencies.random).client;
    client.tokenTail.clear();
    client.expiresAt = now + Millis(kFamilyLifetime).count();

    LoginFamily family;
    family.client = client.id;
    family.registration = registration.id;
    family.scopeLimit = code.asked.scopeLimit;
    family.resource = code.asked.resource;
    family.uid = code.uid;
    family.createdAt = now;
    family.expiresAt = client.expiresAt;
    MintedToken access = mintToken(kAccessTokenPrefix, dependencies.random);
    MintedToken refresh = mintToken(kRefreshTokenPrefix, dependencies.random);
    const LoginToken accessRow = tokenFor(family, LoginToken::Kind::Access, access.hash);
    const LoginToken refreshRow = tokenFor(family, LoginToken::Kind::Refresh, refresh.hash);

    Event event;
    event.kind = EventKind::ClientPaired;
    event.agent = code.agent;
    event.agentName = dependencies.registry.current()->agent(code.agent)->displayName;
    event.client = client.id;
    event.clientName = client.name;
    event.via = "rest";
    event.peer = known->second.peer;
    event.more = Json{ { "login", true } };

    auto answer = std::make_shared<LoginTokens>();
    answer->access = std::move(access.text);
    answer->refresh = std::move(refresh.text);
    answer->scopeLimit = family.scopeLimit;
    dependencies.registry.apply(
        [client, registration, family, accessRow, refreshRow, now](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(client); !saved)
                return saved;
            if (auto saved = stores.logins.save(registration); !saved)
                return saved;
            if (auto saved = stores.logins.save(family); !saved)
                return saved;
            return saveTokens(stores, { accessRow, refreshRow }, now);
        },
        event,
        [logins = QPointer(&self), this, codeHash, family, accessRow, refreshRow, answer,
         done = std::move(done)](const Result<> &outcome) {
            if (!logins)
                return;
            if (!outcome)
                return done(tl::unexpected<Error>(outcome.error()));
            if (const auto spent = codes.find(codeHash); spent != codes.end()) {
                spent->second.spent = true;
                spent->second.family = family.client;
            }
            if (const auto used = registrations.find(family.registration); used != registrations.end())
                used->second.wasUsed = true;
            forgetOld();
            families[family.client] = family;
            keep(accessRow);
            keep(refreshRow);
            done(std::move(*answer));
        });
}

void Logins::refresh(const RefreshRequest &refreshing, std::uint32_t uid, Inside::Tokens done)
{
    if (auto open = m_inside->isOpen(); !open)
        return done(tl::unexpected<Error>(open.error()));
    auto job = [this, hash = sha256({ refreshing.token }), client = std::string(refreshing.registration),
                resource = std::string(refreshing.resource), limit = refreshing.scopeLimit, uid,
                done = m_inside->freeing(done)]() mutable {
        using Tokens = Result<LoginTokens>;
        Inside &inside = *m_inside;
        const auto found = inside.tokens.find(hash);
        const bool isOurs = found != inside.tokens.end() && found->second.kind == LoginToken::Kind::Refresh;
        const LoginFamily *family = isOurs ? inside.liveFamily(found->second.client) : nullptr;
        if (!family)
            return done(Tokens(inside.notGoodFor(client, "no such token")));
        const LoginToken &token = found->second;
        const std::int64_t now = inside.dependencies.registry.now();
        const bool repeated = token.spentAt.has_value();
        const bool inTime = !repeated || now - *token.spentAt <= Millis(kSiblingTime).count();
        const bool sameClient = family->registration == client;
        if (family->uid != uid || !inTime || (repeated && !sameClient)) {
            const char *reason = family->uid != uid ? "another_user" : "refresh_token_reused";
            return inside.end(token.client, reason, true, [done](const Result<> &ended) mutable {
                done(ended ? Tokens(notGood("spent twice")) : Tokens(tl::unexpected<Error>(ended.error())));
            });
        }
        if (!sameClient)
            return done(Tokens(inside.notGoodFor(client, "another client's")));
        if (!resource.empty() && resource != family->resource)
            return done(Tokens(failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "resource" } })));
        if (limit && !isWithin(*limit, family->scopeLimit))
            return done(Tokens(failure(ErrorCode::ScopeDenied)));
        const Client *holder = inside.dependencies.registry.current()->client(token.client);
        const Agent *agent = inside.dependencies.registry.current()->agent(holder->agent);
        if (!agent || agent->state == AgentState::Paused)
            return done(Tokens(failure(ErrorCode::AgentPaused)));
        inside.rotate(hash, limit ? limit : family->scopeLimit,
                      [done](Tokens tokens) mutable { done(std::move(tokens)); });
    };
    if (!m_inside->enqueue(std::move(job)))
        done(tooManyWait());
}

void Logins::Inside::rotate(const Digest &hash, std::optional<std::int64_t> scopeLimit, Tokens done)
{
    LoginToken spent = tokens.at(hash);
    const std::int64_t now = dependencies.registry.now();
    if (spent.spentAt)
        spent.siblingGiven = true;
    else
        spent.spentAt = now;
    const LoginFamily &family = families.at(spent.client);
    MintedToken access = mintToken(kAccessTokenPrefix, dependencies.random);
    MintedToken refresh = mintToken(kRefreshTokenPrefix, dependencies.random);
    LoginToken accessRow = tokenFor(family, LoginToken::Kind::Access, access.hash);
    accessRow.scopeLimit = scopeLimit;
    const LoginToken refreshRow = tokenFor(family, LoginToken::Kind::Refresh, refresh.hash);

    auto answer = std::make_shared<LoginTokens>();
    answer->access = std::move(access.text);
    answer->refresh = std::move(refresh.text);
    answer->scopeLimit = scopeLimit;
    dependencies.storage.write(
        [spent, accessRow, refreshRow, now](Stores &stores) -> Result<> {
            return saveTokens(stores, { spent, accessRow, refreshRow }, now);
        },
        [logins = QPointer(&self), this, spent, accessRow, refreshRow, answer,
         done = std::move(done)](const Result<> &outcome) {
            if (!logins)
                return;
            if (!outcome)
                return done(tl::unexpected<Error>(outcome.error()));
            forgetOld();
            keep(spent);
            keep(accessRow);
            keep(refreshRow);
            done(std::move(*answer));
        });
}

void Logins::revoke(std::string_view token, std::string_view registration, Storage::Done done)
{
    if (!m_inside->loaded)
        return done(failure(ErrorCode::GatewayLocked));
    auto job = [this, hash = sha256({ token }), registration = std::string(registration),
                done = m_inside->freeing(done)]() mutable {
        Inside &inside = *m_inside;
        const auto found = inside.tokens.find(hash);
        const LoginFamily *family
            = found == inside.tokens.end() ? nullptr : inside.liveFamily(found->second.client);
        if (!family || family->registration != registration)
            return done(Result<>());
        inside.end(family->client, "revoked_by_client", false,
                   [done](const Result<> &ended) mutable { done(Result<>(ended)); });
    };
    if (!m_inside->enqueue(std::move(job)))
        done(tooManyWait());
}

void Logins::Inside::end(const ClientId &client, const char *reason, bool reused, Storage::Done done)
{
    const DirectoryPtr directory = dependencies.registry.current();
    const Client *holder = directory->client(client);
    Client revoked = holder ? *holder : Client();
    forget(client); // and with the family what `client` was read from
    if (!holder)
        return done(Result<>());
    Event event;
    event.kind = EventKind::LoginRevoked;
    event.client = revoked.id;
    event.clientName = holder->name;
    event.agent = holder->agent;
    if (const Agent *agent = directory->agent(holder->agent))
        event.agentName = agent->displayName;
    event.via = "rest";
    event.more = Json{ { "reason", reason } };
    if (!revoked.revokedAt)
        revoked.revokedAt = dependencies.registry.now();
    if (reused)
        emit self.endedForReuse(revoked.id);
    dependencies.registry.apply(
        [revoked](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(revoked); !saved)
                return saved;
            return stores.logins.dropFamily(revoked.id);
        },
        event, std::move(done));
}

LoginToken Logins::Inside::tokenFor(const LoginFamily &family, LoginToken::Kind kind,
                                    const Digest &hash) const
{
    LoginToken token;
    token.hash = hash;
    token.client = family.client;
    token.kind = kind;
    token.createdAt = dependencies.registry.now();
    token.expiresAt = family.expiresAt;
    if (kind == LoginToken::Kind::Access) {
        token.scopeLimit = family.scopeLimit;
        token.expiresAt = std::min(token.createdAt + Millis(kAccessTokenLifetime).count(), family.expiresAt);
    }
    return token;
}

void Logins::Inside::keep(const LoginToken &token)
{
    tokens[token.hash] = token;
    const auto sameSort = [&token](const LoginToken &other) {
        return other.client == token.client && other.kind == token.kind
            && other.spentAt.has_value() == token.spentAt.has_value();
    };
    const auto age = [](const LoginToken *kept) {
        return std::pair(kept->spentAt.value_or(kept->createdAt), kept->hash);
    };
    std::vector<const LoginToken *> kept;
    for (const auto &[hash, other] : tokens) {
        if (sameSort(other))
            kept.push_back(&other);
    }
    if (kept.size() <= (token.spentAt ? kSpentKept : kLoginTokensMost))
        return;
    const Digest hash = (*std::ranges::min_element(kept, {}, age))->hash;
    dependencies.storage.write([hash](Stores &stores) { return stores.logins.dropToken(hash); },
                               [](const Result<> &) {});
    tokens.erase(hash);
}

void Logins::Inside::forget(const ClientId &client)
{
    families.erase(client);
    std::erase_if(tokens, [&client](const auto &entry) { return entry.second.client == client; });
}

void Logins::Inside::forgetOld()
{
    const std::int64_t now = dependencies.registry.now();
    std::erase_if(families, [this](const auto &entry) { return !liveFamily(entry.first); });
    std::erase_if(tokens, [this, now](const auto &entry) {
        return entry.second.expiresAt <= now || !families.contains(entry.second.client);
    });
}

const LoginFamily *Logins::Inside::liveFamily(const ClientId &client) const
{
    const auto found = families.find(client);
    if (found == families.end() || dependencies.registry.now() >= found->second.expiresAt)
        return nullptr;
    const Client *holder = dependencies.registry.current()->client(client);
    return holder && !holder->revokedAt ? &found->second : nullptr;
}

bool Logins::Inside::enqueue(Job job)
{
    if (jobs.size() >= kJobsMost)
        return false;
    jobs.push_back(std::move(job));
    if (!busy) {
        busy = true;
        next();
    }
    return true;
}

void Logins::Inside::next()
{
    if (jobs.empty()) {
        busy = false;
        return;
    }
    const Job job = std::move(jobs.front());
    jobs.pop_front();
    job();
}

} // namespace gatehouse
