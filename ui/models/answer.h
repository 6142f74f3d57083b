// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "ui/models/ui_log.h"

#include <QFuture>
#include <QFutureWatcher>

namespace gatehouse::ui {

/// Hears one answer of the port on the thread of `context`, always from the event loop, and never after
/// `context` is gone. An answer that will not come (the gateway went away) is heard as Cancelled.
/// Not QFuture::then(context): in Qt 6.4 that asserts when the context dies before the answer comes.
template <typename T, typename Done> void hear(const QFuture<Result<T>> &answer, QObject *context, Done done)
{
    auto *watcher = new QFutureWatcher<Result<T>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done] {
        watcher->deleteLater();
        if (watcher->future().resultCount() == 0)
            return done(Result<T>(failure(ErrorCode::Cancelled)));
        const Result<T> heard = watcher->result();
        if (!heard)
            qCInfo(lcUi, "an answer to the window: %s: %s", nameOf(heard.error().code).data(),
                   heard.error().detail.c_str());
        done(heard);
    });
    watcher->setFuture(answer);
}

} // namespace gatehouse::ui
