// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/dialog.h"
#include "ui/models/pin_flow.h"

#include <QTimer>

namespace gatehouse::ui {

/// The PIN: entered for an act that needs it, set for the first time, or changed. Stays open on a wrong one
/// and says why; locked, it counts down. Thread: ui.
class PinDialog final : public Dialog
{
    Q_OBJECT

public:
    enum class Kind { Enter, SetUp, Change };

    explicit PinDialog(Kind kind, QWidget *parent = nullptr);

    void refuse(const QString &sentence, qint64 lockedForMs);

signals:
    void given(const QString &old, const QString &pin); ///< `old` only for Change

private:
    [[nodiscard]] QLineEdit *addField(const QString &label);
    void check();
    void countDown();

    Kind m_kind;
    QLineEdit *m_old = nullptr, *m_pin = nullptr, *m_again = nullptr;
    QLabel *m_wrong;
    QPushButton *m_give;
    QTimer m_second;
    qint64 m_lockedForMs = 0;
};

} // namespace gatehouse::ui
