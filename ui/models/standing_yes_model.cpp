// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/standing_yes_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/yes_text.h"

namespace gatehouse::ui {

StandingYesModel::StandingYesModel(GatewayPort &gateway, Now now, QObject *parent)
    : QAbstractListModel(parent)
    , m_gateway(gateway)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::standingChanged, this, &StandingYesModel::reload);
}

int StandingYesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant StandingYesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const StandingYesSummary &yes = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return yesSentence({ yes.agentName, yes.tool, yes.projectName, yes.covers, yes.issue }, yes.until,
                           m_now());
    case TextRole: {
        const QString given = tr("Given %1 to %2", "when, to which client")
                                  .arg(relativeTime(yes.givenAt, m_now()), foreignText(yes.clientName));
        if (!yes.lastUsedAt)
            return tr("%1 · not used yet").arg(given);
        return tr("%1 · last used %2").arg(given, relativeTime(*yes.lastUsedAt, m_now()));
    }
    case Qt::ToolTipRole: return exactTime(yes.givenAt);
    case IdRole: return yes.id;
    default: return {};
    }
}

void StandingYesModel::reload()
{
    hear(m_gateway.standingYeses(), this, [this](const Result<QList<StandingYesSummary>> &standing) {
        if (!standing)
            return; // a gateway that is locked has none; the status says the rest
        beginResetModel();
        m_rows = *standing;
        endResetModel();
        emit changed();
    });
}

void StandingYesModel::end(const QString &id)
{
    hear(m_gateway.endYes(id), this, [this](const Result<> &ended) {
        if (!ended && ended.error().code != ErrorCode::NotFound) // gone by itself: as wanted
            emit failed(sentenceFor(ended.error()));
        reload();
    });
}

void StandingYesModel::refreshTimes()
{
    if (m_rows.isEmpty())
        return;
    emit dataChanged(index(0), index(rowCount() - 1));
    emit changed();
}

} // namespace gatehouse::ui
