// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/project_search_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/scripts.h"
#include "ui/models/sentences.h"

namespace gatehouse::ui {

ProjectSearchModel::ProjectSearchModel(GatewayPort &gateway, QObject *parent)
    : QAbstractListModel(parent)
    , m_gateway(gateway)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kTypingPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &ProjectSearchModel::searchNow);
}

int ProjectSearchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_projects.size());
}

QVariant ProjectSearchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ProjectSummary &project = m_projects[index.row()];
    if (role == Qt::DisplayRole)
        return QStringLiteral("%1  %2").arg(shownIdentifier(project.identifier), foreignText(project.name));
    if (role == Qt::ToolTipRole)
        return foreignText(project.workspace);
    return {};
}

std::optional<ProjectSummary> ProjectSearchModel::project(int row) const
{
    return row >= 0 && row < rowCount() ? std::optional(m_projects[row]) : std::nullopt;
}

void ProjectSearchModel::setQuery(const QString &query)
{
    m_query = query.trimmed();
    m_pause.start();
}

void ProjectSearchModel::searchNow()
{
    m_pause.stop();
    hear(m_gateway.findProjects(m_query), this,
         [this, asked = ++m_asked](const Result<QList<ProjectSummary>> &found) {
             if (asked != m_asked)
                 return;
             beginResetModel();
             m_projects = found.value_or(QList<ProjectSummary>());
             endResetModel();
             if (found)
                 emit searched(rowCount());
             else
                 emit failed(sentenceFor(found.error()));
         });
}

} // namespace gatehouse::ui
