// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/stores.h"

#include <functional>
#include <memory>

namespace gatehouse {

/// Runs units of work on the storage thread. What waits is taken as one batch and committed once
/// (group commit, no waiting window), each unit inside a savepoint of its own: a unit that fails is
/// undone alone, its neighbours stay.
/// Thread: any for the calls; `Work` runs on storage; `Done` and the listener are posted to the core.
class Storage
{
public:
    using Work = std::function<Result<>(Stores &)>;
    using Done = std::function<void(Result<>)>;
    using Committed = std::function<void(const std::vector<JournalRow> &)>;

    virtual ~Storage() = default;

    /// `done` comes after the commit is on disk, in the order of the calls. If the commit fails, every
    /// unit of the batch fails with the storage error and nothing of it stays.
    virtual void write(Work work, Done done) = 0;
    /// Sees all that was committed before, and every write that was queued before it; waits for those
    /// writes alone. Causes no sync to disk.
    virtual void read(Work work, Done done) = 0;
    /// Hears of the journal rows of each commit, after it and before the `done` of its units. Every
    /// listener given hears; none can be taken back, so it must know itself whether its hearer still lives.
    virtual void onCommitted(Committed listener) = 0;

    /// The same with a value: `work` returns Result<T>, `done` takes it.
    template <typename T>
    void write(std::function<Result<T>(Stores &)> work, std::function<void(Result<T>)> done);
    template <typename T>
    void read(std::function<Result<T>(Stores &)> work, std::function<void(Result<T>)> done);
};

namespace detail {

template <typename T> struct Carried
{
    Storage::Work work;
    Storage::Done done;
};

template <typename T>
Carried<T> carry(std::function<Result<T>(Stores &)> work, std::function<void(Result<T>)> done)
{
    auto value = std::make_shared<Result<T>>(failure(ErrorCode::Internal));
    return { [value, work = std::move(work)](Stores &stores) -> Result<> {
                *value = work(stores);
                if (!*value)
                    return tl::unexpected<Error>(value->error());
                return {};
            },
             [value, done = std::move(done)](Result<> outcome) {
                 if (outcome)
                     done(std::move(*value));
                 else
                     done(tl::unexpected<Error>(outcome.error()));
             } };
}

} // namespace detail

template <typename T>
void Storage::write(std::function<Result<T>(Stores &)> work, std::function<void(Result<T>)> done)
{
    auto carried = detail::carry<T>(std::move(work), std::move(done));
    write(std::move(carried.work), std::move(carried.done));
}

template <typename T>
void Storage::read(std::function<Result<T>(Stores &)> work, std::function<void(Result<T>)> done)
{
    auto carried = detail::carry<T>(std::move(work), std::move(done));
    read(std::move(carried.work), std::move(carried.done));
}

} // namespace gatehouse
