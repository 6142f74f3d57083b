// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/message.h"

namespace gatehouse {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

} // namespace

std::string_view HttpRequest::header(std::string_view lowerCaseName) const
{
    for (const auto &[name, value] : headers) {
        if (name == lowerCaseName)
            return value;
    }
    return {};
}

std::string HttpRequest::queryValue(std::string_view name) const
{
    std::string_view rest = query;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const std::size_t equals = pair.find('=');
        if (percentDecoded(pair.substr(0, equals), true).text != name)
            continue;
        if (equals == std::string_view::npos)
            return {};
        return percentDecoded(pair.substr(equals + 1), true).text;
    }
    return {};
}

Decoded percentDecoded(std::string_view text, bool plusIsSpace)
{
    Decoded decoded;
    decoded.text.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plusIsSpace) {
            decoded.text += ' ';
        } else if (text[i] != '%') {
            decoded.text += text[i];
        } else {
            const int high = text.size() - i > 2 ? hexValue(text[i + 1]) : -1;
            const int low = text.size() - i > 2 ? hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                decoded.ok = false;
                return decoded;
            }
            decoded.text += static_cast<char>(high << 4 | low);
            i += 2;
        }
    }
    return decoded;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kHex[byte >> 4];
        encoded += kHex[byte & 15];
    }
    return encoded;
}

} // namespace gatehouse
