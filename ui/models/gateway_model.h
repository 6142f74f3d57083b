// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/pin_flow.h"
#include "ui/models/display_names.h"

namespace gatehouse::ui {

/// What the owner should know about the gateway first, and what there is to press.
struct Headline
{
    Mark mark;
    QString title; ///< "Agents can work, and every call is recorded"
    QString text; ///< what happened and what to do
    QString detail; ///< foreign: a file, or who holds the port
    bool canRetry = false;
    bool portBusy = false;
    bool toConnection = false; ///< the answer lies on the Connection page
    bool restored = false; ///< the owner has to say whether they put a copy back
    QString
        clockAnswer; ///< what the owner may say of the clock, as GatewayPort has it; empty: nothing is asked
};

/// What is wrong with Tasker as a whole; empty: nothing. A call that failed is that call's matter.
[[nodiscard]] QString upstreamSentence(const GatewayStatus &status);
[[nodiscard]] QString upstreamSentence(const std::optional<ErrorCode> &problem, const QString &reason);

/// The gateway's state as the status strip and Overview show it, and its acts: pause, resume, stop, retry.
/// Thread: ui. Port and flow must outlive it.
class GatewayModel final : public QObject
{
    Q_OBJECT

public:
    GatewayModel(GatewayPort &gateway, PinFlow &pins, QObject *parent = nullptr);

    [[nodiscard]] GatewayStatus status() const { return m_gateway.status(); }
    [[nodiscard]] Mark mode() const { return modeMark(status()); }
    [[nodiscard]] Headline headline() const;
    [[nodiscard]] bool isRunning() const;
    /// Pause and resume need a gateway that answers.
    [[nodiscard]] bool canChangeMode() const { return status().state == GatewayState::Ready; }
    /// "http://127.0.0.1:4100 · Tasker connected"
    [[nodiscard]] QString whereabouts() const;
    [[nodiscard]] QString logFolder() const; ///< empty: the log is kept in no file
    /// What the answer to the clock's question means, for the dialog before it.
    [[nodiscard]] QString clockConsequence() const;
    /// The next port that is offered when ours is taken.
    [[nodiscard]] int otherPort() const;
    /// What the owner types to tell a Codex about a new port.
    [[nodiscard]] static QString commandForPort(int port);

    void pause();
    void resume();
    void settleClock();
    /// `revoked`: as GatewayPort has it.
    void stopEverything(const QStringList &revoked);
    void retry(int port = 0) { m_gateway.retry(port); }

signals:
    void changed();
    void failed(const QString &sentence);
    void stopped(const QString &sentence); ///< *stop everything* is done: what it did, and how long it took

private:
    void setMode(const QString &mode);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
};

} // namespace gatehouse::ui
