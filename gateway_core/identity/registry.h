// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/journal.h"
#include "gateway_core/identity/directory.h"

#include <QObject>

namespace gatehouse {

/// Holds the present Directory and is the one way to change it: a change, its journal row and the new
/// snapshot are one unit of work. It also keeps the latest wall time ever seen, so that a clock set
/// back revives nothing.
/// Thread: core. Owns: the snapshot.
class Registry final : public QObject
{
    Q_OBJECT

public:
    using Change = Storage::Work;

    Registry(Storage &storage, Journal &journal, const Clock &clock, QObject *parent = nullptr);

    /// Reads everything once; before it, current() is an empty directory.
    void load(Storage::Done done);
    [[nodiscard]] DirectoryPtr current() const { return m_directory; }
    /// Applies and records; `done` after the snapshot was swapped and changed() was emitted.
    void apply(Change change, const Event &event, Storage::Done done);
    /// max(wall clock, latest wall time ever stored): what expiry is checked against.
    [[nodiscard]] std::int64_t now() const;
    /// Notes that a client was heard; stored at most once a minute per client.
    void clientHeard(const ClientId &client);
    /// When a client was last heard, more exact than the stored value.
    [[nodiscard]] std::int64_t lastHeard(const ClientId &client) const;

signals:
    void changed();

private:
    Storage &m_storage;
    Journal &m_journal;
    const Clock &m_clock;
    DirectoryPtr m_directory;
    mutable std::int64_t m_latestWall = 0;
    std::int64_t m_storedWall = 0;
    std::unordered_map<ClientId, std::int64_t> m_heard;
    std::unordered_map<ClientId, std::int64_t> m_storedHeard;
};

} // namespace gatehouse
