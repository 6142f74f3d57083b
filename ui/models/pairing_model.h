// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"
#include "ui/models/pin_flow.h"

namespace gatehouse::ui {

/// One pairing, as the dialog shows it. Closed -> Opening -> Open -> Spent | Over; or SettingUp -> SetUp.
/// Thread: ui. Owns: the code while it is open.
class PairingModel final : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Closed,
        Opening,
        Open, ///< the code is shown
        Spent, ///< a program typed it; the confirmation is on screen
        Over, ///< it ran out or was voided
        SettingUp, ///< the command for Codex runs
        SetUp, ///< it ran, and output() says what it said; or it did not, and setupProblem() says why
    };

    PairingModel(GatewayPort &gateway, PinFlow &pins, Now now = systemNow(), QObject *parent = nullptr);

    void open(const QString &agent);
    void close();
    void setUpCodex();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString code() const { return m_pairing.code; }
    [[nodiscard]] QString command() const { return m_pairing.command; }
    [[nodiscard]] QString setupCommand() const { return m_gateway.codexSetupCommand(); }
    [[nodiscard]] QString output() const { return m_setup.output; } ///< foreign text
    [[nodiscard]] bool setupWorked() const { return m_setup.ok; }
    [[nodiscard]] QString replacedClient() const
    {
        return m_setup.replaced;
    } ///< revoked by the setup; may be empty
    [[nodiscard]] QString setupProblem() const
    {
        return m_setupProblem;
    } ///< why it was not run; empty: it ran
    /// The bridge reads its token from the keychain; a sealed file is closed to it.
    [[nodiscard]] bool canSetUp() const { return m_gateway.status().secretsKind != u"sealed-file"; }
    [[nodiscard]] qint64 millisecondsLeft() const;
    [[nodiscard]] qint64 lifetimeMs() const { return m_lifetimeMs; }

signals:
    void changed();
    void failed(const QString &sentence);

private:
    void setState(State state);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    Now m_now;
    State m_state = State::Closed;
    QString m_agent;
    PairingSummary m_pairing;
    SetupResult m_setup;
    QString m_setupProblem;
    qint64 m_lifetimeMs = 0;
};

} // namespace gatehouse::ui
