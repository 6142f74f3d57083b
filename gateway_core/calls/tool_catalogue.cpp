// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/tool_catalogue.h"

#include <QDate>
#include <QDateTime>
#include <QRegularExpression>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace gatehouse {

namespace {

constexpr std::size_t kErrorsTold = 8;
constexpr std::size_t kItemsMost = 200; // beyond every maxItems of a tool
constexpr std::size_t kFieldsMost = 64;

struct Problem
{
    std::string field;
    std::string problem;
};
using Problems = std::vector<Problem>;

/// Keywords that the library would check in a way that hostile input can turn against us: std::regex
/// recurses once per character, uniqueItems compares each with each before maxItems is looked at.
/// checkText() and checkItems() do their work.
Json withoutCostlyKeywords(Json schema)
{
    if (schema.is_object()) {
        schema.erase("pattern");
        schema.erase("format");
        schema.erase("uniqueItems");
        for (auto &[name, value] : schema.items())
            value = withoutCostlyKeywords(std::move(value));
    } else if (schema.is_array()) {
        for (auto &value : schema)
            value = withoutCostlyKeywords(std::move(value));
    }
    return schema;
}

bool fitsPattern(const std::string &pattern, const std::string &value)
{
    static std::map<std::string, QRegularExpression> known;
    auto found = known.find(pattern);
    if (found == known.end()) {
        // Anchored again: a plain $ would let a line break through at the end.
        const QString whole = QRegularExpression::anchoredPattern(QString::fromStdString(pattern));
        found = known.emplace(pattern, QRegularExpression(whole)).first;
    }
    return found->second.match(QString::fromStdString(value)).hasMatch();
}

bool fitsFormat(const std::string &format, const std::string &value)
{
    const QString text = QString::fromStdString(value);
    if (format == "date")
        return text.size() == 10 && QDate::fromString(text, Qt::ISODate).isValid();
    const QDateTime moment = QDateTime::fromString(text, Qt::ISODateWithMs);
    return moment.isValid() && moment.timeSpec() != Qt::LocalTime;
}

void checkText(const Json &schema, const std::string &field, const std::string &value, Problems &problems)
{
    const auto pattern = schema.find("pattern");
    if (pattern != schema.end() && !fitsPattern(pattern->get<std::string>(), value))
        problems.push_back({ field, "is not of the form that its description gives" });
    const auto format = schema.find("format");
    if (format != schema.end() && !fitsFormat(format->get<std::string>(), value))
        problems.push_back({ field, "is not a " + format->get<std::string>() });
    if (value.find('\0') != std::string::npos)
        problems.push_back({ field, "holds a NUL character" });
}

void checkItems(const Json &schema, const std::string &field, const Json &items, Problems &problems)
{
    if (!schema.value("uniqueItems", false))
        return;
    std::set<std::string> seen;
    for (const Json &item : items) {
        if (item.is_string() && !seen.insert(item.get<std::string>()).second) {
            problems.push_back({ field, "names something twice" });
            return;
        }
    }
}

/// What valijson is not asked: patterns, formats and doubles, once the sizes are known to be fine.
void checkDetails(const Tool &tool, const Json &arguments, Problems &problems)
{
    const Json &properties = tool.inputSchema.at("properties");
    for (const auto &[field, value] : arguments.items()) {
        const auto schema = properties.find(field);
        if (schema == properties.end())
            continue;
        if (value.is_string())
            checkText(*schema, field, value.get_ref<const std::string &>(), problems);
        else if (value.is_array())
            checkItems(*schema, field, value, problems);
    }
}

/// "<root>[labels][0]" as "labels[0]".
std::string fieldOf(const std::vector<std::string> &context)
{
    std::string field;
    for (std::size_t i = 1; i < context.size(); ++i)
        field += field.empty() ? context[i].substr(1, context[i].size() - 2) : context[i];
    return field;
}

bool isTooLarge(const Json &value)
{
    if (value.size() > (value.is_object() ? kFieldsMost : kItemsMost))
        return value.is_structured();
    return value.is_structured()
        && std::ranges::any_of(value, [](const Json &inner) { return isTooLarge(inner); });
}

void checkSchema(const valijson::Schema &schema, const Json &arguments, Problems &problems)
{
    try {
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(arguments), &results))
            return;
        for (const auto &error : results)
            problems.push_back({ fieldOf(error.context), error.description });
    } catch (const std::exception &) {
        problems.push_back({ "", "could not be checked" });
    }
    if (problems.empty())
        problems.push_back({ "", "does not fit the tool's input schema" });
}

} // namespace

struct ToolCatalogue::Schemas
{
    std::map<const Tool *, valijson::Schema> byTool;
};

ToolCatalogue::ToolCatalogue(const std::vector<std::span<const Tool>> &families)
    : m_schemas(std::make_unique<Schemas>())
{
    for (const auto family : families) {
        for (const Tool &tool : family) {
            if (find(tool.name))
                qFatal("two tools of one name: %s", std::string(tool.name).c_str());
            const Json plain = withoutCostlyKeywords(tool.inputSchema);
            valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(plain),
                                                    m_schemas->byTool[&tool]);
            m_tools.push_back(&tool);
        }
    }
}

ToolCatalogue::~ToolCatalogue() = default;

const Tool *ToolCatalogue::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_tools, name, &Tool::name);
    return found == m_tools.end() ? nullptr : *found;
}

Result<> ToolCatalogue::check(const Tool &tool, const Json &arguments) const
{
    Problems problems;
    if (!arguments.is_object())
        problems.push_back({ "", "is not an object" });
    else if (isTooLarge(arguments))
        problems.push_back({ "", "has too many parts" });
    else
        checkSchema(m_schemas->byTool.at(&tool), arguments, problems);
    if (problems.empty())
        checkDetails(tool, arguments, problems);
    if (problems.empty())
        return {};

    Json told = Json::array();
    for (std::size_t i = 0; i < std::min(problems.size(), kErrorsTold); ++i)
        told.push_back({ { "field", problems[i].field }, { "problem", problems[i].problem } });
    return failure(ErrorCode::ValidationFailed, "arguments of " + std::string(tool.name),
                   { { "errors", told } });
}

} // namespace gatehouse
