// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

/// A command or a token to be copied: shown whole, with a button that says when it was copied. Thread: ui.
class CommandRow final : public QWidget
{
    Q_OBJECT

public:
    /// `what` for screen readers: "Command to pair".
    CommandRow(const QString &what, const QString &command, QWidget *parent = nullptr);
    void setCommand(const QString &command);
    [[nodiscard]] QString command() const;
    [[nodiscard]] QPushButton *copyButton() const { return m_copy; }

private:
    QLabel *m_command;
    QPushButton *m_copy;
};

} // namespace gatehouse::ui
