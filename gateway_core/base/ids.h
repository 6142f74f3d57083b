// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <compare> // not first: moc 6.4 trips over <concepts> when nothing came before it

namespace gatehouse {

/// A name for one thing of one kind: two kinds do not mix. The text is a UUID of ours, or for
/// ProjectId and IssueId whatever Tasker calls it.
template <typename Tag> class Id final
{
public:
    Id() = default;
    explicit Id(std::string text)
        : m_text(std::move(text))
    {
    }

    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }
    auto operator<=>(const Id &) const = default;

private:
    std::string m_text;
};

using AgentId = Id<struct AgentTag>;
using ClientId = Id<struct ClientTag>;
using GrantId = Id<struct GrantTag>;
using OwnerTokenId = Id<struct OwnerTokenTag>;
using ProjectId = Id<struct ProjectTag>;
using CallId = Id<struct CallTag>;
using ApprovalId = Id<struct ApprovalTag>;
using ConfirmationId = Id<struct ConfirmationTag>;

/// One Tasker with its agents, grants and journal (product.md, *profile*).
enum class ProfileId : std::int64_t {};

/// As entries in the keychain and exported files name it.
[[nodiscard]] inline std::string numberOf(ProfileId profile)
{
    return std::to_string(static_cast<std::int64_t>(profile));
}

} // namespace gatehouse

template <typename Tag> struct std::hash<gatehouse::Id<Tag>>
{
    std::size_t operator()(const gatehouse::Id<Tag> &id) const noexcept
    {
        return std::hash<std::string>{}(id.text());
    }
};
