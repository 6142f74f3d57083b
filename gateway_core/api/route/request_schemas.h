// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// The JSON Schemas of bodies that several areas take. Every object is closed: a field that we do not know is
// a mistake that its sender wants to hear of.
namespace gatehouse::schema {

inline constexpr std::string_view kAnyObject = R"({"type":"object"})";
inline constexpr std::string_view kEmpty = R"({"type":"object","additionalProperties":false})";

} // namespace gatehouse::schema
