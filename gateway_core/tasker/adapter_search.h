// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

#include <functional>
#include <string>
#include <vector>

namespace gatehouse {

/// Where the contract has the adapter, below the address that a person knows.
inline constexpr const char *kAdapterPath = "/api/internal/nodedc/agent";
inline constexpr std::size_t kAddressesTried = 6;

/// The addresses at which the adapter may be, when a person gives this one (the adapter's, Tasker's, or a
/// page's, with its query and fragment): itself first, then the usual path below its host and below each
/// part of its path. All of one origin. ValidationFailed as checkTaskerUrl() says. Thread: any.
[[nodiscard]] Result<std::vector<std::string>> adapterAddresses(const std::string &url);

/// Asks a Tasker for the owner's projects, at one address after another until one answers as the adapter
/// does. The credential goes nowhere but to the origin that was given. Thread: core. One run at a time.
class AdapterSearch final : public QObject
{
    Q_OBJECT

public:
    struct Found
    {
        std::string baseUrl;
        Json matches; ///< as adapter::checkMatches has them
    };
    using Done = std::function<void(const Result<Found> &)>;

    AdapterSearch(Clock &clock, Random &random, QObject *parent = nullptr);
    ~AdapterSearch() override;

    /// `done` comes once, from the event loop, unless this object goes first. ValidationFailed: the address
    /// or the CA file. What answered wrongly is in the error's details.reason:
    ///   UpstreamInvalidResponse  no_tasker, login_page (a page for people)
    ///   UpstreamAuthFailed       wrong_credential, wrong_owner
    ///   UpstreamUnavailable      certificate {problem, subject, issuer}, intercepted {status}, and where
    ///                            nothing answered what tasker_connection.h says
    /// and otherwise Tasker's own error.
    void run(const TaskerTarget &target, Done done);

private:
    void tryNext();
    void judge(const TaskerReply &reply);
    void end(const Result<Found> &found);

    TaskerClient m_client;
    Random &m_random;
    TaskerTarget m_target;
    std::vector<std::string> m_addresses; ///< still to be tried, the next one last
    std::string m_address; ///< being tried
    std::optional<Error> m_best; ///< the most telling of the wrong answers
    Done m_done;
};

/// Whether a search ended because nothing answered, rather than because something answered wrongly.
[[nodiscard]] bool isSilence(const Error &error);

} // namespace gatehouse
