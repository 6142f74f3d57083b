// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/pin_flow.h"
#include "ui/models/display_names.h"

namespace gatehouse::ui {

/// The journal as a whole: walking its chain, going on after a restored copy, and where old rows go.
/// Thread: ui. Port and flow must outlive it.
class JournalModel final : public QObject
{
    Q_OBJECT

public:
    JournalModel(GatewayPort &gateway, PinFlow &pins, QObject *parent = nullptr);

    [[nodiscard]] bool isVerifying() const { return m_verifying; }
    [[nodiscard]] bool isHeld() const;
    [[nodiscard]] QString exportsFolder() const; ///< foreign text
    [[nodiscard]] QString retentionLine() const; ///< one sentence on how long rows stay
    [[nodiscard]] QString
    progressLine() const; ///< how far the removal of old rows is; empty: none is under way
    /// What an accepted restore means, for the question before it.
    [[nodiscard]] QString restoreQuestion() const;

    void verify();
    void acceptRestore();
    void moveExports(const QString &folder);

signals:
    void changed();
    void verified(const gatehouse::ui::Mark &mark); ///< its text is the whole result in words
    void restoreAccepted();
    void exportsMoved();
    void failed(const QString &sentence);

private:
    GatewayPort &m_gateway;
    PinFlow &m_pins;
    bool m_verifying = false;
};

/// The result of a walk over the chain, in a sentence or two.
[[nodiscard]] Mark verdictMark(const VerdictSummary &verdict);

} // namespace gatehouse::ui
