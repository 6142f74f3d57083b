// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grant_matrix_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/scripts.h"
#include "ui/models/sentences.h"
#include "ui/models/display_names.h"
#include "ui/models/yes_text.h"

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr auto kEvery = u"*";

/// How much an answer lets through.
int width(const QString &answer)
{
    if (answer == u"allow")
        return 3;
    if (answer == u"ask")
        return 2;
    return answer == u"ask_with_pin" ? 1 : 0;
}

} // namespace

std::optional<QString> GrantMatrixModel::presetAnswer(Preset preset, const QString &scope)
{
    if (!isOfTracker(scope))
        return std::nullopt;
    const bool reads = scope.endsWith(u":read");
    switch (preset) {
    case Preset::Nothing: break;
    case Preset::Read: return reads ? QStringLiteral("allow") : QStringLiteral("off");
    case Preset::ReadAndAsk: return reads ? QStringLiteral("allow") : QStringLiteral("ask");
    case Preset::Everything: return QStringLiteral("allow");
    }
    return QStringLiteral("off");
}

GrantMatrixModel::GrantMatrixModel(GatewayPort &gateway, PinFlow &pins, Now now, QObject *parent)
    : QAbstractTableModel(parent)
    , m_gateway(gateway)
    , m_pins(pins)
    , m_now(std::move(now))
    , m_scopes(allScopes())
{
    connect(&gateway, &GatewayPort::directoryChanged, this, &GrantMatrixModel::reload);
    connect(&gateway, &GatewayPort::standingChanged, this, &GrantMatrixModel::reload);
}

int GrantMatrixModel::scopeCount()
{
    return static_cast<int>(allScopes().size());
}

int GrantMatrixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int GrantMatrixModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : scopeCount() + 2;
}

Qt::ItemFlags GrantMatrixModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags base = QAbstractTableModel::flags(index);
    return isScopeColumn(index.column()) ? base | Qt::ItemIsEditable : base;
}

QVariant GrantMatrixModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    const QString project = projectText(row.project);
    if (role == WildcardRole)
        return row.project.id == kEvery;
    if (role == ChangedRole && !isScopeColumn(index.column()))
        return row.wanted != row.stored;
    if (isScopeColumn(index.column())) {
        if (role == Qt::AccessibleTextRole || role == Qt::ToolTipRole) {
            const QString what = QStringLiteral("%1 · %2: %3")
                                     .arg(project, scopeTitle(m_scopes[index.column() - 1]),
                                          cellText(row, index.column() - 1));
            return row.wanted[index.column() - 1].byApproval && role == Qt::ToolTipRole
                ? tr("%1 (given for a time by your answer)").arg(what)
                : what;
        }
        return cellData(row, index.column(), role);
    }
    if (index.column() == 0 && (role == Qt::DisplayRole || role == Qt::ToolTipRole))
        return project;
    if (index.column() == untilColumn() && role == Qt::DisplayRole)
        return rowUntilText(row);
    return {};
}

/// By its id where the gateway does not know its name yet.
QString GrantMatrixModel::projectText(const ProjectSummary &project) const
{
    if (project.id == kEvery)
        return tr("All projects");
    if (project.identifier.isEmpty() && project.name.isEmpty())
        return foreignText(project.id);
    return QStringLiteral("%1  %2").arg(shownIdentifier(project.identifier), foreignText(project.name));
}

QStringList GrantMatrixModel::answersFor(const QModelIndex &index) const
{
    QStringList answers{ QStringLiteral("off"), QStringLiteral("allow"), QStringLiteral("ask"),
                         QStringLiteral("ask_with_pin") };
    if (!isWildcard(index.row()) && m_everywhere.contains(m_scopes.value(index.column() - 1)))
        answers << QStringLiteral("none");
    return answers;
}

/// With the yes for a time beside it, unless the answer is about to change: that would end the yes.
QString GrantMatrixModel::cellText(const Row &row, int scope) const
{
    const Cell &cell = row.stored[scope];
    const QString answer = answerMark(row.wanted[scope].answer).text;
    if (!cell.allowedUntil || !(row.wanted[scope] == cell))
        return answer;
    return QStringLiteral("%1 · %2").arg(
        answer, allowedText(cell.allowedCovers, cell.allowedIssue, *cell.allowedUntil, m_now()));
}

QVariant GrantMatrixModel::cellData(const Row &row, int column, int role) const
{
    const Cell &cell = row.wanted[column - 1];
    const Mark mark = answerMark(cell.answer);
    switch (role) {
    case Qt::DisplayRole: return cellText(row, column - 1);
    case Qt::EditRole:
    case AnswerRole: return cell.answer;
    case IconRole: return mark.icon;
    case ToneRole: return static_cast<int>(mark.tone);
    case ChangedRole: return !(cell == row.stored[column - 1]);
    default: return {};
    }
}

QString GrantMatrixModel::rowUntilText(const Row &row) const
{
    std::optional<std::optional<QDateTime>> common;
    for (const Cell &cell : row.wanted) {
        if (width(cell.answer) == 0)
            continue;
        if (common && *common != cell.until)
            return tr("Differs");
        common = cell.until;
    }
    return common ? untilText(*common, m_now()) : QString();
}

bool GrantMatrixModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !isScopeColumn(index.column()))
        return false;
    const QString answer = value.toString();
    if (!answersFor(index).contains(answer))
        return false;
    Row &row = m_rows[index.row()];
    Cell &cell = row.wanted[index.column() - 1];
    if (width(cell.answer) == 0 && width(answer) > 0)
        cell.until = until(index.row());
    cell.answer = answer;
    cell.byApproval = false;
    if (width(answer) == 0)
        cell.until = std::nullopt;
    rowChanged(index.row());
    return true;
}

QVariant GrantMatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    }
    if (isScopeColumn(section)) {
        const QString &scope = m_scopes[section - 1];
        if (role == Qt::DisplayRole)
            return scopeShort(scope);
        if (role == Qt::ToolTipRole)
            return QStringLiteral("%1 (%2)").arg(scopeMeaning(scope), scope);
        return {};
    }
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter); // over texts, where scopes stand over marks
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Project") : tr("Until");
}

void GrantMatrixModel::setAgent(const QString &agent)
{
    if (agent == m_agent)
        return;
    m_agent = agent;
    beginResetModel();
    m_rows.clear();
    m_beforeSave.clear();
    endResetModel();
    emit dirtyChanged(false);
    reload();
}

void GrantMatrixModel::reload()
{
    if (m_agent.isEmpty())
        return;
    hear(m_gateway.grants(m_agent), this, [this, agent = m_agent](const Result<QList<GrantSummary>> &grants) {
        if (agent != m_agent)
            return;
        if (grants)
            replace(*grants);
        else
            emit failed(sentenceFor(grants.error()));
    });
}

GrantMatrixModel::Row GrantMatrixModel::emptyRow(const ProjectSummary &project) const
{
    QList<Cell> cells(scopeCount());
    for (const QString &scope : project.id == kEvery ? QStringList() : m_everywhere)
        cells[m_scopes.indexOf(scope)].answer = QStringLiteral("none");
    return { project, cells, cells };
}

void GrantMatrixModel::replace(const QList<GrantSummary> &grants)
{
    beginResetModel();
    const QList<Row> before = std::exchange(m_rows, {});
    m_everywhere.clear();
    for (const GrantSummary &grant : grants) {
        if (grant.projectId == kEvery && m_scopes.contains(grant.scope))
            m_everywhere << grant.scope;
    }
    const auto rowFor = [this](const ProjectSummary &project) -> Row & {
        const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const Row &row) { return row.project.id == project.id; });
        return found != m_rows.end() ? *found : m_rows.emplaceBack(emptyRow(project));
    };
    for (const GrantSummary &grant : grants) {
        const qsizetype scope = m_scopes.indexOf(grant.scope);
        if (scope < 0)
            continue;
        Row &row = rowFor({ grant.projectId, grant.projectIdentifier, grant.projectName, {} });
        row.stored[scope] = row.wanted[scope]
            = Cell{ grant.answer,       grant.until,         grant.byApproval,
                    grant.allowedUntil, grant.allowedCovers, grant.allowedIssue };
    }
    for (const Row &saved : std::as_const(m_beforeSave))
        rowFor(saved.project);
    for (const Row &old : before) {
        if (old.wanted == old.stored)
            continue;
        Row &row = rowFor(old.project);
        for (int scope = 0; scope < scopeCount(); ++scope) {
            if (!(old.wanted[scope] == old.stored[scope]))
                row.wanted[scope] = old.wanted[scope];
        }
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row &a, const Row &b) {
        if ((a.project.id == kEvery) != (b.project.id == kEvery))
            return a.project.id == kEvery;
        return a.project.name.localeAwareCompare(b.project.name) < 0;
    });
    endResetModel();
    emit dirtyChanged(isDirty());
}

int GrantMatrixModel::addProject(const ProjectSummary &project)
{
    for (int row = 0; row < rowCount(); ++row) {
        if (m_rows[row].project.id == project.id)
            return row;
    }
    const int row = project.id == kEvery ? 0 : rowCount();
    beginInsertRows({}, row, row);
    m_rows.insert(row, emptyRow(project));
    endInsertRows();
    return row;
}

void GrantMatrixModel::setUntil(int row, const std::optional<QDateTime> &until)
{
    if (row < 0 || row >= rowCount())
        return;
    for (Cell &cell : m_rows[row].wanted) {
        if (width(cell.answer) > 0)
            cell.until = until;
    }
    rowChanged(row);
}

std::optional<QDateTime> GrantMatrixModel::until(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    const auto &cells = m_rows[row].wanted;
    const auto given
        = std::find_if(cells.begin(), cells.end(), [](const Cell &cell) { return width(cell.answer) > 0; });
    return given == cells.end() ? std::nullopt : given->until;
}

void GrantMatrixModel::applyPreset(int row, Preset preset)
{
    if (row < 0 || row >= rowCount())
        return;
    for (int scope = 0; scope < scopeCount(); ++scope) {
        if (const auto answer = presetAnswer(preset, m_scopes[scope]))
            setData(index(row, scope + 1), *answer, Qt::EditRole);
    }
}

void GrantMatrixModel::rowChanged(int row)
{
    emit dataChanged(index(row, 0), index(row, columnCount() - 1));
    emit dirtyChanged(isDirty());
}

bool GrantMatrixModel::isWildcard(int row) const
{
    return row >= 0 && row < rowCount() && m_rows[row].project.id == kEvery;
}

QList<GrantSummary> GrantMatrixModel::changes() const
{
    QList<GrantSummary> changed;
    for (const Row &row : m_rows) {
        for (int scope = 0; scope < scopeCount(); ++scope) {
            const Cell &wanted = row.wanted[scope];
            if (wanted == row.stored[scope])
                continue;
            changed.append({ m_agent, row.project.id, row.project.name, row.project.identifier,
                             m_scopes[scope], wanted.answer, wanted.until });
        }
    }
    return changed;
}

bool GrantMatrixModel::widensEveryProject() const
{
    for (const Row &row : m_rows) {
        for (int scope = 0; row.project.id == kEvery && scope < scopeCount(); ++scope) {
            const Cell &stored = row.stored[scope];
            const Cell &wanted = row.wanted[scope];
            const bool longer = stored.until && (!wanted.until || *wanted.until > *stored.until);
            if (width(wanted.answer) > width(stored.answer) || (longer && width(wanted.answer) > 0))
                return true;
        }
    }
    return false;
}

void GrantMatrixModel::save()
{
    const QList<GrantSummary> wanted = changes();
    if (wanted.isEmpty())
        return;
    QHash<QString, Row> before; // taken now: the gateway tells of the new grants before it answers
    for (const Row &row : std::as_const(m_rows)) {
        if (row.wanted != row.stored)
            before.insert(row.project.id, row);
    }
    m_pins.run<void>(
        this, [this, wanted] { return m_gateway.putGrants(wanted); },
        [this, wanted, before, agent = m_agent](const Result<> &result) {
            if (!result) {
                emit failed(sentenceFor(result.error())); // what was entered stays, to be tried again
                return;
            }
            if (agent == m_agent) {
                m_beforeSave.insert(before);
                takeAsStored(wanted);
            }
            emit dirtyChanged(isDirty());
            emit saved();
            reload();
        });
}

/// What was changed while it was being saved stays a change.
void GrantMatrixModel::takeAsStored(const QList<GrantSummary> &saved)
{
    for (Row &row : m_rows) {
        for (const GrantSummary &grant : saved) {
            const qsizetype scope = m_scopes.indexOf(grant.scope);
            if (grant.projectId == row.project.id && scope >= 0)
                row.stored[scope] = Cell{ grant.answer, grant.until, grant.byApproval };
        }
    }
}

void GrantMatrixModel::discard()
{
    for (Row &row : m_rows)
        row.wanted = row.stored;
    beginResetModel();
    m_rows.removeIf([this](const Row &row) {
        return row.stored == emptyRow(row.project).stored && !m_beforeSave.contains(row.project.id);
    });
    endResetModel();
    emit dirtyChanged(false);
}

bool GrantMatrixModel::canUndoRow(int row) const
{
    if (row < 0 || row >= rowCount())
        return false;
    const auto before = m_beforeSave.constFind(m_rows[row].project.id);
    return m_rows[row].wanted != m_rows[row].stored
        || (before != m_beforeSave.cend() && before->stored != m_rows[row].stored);
}

void GrantMatrixModel::undoRow(int row)
{
    if (!canUndoRow(row))
        return;
    Row &undone = m_rows[row];
    undone.wanted
        = undone.wanted != undone.stored ? undone.stored : m_beforeSave.value(undone.project.id).stored;
    rowChanged(row);
}

} // namespace gatehouse::ui
