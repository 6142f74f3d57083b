// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"

#include <span>
#include <string_view>

// The notation in which a route says what it answers and what it reads from the query, and the objects that
// several routes answer. One line an object:
//   name:type, separated by spaces. Types: text int bool time any, a/b/c for one of these texts, or the name
//   of another object. Behind the type: [] a list of it, ~ null is possible, ? it may be absent.
// Objects are closed: what is not named here is not answered. Thread: any.
namespace gatehouse {

/// A named object.
struct NamedShape
{
    std::string_view name;
    std::string_view fields;
};
[[nodiscard]] std::span<const NamedShape> namedShapes();

/// The JSON Schema of a line of notation. References are `#/components/schemas/…`.
[[nodiscard]] Json schemaOf(std::string_view notation);

} // namespace gatehouse
