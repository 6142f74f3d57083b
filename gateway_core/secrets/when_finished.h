// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QFutureWatcher>

#include <utility>

namespace gatehouse {

/// Runs `act` with the future's result on `context`'s thread, which is this one; never if `context` is
/// gone by then, or the future was given up without a result. QFuture::then(context) will not do in
/// Qt 6.4: it asserts when the context has died first, and looks at it from the other thread.
template <typename T, typename Act> void whenFinished(const QFuture<T> &future, QObject *context, Act act)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, act = std::move(act)] {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            act(watcher->result());
    });
    watcher->setFuture(future); // last, or an early end would not be heard
}

} // namespace gatehouse
