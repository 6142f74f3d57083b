// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/journal_export.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <string_view>

namespace gatehouse {

inline constexpr std::chrono::hours kJournalKept{ 24 * 90 }; // product.md, Numbers, journal
inline constexpr std::chrono::hours kRetentionEvery{ 24 };

inline constexpr std::int64_t kBundleLeastRows
    = 50'000; ///< a bundle of retention is no smaller, but the last

/// How far it is. Rows count from the first that this run takes out to the last.
struct RetentionProgress
{
    enum class Step { Idle, Exporting, Checking, Removing } step = Step::Idle;
    std::int64_t rows = 0, of = 0;
};
[[nodiscard]] std::string_view
nameOf(RetentionProgress::Step step); ///< idle | exporting | checking | removing

/// Takes rows older than 90 days out of the database, piece by piece: exports a bundle, verifies it, and only
/// then cuts the journal at the checkpoint that it ends with, in one commit with a JournalCut row that
/// carries that checkpoint. All in steps that no writer has to wait for. What a kill interrupts is gone on
/// with: a bundle that is whole is used, half a one goes. Bundles are never removed. Where they go is a note
/// of the profile that the owner can change; where there is none, it is the folder given here. Thread: core.
/// The references must outlive it. `clock`: of the guarded time (identity/registry.h).
class Retention final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<std::int64_t>)>;

    Retention(const JournalExport::Dependencies &dependencies, Clock &clock, const Checkpoints &checkpoints,
              ProfileId profile, std::filesystem::path folder, QObject *parent = nullptr,
              std::int64_t leastRows = kBundleLeastRows);

    /// Reads the note. Errors are storage's.
    void load(Storage::Done done);
    /// Runs now and every day.
    void start();
    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder; }
    /// From now on bundles go there; it is made if it is not there. `said` goes on record as
    /// RetentionChanged with both folders. ValidationFailed {field: folder}: not an absolute path, or not a
    /// folder that can be written.
    void moveTo(const std::filesystem::path &folder, Event said, Storage::Done done);
    /// Rows that are gone for every reader; 0: nothing is old enough. Conflict: nothing can be signed
    /// (Checkpoints is not under way), or it runs already. The errors of the export, of storage and of the
    /// bundle's verification.
    void run(Done done);
    [[nodiscard]] const RetentionProgress &progress() const { return m_progress; }

signals:
    void failed(gatehouse::ErrorCode code);
    void moved();
    void progressed(); ///< a second apart at least, but for another step

private:
    struct Plan;
    using PlanPtr = std::shared_ptr<Plan>;
    void look(const PlanPtr &plan);
    void next(const PlanPtr &plan);
    void useBundle(const PlanPtr &plan);
    void exportPiece(const PlanPtr &plan, const std::filesystem::path &folder);
    void check(const PlanPtr &plan, const std::filesystem::path &folder, std::function<void(Result<>)> done);
    void cut(const PlanPtr &plan);
    void end(const PlanPtr &plan, Result<std::int64_t> removed);
    void tell(RetentionProgress::Step step, std::int64_t rows, std::int64_t of);
    void watchRemoval();

    JournalExport::Dependencies m_services;
    Clock &m_clock;
    const Checkpoints &m_checkpoints;
    ProfileId m_profile;
    std::filesystem::path m_folder;
    const std::int64_t m_leastRows; ///< of a bundle
    bool m_running = false, m_watching = false;
    RetentionProgress m_progress;
    std::int64_t m_toldAt = 0; ///< since boot
};

} // namespace gatehouse
