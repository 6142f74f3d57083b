// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/json.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// What stands behind a command's words: positional arguments in order, options by name.
struct Arguments
{
    std::vector<std::string> words;
    std::map<std::string, std::string, std::less<>> options; ///< a flag has an empty value

    [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
    [[nodiscard]] std::string option(std::string_view name) const
    {
        const auto found = options.find(name);
        return found == options.end() ? std::string() : found->second;
    }
};

/// Which page of a list is wanted: `list` is a member of the answer.
struct Pages
{
    std::string_view list;
    std::string limit, cursor;
};

/// One request to an owner route. `{agent}` and `{project}` in target and body are looked up by name first.
struct Ask
{
    std::string method;
    std::string target;
    Json body = nullptr; ///< null: none
    std::string agent; ///< an id or a display name
    std::string project; ///< an id, an identifier such as ENG, or *
    std::optional<Pages> pages; ///< asked for again and again until the page is full (gathering.h)
};

struct Column
{
    std::string_view title;
    std::string_view pointer; ///< JSON Pointer inside the row
};

/// How an answer is shown: rows of `list` under these columns; without a list, one `name: value` a line.
struct Shape
{
    std::string_view list;
    std::span<const Column> columns;
    std::string_view mustBeTrue = {}; ///< a member that must be true, else the command ends as refused
    bool fieldsToo = false; ///< the answer's other members stand above the rows
};

/// An option of one command: `--name VALUE`, or a flag where `value` is empty.
struct CommandOption
{
    std::string_view name;
    std::string_view value;
    std::string_view summary;
};

/// One row of the table that is gatehousectl.
struct Command
{
    std::string_view words; ///< "agents create"
    std::string_view arguments; ///< "NAME"; [NAME] may be left out
    std::string_view summary;
    Ask (*ask)(
        const Arguments &arguments); ///< null: done here, without the gateway's owner routes (main.cpp)
    Shape shape;
    std::span<const CommandOption> options;
    std::string_view
        secret; ///< body member read from standard input or --secret-fd, never from argv; empty: none
};

[[nodiscard]] std::span<const Command> commands();

/// What the program ends with; printed by --help, so that scripts can lean on it.
enum class Exit {
    Done = 0,
    Refused = 1,
    Usage = 2,
    NotReachable = 3,
    StepUpNeeded = 4,
    NoToken = 5,
    Warned = 6, ///< doctor: a warning was the worst
    ProblemsFound = 7, ///< doctor: a problem was found
    Interrupted = 130, ///< Ctrl-C during a search, as a shell counts it; what was found is printed
};

} // namespace gatehouse
