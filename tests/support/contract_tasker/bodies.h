// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/http.h"

#include <optional>
#include <string>

namespace contract {

/// The request bodies of the contract.
enum class Body { Resolve, Create, Update, Move, Comment, Labels, Assignees };

/// The name of the first field that the contract does not allow as it is ("body" for the whole); nullopt:
/// all is well.
[[nodiscard]] std::optional<std::string> misfitOf(Body kind, const Json &body);

} // namespace contract
