// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace contract {

using Json = nlohmann::json;

struct Request
{
    int connection = 0; ///< counts from 1, so that a test can tell a re-sent request by its connection
    std::string method;
    std::string path; ///< percent-decoded segments are made from it by segments()
    std::map<std::string, std::string> query; ///< decoded
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string &name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// How an answer goes out; all but Whole are faults.
enum class Manner {
    Whole,
    Never, ///< nothing goes out, the connection stays
    Reset, ///< the connection is reset instead
    Truncated, ///< half of the body, then the connection closes
    CloseAfter, ///< whole, kept alive by its headers, and then closed all the same
    Chunked, ///< Transfer-Encoding: chunked
    UntilClose, ///< neither length nor chunks: the end is the end of the connection
};

struct Response
{
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string contentType = "application/json";
    Manner manner = Manner::Whole;
};

inline Response jsonResponse(int status, const Json &body)
{
    Response response;
    response.status = status;
    response.body = body.dump();
    return response;
}

/// The contract's error body.
inline Response errorResponse(int status, const std::string &code, const std::string &message,
                              const std::string &field = {})
{
    Json body{ { "error", code }, { "message", message } };
    if (!field.empty())
        body["details"] = { { "field", field } };
    return jsonResponse(status, body);
}

} // namespace contract
