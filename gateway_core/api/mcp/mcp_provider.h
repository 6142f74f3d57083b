// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/route/route.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// How much a log message matters (RFC 5424, section 6.2.1), the least first.
enum class McpLogLevel { Debug, Info, Notice, Warning, Error, Critical, Alert, Emergency };

[[nodiscard]] std::string_view nameOf(McpLogLevel level);
[[nodiscard]] std::optional<McpLogLevel> mcpLogLevelNamed(std::string_view name);

/// One request of an MCP client on its way to an answer, whatever the era. The door makes it, an offer
/// answers it: exactly once, now or later. Dropped without an answer it fails as kInternalError.
/// Whatever comes after the answer, or after the client went away, is dropped. Thread: core.
class McpExchange
{
public:
    struct Asked
    {
        RouteCaller caller; ///< always with a client
        std::string requestId; ///< a UUID, the same in X-Request-Id
        std::shared_ptr<ConnectionPeer> peer;
        std::string traceparent; ///< of the HTTP header, checked, or empty
        std::string_view version; ///< the protocol version that is spoken
        Json clientCapabilities = Json::object(); ///< as declared for this request, or for its session
        std::string method;
        Json params = Json::object();
    };

    explicit McpExchange(Asked asked)
        : m_asked(std::move(asked))
    {
    }
    virtual ~McpExchange() = default;
    McpExchange(const McpExchange &) = delete;
    McpExchange &operator=(const McpExchange &) = delete;

    [[nodiscard]] const Asked &asked() const { return m_asked; }

    /// Reaches the client if it sent a progress token. `done` grows with each word.
    virtual void progress(double done, std::optional<double> total, const std::string &message) = 0;
    /// Reaches the client if it asked for this level or a lesser one.
    virtual void log(McpLogLevel level, const std::string &logger, Json data) = 0;
    /// The result of the request. One with its own `resultType` keeps it (2026-07-28).
    virtual void answer(Json result) = 0;
    /// An error. It counts against the client's refusals a minute, unless it is kInternalError.
    virtual void fail(const rpc::Fault &fault) = 0;
    /// Goes on as a task (io.modelcontextprotocol/tasks) where the client follows tasks: `status` is for
    /// whoever asks after it, and answer() or fail() end it. False: it does not, or has too many; nothing
    /// has changed.
    virtual bool becomeTask(const std::string &status)
    {
        (void)status;
        return false;
    }
    /// Counts a refusal that leaves inside a result.
    virtual void countRefusal(ErrorCode code) = 0;
    /// Called once if the client cancels before the answer. After onLost(): whenever it still cancels, or its
    /// session ends.
    virtual void onCancelled(std::function<void()> cancelled) = 0;
    /// Called once if the connection is lost before the answer, where that is no cancellation (in a session).
    virtual void onLost(std::function<void()> lost) { (void)lost; }

private:
    Asked m_asked;
};

using McpExchangePtr = std::shared_ptr<McpExchange>;

/// What an MCP client may list and use: the tools, resources, prompts and completions behind the door.
/// Sessions, streams, cancelling, protocol versions and headers are the door's. A list is what this caller
/// may see now; it has one page. Thread: core.
class McpProvider : public QObject
{
    Q_OBJECT

public:
    /// `tools`, `resources`, `prompts` and `completions` as initialize and server/discover tell them.
    /// The methods of a capability that is not here answer kMethodNotFound.
    [[nodiscard]] virtual Json capabilities() const = 0;
    /// For the model, once: who it is here and how things go.
    [[nodiscard]] virtual std::string instructions(const RouteCaller &caller) const = 0;

    [[nodiscard]] virtual Json tools(const RouteCaller &caller) const = 0;
    /// A CallToolResult.
    virtual void callTool(const McpExchangePtr &exchange) = 0;

    [[nodiscard]] virtual Json resources(const RouteCaller &caller) const = 0;
    [[nodiscard]] virtual Json resourceTemplates(const RouteCaller &caller) const = 0;
    /// A ReadResourceResult. kResourceNotFound {uri}: no such resource, or not this caller's to know.
    virtual void readResource(const McpExchangePtr &exchange) = 0;
    /// May this caller hear of changes to it, now?
    [[nodiscard]] virtual bool mayWatch(const RouteCaller &caller, const std::string &uri) const = 0;

    [[nodiscard]] virtual Json prompts(const RouteCaller &caller) const = 0;
    /// A GetPromptResult.
    virtual void getPrompt(const McpExchangePtr &exchange) = 0;

    /// A CompleteResult.
    virtual void complete(const McpExchangePtr &exchange) = 0;

signals:
    /// A list may have changed for somebody. The door compares, and tells whom it concerns.
    void listsChanged();
    void resourceUpdated(const std::string &uri);
};

} // namespace gatehouse
