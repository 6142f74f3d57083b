// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/message.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse {

/// What stands in an answer's head besides what the handler wrote.
struct AnswerFrame
{
    std::string_view date; ///< IMF-fixdate
    bool close = false; ///< the connection ends behind it
    bool withoutBody = false; ///< the answer to HEAD
};

/// The `Date` line's text, made once a second. Thread: any, one at a time.
class DateText final
{
public:
    [[nodiscard]] std::string_view at(std::int64_t now);

private:
    std::int64_t m_second = -1;
    std::string m_text;
};

/// True if the handler's headers can be written as they are: no line end or other control byte in them.
/// An answer that fails this is our bug, and somebody else's chance to forge a header.
[[nodiscard]] bool isWritable(const Headers &headers);
/// Case does not matter in names and in this value.
[[nodiscard]] bool asksToClose(const Headers &headers);

/// Appends a whole answer, Content-Length set from the body; none for 204 and 304.
void appendAnswer(std::string &out, const HttpResponse &response, const AnswerFrame &frame);
/// Appends the head of an event stream: 200, chunked, not to be stored.
void appendStreamHead(std::string &out, const Headers &headers, const AnswerFrame &frame);
/// Appends one chunk (RFC 9112, section 7.1); an empty one ends the body.
void appendChunk(std::string &out, std::string_view bytes);

/// One event as WHATWG HTML, section 9.2.6, wants it: a data line for each line of `data`.
[[nodiscard]] std::string eventText(std::string_view data, std::string_view id, std::string_view name);
/// A comment: a line of its own for each line of `text`.
[[nodiscard]] std::string commentText(std::string_view text);

} // namespace gatehouse
