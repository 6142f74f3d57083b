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
/// that checkpoint, in one commit. Bundles are never removed. Where they go is a note of the profile that
/// the owner can change; where there is none, it is the folder given here.
/// Thread: core. The references must outlive it.
class Retention final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<std::int64_t>)>;

    Retention(const JournalExport::Rooms &rooms, Clock &clock, const Checkpoints &checkpoints,
              ProfileId profile, std::filesystem::path folder, QObject *parent = nullptr);

    /// Reads the note. Errors are storage's.
    void load(Storage::Done done);
    /// Runs now and every day.
    void start();
    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder; }
    /// From now on bundles go there; it is made if it is not there. `said` goes on record as
    /// RetentionChanged with both folders. ValidationFailed {field: folder}: not an absolute path, or not a
    /// folder that can be written.
    void moveTo(const std::filesystem::path &folder, Event said, Storage::Done done);
    /// Rows removed; 0: nothing is old enough. Conflict: nothing can be signed (Checkpoints is not under
    /// way). The errors of the export, of storage and of the bundle's verification.
    void run(Done done);

signals:
    void failed(gatehouse::ErrorCode code);
    void moved();

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
