// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activity_search.h"
#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QAbstractTableModel>

#include <vector>

namespace gatehouse::ui {

/// Lines asked for at once, and how many such pages are kept in memory (product numbers).
inline constexpr int kActivityPage = 256;
inline constexpr int kActivityPagesKept = 64;

/// *Activity*: newest line first. Older lines are searched for page by page as the view nears them
/// (fetchMore); each page remembers where its read began, so a page that fell out of memory is read again by
/// its key, never by counting. New lines come in at the top; while not following they are only counted. A
/// search that takes long shows how far it is (searchChanged), and the owner stops it or lets it go on.
/// Thread: ui. Owns: the pages in memory.
class ActivityModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        TimeColumn,
        AgentColumn,
        ToolColumn,
        ProjectColumn,
        IssueColumn,
        DecisionColumn,
        OutcomeColumn,
        DurationColumn,
        ColumnCount
    };
    enum Role { IconRole = Qt::UserRole + 1, ToneRole };

    explicit ActivityModel(GatewayPort &gateway, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// nullopt: out of range, or its page is being read again.
    [[nodiscard]] std::optional<ActivityRow> line(int row) const;
    [[nodiscard]] const ActivityFilter &filter() const { return m_filter; }
    [[nodiscard]] bool isFiltered() const;
    /// What the line counts, in words: "7 refusals: Create issue 4, Read issue 3"; empty: it counts none.
    [[nodiscard]] static QString refusalsText(const ActivityRow &row);
    void setFilter(const ActivityFilter &filter);
    void reload();
    void setFollowing(bool following);
    [[nodiscard]] bool isFollowing() const { return m_following; }
    [[nodiscard]] int heldBack() const { return m_heldBack; } ///< new lines since following stopped
    [[nodiscard]] int pagesInMemory() const;
    void refreshTimes();

    /// It has run long enough that the owner should see how far it is and be able to stop it.
    [[nodiscard]] bool isSearching() const;
    /// The owner stopped it: only they let it go on.
    [[nodiscard]] bool isSearchStopped() const { return m_search.state() == ActivitySearch::State::Stopped; }
    [[nodiscard]] QString searchProgress() const { return m_search.progress(); }
    void stopSearch() { m_search.stop(); }
    void searchFurther() { m_search.goOn(); }
    /// Why there are no lines.
    [[nodiscard]] QString emptySentence() const;

signals:
    void loaded(); ///< the first read of a search is there
    void searchChanged();
    void followingChanged();
    void heldBackChanged(int lines);
    void failed(const QString &sentence);

private:
    /// `count` lines older than `before`, where its first read began; `first` is the row it starts at,
    /// counted from the end of the head.
    struct Page
    {
        qint64 before = 0;
        int first = 0;
        int count = 0;
        bool asked = false;
        quint64 used = 0;
        QList<ActivityRow> lines; ///< empty: fell out of memory
    };
    [[nodiscard]] const ActivityRow *lineAt(int row) const;
    void ask(Page &page) const;
    void readAgain(qint64 page, qint64 before, const QList<ActivityRow> &soFar);
    void refill(Page &page, const QList<ActivityRow> &lines);
    void takeFound(const QList<ActivityRow> &lines, qint64 before);
    void startAnew(const QList<ActivityRow> &lines);
    void append(const QList<ActivityRow> &lines, qint64 before);
    void splitHead();
    void dropUnused();
    void takeNews(const QList<ActivityRow> &rows);
    bool replaceKnown(const ActivityRow &row);
    void insertNew(QList<ActivityRow> rows);
    void fallBehind();
    void readNews();
    [[nodiscard]] bool admits(const ActivityRow &row) const;
    [[nodiscard]] QString text(const ActivityRow &row, int column) const;

    GatewayPort &m_gateway;
    Now m_now;
    ActivityFilter m_filter;
    QList<ActivityRow> m_head; ///< newest first: the first page and what came after it
    mutable std::vector<Page> m_pages; ///< older than the head; data() only notes the use and asks
    mutable quint64 m_uses = 0;
    ActivitySearch m_search;
    int m_generation = 0; ///< answers to an older filter are dropped
    bool m_starting = false; ///< a search has begun and its first read is not there
    bool m_following = true;
    bool m_readingNews = false;
    std::optional<qint64> m_newsFrom; ///< the oldest new line that only the gateway can place
    bool m_behind = false; ///< more came than the feed carries while nobody followed
    int m_heldBack = 0;
};

} // namespace gatehouse::ui
