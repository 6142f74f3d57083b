// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/question_dialog.h"
#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QTimer>

namespace gatehouse::ui {

class CallFacts;
class ReachChoices;

/// The owner's yes or no to one asked call; several wait in a queue and are shown one after the other in the
/// same window, with the buttons at the same place. Closing it answers nothing: the question stays on
/// Overview. Thread: ui.
class ApprovalDialog final : public QuestionDialog
{
    Q_OBJECT

public:
    explicit ApprovalDialog(const Now &now, ConsentGuard::Ticks ticks = {}, QWidget *parent = nullptr);

    /// The same question again refreshes its place in the queue and its times; another one starts the guard.
    void showQuestion(const ApprovalSummary &asked, int place, int of);
    /// What the call would change has been read; until then the dialog says that it is being read. The guard
    /// starts again: what is decided on has only now come.
    void showPreview(const PreviewSummary &preview);
    /// It could not be read, and why.
    void showNoPreview(const QString &sentence);
    /// The answer was not taken (a PIN declined, the gateway away): it can be given again.
    void answerAgain();
    [[nodiscard]] QString question() const { return m_asked.id; }

signals:
    void allowed(const QString &approval, const QString &reach, const QString &covers);
    void denied(const QString &approval, const QString &reason, bool pauseAgent);
    void skipped(const QString &approval); ///< look at the next one first

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QLayout *makeTimes();
    void makeAnswers();
    void deny(bool pauseAgent);
    void showFacts();
    void countDown();
    void refresh();

    Now m_now;
    ApprovalSummary m_asked;
    std::optional<PreviewSummary> m_preview;
    QString m_noPreview; ///< why there is none; empty while it is being read
    CallFacts *m_facts;
    ReachChoices *m_reach;
    QLineEdit *m_reason;
    QLabel *m_place, *m_times, *m_pin;
    QPushButton *m_next;
    GuardedButton *m_denyAndPause, *m_deny, *m_allow;
    QTimer m_tick;
    bool m_answered = false; ///< given, and on its way
};

} // namespace gatehouse::ui
