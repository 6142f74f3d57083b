// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// Content-Type and Accept, as far as we need them (RFC 9110, sections 8.3 and 12.5.1). Pure. Thread: any.
namespace gatehouse {

/// Is a Content-Type of this type and in UTF-8? Other parameters do not matter, nor does case. A text in
/// another charset means other characters to whoever believes the header than to us, who read UTF-8.
[[nodiscard]] bool mediaTypeIs(std::string_view contentType, std::string_view type);
/// Does an Accept header let `type` through? An empty one lets everything; weights are not read.
[[nodiscard]] bool accepts(std::string_view accept, std::string_view type);

} // namespace gatehouse
