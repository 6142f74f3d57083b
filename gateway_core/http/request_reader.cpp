// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/request_reader.h"

#include "gateway_core/http/head_rules.h"
#include "gateway_core/http/target.h"

#include <boost/beast/http/basic_parser.hpp>

#include <utility>

namespace gatehouse {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kMostHeaders = 100;

std::string_view plain(beast::string_view text)
{
    return { text.data(), text.size() };
}

/// The parser says "bad version" both to HTTP/2.0 and to text that is no version at all.
bool namesSomeVersion(std::string_view head)
{
    const std::string_view line = head.substr(0, head.find('\r'));
    if (line.size() < 9)
        return false;
    const std::string_view version = line.substr(line.size() - 9);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return version.starts_with(" HTTP/") && isDigit(version[6]) && version[7] == '.' && isDigit(version[8]);
}

HttpRejection faultOf(const beast::error_code &error, std::string_view head)
{
    if (error == http::error::bad_version)
        return namesSomeVersion(head) ? fault::kVersion : fault::kMalformed;
    if (error == http::error::bad_content_length || error == http::error::multiple_content_length)
        return fault::kContentLength;
    if (error == http::error::bad_transfer_encoding)
        return fault::kTwoFramings;
    return fault::kMalformed;
}

/// Beast reads the head, which HeadScan found whole; this puts what it read straight into the request.
/// Bodies are ours: its chunk reader has no bound on a line and asserts on bytes that a client chooses.
class HeadParser final : public http::basic_parser<true>
{
public:
    std::optional<HttpRejection> fault;
    std::string target;

    HeadParser(HttpRequest &request, std::size_t headSize)
        : m_request(request)
    {
        header_limit(static_cast<std::uint32_t>(headSize + 8)); // ours was checked before
        body_limit(boost::none);
        skip(true);
    }

private:
    void on_request_impl(http::verb, beast::string_view method, beast::string_view requestTarget, int version,
                         beast::error_code &error) override
    {
        m_request.method = plain(method);
        target = plain(requestTarget);
        if (version == 11)
            return;
        fault = gatehouse::fault::kVersion;
        error = http::error::bad_version;
    }
    void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                       beast::error_code &error) override
    {
        if (m_request.headers.size() + m_opaque == kMostHeaders) {
            fault = gatehouse::fault::kTooManyHeaders;
            error = http::error::header_limit;
            return;
        }
        std::string lower(plain(name));
        for (char &c : lower) {
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c - 'A' + 'a');
        }
        if (isAsciiValue(plain(value))) {
            m_request.headers.emplace_back(std::move(lower), plain(value));
            return;
        }
        ++m_opaque;
        if (isRead(lower)) {
            fault = gatehouse::fault::kNotAscii;
            error = http::error::bad_value;
        }
    }
    // Never called for a request's head.
    void on_response_impl(int, beast::string_view, int, beast::error_code &) override { }
    void on_header_impl(beast::error_code &) override { }
    void on_body_init_impl(const boost::optional<std::uint64_t> &, beast::error_code &) override { }
    std::size_t on_body_impl(beast::string_view, beast::error_code &) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code &) override { }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code &) override
    {
        return 0;
    }
    void on_finish_impl(beast::error_code &) override { }

    HttpRequest &m_request;
    std::size_t m_opaque = 0; ///< headers that nobody gets to see
};

} // namespace

void RequestReader::next()
{
    m_request = {};
    m_part = Part::Head;
    m_scan.reset();
    m_left = 0;
    m_begun = false;
    m_keepsAlive = true;
}

RequestReader::Step RequestReader::refuse(const HttpRejection &fault)
{
    m_fault = fault;
    return Step::Refused;
}

std::optional<HttpRejection> RequestReader::limitBody(std::size_t most)
{
    if (m_left > most)
        return fault::kBodyTooLarge;
    if (m_part == Part::Chunks)
        m_chunks.begin(most, m_headLimit);
    else
        m_request.body.reserve(static_cast<std::size_t>(m_left));
    return std::nullopt;
}

RequestReader::Step RequestReader::read(std::string_view bytes, std::size_t &taken)
{
    taken = 0;
    m_begun = m_begun || !bytes.empty();
    return m_part == Part::Head ? readHead(bytes, taken) : readBody(bytes, taken);
}

RequestReader::Step RequestReader::readHead(std::string_view bytes, std::size_t &taken)
{
    const auto refuseHead = [&](const HttpRejection &fault) {
        m_request.path = glimpsedPath(bytes.substr(0, m_headLimit));
        return refuse(fault);
    };
    if (const auto fault = m_scan.look(bytes.substr(0, m_headLimit)))
        return refuseHead(*fault);
    const std::size_t end = m_scan.end();
    if (end == 0)
        return bytes.size() >= m_headLimit ? refuseHead(fault::kHeadTooLarge) : Step::NeedMore;
    taken = end;
    if (const auto fault = parseHead(bytes.substr(0, end)))
        return refuseHead(*fault);
    return Step::Head;
}

std::optional<HttpRejection> RequestReader::parseHead(std::string_view head)
{
    HeadParser parser(m_request, head.size());
    m_request.headers.reserve(16);
    beast::error_code error;
    const std::size_t used = parser.put({ head.data(), head.size() }, error);
    if (parser.fault)
        return parser.fault;
    if (error || used != head.size() || !parser.is_done())
        return faultOf(error, head);
    if (const auto fault = checkFraming(m_request))
        return fault;
    if (const auto fault = checkMethod(m_request.method))
        return fault;
    auto target = parseTarget(parser.target);
    if (!target)
        return fault::kTarget;
    m_request.path = std::move(target->path);
    m_request.query = std::move(target->query);
    m_keepsAlive = parser.keep_alive();
    m_left = parser.content_length().value_or(0);
    m_part = parser.chunked() ? Part::Chunks : m_left > 0 ? Part::Length : Part::Done;
    return std::nullopt;
}

RequestReader::Step RequestReader::readBody(std::string_view bytes, std::size_t &taken)
{
    if (m_part == Part::Length) {
        const std::string_view body = bytes.substr(0, static_cast<std::size_t>(m_left));
        m_request.body += body;
        taken = body.size();
        m_left -= taken;
        if (m_left == 0)
            m_part = Part::Done;
    } else if (m_part == Part::Chunks) {
        if (const auto fault = m_chunks.read(bytes, m_request.body, taken))
            return refuse(*fault);
        if (m_chunks.isDone())
            m_part = Part::Done;
    }
    return m_part == Part::Done ? Step::Whole : Step::NeedMore;
}

} // namespace gatehouse
