// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/call_filter.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/wire.h"

#include <QString>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace gatehouse {

namespace {

constexpr std::size_t kFilterTextMost = 256;
constexpr std::size_t kWordsMost = 8; // as many as the text index is asked for

struct TextFilter
{
    std::string_view name;
    std::string CallFilter::*member;
};
constexpr std::array kTextFilters{
    TextFilter{ "agent_id", &CallFilter::agentId },  TextFilter{ "client_id", &CallFilter::clientId },
    TextFilter{ "tool", &CallFilter::tool },         TextFilter{ "project_id", &CallFilter::projectId },
    TextFilter{ "decision", &CallFilter::decision }, TextFilter{ "outcome", &CallFilter::outcome },
    TextFilter{ "kind", &CallFilter::kind },         TextFilter{ "text", &CallFilter::text },
};

struct FieldFilter
{
    std::string CallFilter::*wanted;
    std::string CallRow::*field;
};
constexpr std::array kFieldFilters{
    FieldFilter{ &CallFilter::agentId, &CallRow::agentId },
    FieldFilter{ &CallFilter::clientId, &CallRow::clientId },
    FieldFilter{ &CallFilter::tool, &CallRow::tool },
    FieldFilter{ &CallFilter::projectId, &CallRow::projectId },
    FieldFilter{ &CallFilter::decision, &CallRow::decision },
    FieldFilter{ &CallFilter::outcome, &CallRow::outcome },
};

/// Lower case and without accents, as the text index has them (unicode61).
std::vector<QString> wordsOf(const std::string &text)
{
    std::vector<QString> words;
    QString word;
    for (const QChar c : QString::fromStdString(text).normalized(QString::NormalizationForm_KD)) {
        if (c.isMark())
            continue;
        if (c.isLetterOrNumber()) {
            word += c.toCaseFolded();
        } else if (!word.isEmpty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    if (!word.isEmpty())
        words.push_back(std::move(word));
    return words;
}

bool hasWords(const std::string &typed, const CallRow &line)
{
    auto wanted = wordsOf(typed);
    wanted.resize(std::min(wanted.size(), kWordsMost));
    const auto there = wordsOf(line.text);
    return !wanted.empty() && std::ranges::all_of(wanted, [&there](const QString &word) {
        return std::ranges::any_of(there, [&word](const QString &other) { return other.startsWith(word); });
    });
}

} // namespace

Result<CallFilter> callFilterOf(const HttpRequest &request)
{
    CallFilter filter;
    for (const auto &[name, member] : kTextFilters) {
        filter.*member = request.queryValue(name);
        if ((filter.*member).size() > kFilterTextMost)
            return tl::unexpected<Error>(fieldProblem(name, "too long"));
    }
    for (const auto &[name, member] :
         { std::pair{ "from", &CallFilter::from }, std::pair{ "to", &CallFilter::to } }) {
        const std::string text = request.queryValue(name);
        if (text.empty())
            continue;
        filter.*member = wire::timeOf(text);
        if (!(filter.*member))
            return tl::unexpected<Error>(fieldProblem(name, "not a date-time with an offset"));
    }
    return filter;
}

bool passes(const CallFilter &filter, const CallRow &line, std::string_view recorded)
{
    const bool equal = std::ranges::all_of(kFieldFilters, [&](const FieldFilter &row) {
        return (filter.*row.wanted).empty() || filter.*row.wanted == line.*row.field;
    });
    return equal && (filter.kind.empty() || filter.kind == line.kind || filter.kind == recorded)
        && (!filter.from || line.at >= *filter.from) && (!filter.to || line.at < *filter.to)
        && (filter.text.empty() || hasWords(filter.text, line));
}

} // namespace gatehouse
