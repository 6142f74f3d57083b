// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/layering/layering_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <span>
#include <sstream>

namespace gatehouse::layering {

namespace {

using Names = std::vector<std::string_view>;

/// A folder, and the only folders of ours that its files may include besides itself.
struct Room
{
    std::string_view folder;
    Names mayInclude;
};

const std::array kRooms{
    Room{ "gateway_core/base", {} },
    Room{ "gateway_core/port", { "gateway_core/base" } },
    Room{ "gateway_core/storage", { "gateway_core/base" } },
    Room{ "gateway_core/secrets", { "gateway_core/base" } },
    Room{ "gateway_core/audit", { "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/identity",
          { "gateway_core/audit", "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/grants",
          { "gateway_core/identity", "gateway_core/audit", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/tasker", { "gateway_core/secrets", "gateway_core/base" } },
    Room{ "gateway_core/calls",
          { "gateway_core/identity", "gateway_core/grants", "gateway_core/audit", "gateway_core/secrets",
            "gateway_core/storage", "gateway_core/base" } },
    // A family: the pipeline knows its port and not its name.
    Room{ "gateway_core/tracker",
          { "gateway_core/calls", "gateway_core/grants", "gateway_core/identity", "gateway_core/tasker",
            "gateway_core/base" } },
    Room{ "gateway_core/owner",
          { "gateway_core/calls", "gateway_core/identity", "gateway_core/grants", "gateway_core/audit",
            "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/http", { "gateway_core/base" } },
    // From the wire inwards: each knows those before it.
    Room{ "gateway_core/api/route",
          { "gateway_core/owner", "gateway_core/http", "gateway_core/tracker", "gateway_core/calls",
            "gateway_core/identity", "gateway_core/grants", "gateway_core/audit", "gateway_core/tasker",
            "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/api/oauth",
          { "gateway_core/api/route", "gateway_core/owner", "gateway_core/http", "gateway_core/tracker",
            "gateway_core/calls", "gateway_core/identity", "gateway_core/grants", "gateway_core/audit",
            "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/api/agent",
          { "gateway_core/api/route", "gateway_core/owner", "gateway_core/http", "gateway_core/tracker",
            "gateway_core/calls", "gateway_core/identity", "gateway_core/grants", "gateway_core/audit",
            "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/api/owner",
          { "gateway_core/api/route", "gateway_core/owner", "gateway_core/http", "gateway_core/tracker",
            "gateway_core/calls", "gateway_core/identity", "gateway_core/grants", "gateway_core/audit",
            "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "gateway_core/api/mcp",
          { "gateway_core/api/route", "gateway_core/api/agent", "gateway_core/owner", "gateway_core/http",
            "gateway_core/tracker", "gateway_core/calls", "gateway_core/identity", "gateway_core/grants",
            "gateway_core/audit", "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage",
            "gateway_core/base" } },
    Room{ "gateway_core/api/documents",
          { "gateway_core/api/route", "gateway_core/api/mcp", "gateway_core/owner", "gateway_core/http",
            "gateway_core/tracker", "gateway_core/calls", "gateway_core/identity", "gateway_core/grants",
            "gateway_core/audit", "gateway_core/tasker", "gateway_core/secrets", "gateway_core/storage",
            "gateway_core/base" } },
    Room{ "gateway_core/api",
          { "gateway_core/owner", "gateway_core/http", "gateway_core/tracker", "gateway_core/calls",
            "gateway_core/identity", "gateway_core/grants", "gateway_core/audit", "gateway_core/tasker",
            "gateway_core/secrets", "gateway_core/storage", "gateway_core/base" } },
    Room{ "ui/models", { "gateway_core/port", "gateway_core/base" } },
    Room{ "ui", { "gateway_core/port", "gateway_core/base" } },
    Room{ "app/client", { "gateway_core/secrets", "gateway_core/base" } },
    Room{
        "app/gatehouse-mcp",
        { "app/client", "app/places.h", "app/codex_entry.h", "gateway_core/secrets", "gateway_core/base" } },
    Room{ "app/gatehousectl",
          { "app/client", "app/places.h", "app/quit_signals.h", "gateway_core/audit", "gateway_core/tasker",
            "gateway_core/secrets", "gateway_core/base",
            // doctor: who holds a port
            "gateway_core/http/peer_lookup.h", "gateway_core/http/socket_diag.h" } },
    // The composition root is the one place that knows everything.
    Room{ "app/gatehouse", { "app", "gateway_core", "ui" } },
    Room{ "app", { "gateway_core/base" } },
};

/// Words that are banned in a folder, with the reason.
struct Ban
{
    std::string_view folder;
    std::regex pattern;
    std::string_view reason;
};

const std::array kBans{
    Ban{ "gateway_core", std::regex(R"(\btr\(|QCoreApplication::translate)"),
         "the core has no words: sentences belong to ui/" },
    Ban{
        "gateway_core",
        std::regex(
            R"(BlockingQueuedConnection|processEvents|\bwaitFor(Connected|Disconnected|Encrypted|ReadyRead|BytesWritten|Started|Finished|NewConnection)\(|sleep_for|QThread::m?sleep)"),
        "the core never waits in place" },
    Ban{ "gateway_core", std::regex(R"(\bQMutex\b|std::mutex)"), "no mutex outside storage/" },
};

/// Qt's modules by what their class headers start with; the core and the models have no face.
const std::regex kFace(
    R"(^(QtGui|QtWidgets|QtSvg|QtSvgWidgets|QtQuick|QtQml)/)"
    R"(|^Q(Widget|Application|GuiApplication|Dialog|MessageBox|MainWindow|Window|Screen|Icon|Pixmap|Image|)"
    R"(Painter|Color|Font|Palette|Style|Label|PushButton|LineEdit|TableView|TreeView|ListView|HeaderView|)"
    R"(BoxLayout|VBoxLayout|HBoxLayout|FormLayout|GridLayout|StackedWidget|SystemTrayIcon|Menu|Action|)"
    R"(Clipboard|DesktopServices|SvgRenderer|TextDocument|Validator|KeySequence|Shortcut)$)");

bool isUnder(std::string_view file, std::string_view folder)
{
    return file == folder || (file.starts_with(folder) && file.substr(folder.size()).starts_with('/'));
}

const Room *roomOf(std::string_view file)
{
    const Room *best = nullptr;
    for (const Room &room : kRooms) {
        if (isUnder(file, room.folder) && (!best || room.folder.size() > best->folder.size()))
            best = &room;
    }
    return best;
}

bool isOurs(std::string_view header)
{
    return header.starts_with("gateway_core/") || header.starts_with("ui/") || header.starts_with("app/")
        || header.starts_with("tests/");
}

/// Empty: allowed.
std::string refusalOf(std::string_view file, const Room &room, std::string_view header)
{
    const bool faceless = isUnder(file, "gateway_core") || isUnder(file, "ui/models")
        || isUnder(file, "app/client") || isUnder(file, "app/gatehouse-mcp")
        || isUnder(file, "app/gatehousectl");
    if (faceless && std::regex_search(std::string(header), kFace))
        return "includes the face of Qt: Core and Network only";
    if (isUnder(file, "gateway_core/storage") && header.size() > 1 && header[0] == 'Q'
        && std::isupper(static_cast<unsigned char>(header[1])))
        return "includes Qt: storage/ is free of it, so that ThreadSanitizer tells the truth";
    if (!isOurs(header) || isUnder(header, room.folder))
        return {};
    if (std::ranges::any_of(room.mayInclude,
                            [&](std::string_view allowed) { return isUnder(header, allowed); }))
        return {};
    std::string may;
    for (const std::string_view allowed : room.mayInclude)
        may += (may.empty() ? "" : ", ") + std::string(allowed);
    return std::string(room.folder) + " may include only " + (may.empty() ? "nothing of ours" : may);
}

std::string_view withoutComment(std::string_view line)
{
    return line.substr(0, line.find("//"));
}

} // namespace

std::vector<Violation> violationsIn(const std::string &file, std::string_view text)
{
    static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Violation> found;
    const Room *room = roomOf(file);
    if (!room) {
        found.push_back({ file, 1, "stands in a folder that no rule names; add it to layering_rules.cpp" });
        return found;
    }
    std::istringstream lines{ std::string(text) };
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::smatch match;
        if (std::regex_search(line, match, kInclude)) {
            const std::string header = match[1];
            if (const auto refusal = refusalOf(file, *room, header); !refusal.empty())
                found.push_back({ file, number, "#include \"" + header + "\": " + refusal });
            continue;
        }
        const std::string code(withoutComment(line));
        for (const Ban &ban : kBans) {
            if (isUnder(file, ban.folder) && !isUnder(file, "gateway_core/storage")
                && std::regex_search(code, match, ban.pattern))
                found.push_back({ file, number, "`" + match.str() + "`: " + std::string(ban.reason) });
        }
    }
    return found;
}

std::vector<std::string> linkViolations(std::string_view graph)
{
    std::vector<std::string> found;
    std::istringstream lines{ std::string(graph) };
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string target;
        words >> target;
        target = target.substr(0, target.find(':'));
        const bool faceless = target != "gatehouse";
        std::string library;
        while (words >> library) {
            const bool test = library == "Qt6::Test" || library.find("contract_tasker") != std::string::npos
                || library.find("contract-tasker") != std::string::npos
                || library.find("test_support") != std::string::npos;
            const bool face = library == "Qt6::Gui" || library == "Qt6::Widgets" || library == "Qt6::Svg";
            if (test)
                found.push_back(target + " links " + library
                                + ": what is made for tests stays out of the programs");
            if (face && faceless)
                found.push_back(target + " links " + library + ": it has no face");
        }
    }
    return found;
}

} // namespace gatehouse::layering
