// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/sqlcipher_storage.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace gatehouse::test {

/// Functions on their way to the test's thread. Whoever has an event loop gets them from it; settle() of
/// TestStorage runs them without one.
class PostBox final
{
public:
    void post(std::function<void()> act)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_acts.push_back(std::move(act));
        }
        m_arrived.notify_one();
        if (QCoreApplication::instance())
            QMetaObject::invokeMethod(
                &m_home, [this] { drain(); }, Qt::QueuedConnection);
    }
    void drain()
    {
        for (auto act = take(false); act; act = take(false))
            act();
    }
    /// Waits for the next one and runs it.
    void runNext()
    {
        if (auto act = take(true))
            act();
    }

private:
    std::function<void()> take(bool wait)
    {
        std::unique_lock lock(m_mutex);
        if (wait && !m_arrived.wait_for(lock, std::chrono::seconds(20), [this] { return !m_acts.empty(); }))
            std::abort(); // storage never answered: the test must not hang
        if (m_acts.empty())
            return {};
        auto act = std::move(m_acts.front());
        m_acts.pop_front();
        return act;
    }

    QObject m_home;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<std::function<void()>> m_acts;
};

/// A real SqlcipherStorage on a file of its own, with a known key, and faults on command. Answers come
/// through the test's event loop, or all at once through settle(). Thread: the test's.
class TestStorage final : public Storage
{
public:
    TestStorage() { reopen(); }
    ~TestStorage() override { close(); }

    /// While it is set, every write fails with it, undone; reads go on.
    std::optional<ErrorCode> fault;

    /// Runs everything that was asked for, and what its answers ask for, until nothing is left.
    void settle()
    {
        for (std::uint64_t before = 0; before != m_asked;) {
            before = m_asked;
            bool reached = false;
            m_storage->read([](Stores &) -> Result<> { return {}; },
                            [&reached](const Result<> &) { reached = true; });
            while (!reached)
                m_posts->runNext();
            m_posts->drain();
        }
    }
    /// Does `work` now and returns its outcome.
    Result<> writeNow(Work work)
    {
        Result<> outcome = failure(ErrorCode::Internal);
        write(std::move(work), [&outcome](Result<> heard) { outcome = std::move(heard); });
        settle();
        return outcome;
    }
    template <typename T> Result<T> readNow(std::function<Result<T>(Stores &)> work)
    {
        Result<T> outcome = failure(ErrorCode::Internal);
        read<T>(std::move(work), [&outcome](Result<T> heard) { outcome = std::move(heard); });
        settle();
        return outcome;
    }
    /// The journal, whole.
    std::vector<JournalRow> journal()
    {
        return readNow<std::vector<JournalRow>>(
                   [](Stores &stores) { return stores.journal.from(1, 1'000'000); })
            .value_or(std::vector<JournalRow>());
    }
    /// The kinds of its rows, in order.
    std::vector<std::string> kinds()
    {
        std::vector<std::string> kinds;
        for (const auto &row : journal())
            kinds.push_back(row.kind);
        return kinds;
    }
    /// Closes the file, for a look at it or a change behind the program's back; reopen() comes next.
    void close()
    {
        m_storage.reset();
        m_posts->drain();
    }
    /// Closes the file and opens it again, as a restart does. Listeners are kept.
    void reopen()
    {
        close();
        auto opened = SqlcipherStorage::open(
            file(), key(),
            [posts = m_posts.get()](std::function<void()> act) { posts->post(std::move(act)); },
            [] { return std::int64_t{ 1'790'000'000'000 }; });
        if (!opened)
            qFatal("the test's storage does not open: %s", opened.error().detail.c_str());
        m_storage = std::move(*opened);
        for (const auto &listener : m_listeners)
            m_storage->onCommitted(listener);
    }
    [[nodiscard]] std::filesystem::path file() const
    {
        return m_folder.path().toStdString() + "/gatehouse.db";
    }
    [[nodiscard]] static Secret key()
    {
        std::array<std::uint8_t, 32> bytes{};
        bytes.fill(7);
        return Secret(std::span<const std::uint8_t>(bytes));
    }

    void write(Work work, Done done) override
    {
        ++m_asked;
        const auto failing = fault;
        m_storage->write(
            [work = std::move(work), failing](Stores &stores) -> Result<> {
                return failing ? Result<>(failure(*failing, "a fault of the test")) : work(stores);
            },
            std::move(done));
    }
    void read(Work work, Done done) override
    {
        ++m_asked;
        m_storage->read(std::move(work), std::move(done));
    }
    void onCommitted(Committed listener) override
    {
        m_listeners.push_back(listener);
        m_storage->onCommitted(std::move(listener));
    }
    using Storage::read;
    using Storage::write;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<PostBox> m_posts = std::make_unique<PostBox>();
    std::vector<Committed> m_listeners;
    std::atomic<std::uint64_t> m_asked = 0;
    std::unique_ptr<SqlcipherStorage> m_storage;
};

} // namespace gatehouse::test
