// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/answer_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <charconv>

namespace gatehouse {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kHeaderLimit = 16u << 10;
/// What is still to come of a chunked answer is never shorter (RFC 9112, section 7.1). Beast's parser takes
/// that for granted once it has seen the zero.
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr int kRetryAfterLimit = 86'400; // seconds; more is not believed

std::optional<int> secondsIn(std::string_view text)
{
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kRetryAfterLimit)
        return std::nullopt;
    return seconds;
}

} // namespace

struct AnswerReader::Parser
{
    Parser()
    {
        parser.header_limit(kHeaderLimit);
        parser.body_limit(kUpstreamAnswerLimit);
    }
    http::response_parser<http::string_body> parser;
};

AnswerReader::AnswerReader()
    : m_parser(std::make_unique<Parser>())
{
}

AnswerReader::~AnswerReader() = default;

AnswerReader::Step AnswerReader::read(std::string_view bytes)
{
    m_unparsed.append(bytes);
    return parse(false);
}

AnswerReader::Step AnswerReader::end()
{
    if (const Step last = parse(true); last != Step::NeedMore)
        return last;
    auto &parser = m_parser->parser;
    if (!parser.is_header_done() || !parser.need_eof())
        return Step::NeedMore;
    boost::beast::error_code error;
    parser.put_eof(error);
    return error ? Step::NeedMore : parsed();
}

AnswerReader::Step AnswerReader::parse(bool atTheEnd)
{
    while (!m_unparsed.empty()) {
        auto &parser = m_parser->parser;
        const bool inChunks = parser.is_header_done() && parser.chunked();
        if (inChunks && m_unparsed.size() < kLastChunk.size() && !atTheEnd)
            return Step::NeedMore;
        boost::beast::error_code error;
        const auto used = parser.put(boost::asio::buffer(m_unparsed), error);
        m_unparsed.erase(0, used);
        if (error && error != http::error::need_more) {
            m_detail = error.message();
            const bool large = error == http::error::body_limit || error == http::error::header_limit;
            return large ? Step::TooLarge : Step::Malformed;
        }
        const bool informational
            = parser.is_done() && parser.get().result_int() / 100 == 1 && parser.get().result_int() != 101;
        if (informational) // the answer is yet to come
            m_parser = std::make_unique<Parser>();
        else if (parser.is_done())
            return parsed();
        else if (error == http::error::need_more || used == 0)
            return Step::NeedMore;
    }
    return Step::NeedMore;
}

AnswerReader::Step AnswerReader::parsed()
{
    const auto &message = m_parser->parser.get();
    const auto encoding = message[http::field::transfer_encoding];
    if (encoding.empty() || boost::beast::iequals(encoding, "chunked"))
        return Step::Whole;
    m_detail = "a transfer encoding that was not asked for";
    return Step::Malformed;
}

int AnswerReader::statusSoFar() const
{
    const auto &parser = m_parser->parser;
    return parser.is_header_done() ? static_cast<int>(parser.get().result_int()) : 0;
}

RawAnswer AnswerReader::take()
{
    auto &message = m_parser->parser.get();
    RawAnswer answer;
    answer.status = static_cast<int>(message.result_int());
    answer.retryAfterSeconds = secondsIn(message[http::field::retry_after]);
    answer.replayed = boost::beast::iequals(message["Idempotent-Replayed"], "true");
    const auto content = message[http::field::content_encoding];
    answer.encoded = !content.empty() && !boost::beast::iequals(content, "identity");
    answer.body = std::move(message.body());
    // With something behind it, nobody should trust this connection with the next request.
    answer.keepAlive = message.keep_alive() && m_unparsed.empty();
    return answer;
}

} // namespace gatehouse
