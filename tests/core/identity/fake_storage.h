// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/storage.h"

#include <QObject>
#include <QPointer>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {

/// What a unit of work sees, as plain containers. A failed unit is undone by copying the tables back.
struct Tables
{
    Profile profile;
    std::optional<PinRecord> pin;
    std::map<std::string, std::string> notes;
    std::map<AgentId, Agent> agents;
    std::map<ClientId, Client> clients;
    std::map<OwnerTokenId, OwnerToken> ownerTokens;
    std::vector<Grant> grants;
    std::int64_t revision = 0;
    std::vector<JournalRow> journal;
};

/// A Storage in memory that tests identity without a database: units run at once, their answers wait for
/// settle(), so that a test sees what happens between the two.
class FakeStorage final : public Storage,
                          ProfileStore,
                          AgentStore,
                          GrantStore,
                          JournalStore,
                          CallStore,
                          IdempotencyStore
{
public:
    Tables tables;
    std::optional<ErrorCode> fault; ///< the answer to every write while it is set
    int writes = 0;
    int snapshots = 0; ///< how often everything was read

    void write(Work work, Done done) override
    {
        ++writes;
        const Tables before = tables;
        Result<> outcome = fault ? Result<>(failure(*fault)) : work(m_stores);
        if (!outcome)
            tables = before;
        m_answers.push_back([done = std::move(done), outcome] {
            if (done)
                done(outcome);
        });
    }
    void read(Work work, Done done) override
    {
        const Result<> outcome = work(m_stores);
        m_answers.push_back([done = std::move(done), outcome] { done(outcome); });
    }
    void onCommitted(Committed) override { }
    using Storage::read;
    using Storage::write;

    /// Brings every answer, and those that they cause, to the caller's thread.
    void settle()
    {
        while (!m_answers.empty()) {
            const auto answer = std::move(m_answers.front());
            m_answers.pop_front();
            answer();
        }
    }

    [[nodiscard]] std::vector<std::string> kinds() const
    {
        std::vector<std::string> names;
        for (const JournalRow &row : tables.journal)
            names.push_back(row.kind);
        return names;
    }

private:
    Result<Profile> load() override { return tables.profile; }
    Result<> save(const Profile &profile) override
    {
        tables.profile = profile;
        return {};
    }
    Result<std::optional<PinRecord>> pin() override { return tables.pin; }
    Result<> savePin(const std::optional<PinRecord> &pin) override
    {
        tables.pin = pin;
        return {};
    }
    Result<std::optional<std::string>> note(const std::string &name) override
    {
        const auto found = tables.notes.find(name);
        return found == tables.notes.end() ? std::nullopt : std::optional(found->second);
    }
    Result<> saveNote(const std::string &name, const std::string &value) override
    {
        tables.notes[name] = value;
        return {};
    }

    template <typename Map> static auto values(const Map &map)
    {
        std::vector<typename Map::mapped_type> all;
        for (const auto &[key, value] : map)
            all.push_back(value);
        return all;
    }
    Result<std::vector<Agent>> agents() override
    {
        ++snapshots;
        return values(tables.agents);
    }
    Result<> save(const Agent &agent) override
    {
        tables.agents[agent.id] = agent;
        return {};
    }
    Result<std::vector<Client>> clients() override { return values(tables.clients); }
    Result<> save(const Client &client) override
    {
        tables.clients[client.id] = client;
        return {};
    }
    Result<std::vector<OwnerToken>> ownerTokens() override { return values(tables.ownerTokens); }
    Result<> save(const OwnerToken &token) override
    {
        tables.ownerTokens[token.id] = token;
        return {};
    }

    Result<std::vector<Grant>> grants() override { return tables.grants; }
    Result<std::int64_t> put(const Grant &grant) override
    {
        std::erase_if(tables.grants, [&](const Grant &kept) {
            return kept.agent == grant.agent && kept.project == grant.project && kept.scope == grant.scope;
        });
        ++tables.revision;
        if (grant.answer != Answer::Off) {
            tables.grants.push_back(grant);
            tables.grants.back().revision = tables.revision;
        }
        return tables.revision;
    }

    Result<JournalRow> append(JournalRow row) override
    {
        row.seq = static_cast<std::int64_t>(tables.journal.size()) + 1;
        tables.journal.push_back(row);
        return row;
    }
    Result<std::optional<JournalRow>> last() override { return std::nullopt; }
    Result<std::vector<JournalRow>> from(std::int64_t, int) override { return tables.journal; }
    Result<> saveCheckpoint(const Checkpoint &) override { return {}; }
    Result<std::vector<Checkpoint>> checkpoints() override { return std::vector<Checkpoint>{}; }
    Result<> cutAt(const Checkpoint &) override { return {}; }

    Result<std::vector<CallRow>> page(const CallFilter &) override { return std::vector<CallRow>{}; }
    Result<std::optional<CallRow>> call(const CallId &) override { return std::nullopt; }
    Result<int> catchUp(int) override { return 0; }
    Result<> rebuild() override { return {}; }

    Result<std::optional<IdempotencyRecord>> find(const ClientId &, const std::string &,
                                                  const std::string &) override
    {
        return std::nullopt;
    }
    Result<> save(const IdempotencyRecord &) override { return {}; }
    Result<> release(const ClientId &, const std::string &, const std::string &) override { return {}; }
    Result<int> markRunningUnknown() override { return 0; }
    Result<int> dropOlderThan(std::int64_t) override { return 0; }

    Stores m_stores{ *this, *this, *this, *this, *this, *this };
    std::deque<std::function<void()>> m_answers;
};

} // namespace gatehouse::test
