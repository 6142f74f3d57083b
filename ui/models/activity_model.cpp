// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activity_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/display_names.h"
#include "ui/models/yes_text.h"

#include <QLocale>

#include <algorithm>
#include <array>

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
    , m_search(gateway)
{
    m_filter.limit = kActivityPage;
    connect(&m_search, &ActivitySearch::found, this, &ActivityModel::takeFound);
    connect(&m_search, &ActivitySearch::changed, this, &ActivityModel::searchChanged);
    connect(&m_search, &ActivitySearch::failed, this,
            [this](const Error &error) { emit failed(sentenceFor(error)); });
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
        if (row.refusals > 0)
            return refusalsText(row);
        // A question about a call is an event of its own, though it names the call's tool.
        return isCall(row) || (row.kind == u"call_refused" && !row.tool.isEmpty()) ? toolTitle(row.tool)
                                                                                   : eventTitle(row.kind);
    case ProjectColumn: return foreignText(row.projectName);
    case IssueColumn:
        return row.issue.isEmpty() || row.title.isEmpty()
            ? foreignText(row.issue + row.title)
            : QStringLiteral("%1  %2").arg(foreignText(row.issue), foreignText(row.title));
    case DecisionColumn:
        return row.yesGivenAt && row.decision == u"allowed" ? allowedByText(*row.yesGivenAt, row.at)
                                                            : decisionMark(row.decision).text;
    case OutcomeColumn: return outcomeMark(row.outcome, isCall(row)).text;
    case DurationColumn: return durationText(row.durationMs);
    default: return {};
    }
}

QString ActivityModel::refusalsText(const ActivityRow &row)
{
    if (row.refusals <= 0)
        return {};
    const QString count = tr("%n refusal(s)", nullptr, row.refusals);
    QStringList tools;
    for (const auto &[tool, times] : row.refusedTools)
        tools += QStringLiteral("%1 %2").arg(tool == u"…" ? tr("other tools") : toolTitle(tool),
                                             QLocale().toString(times));
    return tools.isEmpty()
        ? count
        : tr("%1: %2", "how many, of which tools").arg(count, tools.join(QStringLiteral(", ")));
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

void ActivityModel::setFilter(const ActivityFilter &filter)
{
    m_filter = filter;
    m_filter.limit = kActivityPage;
    reload();
}

void ActivityModel::reload()
{
    ++m_generation;
    m_starting = true;
    m_readingNews = false;
    m_newsFrom.reset();
    m_search.begin(m_filter);
}

bool ActivityModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && rowCount() > 0 && m_search.state() == ActivitySearch::State::Rested;
}

void ActivityModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        m_search.goOn();
}

bool ActivityModel::isSearching() const
{
    return m_search.state() == ActivitySearch::State::Running && m_search.isLong();
}

bool ActivityModel::isFiltered() const
{
    const std::array all{ m_filter.agentId,  m_filter.clientId, m_filter.tool, m_filter.projectId,
                          m_filter.decision, m_filter.outcome,  m_filter.text };
    return m_filter.from
        || std::any_of(all.begin(), all.end(), [](const QString &one) { return !one.isEmpty(); });
}

QString ActivityModel::emptySentence() const
{
    if (!isFiltered())
        return tr("No calls yet. They show here the moment an agent makes one.");
    switch (m_search.state()) {
    case ActivitySearch::State::Running: return tr("Searching…");
    case ActivitySearch::State::Rested:
    case ActivitySearch::State::Stopped: return tr("Nothing found so far.");
    case ActivitySearch::State::Done: break;
    }
    const QString way = m_search.progress();
    const QString nothing = tr("Nothing fits these filters. Clear them to see everything.");
    return way.isEmpty() ? nothing : nothing + u'\n' + way;
}

void ActivityModel::takeFound(const QList<ActivityRow> &lines, qint64 before)
{
    if (std::exchange(m_starting, false))
        startAnew(lines);
    else
        append(lines, before);
    if (m_following)
        readNews();
}

void ActivityModel::startAnew(const QList<ActivityRow> &lines)
{
    beginResetModel();
    m_pages.clear();
    m_head = lines;
    m_heldBack = 0;
    endResetModel();
    emit heldBackChanged(0);
    emit loaded();
}

/// Few lines of many reads gather in the head, or in the last page, until it has its size.
void ActivityModel::append(const QList<ActivityRow> &lines, qint64 before)
{
    if (lines.isEmpty())
        return;
    const int from = rowCount();
    const int first = from - static_cast<int>(m_head.size());
    const int count = static_cast<int>(lines.size());
    beginInsertRows({}, from, from + count - 1);
    if (m_pages.empty() && m_head.size() + count <= kActivityPage) {
        m_head += lines;
    } else if (!m_pages.empty() && !m_pages.back().lines.isEmpty()
               && m_pages.back().count + count <= kActivityPage) {
        m_pages.back().lines += lines;
        m_pages.back().count += count;
    } else {
        m_pages.push_back({ before, first, count, false, ++m_uses, lines });
    }
    endInsertRows();
    dropUnused();
}

void ActivityModel::ask(Page &page) const
{
    if (std::exchange(page.asked, true))
        return;
    // Reading on demand is what a view's data() call means here.
    const_cast<ActivityModel *>(this)->readAgain(page.before, page.before, {});
}

void ActivityModel::readAgain(qint64 key, qint64 before, const QList<ActivityRow> &soFar)
{
    const auto page
        = std::find_if(m_pages.begin(), m_pages.end(), [&](const Page &one) { return one.before == key; });
    if (page == m_pages.end())
        return;
    ActivityFilter filter = m_filter;
    filter.before = before;
    filter.limit = page->count - static_cast<int>(soFar.size());
    hear(m_gateway.activity(filter), this,
         [=, this, generation = m_generation](const Result<ActivityFound> &found) {
             if (generation != m_generation)
                 return;
             const QList<ActivityRow> lines = found ? soFar + found->lines : soFar;
             const auto asking = std::find_if(m_pages.begin(), m_pages.end(),
                                              [&](const Page &one) { return one.before == key; });
             if (asking == m_pages.end())
                 return;
             if (found && found->nextBefore && lines.size() < asking->count)
                 readAgain(key, *found->nextBefore, lines);
             else
                 refill(*asking, lines);
         });
}

void ActivityModel::refill(Page &page, const QList<ActivityRow> &lines)
{
    page.asked = false;
    if (lines.size() != page.count) {
        reload(); // rows were cut from the journal meanwhile: the counts no longer hold
        return;
    }
    page.lines = lines;
    page.used = ++m_uses;
    const int from = static_cast<int>(m_head.size()) + page.first;
    emit dataChanged(index(from, 0), index(from + page.count - 1, ColumnCount - 1));
    dropUnused();
}

int ActivityModel::pagesInMemory() const
{
    return static_cast<int>(std::count_if(m_pages.begin(), m_pages.end(),
                                          [](const Page &page) { return !page.lines.isEmpty(); }));
}

void ActivityModel::dropUnused()
{
    // What fell out of memory already comes last.
    const auto lastUse = [](const Page &page) { return std::pair(page.lines.isEmpty(), page.used); };
    while (pagesInMemory() > kActivityPagesKept)
        std::ranges::min_element(m_pages, {}, lastUse)->lines.clear();
}

void ActivityModel::splitHead()
{
    while (m_head.size() > 2 * kActivityPage) {
        const qsizetype kept = m_head.size() - kActivityPage;
        Page page{ m_head[kept - 1].seq, 0, kActivityPage, false, ++m_uses, m_head.mid(kept) };
        m_head.resize(kept);
        for (Page &older : m_pages)
            older.first += kActivityPage;
        m_pages.insert(m_pages.begin(), std::move(page));
    }
    dropUnused();
}

void ActivityModel::takeNews(const QList<ActivityRow> &rows)
{
    QList<ActivityRow> fresh;
    for (const ActivityRow &row : rows) {
        if (!replaceKnown(row) && admits(row))
            fresh.append(row);
    }
    if (fresh.isEmpty())
        return;
    // Only the gateway knows what these two filters admit.
    const bool mustAsk = !m_filter.projectId.isEmpty() || !m_filter.text.isEmpty();
    if (m_following && !mustAsk && !m_starting)
        return insertNew(fresh);
    // The read under way may have been made before these.
    for (const ActivityRow &row : fresh)
        m_newsFrom = std::min(m_newsFrom.value_or(row.seq), row.seq);
    if (m_following)
        return readNews();
    if (!mustAsk) {
        m_heldBack += static_cast<int>(fresh.size());
        emit heldBackChanged(m_heldBack);
    }
}

bool ActivityModel::admits(const ActivityRow &row) const
{
    const auto fits
        = [](const QString &wanted, const QString &is) { return wanted.isEmpty() || wanted == is; };
    return fits(m_filter.agentId, row.agentId) && fits(m_filter.clientId, row.clientId)
        && fits(m_filter.tool, row.tool) && fits(m_filter.decision, row.decision)
        && fits(m_filter.outcome, row.outcome) && (!m_filter.from || row.at >= *m_filter.from);
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
    const auto after = std::partition_point(m_pages.begin(), m_pages.end(),
                                            [&](const Page &page) { return page.before > row.seq; });
    if (after == m_pages.begin())
        return false;
    Page &page = *std::prev(after);
    return replaceIn(page.lines, static_cast<int>(m_head.size()) + page.first);
}

void ActivityModel::insertNew(QList<ActivityRow> rows)
{
    // What the search has not come to yet, it will find.
    rows.removeIf([this](const ActivityRow &row) { return row.seq < m_search.reached(); });
    std::sort(rows.begin(), rows.end(), newer);
    const qint64 top = m_head.isEmpty() ? -1 : m_head.first().seq;
    const auto late
        = std::find_if(rows.begin(), rows.end(), [&](const ActivityRow &row) { return row.seq <= top; });
    const int count = static_cast<int>(late - rows.begin());
    if (count > 0) {
        beginInsertRows({}, 0, count - 1);
        m_head = rows.first(count) + m_head;
        endInsertRows();
    }
    // A line that fits the filter only now (its outcome came): among the newest it still finds its place.
    for (auto row = late; row != rows.end() && (m_pages.empty() || row->seq > m_head.last().seq); ++row) {
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

void ActivityModel::readNews()
{
    if (!m_newsFrom || m_readingNews || m_starting)
        return;
    m_readingNews = true;
    ActivityFilter filter = m_filter;
    filter.after = *std::exchange(m_newsFrom, std::nullopt) - 1;
    hear(m_gateway.activity(filter), this,
         [this, generation = m_generation, from = filter.after + 1](const Result<ActivityFound> &found) {
             if (generation != m_generation)
                 return;
             m_readingNews = false;
             if (!found) {
                 m_newsFrom = std::min(from, m_newsFrom.value_or(from)); // the next line asks again
                 return;
             }
             if (found->nextBefore)
                 return reload(); // more than a page came meanwhile: what lies between is not known
             QList<ActivityRow> fresh;
             std::copy_if(found->lines.begin(), found->lines.end(), std::back_inserter(fresh),
                          [this](const ActivityRow &row) { return !replaceKnown(row); });
             insertNew(fresh);
             if (m_following)
                 readNews();
         });
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
        readNews();
    emit followingChanged();
}

void ActivityModel::refreshTimes()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, TimeColumn), index(rowCount() - 1, TimeColumn), { Qt::DisplayRole });
}

} // namespace gatehouse::ui
