// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/message.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// The one page that a browser gets from us: text, no script, nothing loaded, not to be framed.
struct LoginPage
{
    std::string_view title;
    std::vector<std::string> lines; ///< plain text; escaped here
    std::string number; ///< the check number, shown large; empty: none
    std::string refreshTo; ///< our own path to look at again in two seconds; empty: the page stays
};

/// Thread: any.
[[nodiscard]] HttpResponse pageAnswer(int status, const LoginPage &page, const std::string &requestId);
/// Sends the browser on. `address` holds visible ASCII alone.
[[nodiscard]] HttpResponse seeOther(const std::string &address, const std::string &requestId);
/// &, <, >, " and ' as character references.
[[nodiscard]] std::string htmlEscaped(std::string_view text);

} // namespace gatehouse
