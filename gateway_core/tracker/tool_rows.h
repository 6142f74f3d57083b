// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The tracker's rows of the catalogue, by subject, what their arguments ask for, and the pieces that their
// schemas share. Pure. Thread: any.
namespace gatehouse {

/// All of them, in the order of docs/rest-api.md. Built once.
[[nodiscard]] std::span<const Tool> trackerTools();
/// The union of what these arguments do on the call's own project (create with state also needs issues:move,
/// and so on). A parent's project needs issues:read besides.
[[nodiscard]] std::vector<Scope> scopesOf(const Tool &tool, const Json &arguments);
/// What no schema says: rules between fields, because models' function calling takes no top-level anyOf, and
/// names in any script.
/// ValidationFailed {errors: [{field, problem}]}.
[[nodiscard]] Result<> checkBeyondSchema(const Tool &tool, const Json &arguments);

[[nodiscard]] std::vector<Tool> projectTools();
[[nodiscard]] std::vector<Tool> issueTools();
[[nodiscard]] std::vector<Tool> issueChangeTools();

namespace schema {

/// An object that admits these properties and no others.
[[nodiscard]] Json object(Json properties, std::vector<std::string> required);
/// Text of the agent's own, `most` characters at most.
[[nodiscard]] Json text(std::string_view description, int least, int most);
/// A project or an issue, by id or by its short name.
[[nodiscard]] Json project(bool identifierSaysIt);
[[nodiscard]] Json issue();
[[nodiscard]] Json parent(bool mayBeNull);
[[nodiscard]] Json priority();
[[nodiscard]] Json date(std::string_view description, bool mayBeNull);
/// A list of labels or members, each by id or name.
[[nodiscard]] Json references(std::string_view description);
[[nodiscard]] Json state();

// Output.
[[nodiscard]] Json projectOut();
[[nodiscard]] Json issueOut();
/// The rows of a list that had to be left out.
[[nodiscard]] Json unreadableOut();
/// `properties` and the note that the texts are other people's words.
[[nodiscard]] Json answer(Json properties, std::vector<std::string> required);
/// What Tasker left undone of a write.
[[nodiscard]] Json partialOut();
/// What a write answers: the issue, and what Tasker left undone.
[[nodiscard]] Json changedIssueOut();

} // namespace schema
} // namespace gatehouse
