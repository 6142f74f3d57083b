// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/response_bytes.h"

#include "gateway_core/http/head_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace gatehouse {

namespace {

std::string_view phraseOf(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
    }
}

void appendNumber(std::string &out, std::size_t number, int base = 10)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

void appendHeader(std::string &out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void appendStart(std::string &out, int status, const AnswerFrame &frame)
{
    out += "HTTP/1.1 ";
    appendNumber(out, static_cast<std::size_t>(status));
    out.append(" ").append(phraseOf(status)).append("\r\n");
    appendHeader(out, "date", frame.date);
    if (frame.close)
        out += "connection: close\r\n";
}

bool equalsIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    const auto lowered = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(text, lowerCase, {}, lowered);
}

/// These are set here and nowhere else: a handler's own would frame the answer twice.
bool isOurs(std::string_view name)
{
    return equalsIgnoringCase(name, "content-length") || equalsIgnoringCase(name, "transfer-encoding")
        || equalsIgnoringCase(name, "connection") || equalsIgnoringCase(name, "date");
}

bool isWritableValue(std::string_view text)
{
    return std::ranges::none_of(
        text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void appendHeaders(std::string &out, const Headers &headers)
{
    for (const auto &[name, value] : headers) {
        if (!isOurs(name))
            appendHeader(out, name, value);
    }
}

/// Calls `use` for each line; LF, CRLF and CR all end one.
template <typename Use> void forEachLine(std::string_view text, Use use)
{
    for (;;) {
        const std::size_t end = text.find_first_of("\r\n");
        use(text.substr(0, end));
        if (end == std::string_view::npos)
            return;
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
}

/// A field that is one line by definition; what would end it is left out.
void appendField(std::string &out, std::string_view field, std::string_view value)
{
    if (value.empty())
        return;
    out += field;
    std::ranges::copy_if(value, std::back_inserter(out),
                         [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
    out += '\n';
}

} // namespace

std::string_view DateText::at(std::int64_t now)
{
    if (now / 1000 != m_second) {
        m_second = now / 1000;
        constexpr std::array kDays{ "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
        constexpr std::array kMonths{ "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
        const std::time_t seconds = m_second;
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        std::array<char, 64> text{};
        // Not strftime: its names follow the locale.
        std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                      kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour,
                      parts.tm_min, parts.tm_sec);
        m_text = text.data();
    }
    return m_text;
}

bool isWritable(const Headers &headers)
{
    return std::ranges::all_of(headers,
                               [](const auto &h) { return isToken(h.first) && isWritableValue(h.second); });
}

bool asksToClose(const Headers &headers)
{
    return std::ranges::any_of(headers, [](const auto &header) {
        return equalsIgnoringCase(header.first, "connection") && equalsIgnoringCase(header.second, "close");
    });
}

void appendAnswer(std::string &out, const HttpResponse &response, const AnswerFrame &frame)
{
    const bool hasBody = response.status != 204 && response.status != 304;
    out.reserve(out.size() + response.body.size() + 512);
    appendStart(out, response.status, frame);
    if (hasBody) {
        out += "content-length: ";
        appendNumber(out, response.body.size());
        out += "\r\n";
    }
    appendHeaders(out, response.headers);
    out += "\r\n";
    if (hasBody && !frame.withoutBody)
        out += response.body;
}

void appendStreamHead(std::string &out, const Headers &headers, const AnswerFrame &frame)
{
    appendStart(out, 200, frame);
    out += "content-type: text/event-stream\r\ncache-control: no-store\r\ntransfer-encoding: chunked\r\n";
    for (const auto &[name, value] : headers) {
        if (!isOurs(name) && !equalsIgnoringCase(name, "content-type")
            && !equalsIgnoringCase(name, "cache-control"))
            appendHeader(out, name, value);
    }
    out += "\r\n";
}

void appendChunk(std::string &out, std::string_view bytes)
{
    appendNumber(out, bytes.size(), 16);
    out.append("\r\n").append(bytes).append("\r\n");
}

std::string eventText(std::string_view data, std::string_view id, std::string_view name)
{
    std::string text;
    text.reserve(data.size() + id.size() + name.size() + 32);
    appendField(text, "id: ", id);
    appendField(text, "event: ", name);
    forEachLine(data, [&](std::string_view line) { text.append("data: ").append(line).append("\n"); });
    text += '\n';
    return text;
}

std::string commentText(std::string_view text)
{
    std::string comment;
    forEachLine(text, [&](std::string_view line) { comment.append(": ").append(line).append("\n"); });
    comment += '\n';
    return comment;
}

} // namespace gatehouse
