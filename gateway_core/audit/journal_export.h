// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/bundle.h"
#include "gateway_core/audit/journal.h"

#include <QObject>

#include <functional>
#include <memory>

namespace gatehouse {

struct Exported
{
    std::filesystem::path folder;
    std::int64_t rows = 0, first = 0, last = 0;
};

/// Writes rows of the journal as a bundle (bundle.h), in small steps on the storage thread that no writer has
/// to wait for, and puts JournalExported on record. Thread: core. The references must outlive it. It deletes
/// itself after the answer, or with its parent.
class JournalExport final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<Exported>)>;
    using Progress = std::function<void(std::int64_t rows)>; ///< written so far
    struct Dependencies
    {
        Storage &storage;
        Journal &journal;
        const Clock &clock;
    };
    struct Place
    {
        std::filesystem::path folder; ///< must not exist; it does when all is written, and not before
        BundleFolder::Parent parent = BundleFolder::Parent::OursAlone;
    };
    struct Range
    {
        std::int64_t first = 1;
        std::int64_t last = 0; ///< 0: to the end, as it stands when the export begins
    };

    /// `done` comes once, unless `parent` is gone; if it is an error, nothing was left behind. NotFound: no
    /// row in the range. ValidationFailed · Conflict: the place (BundleFolder). StorageFull · StorageReadOnly
    /// · StorageFailed: the files; and storage's own.
    static void run(const Dependencies &dependencies, ProfileId profile, const SigningKey &key,
                    const Place &place, Range range, std::string via, Done done, QObject *parent = nullptr,
                    Progress progress = {});

private:
    struct Bundle;
    JournalExport(const Dependencies &dependencies, ProfileId profile, SigningKey key, std::string via,
                  Done done, QObject *parent, Progress progress);
    void begin(const Place &place, Range range);
    void writeOn();
    void closeBundle();
    void fail(const Error &error);
    void end(Result<Exported> exported);

    Dependencies m_services;
    ProfileId m_profile;
    std::shared_ptr<const SigningKey> m_key;
    std::string m_via;
    Done m_done;
    Progress m_progress;
    std::shared_ptr<Bundle> m_bundle; ///< touched on the storage thread alone
};

} // namespace gatehouse
