// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route.h"

#include <span>
#include <string_view>

// What the routes answer, and what they read from the query: the part of openapi.json that no other table
// knows. Written in a short notation, one line an object:
//   name:type, separated by spaces. Types: text int bool time any, a/b/c for one of these texts, or the name
//   of another object. Behind the type: [] a list of it, ~ null is possible, ? it may be absent.
// Objects are closed: what is not named here is not answered. Thread: any.
namespace gatehouse {

/// One status of one route. A route may have several rows; errors are the same everywhere and not here.
struct AnswerRow
{
    Method method;
    std::string_view path;
    int status;
    std::string_view body; ///< notation, a media type where it is no JSON, or empty: nothing
    std::string_view query = {}; ///< notation
};
[[nodiscard]] std::span<const AnswerRow> answerRows();

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
