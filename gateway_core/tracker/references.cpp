// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/references.h"

#include "gateway_core/tasker/adapter.h"

#include <QString>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 5> kStateGroups{ "backlog", "unstarted", "started", "completed",
                                                        "cancelled" };

bool sameName(const std::string &left, const std::string &right)
{
    const auto folded = [](const std::string &name) {
        return QString::fromStdString(name).normalized(QString::NormalizationForm_C).toCaseFolded();
    };
    return folded(left) == folded(right);
}

tl::unexpected<Error> wrongReference(const std::string &field, const char *problem)
{
    const Json told = Json::array({ { { "field", field }, { "problem", problem } } });
    return failure(ErrorCode::ValidationFailed, field + ' ' + problem, { { "errors", told } });
}

Result<std::string> idNamed(const Json &entries, const char *nameField, const std::string &reference,
                            const std::string &field)
{
    std::string found;
    for (const Json &entry : entries) {
        if (entry.at("id") == reference)
            return reference;
        if (!sameName(entry.value(nameField, std::string()), reference))
            continue;
        if (!found.empty())
            return wrongReference(field, "names more than one thing in this project: use its id");
        found = entry.at("id").get<std::string>();
    }
    if (found.empty())
        return wrongReference(field, "names nothing in this project");
    return found;
}

} // namespace

bool isProjectReference(std::string_view text)
{
    return adapter::checkId(text, "project") || projectIdentifier(text);
}

bool isIssueReference(std::string_view text)
{
    return adapter::checkId(text, "issue") || asIdentifier(text);
}

bool isUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

bool isStateGroup(std::string_view text)
{
    return std::ranges::find(kStateGroups, text) != kStateGroups.end();
}

Result<std::string> stateId(const Json &context, const std::string &reference)
{
    if (isUuid(reference))
        return reference;
    const Json &states = context.at("states");
    const auto named = idNamed(states, "name", reference, "state");
    if (named || !isStateGroup(reference))
        return named;
    const Json *first = nullptr;
    for (const Json &state : states) {
        if (state.at("group") != reference)
            continue;
        if (state.value("default", false))
            return state.at("id").get<std::string>();
        if (!first || state.value("sequence", 0.0) < first->value("sequence", 0.0))
            first = &state;
    }
    if (!first)
        return wrongReference("state", "names nothing in this project");
    return first->at("id").get<std::string>();
}

Result<std::vector<std::string>> idsOf(const Json &context, const char *list, const Json &references,
                                       const std::string &field)
{
    const char *nameField = std::string_view(list) == "members" ? "display_name" : "name";
    std::vector<std::string> ids;
    for (const Json &reference : references) {
        const auto text = reference.get<std::string>();
        const auto id
            = isUuid(text) ? Result<std::string>(text) : idNamed(context.at(list), nameField, text, field);
        if (!id)
            return tl::unexpected<Error>(id.error());
        if (std::ranges::find(ids, *id) == ids.end())
            ids.push_back(*id);
    }
    return ids;
}

} // namespace gatehouse
