// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/references.h"
#include "gateway_core/calls/tool.h"

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
constexpr std::size_t kItemsMost = 200; // beyond every maxItems of the catalogue
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

const valijson::Schema &compiled(const Tool &tool)
{
    static const std::map<std::string_view, std::unique_ptr<valijson::Schema>> schemas = [] {
        std::map<std::string_view, std::unique_ptr<valijson::Schema>> made;
        for (const Tool &row : toolCatalogue()) {
            const Json plain = withoutCostlyKeywords(row.inputSchema);
            auto schema = std::make_unique<valijson::Schema>();
            valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(plain), *schema);
            made.emplace(row.name, std::move(schema));
        }
        return made;
    }();
    return *schemas.at(tool.name);
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
        problems.push_back({ field, "does not look like " + pattern->get<std::string>() });
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

bool isGoodReference(const std::string &field, const std::string &value)
{
    if (field == "project")
        return isProjectReference(value);
    return (field != "issue" && field != "parent") || isIssueReference(value);
}

/// What valijson is not asked: patterns, formats and doubles, once the sizes are known to be fine.
void checkDetails(const Tool &tool, const Json &arguments, Problems &problems)
{
    const Json &properties = tool.inputSchema.at("properties");
    for (const auto &[field, value] : arguments.items()) {
        const auto schema = properties.find(field);
        if (schema == properties.end())
            continue;
        if (value.is_string() && !isGoodReference(field, value.get_ref<const std::string &>()))
            problems.push_back({ field, "is neither an id nor an identifier such as ENG or ENG-42" });
        else if (value.is_string())
            checkText(*schema, field, value.get_ref<const std::string &>(), problems);
        else if (value.is_array())
            checkItems(*schema, field, value, problems);
    }
}

/// Rules between fields. They are not in the schema because models' function calling takes no
/// top-level anyOf.
void checkTogether(const Tool &tool, const Json &arguments, Problems &problems)
{
    const auto has = [&arguments](const char *field) { return arguments.contains(field); };
    for (const char *whole : { "labels", "assignees" }) {
        if (!tool.inputSchema.at("properties").contains("add")
            || !tool.inputSchema.at("properties").contains(whole))
            continue;
        if (has(whole) && (has("add") || has("remove")))
            problems.push_back({ whole, "goes alone: it replaces the whole list" });
        else if (!has(whole) && !has("add") && !has("remove"))
            problems.push_back({ whole, "or add or remove is needed" });
    }
    if (tool.scope == Scope::IssuesUpdate) {
        bool changes = false;
        for (const auto &[field, value] : arguments.items())
            changes = changes || (field != "issue" && field != "project");
        if (!changes)
            problems.push_back({ "name", "or another field to change is needed" });
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

void checkSchema(const Tool &tool, const Json &arguments, Problems &problems)
{
    try {
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (validator.validate(compiled(tool), valijson::adapters::NlohmannJsonAdapter(arguments), &results))
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

Result<> checkArguments(const Tool &tool, const Json &arguments)
{
    Problems problems;
    if (!arguments.is_object())
        problems.push_back({ "", "is not an object" });
    else if (isTooLarge(arguments))
        problems.push_back({ "", "has too many parts" });
    else
        checkSchema(tool, arguments, problems);
    if (problems.empty())
        checkDetails(tool, arguments, problems);
    if (problems.empty())
        checkTogether(tool, arguments, problems);
    if (problems.empty())
        return {};

    Json told = Json::array();
    for (std::size_t i = 0; i < std::min(problems.size(), kErrorsTold); ++i)
        told.push_back({ { "field", problems[i].field }, { "problem", problems[i].problem } });
    return failure(ErrorCode::ValidationFailed, "arguments of " + std::string(tool.name),
                   { { "errors", told } });
}

} // namespace gatehouse
