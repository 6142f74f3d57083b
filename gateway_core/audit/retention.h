// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/journal_export.h"

#include <QObject>

#include <filesystem>

namespace gatehouse {

inline constexpr std::chrono::hours kJournalKept{ 24 * 90 }; // product.md, Numbers, journal
inline constexpr std::chrono::hours kRetentionEvery{ 24 };

/// Takes rows older than 90 days out of the database: exports them as a bundle, verifies the bundle, and
/// only then cuts the journal at the newest checkpoint that is old enough, with a JournalCut row that carries
/// that checkpoint, in one commit. Bundles are never removed.
/// Thread: core. The references must outlive it.
class Retention final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<std::int64_t>)>;

    Retention(const JournalExport::Rooms &rooms, Clock &clock, const Checkpoints &checkpoints,
              ProfileId profile, std::filesystem::path folder, QObject *parent = nullptr);

    /// Runs now and every day.
    void start();
    /// Rows removed; 0: nothing is old enough. Conflict: nothing can be signed (Checkpoints is not under
    /// way). The errors of the export, of storage and of the bundle's verification.
    void run(Done done);

signals:
    void failed(gatehouse::ErrorCode code);

private:
    void cutAt(const Checkpoint &checkpoint, Done done);
    void exportUpTo(const Checkpoint &checkpoint, Done done);

    JournalExport::Rooms m_rooms;
    Clock &m_clock;
    const Checkpoints &m_checkpoints;
    ProfileId m_profile;
    std::filesystem::path m_folder;
};

} // namespace gatehouse
