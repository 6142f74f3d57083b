// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/sealed_file_store.h"

#include "gateway_core/secrets/sealed_file.h"

#include <utility>

namespace gatehouse {

SealedFileStore::SealedFileStore(std::filesystem::path path, Secret passphrase, Random &random,
                                 QObject *parent, int scryptCost)
    : SecretStore(parent)
    , m_file(std::make_unique<sealed::File>(std::move(path), std::move(passphrase), random, scryptCost))
{
    m_worker.setMaxThreadCount(1);
}

SealedFileStore::~SealedFileStore()
{
    m_worker.waitForDone(); // the work posts to this object
}

void SealedFileStore::read(const std::string &name, Read done)
{
    run<Secret>(
        [name](sealed::File &file) -> Result<Secret> {
            auto entries = file.entries();
            if (!entries)
                return tl::unexpected<Error>(entries.error());
            const auto entry = entries->find(name);
            if (entry == entries->end())
                return failure(ErrorCode::SecretNotFound);
            return std::move(entry->second);
        },
        std::move(done));
}

void SealedFileStore::write(const std::string &name, Secret value, Done done)
{
    auto kept = std::make_shared<Secret>(std::move(value));
    run<void>(
        [name, kept](sealed::File &file) {
            return file.change(
                [&](sealed::Entries &entries) { entries.insert_or_assign(name, kept->copy()); });
        },
        std::move(done));
}

void SealedFileStore::remove(const std::string &name, Done done)
{
    run<void>(
        [name](sealed::File &file) -> Result<> {
            const auto entries = file.entries();
            if (!entries)
                return tl::unexpected<Error>(entries.error());
            if (!entries->contains(name))
                return {}; // and no file is made just to hold nothing
            return file.change([&](sealed::Entries &changed) { changed.erase(name); });
        },
        std::move(done));
}

template <typename T>
void SealedFileStore::run(std::function<Result<T>(sealed::File &)> work, std::function<void(Result<T>)> done)
{
    struct Task
    {
        std::function<Result<T>(sealed::File &)> work;
        std::function<void(Result<T>)> answer;
        Result<T> outcome = failure(ErrorCode::Internal);
    };
    auto task = std::make_shared<Task>(Task{ std::move(work), std::move(done) });
    m_worker.start([this, task] {
        task->outcome = task->work(*m_file);
        QMetaObject::invokeMethod(
            this,
            [task] {
                const auto answer = std::exchange(task->answer, {}); // must not die on the worker
                answer(std::move(task->outcome));
            },
            Qt::QueuedConnection);
    });
}

} // namespace gatehouse
