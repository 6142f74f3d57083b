// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/pin_flow.h"

namespace gatehouse::ui {

/// The owner's own protection: the PIN, and tokens for the owner's tools. Thread: ui.
class ProtectionModel final : public QObject
{
    Q_OBJECT

public:
    ProtectionModel(GatewayPort &gateway, PinFlow &pins, QObject *parent = nullptr);

    [[nodiscard]] bool hasPin() const { return m_gateway.status().pinSet; }
    [[nodiscard]] QString pinLine() const; ///< one sentence on how the PIN stands
    /// Empty: can be set. Six digits or more, not all the same.
    [[nodiscard]] static QString pinProblem(const QString &pin);

    void setPin(const QString &old, const QString &fresh);
    void resetPin();
    void mintOwnerToken(const QString &name);

signals:
    void changed();
    void pinSet();
    void pinRefused(const QString &sentence, qint64 lockedForMs);
    void pinReset();
    void ownerTokenMade(const QString &token); ///< shown once, kept nowhere
    void failed(const QString &sentence);

private:
    GatewayPort &m_gateway;
    PinFlow &m_pins;
};

} // namespace gatehouse::ui
