// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/answer.h"

#include "gateway_core/port/gateway_port.h"

#include <QPointer>

#include <functional>
#include <vector>

namespace gatehouse::ui {

/// Why the owner is asked for the PIN.
enum class PinReason {
    Setup, ///< there is none yet: offer to set one
    Enter,
    Locked, ///< too many wrong tries
};

/// Runs the owner's acts. An act that answers StepUpRequired waits, the PIN is asked for once, and every
/// waiting act is then repeated; if the owner declines, each ends as Cancelled. An act that still lacks the
/// step-up after a right PIN ends with that error: nobody is asked in circles.
/// Idle -> Asking (pinWanted) -> Checking (enter, setUp) -> Idle (finished) | Asking (refused).
/// Thread: ui. Owns: the waiting acts. The port must outlive it.
class PinFlow final : public QObject
{
    Q_OBJECT

public:
    explicit PinFlow(GatewayPort &gateway, QObject *parent = nullptr);

    /// `done` hears exactly one result while `context` lives.
    template <typename T>
    void run(QObject *context, std::function<QFuture<Result<T>>()> act,
             std::function<void(const Result<T> &)> done);

    void enter(const QString &pin);
    /// Sets the first PIN, enters it and goes on.
    void setUp(const QString &pin);
    void cancel();
    [[nodiscard]] bool isAsking() const { return !m_waiting.empty(); }

signals:
    void pinWanted(gatehouse::ui::PinReason reason, qint64 lockedForMs);
    /// A wrong PIN, or one that cannot be set. `lockedForMs` > 0: no more tries until then.
    void refused(const QString &sentence, qint64 lockedForMs);
    void finished(); ///< entered or cancelled: nothing waits any more

private:
    struct Waiting
    {
        QPointer<QObject> context;
        std::function<void(bool entered)> goOn;
    };
    void wait(const Error &error, Waiting waiting);
    void check(const QString &pin);
    void finish(bool entered);

    GatewayPort &m_gateway;
    std::vector<Waiting> m_waiting;
};

template <typename T>
void PinFlow::run(QObject *context, std::function<QFuture<Result<T>>()> act,
                  std::function<void(const Result<T> &)> done)
{
    hear(act(), context, [this, context, act, done](const Result<T> &result) {
        if (result || result.error().code != ErrorCode::StepUpRequired) {
            done(result);
            return;
        }
        wait(result.error(), { context, [context, act, done](bool entered) {
                                  if (entered)
                                      hear(act(), context, done);
                                  else
                                      done(failure(ErrorCode::Cancelled));
                              } });
    });
}

} // namespace gatehouse::ui
