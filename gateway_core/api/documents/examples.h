// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/tool.h"

#include <string>

namespace gatehouse {

/// The curl examples of /describe. Each is one line that runs in a POSIX shell as it stands; a route or tool
/// that cannot be shown so (its ids are not known, its token is handed out once) has none. Pure.
class Examples final
{
public:
    enum class Token { None, InFile };

    explicit Examples(std::string origin)
        : m_origin(std::move(origin))
    {
    }

    std::string project = "ENG"; ///< an id or identifier to show
    std::string agent; ///< an agent's id; empty: there is none to show

    [[nodiscard]] std::string of(const Route &route) const;
    [[nodiscard]] std::string of(const Tool &tool) const;
    [[nodiscard]] std::string get(std::string_view path, Token token) const;

private:
    [[nodiscard]] std::string send(Method method, std::string_view path, std::string_view body) const;

    std::string m_origin;
};

} // namespace gatehouse
