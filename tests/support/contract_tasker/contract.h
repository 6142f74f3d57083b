// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/faults.h"
#include "tests/support/contract_tasker/wire.h"
#include "tests/support/contract_tasker/world.h"

#include <deque>
#include <set>

namespace contract {

inline constexpr const char *kBasePath = "/api/internal/nodedc/agent";

/// The rules of the contract in front of the world: credential, owner, agent, keys, projects; and the log
/// of every adapter request. Thread: main.
class Contract final : public QObject
{
    Q_OBJECT

public:
    Contract(std::string credential, std::string owner, std::string file, QObject *parent = nullptr);

    void handle(const Request &request, const Wire::Answer &answer);

    [[nodiscard]] World &world() { return m_world; }
    [[nodiscard]] Faults &faults() { return m_faults; }
    [[nodiscard]] Json log() const { return Json(m_log); }
    [[nodiscard]] Json counters() const { return m_counters; }
    void retire(const std::string &agent);
    /// As freshly started: the seed, an empty log, no faults.
    void reset();

private:
    struct Route;

    [[nodiscard]] static std::optional<Route> routeOf(const Request &request);
    /// What is answered before any work: wrong credential, missing header, a key seen before.
    [[nodiscard]] std::optional<Response> refusal(const Request &request, const Route &route);
    [[nodiscard]] std::optional<Response> replay(const Request &request);
    [[nodiscard]] Response perform(const Request &request, const Route &route, World::Lapses lapses);
    [[nodiscard]] Response work(const Request &request, const Route &route, const Json &body,
                                World::Lapses lapses);
    void keep(const Request &request, const Response &response);
    void save() const;
    std::size_t note(const Request &request, const std::string &fault);
    void noteAnswer(std::size_t number, const Response &response);

    const std::string m_credential;
    const std::string m_owner;
    const std::string m_file; ///< empty: memory only
    World m_world;
    Faults m_faults;
    std::set<std::string> m_running; ///< idempotency keys of writes that a fault holds up
    std::deque<Json> m_log;
    std::size_t m_dropped = 0; ///< log rows that made room for newer ones
    Json m_counters;
};

} // namespace contract
