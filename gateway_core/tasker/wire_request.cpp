// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/wire_request.h"

#include "gateway_core/base/digest.h"
#include "gateway_core/base/json.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kPathLimit = 8192;
constexpr std::size_t kNameLimit = 255; // of a display name, before encoding

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

tl::unexpected<Error> badField(std::string_view field)
{
    return failure(
        ErrorCode::ValidationFailed, std::string(field) + " cannot be sent in a header",
        Json{ { "errors", Json::array({ { { "field", field }, { "problem", "not visible ASCII" } } }) } });
}

// One trace per request: Tasker's record and ours meet in the request id either way.
std::string traceparentFor(const RequestActor &acting)
{
    if (!acting.traceparent.empty())
        return acting.traceparent;
    const std::string digest = hex(sha256({ "traceparent", acting.requestId }));
    return "00-" + digest.substr(0, 32) + '-' + digest.substr(32, 16) + "-00";
}

void add(QByteArray &bytes, std::initializer_list<std::string_view> parts)
{
    for (const auto part : parts)
        bytes.append(part.data(), static_cast<qsizetype>(part.size()));
}

} // namespace

void WireBytes::clear()
{
    // Not data(): that would copy what a socket still shares, and wipe the copy.
    if (!m_bytes.isEmpty())
        wipe(const_cast<char *>(m_bytes.constData()), static_cast<std::size_t>(m_bytes.size()));
    m_bytes.clear();
}

bool isVisibleAscii(std::string_view text, std::size_t limit)
{
    return !text.empty() && text.size() <= limit
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string adapter::percentEncoded(std::string_view text)
{
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += { '%', kDigits[byte >> 4], kDigits[byte & 15] };
    }
    return encoded;
}

Result<> checkRequest(const TaskerRequest &request)
{
    const RequestActor &acting = request.acting;
    if (!isVisibleAscii(request.path, kPathLimit) || !request.path.starts_with('/'))
        return failure(ErrorCode::Internal, "a path that adapter.h did not make");
    if (acting.requestId.empty())
        return failure(ErrorCode::Internal, "a request without an id");
    if (!isVisibleAscii(acting.requestId))
        return badField("request_id");
    if (!acting.traceparent.empty() && !isVisibleAscii(acting.traceparent))
        return badField("traceparent");
    if (!isVisibleAscii(acting.agentId))
        return badField("agent_id");
    if (acting.agentName.size() > kNameLimit)
        return badField("agent_name");
    if (!request.isWrite)
        return {};
    if (acting.idempotencyKey.empty() || acting.project.isEmpty())
        return failure(ErrorCode::Internal, "a write without its key or its project");
    if (!isVisibleAscii(acting.idempotencyKey))
        return badField("idempotency_key");
    if (!isVisibleAscii(acting.project.text()))
        return badField("project_id");
    return {};
}

WireBytes wireBytes(const Endpoint &endpoint, const TaskerTarget &target, const TaskerRequest &request)
{
    const RequestActor &acting = request.acting;
    const std::string body = request.body.is_null() ? std::string() : canonicalJson(request.body);
    const std::string name = adapter::percentEncoded(acting.agentName);
    // Room for everything at once: growing would leave a copy of the credential behind.
    const std::size_t room = 2048 + body.size() + name.size() + request.path.size() + target.credential.size()
        + endpoint.basePath.size() + endpoint.hostHeader.size() + target.ownerUserId.size();
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(room));
    add(bytes,
        { request.method, " ", endpoint.basePath, request.path, " HTTP/1.1\r\nHost: ", endpoint.hostHeader });
    add(bytes, { "\r\nAuthorization: Bearer ", target.credential.text() });
    add(bytes,
        { "\r\nX-NodeDC-Owner-User-Id: ", target.ownerUserId, "\r\nX-NodeDC-Agent-Id: ", acting.agentId });
    add(bytes, { "\r\nX-NodeDC-Agent-Name: ", name, "\r\nX-Request-Id: ", acting.requestId });
    add(bytes, { "\r\ntraceparent: ", traceparentFor(acting) });
    if (request.isWrite) {
        add(bytes, { "\r\nIdempotency-Key: ", acting.idempotencyKey });
        add(bytes, { "\r\nX-NodeDC-Project-Id: ", acting.project.text() });
    }
    if (!body.empty() || request.method != "GET") {
        add(bytes, { "\r\nContent-Type: application/json\r\nContent-Length: ", std::to_string(body.size()) });
    }
    add(bytes,
        { "\r\nAccept: application/json\r\nUser-Agent: Gatehouse/" GATEHOUSE_VERSION "\r\n\r\n", body });
    return WireBytes(std::move(bytes));
}

} // namespace gatehouse
