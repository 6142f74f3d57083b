// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/finding.h"

#include "app/gatehousectl/printing.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kWeightWidth = 9;
constexpr std::size_t kCheckWidth = 11;

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

} // namespace

Finding fine(std::string check, std::string what)
{
    return { std::move(check), Severity::Fine, std::move(what), {} };
}

Finding warning(std::string check, std::string what, std::string fix)
{
    return { std::move(check), Severity::Warning, std::move(what), std::move(fix) };
}

Finding problem(std::string check, std::string what, std::string fix)
{
    return { std::move(check), Severity::Problem, std::move(what), std::move(fix) };
}

std::string_view nameOf(Severity weight)
{
    switch (weight) {
    case Severity::Fine: return "ok";
    case Severity::Warning: return "warning";
    case Severity::Problem: return "problem";
    }
    return "";
}

Exit exitOf(const std::vector<Finding> &findings)
{
    const auto worst = std::ranges::max_element(findings, {}, &Finding::weight);
    if (worst == findings.end() || worst->weight == Severity::Fine)
        return Exit::Done;
    return worst->weight == Severity::Warning ? Exit::Warned : Exit::ProblemsFound;
}

Json toJson(const Finding &finding)
{
    return { { "check", finding.check },
             { "result", nameOf(finding.weight) },
             { "what", finding.what },
             { "fix", finding.fix.empty() ? Json(nullptr) : Json(finding.fix) } };
}

std::string shown(const Finding &finding)
{
    std::string text = padded(std::string(nameOf(finding.weight)), kWeightWidth)
        + padded(finding.check, kCheckWidth) + visible(finding.what) + '\n';
    if (!finding.fix.empty())
        text += std::string(kWeightWidth + kCheckWidth, ' ') + "-> " + visible(finding.fix) + '\n';
    return text;
}

} // namespace gatehouse
