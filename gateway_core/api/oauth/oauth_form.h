// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// What OAuth sends in query strings and form bodies. Pure. Thread: any.
namespace gatehouse {

inline constexpr std::size_t kFormMost = 8 << 10;
inline constexpr std::size_t kFormFieldsMost = 32;

/// The fields of `application/x-www-form-urlencoded` text, decoded.
class FormFields final
{
public:
    /// nullopt: too large, a broken escape, a control character, or a name that comes twice (RFC 6749,
    /// section 3.1): such a text means two things.
    [[nodiscard]] static std::optional<FormFields> parse(std::string_view text);
    /// Empty if there is none.
    [[nodiscard]] std::string_view value(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> m_fields;
};

/// The bit set over Scope that a `scope` text asks for; nullopt: nothing of ours was asked, so nothing is
/// narrowed. offline_access, openid, profile and email are left out. ScopeDenied: any other word that is no
/// scope of ours. The other way: wire::scopeText().
[[nodiscard]] Result<std::optional<std::int64_t>> scopeLimitOf(std::string_view text);

} // namespace gatehouse
