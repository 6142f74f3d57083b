// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/json.h"

#include <string>
#include <string_view>

namespace gatehouse {

/// Finds the id of a request whose text cannot be read whole: it is cut, too long, or no JSON somewhere else.
/// Takes the text in pieces and keeps none of it. Thread: any, one at a time.
class IdScan final
{
public:
    void feed(std::string_view text);
    /// null: no request, no id in it, or two that differ.
    [[nodiscard]] const Json &id() const;

private:
    void take(char byte);
    void takeOutside(char byte);
    void endValue();

    int m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_atName = false; ///< at the outermost level, where a member's name stands
    bool m_isNone = false; ///< no object
    bool m_hasMethod = false;
    bool m_differs = false;
    std::string m_name; ///< of the outermost member
    std::string m_value; ///< of the one named id, as written
    Json m_id;
};

} // namespace gatehouse
