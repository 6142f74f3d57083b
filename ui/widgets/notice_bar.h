// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

/// One sentence over the pages: what failed and what to do, or a notice. Stays until dismissed or replaced;
/// screen readers hear it. Thread: ui.
class NoticeBar final : public QWidget
{
    Q_OBJECT

public:
    explicit NoticeBar(QWidget *parent = nullptr);
    void say(const QString &sentence, bool isError);
    [[nodiscard]] QString sentence() const;

private:
    QFrame *m_frame;
    QLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_dismiss;
};

} // namespace gatehouse::ui
