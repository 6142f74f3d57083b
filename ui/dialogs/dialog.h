// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <functional>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

/// The frame of every dialog: a heading, a body, a row of buttons. Dialogs show and return values by
/// signals; they never act, and are opened with open() or show(), never with exec(). Deleted when closed.
/// Enter presses the button that has the focus; the default button, where there is one, only elsewhere.
class Dialog : public QDialog
{
    Q_OBJECT

public:
    explicit Dialog(const QString &heading, QWidget *parent = nullptr);

    [[nodiscard]] QLabel *headingLabel() const { return m_heading; }

protected:
    [[nodiscard]] QVBoxLayout &body() { return *m_body; }
    [[nodiscard]] QHBoxLayout &buttons() { return *m_buttons; }
    QPushButton *addCancel(const QString &text = {});
    void setDefaultButton(QPushButton &button);
    [[nodiscard]] static bool isEnter(const QKeyEvent &event);
    void keyPressEvent(QKeyEvent *event) override;

private:
    QLabel *m_heading;
    QPushButton *m_default = nullptr;
    QVBoxLayout *m_body;
    QHBoxLayout *m_buttons;
};

/// Asks for a name. `problem` says what is wrong with a name, empty where it can be taken.
class NameDialog final : public Dialog
{
    Q_OBJECT

public:
    using Problem = std::function<QString(const QString &name)>;
    NameDialog(const QString &heading, const QString &explanation, const QString &acceptText,
               const QString &initial, Problem problem, QWidget *parent = nullptr);

signals:
    void named(const QString &name);

private:
    void check();

    Problem m_problem;
    QLineEdit *m_name;
    QLabel *m_wrong;
    QPushButton *m_accept;
};

/// A yes or no before something that cannot be taken back or reaches far. No is the default.
class AskDialog final : public Dialog
{
    Q_OBJECT

public:
    AskDialog(const QString &heading, const QString &text, const QString &yes, QWidget *parent = nullptr);
    /// Things to tick under a line of text, each with a name for agreed().
    using Options = QList<std::pair<QString, QString>>; ///< name, text
    void addOptions(const QString &text, const Options &options);
    /// The yes is open only after this was typed.
    void mustType(const QString &word);

signals:
    void agreed(const QStringList &ticked);

private:
    [[nodiscard]] QStringList ticked() const;

    QPushButton *m_yes;
    QList<QCheckBox *> m_options;
};

/// Something was changed and not saved: save it, drop it, or stay where it is. Closing it stays.
class UnsavedDialog final : public Dialog
{
    Q_OBJECT

public:
    UnsavedDialog(const QString &heading, const QString &text, QWidget *parent = nullptr);

signals:
    void saveChosen();
    void discardChosen();
};

/// A token, shown this once.
class TokenDialog final : public Dialog
{
    Q_OBJECT

public:
    TokenDialog(const QString &heading, const QString &warning, const QString &token,
                QWidget *parent = nullptr);
};

/// A day at whose end a grant ends.
class DateDialog final : public Dialog
{
    Q_OBJECT

public:
    DateDialog(const QDateTime &now, QWidget *parent = nullptr);

signals:
    void chosen(const QDateTime &end);
};

} // namespace gatehouse::ui
