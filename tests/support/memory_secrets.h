// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/secrets/secret_store.h"

#include <QTimer>

#include <map>
#include <optional>

namespace gatehouse::test {

/// A secret store in memory, with faults on command. Answers from the event loop, as the port demands.
class MemorySecrets final : public SecretStore
{
    Q_OBJECT

public:
    using SecretStore::SecretStore;

    std::optional<ErrorCode> fault; ///< every answer while it is set

    void read(const std::string &name, Read done) override
    {
        QTimer::singleShot(0, this, [this, name, done = std::move(done)] {
            const auto entry = m_entries.find(name);
            if (fault)
                done(failure(*fault));
            else if (entry == m_entries.end())
                done(failure(ErrorCode::SecretNotFound));
            else
                done(entry->second.copy());
        });
    }
    void write(const std::string &name, Secret value, Done done) override
    {
        auto kept = std::make_shared<Secret>(std::move(value));
        QTimer::singleShot(0, this, [this, name, kept, done = std::move(done)] {
            if (fault)
                return done(failure(*fault));
            m_entries.insert_or_assign(name, std::move(*kept));
            done({});
        });
    }
    void remove(const std::string &name, Done done) override
    {
        QTimer::singleShot(0, this, [this, name, done = std::move(done)] {
            if (fault)
                return done(failure(*fault));
            m_entries.erase(name);
            done({});
        });
    }
    [[nodiscard]] std::string kind() const override { return "memory"; }
    [[nodiscard]] bool has(const std::string &name) const { return m_entries.contains(name); }

private:
    std::map<std::string, Secret> m_entries;
};

} // namespace gatehouse::test
