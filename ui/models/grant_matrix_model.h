// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"
#include "ui/models/pin_flow.h"

#include <QAbstractTableModel>
#include <QHash>

namespace gatehouse::ui {

/// What one agent may do: a row per project, a column per scope, one of off | allow | ask | ask_with_pin in
/// each cell. Where a grant on every project stands, a cell may also be none: that one speaks there. Changes
/// are gathered and given to the gateway together by save(); until then nothing is different for the agent.
/// An *ask* beside which a yes for a time stands says so. A change from elsewhere (directoryChanged) keeps
/// what was not saved yet. Thread: ui. Owns: the rows.
class GrantMatrixModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        AnswerRole = Qt::UserRole + 1,
        IconRole,
        ToneRole,
        ChangedRole, ///< not saved yet
        WildcardRole, ///< the row stands for every project
    };
    /// Whole rows at once.
    enum class Preset { Nothing, Read, ReadAndAsk, Everything };
    /// What the preset says to a scope; nullopt: nothing, because it is not the tracker's.
    [[nodiscard]] static std::optional<QString> presetAnswer(Preset preset, const QString &scope);

    GrantMatrixModel(GatewayPort &gateway, PinFlow &pins, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    /// EditRole takes one of answersFor() in a scope's column.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

    void setAgent(const QString &agent);
    void reload();
    /// The row of the project, new if it was not there. `*` is every project.
    int addProject(const ProjectSummary &project);
    void setUntil(int row, const std::optional<QDateTime> &until);
    void applyPreset(int row, Preset preset);
    [[nodiscard]] QStringList answersFor(const QModelIndex &index) const;
    [[nodiscard]] bool isScopeColumn(int column) const { return column > 0 && column <= scopeCount(); }
    [[nodiscard]] int untilColumn() const { return scopeCount() + 1; }
    [[nodiscard]] bool isWildcard(int row) const;
    [[nodiscard]] std::optional<QDateTime> until(int row) const; ///< of the row's first grant

    [[nodiscard]] QList<GrantSummary> changes() const;
    [[nodiscard]] bool isDirty() const { return !changes().isEmpty(); }
    /// The changes let the agent do more in every project: the owner confirms that by itself.
    [[nodiscard]] bool widensEveryProject() const;
    void save();
    void discard();
    /// Brings back what is stored, where the row was changed, else what was stored before the last save that
    /// changed it: as a change, to be saved. Saved rows stay, even without a grant, until another agent is
    /// chosen.
    void undoRow(int row);
    [[nodiscard]] bool canUndoRow(int row) const;

signals:
    void dirtyChanged(bool dirty);
    void saved();
    void failed(const QString &sentence); ///< empty where the owner declined the PIN

private:
    struct Cell
    {
        QString answer = QStringLiteral("off");
        std::optional<QDateTime> until;
        bool byApproval = false;
        std::optional<QDateTime> allowedUntil; ///< by the widest yes for a time
        QString allowedCovers, allowedIssue;
        bool operator==(const Cell &other) const { return answer == other.answer && until == other.until; }
    };
    struct Row
    {
        ProjectSummary project;
        QList<Cell> stored, wanted;
    };
    [[nodiscard]] static int scopeCount();
    [[nodiscard]] QString projectText(const ProjectSummary &project) const;
    [[nodiscard]] QString cellText(const Row &row, int scope) const;
    [[nodiscard]] QVariant cellData(const Row &row, int column, int role) const;
    [[nodiscard]] QString rowUntilText(const Row &row) const;
    [[nodiscard]] Row emptyRow(const ProjectSummary &project) const;
    void replace(const QList<GrantSummary> &grants);
    void takeAsStored(const QList<GrantSummary> &saved);
    void rowChanged(int row);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    Now m_now;
    QStringList m_scopes;
    QString m_agent;
    QStringList m_everywhere; ///< scopes that stand for every project
    QList<Row> m_rows;
    QHash<QString, Row> m_beforeSave; ///< by project: `stored` as it was before the last save that changed it
};

} // namespace gatehouse::ui
