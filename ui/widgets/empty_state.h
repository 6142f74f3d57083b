// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAbstractItemView;
class QLabel;

namespace gatehouse::ui {

/// Says over an empty view why it is empty and what to do; gone as soon as there is a row. Thread: ui.
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    EmptyState(QAbstractItemView *view, const QString &iconName, const QString &sentence);
    void setSentence(const QString &sentence);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refresh();

    QAbstractItemView *m_view;
    QLabel *m_text;
};

} // namespace gatehouse::ui
