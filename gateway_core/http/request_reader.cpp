// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/request_reader.h"

#include "gateway_core/http/head_rules.h"
#include "gateway_core/http/head_scan.h"
#include "gateway_core/http/target.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <charconv>

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

Fault faultOf(const beast::error_code &error, std::string_view bytes)
{
    if (error == http::error::bad_version)
        return namesSomeVersion(bytes) ? fault::kVersion : fault::kMalformed;
    if (error == http::error::bad_content_length || error == http::error::multiple_content_length)
        return fault::kContentLength;
    if (error == http::error::bad_transfer_encoding)
        return fault::kTwoFramings;
    if (error == http::error::body_limit)
        return fault::kBodyTooLarge;
    if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension
        || error == http::error::bad_line_ending)
        return fault::kBadChunk;
    return fault::kMalformed;
}

} // namespace

/// Beast reads; this puts what it read straight into the request.
class RequestReader::Parser final : public http::basic_parser<true>
{
public:
    HeadScan scan;
    std::optional<Fault> fault;
    std::string target;
    bool begun = false;

    Parser(HttpRequest &request, std::size_t headLimit)
        : m_request(request)
    {
        // Ours are counted before it sees a byte; its own must not answer first.
        header_limit(static_cast<std::uint32_t>(headLimit + 8));
        body_limit(boost::none);
    }

private:
    void on_request_impl(http::verb, beast::string_view method, beast::string_view requestTarget, int version,
                         beast::error_code &error) override
    {
        if (version != 11) {
            fault = gatehouse::fault::kVersion;
            error = http::error::bad_version;
            return;
        }
        m_request.method = plain(method);
        target = plain(requestTarget);
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code &) override { }
    void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                       beast::error_code &error) override
    {
        if (m_headDone)
            return; // a trailer: nobody may decide anything by it
        if (m_request.headers.size() == kMostHeaders) {
            fault = gatehouse::fault::kTooManyHeaders;
            error = http::error::header_limit;
            return;
        }
        auto &header = m_request.headers.emplace_back(plain(name), plain(value));
        for (char &c : header.first) {
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c - 'A' + 'a');
        }
    }
    void on_header_impl(beast::error_code &) override { m_headDone = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t> &, beast::error_code &) override { }
    std::size_t on_body_impl(beast::string_view body, beast::error_code &) override
    {
        m_request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view extensions, beast::error_code &error) override
    {
        // No client of ours sends them, and their quoting is where readers differ.
        if (!extensions.empty())
            error = http::error::bad_chunk_extension;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code &) override
    {
        m_request.body.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(beast::error_code &) override { }

    HttpRequest &m_request;
    bool m_headDone = false;
};

RequestReader::RequestReader(std::size_t headLimit)
    : m_headLimit(headLimit)
{
    next();
}

RequestReader::~RequestReader() = default;

void RequestReader::next()
{
    m_request = {};
    m_parser = std::make_unique<Parser>(m_request, m_headLimit);
}

bool RequestReader::keepsAlive() const
{
    return m_parser->keep_alive();
}

bool RequestReader::hasBody() const
{
    return !m_parser->is_done();
}

bool RequestReader::isAtStart() const
{
    return !m_parser->begun;
}

RequestReader::Step RequestReader::refuse(const Fault &fault)
{
    m_fault = fault;
    return Step::Refused;
}

std::optional<Fault> RequestReader::limitBody(std::size_t most)
{
    const auto announced = m_parser->content_length();
    if (announced && *announced > most)
        return fault::kBodyTooLarge;
    m_parser->body_limit(most);
    if (announced)
        m_request.body.reserve(static_cast<std::size_t>(*announced));
    return std::nullopt;
}

RequestReader::Step RequestReader::read(std::string_view bytes, std::size_t &taken)
{
    taken = 0;
    if (!bytes.empty())
        m_parser->begun = true;
    if (m_parser->is_done())
        return Step::Whole;
    return m_parser->is_header_done() ? readBody(bytes, taken) : readHead(bytes, taken);
}

RequestReader::Step RequestReader::readHead(std::string_view bytes, std::size_t &taken)
{
    if (const auto fault = m_parser->scan.look(bytes.substr(0, m_headLimit)))
        return refuse(*fault);
    const std::size_t end = m_parser->scan.end();
    if (end == 0)
        return bytes.size() >= m_headLimit ? refuse(fault::kHeadTooLarge) : Step::NeedMore;

    const std::string_view head = bytes.substr(0, end);
    beast::error_code error;
    taken = m_parser->put({ head.data(), head.size() }, error);
    if (m_parser->fault)
        return refuse(*m_parser->fault);
    if (error)
        return refuse(faultOf(error, head));
    if (const auto fault = checkFraming(m_request))
        return refuse(*fault);
    if (const auto fault = checkMethod(m_request.method))
        return refuse(*fault);
    auto target = parseTarget(m_parser->target);
    if (!target)
        return refuse(fault::kTarget);
    m_request.path = std::move(target->path);
    m_request.query = std::move(target->query);
    return Step::Head;
}

RequestReader::Step RequestReader::readBody(std::string_view bytes, std::size_t &taken)
{
    while (taken < bytes.size() && !m_parser->is_done()) {
        const std::string_view rest = bytes.substr(taken);
        beast::error_code error;
        const std::size_t used = m_parser->put({ rest.data(), rest.size() }, error);
        taken += used;
        if (error == http::error::need_more) {
            // A chunk's size line or the trailers: as much of them as of a head, no more.
            if (rest.size() - used >= m_headLimit)
                return refuse(fault::kHeadTooLarge);
            break;
        }
        if (error)
            return refuse(faultOf(error, rest));
    }
    return m_parser->is_done() ? Step::Whole : Step::NeedMore;
}

} // namespace gatehouse
