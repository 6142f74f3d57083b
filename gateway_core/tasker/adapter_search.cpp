// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter_search.h"

#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tasker/endpoint.h"
#include "gateway_core/tasker/reply_mapping.h"

#include <QUrl>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr int kProjectsMost = 50; // the contract's limit

Error wrongly(ErrorCode code, const char *reason, const Error &why)
{
    return { code, why.detail, { { "reason", reason } } };
}

/// What an answer says of the address, where it is not the adapter's; nullopt: no other address will do
/// better.
std::optional<Error> whatElseIsThere(const TaskerReply &reply)
{
    const Error &error = reply.body.error();
    const auto noTasker = [&] { return wrongly(ErrorCode::UpstreamInvalidResponse, "no_tasker", error); };
    const auto page = [&] { return wrongly(ErrorCode::UpstreamInvalidResponse, "login_page", error); };
    if (error.code == ErrorCode::NotFound)
        return noTasker();
    if (error.code == ErrorCode::UpstreamInvalidResponse)
        return reasonOf(error) == "not_json" ? page() : noTasker();
    if (reasonOf(error) != "intercepted")
        return std::nullopt;
    const int status = reply.status;
    if (status < 400 || status == 401 || status == 407 || status == 511)
        return page();
    return status == 403 || status == 429 || status >= 500 ? error : noTasker();
}

/// A page that asks for a login tells more than a path that is not there.
int weightOf(const Error &error)
{
    const std::string reason = reasonOf(error);
    return reason == "no_tasker" ? 1 : reason == "intercepted" ? 2 : 3;
}

TaskerTarget at(const std::string &address, const TaskerTarget &target)
{
    return { address, target.ownerUserId, target.credential.copy(), target.caFile };
}

} // namespace

Result<std::vector<std::string>> adapterAddresses(const std::string &url)
{
    QUrl given(QString::fromStdString(url), QUrl::StrictMode);
    const bool isPage = given.isValid() && (given.hasQuery() || given.hasFragment());
    given.setQuery(QString());
    given.setFragment(QString());
    std::vector<std::string> addresses{ isPage ? given.toString(QUrl::FullyEncoded).toStdString() : url };
    if (auto fits = checkTaskerUrl(addresses.front()); !fits)
        return tl::unexpected<Error>(fits.error());
    const auto endpoint = parseEndpoint(addresses.front());
    if (!endpoint || endpoint->basePath.ends_with(kAdapterPath))
        return addresses;
    std::string origin = given.toString(QUrl::RemovePath | QUrl::FullyEncoded).toStdString();
    for (std::size_t slash = 0; addresses.size() < kAddressesTried;) {
        addresses.push_back(origin + endpoint->basePath.substr(0, slash) + kAdapterPath);
        if (slash >= endpoint->basePath.size())
            break;
        slash = std::min(endpoint->basePath.find('/', slash + 1), endpoint->basePath.size());
    }
    return addresses;
}

bool isSilence(const Error &error)
{
    const std::string reason = reasonOf(error);
    switch (error.code) {
    case ErrorCode::UpstreamUnavailable: return reason != "intercepted" && reason != "certificate";
    case ErrorCode::UpstreamTimeout:
    case ErrorCode::UpstreamError:
    case ErrorCode::RateLimited: return true;
    default: return false;
    }
}

AdapterSearch::AdapterSearch(Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_client(clock)
    , m_random(random)
{
}

AdapterSearch::~AdapterSearch() = default;

void AdapterSearch::run(const TaskerTarget &target, Done done)
{
    m_done = std::move(done);
    m_best.reset();
    auto addresses = adapterAddresses(target.baseUrl);
    if (!addresses)
        return end(tl::unexpected<Error>(addresses.error()));
    m_target = at(target.baseUrl, target);
    m_addresses.assign(addresses->rbegin(), addresses->rend());
    tryNext();
}

void AdapterSearch::tryNext()
{
    if (m_addresses.empty())
        return end(tl::unexpected<Error>(*m_best));
    m_address = std::move(m_addresses.back());
    m_addresses.pop_back();
    if (auto set = m_client.setTarget(at(m_address, m_target)); !set)
        return end(tl::unexpected<Error>(set.error()));
    auto request = adapter::resolveProjects("*", kProjectsMost);
    request.acting.requestId = m_random.uuid();
    m_client.send(request, [this](const TaskerReply &reply) { judge(reply); });
}

void AdapterSearch::judge(const TaskerReply &reply)
{
    if (reply.body)
        return end(Found{ m_address, *reply.body });
    const Error &error = reply.body.error();
    if (error.code == ErrorCode::UpstreamAuthFailed)
        return end(tl::unexpected<Error>(wrongly(error.code, "wrong_credential", error)));
    if (error.code == ErrorCode::ProjectDenied)
        return end(tl::unexpected<Error>(wrongly(ErrorCode::UpstreamAuthFailed, "wrong_owner", error)));
    const auto there = whatElseIsThere(reply);
    if (!there)
        return end(tl::unexpected<Error>(error));
    if (!m_best || weightOf(*there) > weightOf(*m_best))
        m_best = there;
    tryNext();
}

void AdapterSearch::end(const Result<Found> &found)
{
    // From the loop, also for what was known at once.
    QMetaObject::invokeMethod(
        this, [done = std::exchange(m_done, {}), found] { done(found); }, Qt::QueuedConnection);
}

} // namespace gatehouse
