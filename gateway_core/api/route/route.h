// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/reply.h"
#include "gateway_core/http/message.h"
#include "gateway_core/identity/directory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class Method { Get, Post, Patch, Put, Delete };
enum class Kind { Read, Write, Probe };

inline constexpr std::string_view kToolPath = "/api/v1/tools/{tool}"; ///< one tool call

/// Who may come in. Ceremony is for the few changing routes whose caller holds nothing yet: 8 KiB,
/// 10 a minute per uid, never touching grants. OwnerStepUp: the owner token and a step-up token, always;
/// acts that need step-up only sometimes check it themselves, at the act (owner/owner_service.h).
/// OwnerOrTicket: the event streams, to which a one-time ticket of the owner's may come instead.
/// AgentOrOwner: either token, and each is shown its own.
enum class Access { Anyone, Ceremony, Agent, AgentOrOwner, Owner, OwnerOrTicket, OwnerStepUp };

/// Who came in, once the access check has passed.
struct RouteCaller
{
    const Client *client = nullptr; ///< Agent, AgentOrOwner
    const OwnerToken *owner = nullptr; ///< Owner…, AgentOrOwner
    DirectoryPtr directory; ///< keeps both alive
    std::string stepUpToken; ///< as sent; checked at the act
    std::optional<std::int64_t> scopeLimit = {}; ///< of an OAuth login; only narrows (Call::scopeLimit)
};

/// One request on its way to a route's function. Gone when that function returns: what answers later
/// copies `reply` and whatever else it needs.
struct RouteCall
{
    const HttpRequest &request;
    std::vector<std::string> parameters; ///< of the path, in order
    RouteCaller caller;
    Json body; ///< parsed and checked against the route's schema, where it has one
    Reply reply;
};

/// The last word of a row: the member function that answers, of the object that the dispatcher bound to it.
struct RouteAnswer
{
    void (*call)(void *api, RouteCall &call);
    const void *api; ///< one address for each class; see answeredBy()
};

namespace detail {

template <typename Api> inline constexpr char kApi = 0;
template <auto member> struct AnsweredBy;
template <typename Api, void (Api::*member)(RouteCall &)> struct AnsweredBy<member>
{
    static void answer(void *api, RouteCall &call) { (static_cast<Api *>(api)->*member)(call); }
    static constexpr RouteAnswer kAnswer{ &answer, &kApi<Api> };
};

} // namespace detail

/// `to<&AgentApi::session>`.
template <auto member> inline constexpr RouteAnswer to = detail::AnsweredBy<member>::kAnswer;

/// One status that a route may answer with; errors are the same everywhere and not listed.
struct RouteResponse
{
    int status = 0; ///< 0: there is none
    std::string_view body
        = {}; ///< notation (response_schemas), a media type where it is no JSON, or empty: nothing
};

/// How /describe shows a route: as one line of curl. {agent} and {project} are filled in.
struct RouteExample
{
    bool isShown = false;
    std::string_view query = {};
    std::string_view body = {};
};

/// A row of the route table. Each class that answers has the rows of its own; documents are made from all.
struct Route
{
    Method method;
    std::string_view path; ///< with {parameters}
    Access access;
    Kind kind;
    std::size_t bodyLimit; ///< 0: no body is taken
    std::string_view summary;
    RouteAnswer answer;
    std::string_view bodySchema = {}; ///< JSON Schema of the body; empty: the function reads it raw
    std::string_view query = {}; ///< what is read from the query, in notation
    std::array<RouteResponse, 2> responses = {};
    RouteExample example = {};
};

/// The rows of one class and the object that answers them.
struct RouteModule
{
    std::span<const Route> routes;
    void *api;

    template <typename Api> [[nodiscard]] static RouteModule of(Api &api) { return { Api::routes(), &api }; }
};

inline constexpr std::size_t operator""_KiB(unsigned long long count)
{
    return static_cast<std::size_t>(count) << 10;
}
inline constexpr std::size_t operator""_MiB(unsigned long long count)
{
    return static_cast<std::size_t>(count) << 20;
}

/// The changing routes whose caller holds nothing yet, named here and nowhere else.
inline constexpr std::array<std::string_view, 7> kCeremonies{
    "/api/v1/pairing/redeem", "/api/v1/pairing/confirmations/{id}",
    "/oauth/register",        "/oauth/authorize",
    "/oauth/token",           "/oauth/revoke",
    "/api/v1/owner/sign-in"
};

/// Only the owner's tokens come in.
[[nodiscard]] constexpr bool isOfTheOwner(Access access)
{
    return access == Access::Owner || access == Access::OwnerOrTicket || access == Access::OwnerStepUp;
}

/// For static_assert: every changing route has a caller we know, or is one of the named ceremonies; a ticket
/// only ever reads.
template <typename Routes> [[nodiscard]] consteval bool routesAreClosed(const Routes &routes)
{
    for (const auto &route : routes) {
        const bool changes = route.kind == Kind::Write || route.method != Method::Get;
        if (changes && (route.access == Access::Anyone || route.access == Access::OwnerOrTicket))
            return false;
        if (route.access == Access::Ceremony) {
            const bool small = route.bodyLimit <= (8u << 10);
            bool named = false;
            for (const auto ceremony : kCeremonies)
                named = named || ceremony == route.path;
            if (!small || !named)
                return false;
        }
    }
    return true;
}

/// For static_assert: every row is answered by a function of this class, so that RouteModule::of() fits.
template <typename Api, typename Routes> [[nodiscard]] consteval bool answeredBy(const Routes &routes)
{
    for (const auto &route : routes) {
        if (route.answer.api != &detail::kApi<Api>)
            return false;
    }
    return true;
}

/// For static_assert: nobody but the owner comes in through this table.
template <typename Routes> [[nodiscard]] consteval bool onlyTheOwnerComesIn(const Routes &routes)
{
    for (const auto &route : routes) {
        if (!isOfTheOwner(route.access))
            return false;
    }
    return true;
}

[[nodiscard]] constexpr std::string_view nameOf(Method method)
{
    switch (method) {
    case Method::Get: return "GET";
    case Method::Post: return "POST";
    case Method::Patch: return "PATCH";
    case Method::Put: return "PUT";
    case Method::Delete: return "DELETE";
    }
    return {};
}

/// All rows of all areas, as data: known before anything is open. Two rows of one method and path end the
/// program.
class RouteTable final
{
public:
    explicit RouteTable(const std::vector<std::span<const Route>> &areas);

    [[nodiscard]] const std::vector<const Route *> &routes() const { return m_routes; }

private:
    std::vector<const Route *> m_routes;
};

} // namespace gatehouse
