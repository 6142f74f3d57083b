// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/pairing.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

// Product numbers, in our docs: docs/oauth.md, Numbers.
inline constexpr std::size_t kRegistrationsMost = 32;
inline constexpr auto kUnusedRegistrationLifetime = std::chrono::minutes(10);
inline constexpr auto kLoginCodeLifetime = std::chrono::seconds(60);
inline constexpr auto kAccessTokenLifetime = std::chrono::minutes(60);
inline constexpr auto kFamilyLifetime = std::chrono::hours(24 * 30);
inline constexpr std::size_t kLoginTokensMost = 64; ///< of each kind, of one login; the oldest gives way
inline constexpr auto kSiblingTime = std::chrono::seconds(30);
inline constexpr auto kSilentDenial = std::chrono::seconds(60);
inline constexpr std::string_view kAccessTokenPrefix = "gh_l_";
inline constexpr std::string_view kRefreshTokenPrefix = "gh_r_";
inline constexpr std::string_view kLoginCodePrefix = "gh_c_";

/// A login that a browser brought: checked in form, not yet asked.
struct AuthorizationRequest
{
    std::string registration;
    std::string redirect; ///< where the browser goes back to
    std::string state; ///< the client's own, handed back as it is
    std::string challenge; ///< PKCE, S256
    std::optional<std::int64_t> scopeLimit; ///< bit set over Scope; nullopt: not narrowed
    std::string resource;
};

/// What the page of a login shows, and where it sends the browser in the end.
struct LoginSight
{
    enum class State { Waiting, Granted, Denied, Expired } state = State::Waiting;
    std::string clientName;
    std::string checkNumber;
    std::string redirect;
    std::string clientState;
    Secret code; ///< Granted: handed out with the first look, empty from then on
};

struct CodeExchange
{
    std::string_view code, verifier, registration, redirect;
    std::string_view resource; ///< may be empty: then the code's
};

struct RefreshRequest
{
    std::string_view token, registration;
    std::string_view resource; ///< may be empty: then the family's
    std::optional<std::int64_t> scopeLimit; ///< of the new access token; nullopt: the family's
};

struct LoginTokens
{
    Secret access, refresh;
    std::chrono::seconds lifetime = kAccessTokenLifetime; ///< of the access token
    std::optional<std::int64_t> scopeLimit;
};

/// Whom an access token speaks for, and how far.
struct LoginBearer
{
    ClientId client;
    std::optional<std::int64_t> scopeLimit;
};

/// OAuth logins: registrations, the owner's question in a browser's clothes, codes and families of tokens.
/// A login makes one client, so the owner sees, counts and revokes it like any other.
/// Registration -> question (Pairing) -> code, 60 s -> family, 30 days: access tokens of an hour, refresh
/// tokens that are spent once. Within 30 s a spent one gets a sibling of what it was spent for, as often as
/// its client asks: several processes of one program share it, or an answer was lost. Later, or from anybody
/// else, it is a theft: the family ends and the owner is told. Errors, besides those named: GatewayLocked
/// (not loaded yet), GatewayPaused, GatewayDraining, storage's, all of them temporary; NotFound means that
/// the grant is not good, for good; with {field: client_id}, that the client is registered no more. Thread:
/// core. The references must outlive it.
class Logins final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Storage &storage;
        Registry &registry;
        Journal &journal;
        Pairing &pairing;
        Clock &clock;
        Random &random;
    };

    explicit Logins(const Dependencies &dependencies, QObject *parent = nullptr);
    ~Logins() override;

    /// Reads families and used registrations once.
    void load(Storage::Done done);

    /// Keeps the first 8 redirects that lead to this machine and leaves the others out (RFC 7591,
    /// section 3.2.1). ValidationFailed {field: redirect_uris | client_name}: none is left. RateLimited: 32
    /// are registered and in use.
    [[nodiscard]] Result<LoginRegistration>
    registerClient(const std::string &name, const std::vector<std::string> &redirects, const Peer &peer);
    /// NotFound: no such registration of this system user. ValidationFailed {field: redirect_uri}.
    [[nodiscard]] Result<LoginRegistration> registrationFor(const std::string &id, std::string_view redirect,
                                                            std::uint32_t uid) const;
    /// Asks the owner. `done`: the id of the page that waits. NotFound as above. ApprovalDenied: the owner
    /// has just said no to this program. RateLimited: another login waits.
    void ask(const AuthorizationRequest &asked, std::uint32_t uid,
             std::function<void(Result<std::string>)> done);
    /// NotFound: no such page, or another system user's.
    [[nodiscard]] Result<LoginSight> look(const std::string &page, std::uint32_t uid);

    /// NotFound: the code, or what came with it, is wrong; the code is spent. A code that is spent twice
    /// ends the family that it made.
    void exchangeCode(const CodeExchange &spending, std::uint32_t uid,
                      std::function<void(Result<LoginTokens>)> done);
    /// NotFound: the token is not good. ScopeDenied: more than the family has. ValidationFailed
    /// {field: resource}: another address. AgentPaused, temporary.
    void refresh(const RefreshRequest &refreshing, std::uint32_t uid,
                 std::function<void(Result<LoginTokens>)> done);
    /// Ends the family of an access or refresh token. An unknown token is fine; somebody else's is left
    /// alone.
    void revoke(std::string_view token, std::string_view registration, Storage::Done done);

    /// GatewayLocked before load(). nullopt: no access token of ours, or not any more, or for another
    /// address.
    [[nodiscard]] Result<std::optional<LoginBearer>> bearerOf(std::string_view token,
                                                              std::string_view resource) const;
    /// Whose a refresh token is, spent or not. It need not be good.
    [[nodiscard]] std::optional<ClientId> clientOfRefresh(std::string_view token) const;
    /// What a client that came of a login may reach at most, whatever token it holds now.
    [[nodiscard]] std::optional<std::int64_t> limitOf(const ClientId &client) const;

signals:
    /// A spent refresh token came back: the family was ended, the owner should know.
    void endedForReuse(const gatehouse::ClientId &client);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
