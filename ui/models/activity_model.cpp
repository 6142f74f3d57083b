// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activity_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/words.h"

#include <algorithm>

namespace gatehouse::ui {

namespace {

bool newer(const ActivityRow &a, const ActivityRow &b)
{
    return a.seq > b.seq;
}

bool isCall(const ActivityRow &row)
{
    return row.kind.isEmpty() || row.kind == u"call";
}

auto placeOf(const QList<ActivityRow> &lines, qint64 seq)
{
    return std::lower_bound(lines.begin(), lines.end(), seq,
                            [](const ActivityRow &line, qint64 wanted) { return line.seq > wanted; });
}

} // namespace

ActivityModel::ActivityModel(GatewayPort &gateway, Now now, QObject *parent)
    : QAbstractTableModel(parent)
    , m_gateway(gateway)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::activityAdded, this, &ActivityModel::takeNews);
    connect(&gateway, &GatewayPort::activityFellBehind, this, &ActivityModel::fallBehind);
}

int ActivityModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    const int older = m_pages.empty() ? 0 : m_pages.back().first + m_pages.back().count;
    return static_cast<int>(m_head.size()) + older;
}

int ActivityModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const ActivityRow *ActivityModel::lineAt(int row) const
{
    const int head = static_cast<int>(m_head.size());
    if (row < head)
        return &m_head[row];
    const auto after = std::upper_bound(m_pages.begin(), m_pages.end(), row - head,
                                        [](int wanted, const Page &page) { return wanted < page.first; });
    if (after == m_pages.begin())
        return nullptr;
    Page &page = *std::prev(after);
    page.used = ++m_uses;
    const int place = row - head - page.first;
    if (place < page.lines.size())
        return &page.lines[place];
    ask(page);
    return nullptr;
}

std::optional<ActivityRow> ActivityModel::line(int row) const
{
    const ActivityRow *line = row >= 0 && row < rowCount() ? lineAt(row) : nullptr;
    return line ? std::optional(*line) : std::nullopt;
}

QVariant ActivityModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ActivityRow *row = lineAt(index.row());
    if (!row)
        return role == Qt::DisplayRole && index.column() == TimeColumn ? QStringLiteral("…") : QVariant();
    if (role == Qt::DisplayRole)
        return text(*row, index.column());
    if (role == Qt::ToolTipRole)
        return index.column() == TimeColumn ? exactTime(row->at) : text(*row, index.column());
    if (role != IconRole && role != ToneRole)
        return {};
    Mark mark;
    if (index.column() == DecisionColumn)
        mark = decisionMark(row->decision);
    else if (index.column() == OutcomeColumn)
        mark = outcomeMark(row->outcome, isCall(*row));
    return role == IconRole ? QVariant(mark.icon) : QVariant(static_cast<int>(mark.tone));
}

QString ActivityModel::text(const ActivityRow &row, int column) const
{
    switch (column) {
    case TimeColumn: return relativeTime(row.at, m_now());
    case AgentColumn: return foreignText(row.agentName);
    case ToolColumn:
        // A question about a call is an event of its own, though it names the call's tool.
        return isCall(row) || (row.kind == u"call_refused" && !row.tool.isEmpty()) ? toolTitle(row.tool) : eventTitle(row.kind);
    case ProjectColumn: return foreignText(row.projectName);
    case IssueColumn:
        return row.issue.isEmpty() || row.title.isEmpty()
            ? foreignText(row.issue + row.title)
            : QStringLiteral("%1  %2").arg(foreignText(row.issue), foreignText(row.title));
    case DecisionColumn: return decisionMark(row.decision).text;
    case OutcomeColumn: return outcomeMark(row.outcome, isCall(row)).text;
    case DurationColumn: return durationText(row.durationMs);
    default: return {};
    }
}

QVariant ActivityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn: return tr("Time");
    case AgentColumn: return tr("Agent");
    case ToolColumn: return tr("What");
    case ProjectColumn: return tr("Project");
    case IssueColumn: return tr("Issue");
    case DecisionColumn: return tr("Decision");
    case OutcomeColumn: return tr("Outcome");
    case DurationColumn: return tr("Took");
    default: return {};
    }
}

ActivityFilter ActivityModel::pageBefore(qint64 before) const
{
    ActivityFilter filter = m_filter;
    filter.before = before;
    filter.limit = kActivityPage;
    return filter;
}

void ActivityModel::setFilter(const ActivityFilter &filter)
{
    m_filter = filter;
    reload();
}

void ActivityModel::reload()
{
    const int generation = ++m_generation;
    m_loading = true;
    m_readingNewest = false;
    hear(m_gateway.activity(pageBefore(0)), this, [this, generation](const Result<QList<ActivityRow>> &lines) {
        if (generation != m_generation)
            return;
        m_loading = false;
        if (!lines) {
            emit failed(sentenceFor(lines.error()));
            return;
        }
        beginResetModel();
        m_pages.clear();
        m_head = *lines;
        m_end = lines->isEmpty();
        m_oldest = lines->isEmpty() ? 0 : lines->last().seq;
        m_heldBack = 0;
        endResetModel();
        emit heldBackChanged(0);
        emit loaded();
        catchUp();
    });
}

bool ActivityModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_end && !m_loading && !m_head.isEmpty();
}

void ActivityModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_loading = true;
    hear(m_gateway.activity(pageBefore(m_oldest)), this, [this, generation = m_generation](const Result<QList<ActivityRow>> &lines) {
        if (generation != m_generation)
            return;
        m_loading = false;
        if (lines)
            append(*lines);
        else
            emit failed(sentenceFor(lines.error()));
        catchUp();
    });
}

void ActivityModel::append(const QList<ActivityRow> &lines)
{
    if (lines.isEmpty()) {
        m_end = true;
        return;
    }
    const int from = rowCount();
    const int first = from - static_cast<int>(m_head.size());
    const int count = static_cast<int>(lines.size());
    beginInsertRows({}, from, from + count - 1);
    m_pages.push_back({m_oldest, first, count, false, ++m_uses, lines});
    m_oldest = lines.last().seq;
    endInsertRows();
    dropUnused();
}

void ActivityModel::ask(Page &page) const
{
    if (page.asked)
        return;
    page.asked = true;
    auto *self = const_cast<ActivityModel *>(this); // reading on demand is what a view's data() call means here
    ActivityFilter filter = pageBefore(page.before);
    filter.limit = page.count;
    hear(m_gateway.activity(filter), self, [self, before = page.before, generation = m_generation](const Result<QList<ActivityRow>> &lines) {
        if (generation == self->m_generation)
            self->refill(before, lines.value_or(QList<ActivityRow>()));
    });
}

void ActivityModel::refill(qint64 before, const QList<ActivityRow> &lines)
{
    const auto page = std::find_if(m_pages.begin(), m_pages.end(), [&](const Page &one) { return one.before == before; });
    if (page == m_pages.end())
        return;
    page->asked = false;
    if (lines.size() != page->count) {
        reload(); // rows were cut from the journal meanwhile: the counts no longer hold
        return;
    }
    page->lines = lines;
    page->used = ++m_uses;
    const int from = static_cast<int>(m_head.size()) + page->first;
    emit dataChanged(index(from, 0), index(from + page->count - 1, ColumnCount - 1));
    dropUnused();
}

int ActivityModel::pagesInMemory() const
{
    return static_cast<int>(std::count_if(m_pages.begin(), m_pages.end(), [](const Page &page) { return !page.lines.isEmpty(); }));
}

void ActivityModel::dropUnused()
{
    while (pagesInMemory() > kActivityPagesKept) {
        Page *oldest = nullptr;
        for (Page &page : m_pages) {
            if (!page.lines.isEmpty() && (!oldest || page.used < oldest->used))
                oldest = &page;
        }
        oldest->lines.clear();
    }
}

void ActivityModel::splitHead()
{
    while (m_head.size() > 2 * kActivityPage) {
        const qsizetype kept = m_head.size() - kActivityPage;
        Page page{m_head[kept - 1].seq, 0, kActivityPage, false, ++m_uses, m_head.mid(kept)};
        m_head.resize(kept);
        for (Page &older : m_pages)
            older.first += kActivityPage;
        m_pages.insert(m_pages.begin(), std::move(page));
    }
    dropUnused();
}

void ActivityModel::takeNews(const QList<ActivityRow> &rows)
{
    m_newsMeanwhile = m_newsMeanwhile || m_loading; // the page under way may have been read before these
    QList<ActivityRow> fresh;
    for (const ActivityRow &row : rows) {
        if (!replaceKnown(row) && admits(row))
            fresh.append(row);
    }
    if (fresh.isEmpty())
        return;
    // Only the gateway knows what these two filters admit.
    const bool mustAsk = !m_filter.projectId.isEmpty() || !m_filter.text.isEmpty();
    if (m_following && mustAsk) {
        readNewest();
    } else if (m_following) {
        insertNew(fresh);
    } else if (!mustAsk) {
        m_heldBack += static_cast<int>(fresh.size());
        emit heldBackChanged(m_heldBack);
    }
}

bool ActivityModel::admits(const ActivityRow &row) const
{
    const auto fits = [](const QString &wanted, const QString &is) { return wanted.isEmpty() || wanted == is; };
    return fits(m_filter.agentId, row.agentId) && fits(m_filter.tool, row.tool)
        && fits(m_filter.decision, row.decision) && fits(m_filter.outcome, row.outcome);
}

bool ActivityModel::replaceKnown(const ActivityRow &row)
{
    const auto replaceIn = [&](QList<ActivityRow> &lines, int first) {
        const auto place = placeOf(lines, row.seq) - lines.cbegin();
        if (place == lines.size() || lines[place].seq != row.seq)
            return false;
        lines[place] = row;
        const int at = first + static_cast<int>(place);
        emit dataChanged(index(at, 0), index(at, ColumnCount - 1));
        return true;
    };
    if (replaceIn(m_head, 0))
        return true;
    const auto after = std::partition_point(m_pages.begin(), m_pages.end(), [&](const Page &page) { return page.before > row.seq; });
    if (after == m_pages.begin())
        return false;
    Page &page = *std::prev(after);
    return replaceIn(page.lines, static_cast<int>(m_head.size()) + page.first);
}

void ActivityModel::insertNew(QList<ActivityRow> rows)
{
    std::sort(rows.begin(), rows.end(), newer);
    const qint64 top = m_head.isEmpty() ? -1 : m_head.first().seq;
    const auto late = std::find_if(rows.begin(), rows.end(), [&](const ActivityRow &row) { return row.seq <= top; });
    const int count = static_cast<int>(late - rows.begin());
    if (count > 0) {
        beginInsertRows({}, 0, count - 1);
        if (m_head.isEmpty())
            m_oldest = rows[count - 1].seq;
        m_head = rows.first(count) + m_head;
        endInsertRows();
    }
    // A line that fits the filter only now (its outcome came): among the newest it still finds its place.
    for (auto row = late; row != rows.end() && row->seq > m_head.last().seq; ++row) {
        const int at = static_cast<int>(placeOf(m_head, row->seq) - m_head.cbegin());
        beginInsertRows({}, at, at);
        m_head.insert(at, *row);
        endInsertRows();
    }
    splitHead();
}

/// Nobody who reads further down is thrown to the top: they see it when they follow again.
void ActivityModel::fallBehind()
{
    if (m_following)
        reload();
    else
        m_behind = true;
}

void ActivityModel::readNewest()
{
    if (m_readingNewest || m_loading) {
        m_newsMeanwhile = true; // the answer under way may have been made before this line
        return;
    }
    m_readingNewest = true;
    m_newsMeanwhile = false;
    hear(m_gateway.activity(pageBefore(0)), this, [this, generation = m_generation](const Result<QList<ActivityRow>> &lines) {
        if (generation != m_generation)
            return;
        m_readingNewest = false;
        if (!lines)
            return; // the next line asks again
        const qint64 top = m_head.isEmpty() ? -1 : m_head.first().seq;
        QList<ActivityRow> fresh;
        std::copy_if(lines->begin(), lines->end(), std::back_inserter(fresh), [&](const ActivityRow &row) { return row.seq > top; });
        if (fresh.size() == lines->size() && !m_head.isEmpty() && !fresh.isEmpty())
            reload(); // more than a page came meanwhile: what lies between is not known
        else if (!fresh.isEmpty())
            insertNew(fresh);
        catchUp();
    });
}

void ActivityModel::catchUp()
{
    if (m_newsMeanwhile && m_following)
        readNewest();
}

void ActivityModel::setFollowing(bool following)
{
    if (following == m_following)
        return;
    m_following = following;
    if (following && m_heldBack > 0) {
        m_heldBack = 0;
        emit heldBackChanged(0);
    }
    if (following && std::exchange(m_behind, false))
        reload();
    else if (following)
        readNewest();
    emit followingChanged();
}

void ActivityModel::refreshTimes()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, TimeColumn), index(rowCount() - 1, TimeColumn), {Qt::DisplayRole});
}

} // namespace gatehouse::ui
