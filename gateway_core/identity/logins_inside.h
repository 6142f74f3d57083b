// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/logins.h"

#include <QPointer>

#include <deque>
#include <map>
#include <unordered_map>

namespace gatehouse {

/// What logins hold. Questions and registrations: logins.cpp; codes and tokens: logins_tokens.cpp.
struct Logins::Inside
{
    struct Registration
    {
        LoginRegistration record;
        Peer peer; ///< who registered; without a process behind a restart
        bool wasUsed = false; ///< a login came of it once: kept until the place is needed
    };
    struct Page
    {
        LoginSight sight;
        std::string registration;
        std::uint32_t uid = 0;
    };
    struct Code
    {
        AuthorizationRequest asked;
        AgentId agent;
        std::uint32_t uid = 0;
        std::int64_t endsAtBoot = 0;
        bool spent = false;
        ClientId family; ///< that it made
    };
    using Tokens = std::function<void(Result<LoginTokens>)>;
    using Job = std::function<void()>;

    Inside(Logins &logins, const Dependencies &given)
        : self(logins)
        , dependencies(given)
    {
    }

    /// Not loaded, paused or draining: whoever asks may come again.
    [[nodiscard]] Result<> isOpen() const;
    /// A live family, a code or an open question stands on it.
    [[nodiscard]] bool isUsed(const std::string &registration) const;
    [[nodiscard]] Result<> makeRoom();
    void dropWhenUnused(const std::string &registration);
    [[nodiscard]] AgentId suggestion() const;
    void heard(const std::string &page, const AuthorizationRequest &asked, const std::string &program,
               const Result<AgentId> &answer);
    [[nodiscard]] Secret mintCode(const AuthorizationRequest &asked, const AgentId &agent, std::uint32_t uid);

    /// Changes go one after another, so that each sees what the one before it left. RateLimited: too many
    /// wait. A job calls next() when it is done.
    [[nodiscard]] bool enqueue(Job job);
    void next();
    template <typename Answer> auto freeing(Answer done);

    [[nodiscard]] Result<> checkCode(Code &code, const CodeExchange &spending, std::uint32_t uid) const;
    /// Not good, or not even a client any more (NotFound {field: client_id}).
    [[nodiscard]] tl::unexpected<Error> notGoodFor(std::string_view registration, const char *why) const;
    void begin(const Digest &codeHash, Tokens done);
    void rotate(const Digest &hash, std::optional<std::int64_t> scopeLimit, Tokens done);
    /// Ends a family: at once here, and on disk. `reused`: a spent token came back.
    void end(const ClientId &client, const char *reason, bool reused, Storage::Done done);
    [[nodiscard]] LoginToken tokenFor(const LoginFamily &family, LoginToken::Kind kind,
                                      const Digest &hash) const;
    void keep(const LoginToken &token);
    void forget(const ClientId &client);
    void forgetOld();
    [[nodiscard]] const LoginFamily *liveFamily(const ClientId &client) const;

    Logins &self;
    Dependencies dependencies;
    bool loaded = false;
    std::map<std::string, Registration> registrations;
    std::map<std::string, Page> pages;
    std::unordered_map<Digest, Code, DigestHash> codes;
    std::map<ClientId, LoginFamily> families;
    std::unordered_map<Digest, LoginToken, DigestHash> tokens;
    std::map<std::string, std::int64_t> deniedUntilBoot; ///< by program
    std::deque<Job> jobs;
    bool busy = false;
};

template <typename Answer> auto Logins::Inside::freeing(Answer done)
{
    return [logins = QPointer(&self), done = std::move(done)](auto &&outcome) {
        done(std::forward<decltype(outcome)>(outcome));
        if (logins)
            logins->m_inside->next();
    };
}

} // namespace gatehouse
