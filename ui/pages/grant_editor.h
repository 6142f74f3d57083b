// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/grant_matrix_model.h"
#include "ui/models/project_search_model.h"

#include <QPointer>
#include <QWidget>

#include <functional>

class QFrame;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QTableView;

namespace gatehouse::ui {

/// What an agent may do, as a matrix of projects and scopes. A cell is changed by a click, Enter or Space and
/// a small menu; whole rows by *Set row*. Nothing counts before *Save*; *Undo row* brings back what stood in
/// a row before it was changed or, once that was saved, before the last save. Thread: ui.
class GrantEditor final : public QWidget
{
    Q_OBJECT

public:
    GrantEditor(GrantMatrixModel &grants, ProjectSearchModel &projects, Now now, QWidget *parent = nullptr);
    void focusSearch();
    /// Goes on at once where nothing is unsaved. Else asks: saved (and only then) or dropped, it goes on;
    /// staying, or a save that is declined or fails, keeps what was entered.
    void leave(const QString &agentName, const std::function<void()> &goOn);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QLayout *makeHead();
    [[nodiscard]] QWidget *makeTable();
    [[nodiscard]] QWidget *makeFoot();
    void makeFound();
    void showFound(int found);
    void addFound(const QModelIndex &index);
    void askAnswer(const QModelIndex &index);
    void addEveryProject();
    void fillRowMenu();
    void setUntil(const std::optional<QDateTime> &until);
    void chooseDate();
    void save();
    void refresh();
    void fitColumns();
    void fitProjects();

    GrantMatrixModel &m_grants;
    ProjectSearchModel &m_projects;
    Now m_now;
    QLineEdit *m_search;
    QListView *m_found;
    QFrame *m_foundBox;
    QLabel *m_foundHint;
    QTableView *m_table;
    QFrame *m_wildcard;
    QLabel *m_state;
    QPushButton *m_setRow, *m_until, *m_undo, *m_save, *m_discard;
    int m_row = -1, m_column = -1; ///< that was chosen before the model was read anew
    QPointer<QWidget> m_leaving; ///< the question that is open
    std::function<void()> m_afterSave;
};

} // namespace gatehouse::ui
