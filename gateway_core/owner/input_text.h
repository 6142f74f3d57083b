// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <string_view>

// Texts that the owner types. Pure. Thread: any.
namespace gatehouse::words {

inline constexpr std::size_t kReasonMost = 300; ///< characters

/// One line without invisible characters, trimmed, `most` characters at most.
[[nodiscard]] std::string cut(const std::string &text, std::size_t most);
/// The same as a name. ValidationFailed {field, reason: empty | too_long}.
[[nodiscard]] Result<std::string> checkedName(const std::string &text, std::string_view field,
                                              std::size_t most);
/// Equal to a person's eye: upper and lower case are one.
[[nodiscard]] bool isSameName(const std::string &left, const std::string &right);
[[nodiscard]] tl::unexpected<Error> wrongField(std::string_view field, std::string_view reason);

} // namespace gatehouse::words
