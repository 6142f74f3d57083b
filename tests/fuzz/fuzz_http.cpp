// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/head_rules.h"
#include "gateway_core/http/request_reader.h"
#include "gateway_core/http/target.h"
#include "tests/fuzz/promise.h"

#include <cstdint>
#include <string>
#include <string_view>

using namespace gatehouse;
using namespace gatehouse::fuzz;

namespace {

constexpr std::size_t kHeadLimit = 512; // small, so that the fuzzer reaches the bounds
constexpr std::size_t kBodyLimit = 256;

/// What message.h promises of every request that gets through.
void checkRequest(const HttpRequest &request)
{
    require(!checkMethod(request.method), "method");
    require(!request.path.empty() && request.path.front() == '/', "path begins with a slash");
    require(request.path.find('\0') == std::string::npos && request.path.find('\\') == std::string::npos,
            "path bytes");
    const std::string closed = request.path + '/';
    if (request.path != "/") {
        for (const char *bad : { "//", "/./", "/../" })
            require(closed.find(bad) == std::string::npos, "path segments");
    }
    require(request.body.size() <= kBodyLimit, "body limit");
    int hosts = 0;
    for (const auto &[name, value] : request.headers) {
        hosts += name == "host" ? 1 : 0;
        require(isAsciiValue(value), "header bytes");
    }
    require(hosts == 1, "one host");
    // Whoever decodes the query behind us gets whole escapes.
    require(percentDecoded(request.query).ok, "query escapes");
}

/// Feeds `bytes` in pieces whose sizes come from `size` and notes all that becomes visible.
std::string read(std::string_view bytes, std::size_t size)
{
    RequestReader reader(kHeadLimit);
    std::string seen;
    std::string waiting;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        waiting += bytes.substr(at, size);
        for (bool goOn = true; goOn;) {
            std::size_t taken = 0;
            const auto step = reader.read(waiting, taken);
            require(taken <= waiting.size(), "takes no more than there is");
            waiting.erase(0, taken);
            switch (step) {
            case RequestReader::Step::NeedMore: goOn = false; break;
            case RequestReader::Step::Head:
                if (reader.limitBody(kBodyLimit))
                    return seen + "too large";
                break;
            case RequestReader::Step::Whole:
                checkRequest(reader.request());
                seen += reader.request().method + ' ' + reader.request().path + '?' + reader.request().query
                    + '[';
                seen += reader.request().body + ']';
                reader.next();
                break;
            case RequestReader::Step::Refused: return seen + std::string(reader.fault().reason);
            }
            require(!goOn || waiting.size() <= bytes.size(), "ends");
        }
        require(waiting.size() < kHeadLimit + size, "waits with a bound");
    }
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    // How the network cuts the bytes must not change what they mean.
    const std::string whole = read(bytes, bytes.size());
    require(whole == read(bytes, 1), "one byte at a time reads the same");
    require(whole == read(bytes, data[0] % 61 + std::size_t{ 2 }), "pieces read the same");
    return 0;
}
