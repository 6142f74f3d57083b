// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/oauth/oauth_form.h"

#include "gateway_core/grants/scope.h"
#include "gateway_core/http/message.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

/// What clients ask of every server: a refresh token, which all get, and who the user is, which nobody is
/// told.
constexpr std::array<std::string_view, 4> kOfNoConcern{ "offline_access", "openid", "profile", "email" };

std::optional<std::string> decoded(std::string_view text)
{
    Decoded plain = percentDecoded(text, true);
    const bool clean = plain.ok && std::ranges::none_of(plain.text, [](char c) {
                           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                       });
    return clean ? std::optional(std::move(plain.text)) : std::nullopt;
}

} // namespace

std::optional<FormFields> FormFields::parse(std::string_view text)
{
    FormFields fields;
    if (text.size() > kFormMost)
        return std::nullopt;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty())
            continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals));
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value || fields.m_fields.size() >= kFormFieldsMost
            || !fields.m_fields.emplace(std::move(*name), std::move(*value)).second)
            return std::nullopt;
    }
    return fields;
}

std::string_view FormFields::value(std::string_view name) const
{
    const auto found = m_fields.find(name);
    return found == m_fields.end() ? std::string_view() : std::string_view(found->second);
}

Result<std::optional<std::int64_t>> scopeLimitOf(std::string_view text)
{
    std::optional<std::int64_t> limit;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        if (std::ranges::find(kOfNoConcern, word) != kOfNoConcern.end())
            continue;
        const auto scope = scopeNamed(word);
        if (!scope)
            return failure(ErrorCode::ScopeDenied, "no such scope");
        limit = limit.value_or(0) | bitOf(*scope);
    }
    return limit;
}

} // namespace gatehouse
