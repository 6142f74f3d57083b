// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/reply_mapping.h"

#include <memory>
#include <string>
#include <string_view>

namespace gatehouse {

/// One HTTP/1.1 answer out of bytes that come in any pieces. Interim answers (1xx) are passed over.
/// NeedMore -> NeedMore ... -> Whole | Malformed | TooLarge, and then no more. Thread: any, one at a time.
class AnswerReader final
{
public:
    enum class Step {
        NeedMore,
        Whole, ///< take() has it
        Malformed, ///< not HTTP as we understand it, or a transfer encoding that was not asked for
        TooLarge, ///< headers over 16 KiB or a body over kUpstreamAnswerLimit
    };

    AnswerReader();
    ~AnswerReader();
    AnswerReader(const AnswerReader &) = delete;
    AnswerReader &operator=(const AnswerReader &) = delete;

    [[nodiscard]] Step read(std::string_view bytes);
    /// The other side has ended. Whole: its end was the end of the answer; NeedMore: it was cut off.
    [[nodiscard]] Step end();

    /// The status, once the headers are here; else 0.
    [[nodiscard]] int statusSoFar() const;
    /// Once, after Whole. `keepAlive`: the connection may be used again, as far as these bytes tell.
    [[nodiscard]] RawAnswer take();
    /// For the log: what was wrong.
    [[nodiscard]] const std::string &detail() const { return m_detail; }

private:
    struct Parser;
    [[nodiscard]] Step parse(bool atTheEnd);
    [[nodiscard]] Step parsed();

    std::unique_ptr<Parser> m_parser;
    std::string m_unparsed;
    std::string m_detail;
};

} // namespace gatehouse
