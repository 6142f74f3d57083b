// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/message.h"
#include "gateway_core/identity/directory.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

enum class Method { Get, Post, Patch, Put, Delete };
enum class Kind { Read, Write, Probe };

/// Who may come in. Ceremony is for the few changing routes whose caller holds nothing yet: 8 KiB,
/// 10 a minute per uid, never touching grants. OwnerStepUp: the owner token and a step-up token, always;
/// acts that need step-up only sometimes check it themselves, at the act (owner/desk.h).
enum class Access { Anyone, Ceremony, Agent, Owner, OwnerStepUp };

/// Who came in, once the access check has passed.
struct RouteCaller
{
    const Client *client = nullptr; ///< Agent
    const OwnerToken *owner = nullptr; ///< Owner, OwnerStepUp
    DirectoryPtr directory; ///< keeps both alive
    std::string stepUpToken; ///< as sent; checked at the act
};

/// One request on its way to a route's function.
struct RouteCall
{
    const HttpRequest &request;
    std::vector<std::string> parameters; ///< of the path, in order
    RouteCaller caller;
    Json body; ///< parsed where the route takes JSON
    ResponderPtr responder;
};

/// A row of a surface's table. `Api` is the class whose member answers.
template <typename Api>
struct Route
{
    Method method;
    std::string_view path; ///< with {parameters}
    Access access;
    Kind kind;
    std::size_t bodyLimit;
    std::string_view summary;
    void (Api::*answer)(RouteCall &call);
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
inline constexpr std::array<std::string_view, 5> kCeremonies{
    "/api/v1/pairing/redeem", "/api/v1/pairing/confirmations/{id}", "/oauth/register", "/oauth/token",
    "/oauth/revoke"};

/// For static_assert: every changing route has a caller we know, or is one of the named ceremonies.
template <typename Routes>
[[nodiscard]] consteval bool changingRoutesAreClosed(const Routes &routes)
{
    for (const auto &route : routes) {
        const bool changes = route.kind == Kind::Write || route.method != Method::Get;
        if (changes && route.access == Access::Anyone)
            return false;
        if (route.access == Access::Ceremony) {
            bool named = route.bodyLimit <= (8u << 10);
            bool found = false;
            for (const auto ceremony : kCeremonies)
                found = found || ceremony == route.path;
            if (!named || !found)
                return false;
        }
    }
    return true;
}

} // namespace gatehouse
