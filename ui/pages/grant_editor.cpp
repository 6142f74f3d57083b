// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/grant_editor.h"

#include "ui/dialogs/dialog.h"
#include "ui/models/time_text.h"
#include "ui/models/display_names.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QTableView>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kFoundHeight = 190;
constexpr int kProjectLetters = 24; ///< of a project that can be read whatever stands beside it

/// Project and end of a row; every project in red with its own sign.
class RowDelegate final : public PlainDelegate
{
public:
    using PlainDelegate::PlainDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool wildcard = index.data(GrantMatrixModel::WildcardRole).toBool() && index.column() == 0;
        if (!wildcard) {
            PlainDelegate::paint(painter, option, index);
            return;
        }
        painter->save();
        painter->fillRect(option.rect, colors().badSoft);
        paintIcon(*painter, { option.rect.left() + 8, option.rect.center().y() - 8, 16, 16 },
                  QStringLiteral("alert"), colors().bad);
        QFont strong = option.font;
        strong.setWeight(QFont::DemiBold);
        painter->setFont(strong);
        painter->setPen(colors().bad);
        painter->drawText(option.rect.adjusted(32, 0, -4, 0), Qt::AlignVCenter, index.data().toString());
        painter->restore();
    }
};

QString longAnswer(const QString &answer)
{
    if (answer == u"none")
        return GrantEditor::tr("As for all projects");
    return answer == u"ask_with_pin" ? GrantEditor::tr("Ask with PIN") : answerMark(answer).text;
}

} // namespace

GrantEditor::GrantEditor(GrantMatrixModel &grants, ProjectSearchModel &projects, Now now, QWidget *parent)
    : QWidget(parent)
    , m_grants(grants)
    , m_projects(projects)
    , m_now(std::move(now))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(makeHead());
    auto *warning = new QHBoxLayout;
    QLabel *sign = plainLabel({});
    sign->setPixmap(icon(QStringLiteral("alert"), Tone::Bad).pixmap(18, 18));
    warning->addWidget(sign);
    warning->addWidget(
        wrappedLabel(tr("This agent has grants on all projects, also on those that are created later."),
                     "bad"),
        1);
    m_wildcard = card(warning, "alarm");
    warning->setContentsMargins(12, 8, 12, 8);
    column->addWidget(m_wildcard);
    column->addWidget(makeTable(), 1);
    column->addWidget(makeFoot());
    makeFound();
    connect(&grants, &GrantMatrixModel::dirtyChanged, this, &GrantEditor::refresh);
    connect(&grants, &GrantMatrixModel::saved, this, [this] {
        if (const auto goOn = std::exchange(m_afterSave, nullptr))
            goOn();
    });
    connect(&grants, &GrantMatrixModel::failed, this, [this] { m_afterSave = nullptr; });
    connect(&grants, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_row = m_table->currentIndex().row();
        m_column = m_table->currentIndex().column();
    });
    connect(&grants, &QAbstractItemModel::modelReset, this, [this] {
        m_table->setCurrentIndex(m_grants.index(m_row, m_column)); // none where it is gone
        refresh();
    });
    connect(&grants, &QAbstractItemModel::modelReset, this, &GrantEditor::fitColumns);
    connect(&grants, &QAbstractItemModel::rowsInserted, this, &GrantEditor::refresh);
    refresh();
}

QLayout *GrantEditor::makeHead()
{
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("projectSearch"));
    m_search->setPlaceholderText(tr("Find a project to add…"));
    m_search->setAccessibleName(tr("Find a project to add"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(280);
    QPushButton *every = button(tr("All projects…"));
    auto *row = new QHBoxLayout;
    row->addWidget(plainLabel(tr("What it may do"), "heading"));
    row->addStretch();
    row->addWidget(m_search, 1);
    row->addWidget(every);
    connect(every, &QPushButton::clicked, this, &GrantEditor::addEveryProject);
    return row;
}

QWidget *GrantEditor::makeTable()
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("grants"));
    m_table->setAccessibleName(tr("Grants: projects and what the agent may do there"));
    m_table->setModel(&m_grants);
    m_table->setItemDelegate(new RowDelegate(m_table));
    auto *cells = new MarkDelegate(GrantMatrixModel::IconRole, GrantMatrixModel::ToneRole, m_table);
    cells->setGroundRole(GrantMatrixModel::ChangedRole);
    cells->setCentered(true);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 18);
    QHeaderView *head = m_table->horizontalHeader();
    head->setHighlightSections(false);
    head->setMinimumSectionSize(40);
    for (int column = 0; column < m_grants.columnCount(); ++column) {
        if (m_grants.isScopeColumn(column))
            m_table->setItemDelegateForColumn(column, cells);
    }
    fitColumns();
    head->setSectionResizeMode(0, QHeaderView::Fixed);
    connect(head, &QHeaderView::sectionResized, this, [this](int section) {
        if (section != 0)
            fitProjects();
    });
    m_table->installEventFilter(this);
    m_table->viewport()->installEventFilter(this);
    new EmptyState(m_table, QStringLiteral("lock"),
                   tr("No grants: this agent may do nothing.\nFind a project above and give it some."));
    connect(m_table, &QTableView::clicked, this, &GrantEditor::askAnswer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &GrantEditor::refresh);
    return m_table;
}

/// As wide as any answer; wider while a yes for a time is told beside one.
void GrantEditor::fitColumns()
{
    int answers = 0;
    for (const char *answer : { "off", "allow", "ask", "ask_with_pin", "none" })
        answers = qMax(answers,
                       MarkDelegate::widthFor(fontMetrics(), answerMark(QString::fromLatin1(answer)).text));
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const int until = fontMetrics().horizontalAdvance(untilText(std::nullopt, {})) + 20;
    for (int column = 0; column < m_grants.columnCount(); ++column) {
        const QString title = m_grants.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        int width = qMax(QFontMetrics(strong).horizontalAdvance(title) + 20,
                         column == m_grants.untilColumn() ? until : answers);
        for (int row = 0; m_grants.isScopeColumn(column) && row < m_grants.rowCount(); ++row)
            width = qMax(
                width, MarkDelegate::widthFor(fontMetrics(), m_grants.index(row, column).data().toString()));
        m_table->setColumnWidth(column, width);
    }
}

/// What the answers leave, and never too little for a name: then the table scrolls.
void GrantEditor::fitProjects()
{
    int answers = 0;
    for (int column = 1; column < m_grants.columnCount(); ++column)
        answers += m_table->columnWidth(column);
    const int least = kProjectLetters * fontMetrics().averageCharWidth();
    m_table->setColumnWidth(0, qMax(least, m_table->viewport()->width() - answers));
}

QWidget *GrantEditor::makeFoot()
{
    m_setRow = button(tr("Set row"), nullptr, QStringLiteral("edit"));
    m_setRow->setMenu(new QMenu(m_setRow));
    m_until = button(tr("Until"), nullptr, QStringLiteral("clock"));
    m_until->setMenu(new QMenu(m_until));
    for (QPushButton *one : { m_setRow, m_until })
        one->setProperty("menu", true); // room for the arrow
    m_undo = button(tr("&Undo row"));
    m_undo->setToolTip(tr("Brings back what stood in this row before it was changed or, once that was saved, "
                          "before the last save"));
    m_state = plainLabel({}, "muted");
    m_discard = button(tr("Discard"));
    m_save = button(tr("&Save grants"), "primary");
    auto *foot = new QWidget;
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    for (QWidget *one : std::initializer_list<QWidget *>{ m_setRow, m_until, m_undo })
        row->addWidget(one);
    row->addStretch();
    for (QWidget *one : std::initializer_list<QWidget *>{ m_state, m_discard, m_save })
        row->addWidget(one);
    fillRowMenu();
    connect(m_discard, &QPushButton::clicked, &m_grants, &GrantMatrixModel::discard);
    connect(m_save, &QPushButton::clicked, this, &GrantEditor::save);
    connect(m_undo, &QPushButton::clicked, this, [this] { m_grants.undoRow(m_table->currentIndex().row()); });
    return foot;
}

void GrantEditor::fillRowMenu()
{
    using Preset = GrantMatrixModel::Preset;
    const std::initializer_list<std::pair<QString, Preset>> presets{
        { tr("Read only"), Preset::Read },
        { tr("Read, and ask before each change"), Preset::ReadAndAsk },
        { tr("Allow everything"), Preset::Everything },
        { tr("Nothing"), Preset::Nothing }
    };
    for (const auto &preset : presets) {
        m_setRow->menu()->addAction(preset.first, this, [this, which = preset.second] {
            m_grants.applyPreset(m_table->currentIndex().row(), which);
        });
    }
    m_until->menu()->addAction(tr("No end"), this, [this] { setUntil(std::nullopt); });
    for (const int days : { 1, 7, 30 })
        m_until->menu()->addAction(tr("For %n day(s)", nullptr, days), this,
                                   [this, days] { setUntil(m_now().addDays(days)); });
    m_until->menu()->addAction(tr("Choose a day…"), this, &GrantEditor::chooseDate);
}

void GrantEditor::setUntil(const std::optional<QDateTime> &until)
{
    m_grants.setUntil(m_table->currentIndex().row(), until);
}

void GrantEditor::chooseDate()
{
    auto *dialog = new DateDialog(m_now(), window());
    connect(dialog, &DateDialog::chosen, this, [this](const QDateTime &end) { setUntil(end); });
    dialog->open();
}

void GrantEditor::makeFound()
{
    m_found = new QListView;
    m_found->setObjectName(QStringLiteral("found"));
    m_found->setModel(&m_projects);
    m_found->setItemDelegate(new PlainDelegate(m_found));
    m_found->setAccessibleName(tr("Projects found"));
    m_found->setProperty("role", QStringLiteral("flat"));
    m_foundHint = wrappedLabel({}, "muted");
    auto *column = new QVBoxLayout;
    m_foundBox = card(column);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(m_foundHint);
    column->addWidget(m_found);
    m_foundBox->setParent(this);
    m_foundBox->hide();
    m_search->installEventFilter(this);
    m_found->installEventFilter(this);
    connect(m_search, &QLineEdit::textEdited, &m_projects, &ProjectSearchModel::setQuery);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { addFound(m_projects.index(0)); });
    connect(&m_projects, &ProjectSearchModel::searched, this, &GrantEditor::showFound);
    connect(m_found, &QListView::clicked, this, &GrantEditor::addFound);
    connect(m_found, &QListView::activated, this, &GrantEditor::addFound);
}

void GrantEditor::showFound(int found)
{
    if (!m_search->hasFocus() || m_search->text().isEmpty()) {
        m_foundBox->hide();
        return;
    }
    m_foundHint->setText(tr("No project of yours fits. Check the spelling, or your rights in Tasker."));
    m_foundHint->setVisible(found == 0);
    m_found->setVisible(found > 0);
    const QPoint corner = m_search->mapTo(this, QPoint(0, m_search->height() + 2));
    m_foundBox->setGeometry(corner.x(), corner.y(), qMax(m_search->width(), 260),
                            found == 0 ? 76 : qMin(kFoundHeight, 20 + found * m_found->sizeHintForRow(0)));
    m_foundBox->show();
    m_foundBox->raise();
}

void GrantEditor::addFound(const QModelIndex &index)
{
    const auto project = m_projects.project(index.row());
    if (!project)
        return;
    const int row = m_grants.addProject(*project);
    m_search->clear();
    m_foundBox->hide();
    m_table->setCurrentIndex(m_grants.index(row, 1));
    m_table->setFocus();
}

void GrantEditor::addEveryProject()
{
    const int row = m_grants.addProject({ QStringLiteral("*"), {}, {}, {} });
    m_table->setCurrentIndex(m_grants.index(row, 1));
    m_table->setFocus();
}

bool GrantEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && (watched == m_search || watched == m_found)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_search->hasFocus() && !m_found->hasFocus())
                    m_foundBox->hide();
            },
            Qt::QueuedConnection);
    }
    if (event->type() == QEvent::Resize && watched == m_table->viewport())
        fitProjects();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (watched == m_search && key == Qt::Key_Down && m_foundBox->isVisible()) {
        m_found->setFocus();
        m_found->setCurrentIndex(m_projects.index(0));
        return true;
    }
    if ((watched == m_search || watched == m_found) && key == Qt::Key_Escape && m_foundBox->isVisible()) {
        m_foundBox->hide();
        m_search->setFocus();
        return true;
    }
    if (watched == m_table && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space)) {
        askAnswer(m_table->currentIndex());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void GrantEditor::askAnswer(const QModelIndex &index)
{
    if (!m_grants.isScopeColumn(index.column()))
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("answers"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString &answer : m_grants.answersFor(index)) {
        const Mark mark = answerMark(answer);
        QAction *action = menu->addAction(icon(mark.icon, mark.tone), longAnswer(answer));
        action->setData(answer);
        connect(action, &QAction::triggered, this, [this, at = QPersistentModelIndex(index), answer] {
            m_grants.setData(at, answer, Qt::EditRole);
        });
        if (index.data(GrantMatrixModel::AnswerRole).toString() == answer)
            menu->setActiveAction(action);
    }
    menu->popup(m_table->viewport()->mapToGlobal(m_table->visualRect(index).bottomLeft()));
}

void GrantEditor::save()
{
    if (!m_grants.widensEveryProject()) {
        m_grants.save();
        return;
    }
    auto *dialog = new AskDialog(
        tr("Widen grants on all projects?"),
        tr("The agent would have them in every project that you can see, also in those created later. "
           "Grants on single projects are safer."),
        tr("Give on all projects"), window());
    connect(dialog, &AskDialog::agreed, &m_grants, &GrantMatrixModel::save);
    connect(dialog, &QDialog::rejected, this, [this] { m_afterSave = nullptr; });
    dialog->open();
}

void GrantEditor::leave(const QString &agentName, const std::function<void()> &goOn)
{
    if (!m_grants.isDirty())
        return goOn();
    if (m_leaving)
        m_leaving->close();
    auto *dialog
        = new UnsavedDialog(tr("Save the grants of %1?").arg(agentName),
                            tr("%n change(s) not saved. Nothing is different for the agent before they are.",
                               nullptr, static_cast<int>(m_grants.changes().size())),
                            window());
    connect(dialog, &UnsavedDialog::discardChosen, this, [this, goOn] {
        m_grants.discard();
        goOn();
    });
    connect(dialog, &UnsavedDialog::saveChosen, this, [this, goOn] {
        m_afterSave = goOn;
        save();
    });
    m_leaving = dialog;
    dialog->open();
}

void GrantEditor::focusSearch()
{
    m_search->setFocus();
}

void GrantEditor::refresh()
{
    const int changed = static_cast<int>(m_grants.changes().size());
    const bool row = m_table->currentIndex().isValid();
    m_undo->setEnabled(m_grants.canUndoRow(m_table->currentIndex().row()));
    m_state->setText(changed > 0 ? tr("%n change(s) not saved", nullptr, changed) : QString());
    m_save->setEnabled(changed > 0);
    m_discard->setEnabled(changed > 0);
    m_setRow->setEnabled(row);
    m_until->setEnabled(row);
    m_wildcard->setVisible(m_grants.isWildcard(0));
}

} // namespace gatehouse::ui
