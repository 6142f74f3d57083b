// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_headers.h"

#include "gateway_core/api/mcp/mcp_session.h"
#include "gateway_core/api/route/wire.h"

#include <QByteArray>
#include <QStringDecoder>

#include <algorithm>

namespace gatehouse::mcp {

namespace {

/// Methods whose Mcp-Name repeats a parameter. The tasks' are of their extension.
struct NamedBy
{
    std::string_view method;
    const char *parameter;
};
constexpr std::array kNamed{
    NamedBy{ "tools/call", "name" },     NamedBy{ "resources/read", "uri" },
    NamedBy{ "prompts/get", "name" },    NamedBy{ "tasks/get", "taskId" },
    NamedBy{ "tasks/update", "taskId" }, NamedBy{ "tasks/cancel", "taskId" },
};

/// The one value of a header. nullopt: there is none, or there are two.
std::optional<std::string_view> onlyValue(const HttpRequest &request, std::string_view name)
{
    std::optional<std::string_view> only;
    for (const auto &[key, value] : request.headers) {
        if (key != name)
            continue;
        if (only)
            return std::nullopt;
        only = value;
    }
    return only;
}

bool isHeaderText(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

tl::unexpected<rpc::Fault> mismatch(std::string_view header, std::string_view problem)
{
    return rpc::fault(kHeaderMismatch,
                      "Header mismatch: " + std::string(header) + " " + std::string(problem));
}

rpc::Outcome<std::string> versionOf(const HttpRequest &request, const Json &meta)
{
    const std::string version = wire::text(meta, kMetaVersion);
    if (version.empty())
        return rpc::fault(rpc::kInvalidParams, std::string("_meta lacks ") + kMetaVersion);
    const auto header = onlyValue(request, "mcp-protocol-version");
    if (!header)
        return mismatch("MCP-Protocol-Version", "is needed, once");
    if (*header != version)
        return mismatch("MCP-Protocol-Version", "differs from _meta");
    if (!isStateless(version))
        return rpc::fault(kUnsupportedVersion, "Unsupported protocol version",
                          { { "supported", supportedVersions() }, { "requested", version } });
    return version;
}

rpc::Outcome<bool> checkNames(const HttpRequest &request, const rpc::Message &message)
{
    const auto method = onlyValue(request, "mcp-method");
    if (!method)
        return mismatch("Mcp-Method", "is needed, once");
    if (*method != message.method)
        return mismatch("Mcp-Method", "differs from the method");
    const auto named = std::ranges::find(kNamed, message.method, &NamedBy::method);
    if (named == kNamed.end())
        return true;
    const auto name = onlyValue(request, "mcp-name");
    if (!name)
        return mismatch("Mcp-Name", "is needed, once");
    const auto text = headerText(*name);
    if (!text)
        return mismatch("Mcp-Name", "cannot be read");
    if (*text != wire::text(message.params, named->parameter))
        return mismatch("Mcp-Name", std::string("differs from ") + named->parameter);
    return true;
}

} // namespace

bool isStateless(std::string_view version)
{
    return std::ranges::find(kStatelessVersions, version) != kStatelessVersions.end();
}

int missingResourceCode(std::string_view version)
{
    return isStateless(version) ? rpc::kInvalidParams : rpc::kResourceNotFound;
}

bool isStateless(const HttpRequest &request)
{
    return isStateless(request.header("mcp-protocol-version"));
}

bool isStateless(const HttpRequest &request, const rpc::Message &message)
{
    const auto meta = message.params.find("_meta");
    const bool says = meta != message.params.end() && meta->is_object() && meta->contains(kMetaVersion);
    // A client sends the header of the version that it hopes for; only sessions have an initialize.
    return says || (isStateless(request) && message.method != "initialize");
}

rpc::Outcome<RequestTerms> termsOf(const HttpRequest &request, const rpc::Message &message)
{
    const Json meta = message.params.value("_meta", Json());
    if (!meta.is_object())
        return rpc::fault(rpc::kInvalidParams, "_meta is missing");
    const auto version = versionOf(request, meta);
    if (!version)
        return tl::unexpected<rpc::Fault>(version.error());
    RequestTerms terms;
    terms.version = *std::ranges::find(kStatelessVersions, *version);
    terms.clientCapabilities = meta.value(kMetaCapabilities, Json());
    if (!terms.clientCapabilities.is_object())
        return rpc::fault(rpc::kInvalidParams, std::string("_meta lacks ") + kMetaCapabilities);
    if (const auto names = checkNames(request, message); !names)
        return tl::unexpected<rpc::Fault>(names.error());
    if (meta.contains(kMetaLogLevel)) {
        terms.logLevel = mcpLogLevelNamed(wire::text(meta, kMetaLogLevel));
        if (!terms.logLevel)
            return rpc::fault(rpc::kInvalidParams, "Unknown log level");
    }
    return terms;
}

std::optional<std::string> headerText(std::string_view value)
{
    constexpr std::string_view kBefore = "=?base64?";
    constexpr std::string_view kAfter = "?=";
    if (!isHeaderText(value))
        return std::nullopt;
    if (value.size() < kBefore.size() + kAfter.size() || !value.starts_with(kBefore)
        || !value.ends_with(kAfter))
        return std::string(value);
    value.remove_prefix(kBefore.size());
    value.remove_suffix(kAfter.size());
    const QByteArray coded(value.data(), static_cast<qsizetype>(value.size()));
    const auto bytes = QByteArray::fromBase64Encoding(coded, QByteArray::AbortOnBase64DecodingErrors);
    // One text, one spelling: what another decoder might read otherwise is refused.
    if (!bytes || bytes.decoded.toBase64() != coded)
        return std::nullopt;
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = utf8(bytes.decoded);
    if (utf8.hasError() || text.toUtf8() != bytes.decoded)
        return std::nullopt;
    return bytes.decoded.toStdString();
}

bool followsTasks(const Json &clientCapabilities)
{
    const auto extensions = clientCapabilities.find("extensions");
    return extensions != clientCapabilities.end() && extensions->is_object()
        && extensions->contains(kTasksExtension);
}

rpc::Fault tasksAreNeeded()
{
    const Json needed{ { "extensions", { { kTasksExtension, Json::object() } } } };
    return { kMissingClientCapability,
             "Missing required client capability",
             { { "requiredCapabilities", needed } },
             nullptr };
}

Json supportedVersions()
{
    Json versions = Json::array();
    for (const auto version : kStatelessVersions)
        versions.push_back(version);
    for (const auto version : kMcpVersions)
        versions.push_back(version);
    return versions;
}

} // namespace gatehouse::mcp
