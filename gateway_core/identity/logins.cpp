// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/logins.h"

#include "gateway_core/identity/loopback_redirect.h"
#include "gateway_core/identity/logins_inside.h"
#include "gateway_core/identity/pairing_code.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/identity/requesting_process.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t kRedirectsMost = 8;
constexpr auto kPageKept = std::chrono::minutes(5); // for a browser that comes back to hear how it ended
constexpr auto kCodeKept = std::chrono::minutes(10); // so that a code spent twice is still recognised

/// One running program, as far as the kernel tells; a restart of it is another.
std::string programOf(const Peer &peer)
{
    const ProcessIdentity process = requestingProcess(peer).process;
    return std::to_string(peer.uid) + ' ' + std::to_string(process.pid) + ' ' + process.executable;
}

} // namespace

Logins::Logins(const Dependencies &dependencies, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, dependencies))
{
    // Every end on disk is another one now. Until they are read nobody comes in by an old one.
    connect(&dependencies.registry, &Registry::timeSet, this, [this] {
        m_inside->loaded = false;
        m_inside->families.clear();
        m_inside->tokens.clear();
        load([](const Result<> &) {});
    });
}

Logins::~Logins() = default;

void Logins::load(Storage::Done done)
{
    struct Rows
    {
        std::vector<LoginRegistration> registrations;
        std::vector<LoginFamily> families;
        std::vector<LoginToken> tokens;
    };
    m_inside->dependencies.storage.write<Rows>(
        [now = m_inside->dependencies.registry.now()](Stores &stores) -> Result<Rows> {
            if (auto dropped = stores.logins.dropEnded(now); !dropped)
                return tl::unexpected<Error>(dropped.error());
            auto registrations = stores.logins.registrations();
            auto families = stores.logins.families();
            auto tokens = stores.logins.tokens();
            if (!registrations)
                return tl::unexpected<Error>(registrations.error());
            if (!families)
                return tl::unexpected<Error>(families.error());
            if (!tokens)
                return tl::unexpected<Error>(tokens.error());
            return Rows{ std::move(*registrations), std::move(*families), std::move(*tokens) };
        },
        [self = QPointer(this), done = std::move(done)](Result<Rows> rows) {
            if (!self)
                return;
            if (!rows)
                return done(tl::unexpected<Error>(rows.error()));
            Inside &inside = *self->m_inside;
            for (LoginRegistration &registration : rows->registrations) {
                Peer peer;
                peer.uid = registration.uid;
                peer.process.executable = registration.executable;
                const std::string id = registration.id;
                inside.registrations[id] = { std::move(registration), std::move(peer), true };
            }
            for (LoginFamily &family : rows->families)
                inside.families[family.client] = std::move(family);
            for (const LoginToken &token : rows->tokens)
                inside.tokens[token.hash] = token;
            inside.loaded = true;
            done({});
        });
}

Result<LoginRegistration> Logins::registerClient(const std::string &name,
                                                 const std::vector<std::string> &redirects, const Peer &peer)
{
    if (auto open = m_inside->isOpen(); !open)
        return tl::unexpected<Error>(open.error());
    if (auto checked = checkClientName(name); !checked)
        return tl::unexpected<Error>(checked.error());
    std::vector<std::string> kept;
    std::ranges::copy_if(redirects, std::back_inserter(kept),
                         [](const std::string &uri) { return isLoopbackRedirect(uri); });
    if (kept.empty())
        return failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "redirect_uris" } });
    kept.resize(std::min(kept.size(), kRedirectsMost));
    if (auto room = m_inside->makeRoom(); !room)
        return tl::unexpected<Error>(room.error());

    LoginRegistration fresh;
    fresh.id = m_inside->dependencies.random.uuid();
    fresh.name = name;
    fresh.redirects = std::move(kept);
    fresh.uid = peer.uid;
    fresh.executable = requestingProcess(peer).process.executable;
    fresh.createdAt = m_inside->dependencies.registry.now();
    m_inside->registrations[fresh.id] = { fresh, peer, false };
    m_inside->dropWhenUnused(fresh.id);
    return fresh;
}

Result<LoginRegistration> Logins::registrationFor(const std::string &id, std::string_view redirect,
                                                  std::uint32_t uid) const
{
    const auto found = m_inside->registrations.find(id);
    if (found == m_inside->registrations.end() || found->second.record.uid != uid)
        return failure(ErrorCode::NotFound);
    const LoginRegistration &record = found->second.record;
    if (!std::ranges::any_of(record.redirects,
                             [&](const std::string &uri) { return sameRedirect(uri, redirect); }))
        return failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "redirect_uri" } });
    return record;
}

void Logins::ask(const AuthorizationRequest &asked, std::uint32_t uid,
                 std::function<void(Result<std::string>)> done)
{
    if (auto open = m_inside->isOpen(); !open)
        return done(tl::unexpected<Error>(open.error()));
    const auto known = registrationFor(asked.registration, asked.redirect, uid);
    if (!known)
        return done(tl::unexpected<Error>(known.error()));
    const Peer &peer = m_inside->registrations.at(asked.registration).peer;
    const std::string program = programOf(peer);
    const std::int64_t now = m_inside->dependencies.clock.sinceBoot();
    std::erase_if(m_inside->deniedUntilBoot, [now](const auto &entry) { return entry.second <= now; });
    if (m_inside->deniedUntilBoot.contains(program))
        return done(failure(ErrorCode::ApprovalDenied));

    const std::string page = m_inside->dependencies.random.uuid();
    m_inside->dependencies.pairing.askLogin(
        { known->name, m_inside->suggestion(), asked.scopeLimit }, peer,
        [self = QPointer(this), page, asked, uid,
         done = std::move(done)](const Result<Confirmation> &question) {
            if (!self)
                return;
            if (!question)
                return done(tl::unexpected<Error>(question.error()));
            Inside::Page fresh;
            fresh.registration = asked.registration;
            fresh.uid = uid;
            fresh.sight.clientName = question->clientName;
            fresh.sight.checkNumber = question->checkNumber;
            fresh.sight.redirect = asked.redirect;
            fresh.sight.clientState = asked.state;
            self->m_inside->pages[page] = std::move(fresh);
            self->m_inside->dependencies.clock.after(
                kPageKept, self, [inside = self->m_inside.get(), page] { inside->pages.erase(page); });
            done(page);
        },
        [self = QPointer(this), page, asked, program](const Result<AgentId> &answer) {
            if (self)
                self->m_inside->heard(page, asked, program, answer);
        });
}

Result<LoginSight> Logins::look(const std::string &page, std::uint32_t uid)
{
    const auto found = m_inside->pages.find(page);
    if (found == m_inside->pages.end() || found->second.uid != uid)
        return failure(ErrorCode::NotFound);
    LoginSight &kept = found->second.sight;
    LoginSight shown;
    shown.state = kept.state;
    shown.clientName = kept.clientName;
    shown.checkNumber = kept.checkNumber;
    shown.redirect = kept.redirect;
    shown.clientState = kept.clientState;
    shown.code = std::exchange(kept.code, Secret());
    return shown;
}

Result<std::optional<LoginBearer>> Logins::bearerOf(std::string_view token, std::string_view resource) const
{
    if (!token.starts_with(kAccessTokenPrefix))
        return std::optional<LoginBearer>();
    if (!m_inside->loaded)
        return failure(ErrorCode::GatewayLocked);
    const auto found = m_inside->tokens.find(sha256({ token }));
    if (found == m_inside->tokens.end() || found->second.kind != LoginToken::Kind::Access
        || m_inside->dependencies.registry.now() >= found->second.expiresAt)
        return std::optional<LoginBearer>();
    const LoginFamily *family = m_inside->liveFamily(found->second.client);
    if (!family || family->resource != resource)
        return std::optional<LoginBearer>();
    return std::optional(LoginBearer{ family->client, found->second.scopeLimit });
}

std::optional<ClientId> Logins::clientOfRefresh(std::string_view token) const
{
    const auto found = m_inside->tokens.find(sha256({ token }));
    if (found == m_inside->tokens.end() || found->second.kind != LoginToken::Kind::Refresh)
        return std::nullopt;
    return found->second.client;
}

std::optional<std::int64_t> Logins::limitOf(const ClientId &client) const
{
    const auto found = m_inside->families.find(client);
    return found == m_inside->families.end() ? std::nullopt : found->second.scopeLimit;
}

Result<> Logins::Inside::isOpen() const
{
    if (!loaded)
        return failure(ErrorCode::GatewayLocked);
    switch (dependencies.registry.current()->profile.mode) {
    case Mode::Running: return {};
    case Mode::Paused: return failure(ErrorCode::GatewayPaused);
    case Mode::Draining: return failure(ErrorCode::GatewayDraining);
    }
    return failure(ErrorCode::GatewayPaused);
}

bool Logins::Inside::isUsed(const std::string &registration) const
{
    const bool has = std::ranges::any_of(families, [&](const auto &entry) {
        return entry.second.registration == registration && liveFamily(entry.first);
    });
    return has
        || std::ranges::any_of(codes,
                               [&](const auto &entry) {
                                   return !entry.second.spent
                                       && entry.second.asked.registration == registration;
                               })
        || std::ranges::any_of(pages, [&](const auto &entry) {
               return entry.second.sight.state == LoginSight::State::Waiting
                   && entry.second.registration == registration;
           });
}

Result<> Logins::Inside::makeRoom()
{
    if (registrations.size() < kRegistrationsMost)
        return {};
    // Those whose logins are all over are kept only as long as nobody needs the place.
    auto oldest = registrations.end();
    for (auto each = registrations.begin(); each != registrations.end(); ++each) {
        const bool over = each->second.wasUsed && !isUsed(each->first);
        if (over
            && (oldest == registrations.end()
                || each->second.record.createdAt < oldest->second.record.createdAt))
            oldest = each;
    }
    if (oldest == registrations.end()) {
        const auto wait = std::chrono::seconds(kUnusedRegistrationLifetime).count();
        return failure(ErrorCode::RateLimited, "no room for a registration", Json{ { "retry_after", wait } });
    }
    dependencies.storage.write(
        [id = oldest->first](Stores &stores) { return stores.logins.dropRegistration(id); },
        [](const Result<> &) {});
    registrations.erase(oldest);
    return {};
}

void Logins::Inside::dropWhenUnused(const std::string &registration)
{
    dependencies.clock.after(kUnusedRegistrationLifetime, &self, [this, registration] {
        const auto found = registrations.find(registration);
        if (found == registrations.end() || found->second.wasUsed)
            return;
        if (isUsed(registration))
            dropWhenUnused(registration); // a login is under way
        else
            registrations.erase(found);
    });
}

AgentId Logins::Inside::suggestion() const
{
    AgentId only;
    for (const auto &[id, agent] : dependencies.registry.current()->agents) {
        if (agent.state != AgentState::Active)
            continue;
        if (!only.isEmpty())
            return AgentId();
        only = id;
    }
    return only;
}

void Logins::Inside::heard(const std::string &page, const AuthorizationRequest &asked,
                           const std::string &program, const Result<AgentId> &answer)
{
    const bool denied = !answer && answer.error().code == ErrorCode::ApprovalDenied;
    if (denied)
        deniedUntilBoot[program] = dependencies.clock.sinceBoot() + Millis(kSilentDenial).count();
    const auto found = pages.find(page);
    if (found == pages.end())
        return;
    LoginSight &sight = found->second.sight;
    if (answer) {
        sight.state = LoginSight::State::Granted;
        sight.code = mintCode(asked, *answer, found->second.uid);
    } else {
        sight.state = denied ? LoginSight::State::Denied : LoginSight::State::Expired;
    }
}

Secret Logins::Inside::mintCode(const AuthorizationRequest &asked, const AgentId &agent, std::uint32_t uid)
{
    MintedToken minted = mintToken(kLoginCodePrefix, dependencies.random);
    Code code;
    code.asked = asked;
    code.agent = agent;
    code.uid = uid;
    code.endsAtBoot = dependencies.clock.sinceBoot() + Millis(kLoginCodeLifetime).count();
    codes[minted.hash] = std::move(code);
    dependencies.clock.after(kCodeKept, &self, [this, hash = minted.hash] { codes.erase(hash); });
    return std::move(minted.text);
}

} // namespace gatehouse
