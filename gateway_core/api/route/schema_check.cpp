// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/schema_check.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <string>
#include <unordered_map>

namespace gatehouse {

namespace {

constexpr int kProblemsShown = 8;

/// valijson names a place as {"<root>", "[\"a\"]", "[0]"}: the JSON Pointer of it.
std::string pointerOf(const std::vector<std::string> &context)
{
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view step = context[i];
        if (step.starts_with("[") && step.ends_with("]"))
            step = step.substr(1, step.size() - 2);
        if (step.starts_with('"') && step.ends_with('"') && step.size() >= 2)
            step = step.substr(1, step.size() - 2);
        pointer.append("/").append(step.substr(0, 64));
    }
    return pointer;
}

} // namespace

struct SchemaCheck::Inside
{
    std::unordered_map<const char *, std::unique_ptr<valijson::Schema>> compiled;

    valijson::Schema &of(std::string_view text)
    {
        auto &schema = compiled[text.data()];
        if (!schema) {
            schema = std::make_unique<valijson::Schema>();
            const Json source = Json::parse(text);
            valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(source), *schema);
        }
        return *schema;
    }
};

SchemaCheck::SchemaCheck()
    : m_inside(std::make_unique<Inside>())
{
}

SchemaCheck::~SchemaCheck() = default;

Result<> SchemaCheck::check(std::string_view schema, const Json &body)
{
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults found;
    if (validator.validate(m_inside->of(schema), valijson::adapters::NlohmannJsonAdapter(body), &found))
        return {};
    Json errors = Json::array();
    valijson::ValidationResults::Error error;
    while (errors.size() < kProblemsShown && found.popError(error))
        errors.push_back({ { "field", pointerOf(error.context) }, { "problem", error.description } });
    return failure(ErrorCode::ValidationFailed, "body", { { "errors", std::move(errors) } });
}

} // namespace gatehouse
