// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/codex_checks.h"

#include "app/gatehousectl/doctor/gateway_checks.h"

#include <QStandardPaths>
#include <QUrl>

#include <algorithm>

#include <unistd.h>

namespace gatehouse::codex {

namespace fs = std::filesystem;
using gateway::textAt;

namespace {

constexpr auto kCheck = "codex";
constexpr double kTimeoutLeast = 60; // seconds; a call held for approval answers after 45

/// Major and minor: 0.169.
std::string_view shortVersion(std::string_view version)
{
    const auto first = version.find('.');
    const auto second = first == std::string_view::npos ? first : version.find('.', first + 1);
    return version.substr(0, second);
}

QUrl urlOf(const Entry &entry)
{
    return QUrl(QString::fromStdString(textAt(entry.json, "/transport/url")));
}

bool isLoopback(const QString &host)
{
    return host == QLatin1String("127.0.0.1") || host == QLatin1String("localhost")
        || host == QLatin1String("::1");
}

/// Of a bridge's arguments; empty: not given.
std::string argument(const Json &arguments, const std::string &name)
{
    for (std::size_t i = 0; arguments.is_array() && i < arguments.size(); ++i) {
        if (!arguments[i].is_string())
            continue;
        const auto text = arguments[i].get<std::string>();
        if (text == name && i + 1 < arguments.size() && arguments[i + 1].is_string())
            return arguments[i + 1].get<std::string>();
        if (text.starts_with(name + '='))
            return text.substr(name.size() + 1);
    }
    return {};
}

const Json &argumentsOf(const Entry &entry)
{
    return entry.json["transport"]["args"];
}

bool names(const Json &list, const std::string &variable)
{
    if (list.is_object())
        return list.contains(variable);
    return list.is_array() && std::ranges::any_of(list, [&](const Json &item) {
               return item == variable || (item.is_object() && textAt(item, "/name") == variable);
           });
}

std::string again(const Entry &entry)
{
    return "Write the entry anew: codex mcp remove " + entry.name + ", then gatehouse-mcp pair --name "
        + entry.client + '.';
}

fs::path programOf(const Entry &entry)
{
    const auto command = QString::fromStdString(textAt(entry.json, "/transport/command"));
    return command.contains(QLatin1Char('/')) ? command.toStdString()
                                              : QStandardPaths::findExecutable(command).toStdString();
}

bool sameFile(const fs::path &left, const fs::path &right)
{
    std::error_code error;
    return left == right || fs::equivalent(left, right, error);
}

/// A bus that Codex's stripped environment hides from the bridge.
bool busIsHidden(const Entry &entry, const Environment &here)
{
    const std::string bus = here.variable("DBUS_SESSION_BUS_ADDRESS");
    const std::string usual = "unix:path=/run/user/" + std::to_string(here.uid) + "/bus";
    const Json &transport = entry.json["transport"];
    return !entry.plainFiles && !bus.empty() && !bus.starts_with(usual)
        && !names(transport.value("env", Json()), "DBUS_SESSION_BUS_ADDRESS")
        && !names(transport.value("env_vars", Json()), "DBUS_SESSION_BUS_ADDRESS");
}

std::optional<Finding> wrongWithBridge(const Entry &entry, const Environment &here)
{
    const fs::path program = programOf(entry);
    if (program.empty() || ::access(program.c_str(), X_OK) != 0)
        return problem(kCheck, entry.name + " starts a program that is not there", again(entry));
    const std::string given = argument(argumentsOf(entry), "--socket");
    const fs::path socket = given.empty() ? here.usualSocket : fs::path(given);
    if (!sameFile(socket, here.socket))
        return problem(
            kCheck, entry.name + " looks for Gatehouse at another socket than " + here.socket.string(),
            "Write the entry anew: codex mcp remove " + entry.name + ", then gatehouse-mcp pair --name "
                + entry.client + " --socket " + here.socket.string() + '.');
    if (busIsHidden(entry, here))
        return problem(kCheck, entry.name + " is not told where the session bus is, and so finds no keychain",
                       again(entry));
    if (!sameFile(program, here.programFolder / "gatehouse-mcp"))
        return warning(kCheck, entry.name + " starts another gatehouse-mcp than the one beside this program",
                       again(entry));
    return std::nullopt;
}

std::optional<Finding> wrongWithAddress(const Entry &entry, const Environment &here, int port)
{
    const QUrl url = urlOf(entry);
    const std::string right = "http://127.0.0.1:" + std::to_string(port) + "/mcp";
    const std::string fix = "Give it the address " + right + ", or use gatehouse-mcp pair instead.";
    if (url.port(80) != port)
        return problem(kCheck,
                       entry.name + " asks at port " + std::to_string(url.port(80)) + ", and Gatehouse is at "
                           + std::to_string(port),
                       fix);
    if (url.scheme() != QLatin1String("http") || url.path() != QLatin1String("/mcp"))
        return problem(kCheck, entry.name + " has an address that Gatehouse does not answer at", fix);
    if (url.host() != QLatin1String("127.0.0.1"))
        return warning(kCheck, entry.name + " names this machine otherwise than 127.0.0.1: a login will fail",
                       fix);
    const std::string variable = textAt(entry.json, "/transport/bearer_token_env_var");
    if (!variable.empty() && here.variable(variable).empty())
        return warning(
            kCheck, entry.name + " takes its token from " + variable + ", which is not set here",
            "Set it where Codex starts, or use gatehouse-mcp pair, which keeps the token in the keychain.");
    if (textAt(entry.json, "/auth_status") == "not_logged_in")
        return problem(kCheck, entry.name + " is not logged in", "Run codex mcp login " + entry.name + '.');
    return std::nullopt;
}

std::optional<Finding> wrongWith(const Entry &entry, const Environment &here, int port)
{
    if (!entry.json.value("enabled", true))
        return warning(kCheck, entry.name + " is switched off in Codex",
                       "Set enabled = true in its entry of config.toml, or remove the line.");
    if (auto wrong = entry.viaBridge ? wrongWithBridge(entry, here) : wrongWithAddress(entry, here, port))
        return wrong;
    const Json timeout = entry.json.value("tool_timeout_sec", Json());
    if (timeout.is_number() && timeout.get<double>() < kTimeoutLeast)
        return warning(kCheck, entry.name + " gives up before a call that waits for you has its answer",
                       "Set tool_timeout_sec to 60 or more in its entry of config.toml, or remove the line.");
    return std::nullopt;
}

} // namespace

Finding version(const std::optional<std::string> &said)
{
    if (!said)
        return fine("codex-cli", "no codex starts from this PATH; nothing of it was looked at");
    const auto space = said->rfind(' ');
    std::string version = space == std::string::npos ? *said : said->substr(space + 1);
    while (!version.empty() && version.back() <= ' ')
        version.pop_back();
    const std::string tested(kTestedVersion);
    if (shortVersion(version) == shortVersion(tested))
        return fine("codex-cli", "Codex " + version + "; tested with " + tested);
    return warning("codex-cli",
                   "Codex " + version + " is not the version that Gatehouse was tested with (" + tested + ')',
                   "If its tools are missing or fail, try Codex " + tested + '.');
}

std::vector<Entry> entriesFor(const Json &list, int port)
{
    std::vector<Entry> entries;
    for (const Json &json : list.is_array() ? list : Json::array()) {
        if (!json.is_object() || !json.contains("transport") || !json["transport"].is_object())
            continue;
        Entry entry;
        entry.name = textAt(json, "/name");
        entry.json = json;
        const std::string command = fs::path(textAt(json, "/transport/command")).filename().string();
        entry.viaBridge = command == "gatehouse-mcp";
        const QUrl url = urlOf(entry);
        const bool ours = isLoopback(url.host())
            && (url.port(80) == port || entry.name == "tasker" || url.path() == QLatin1String("/mcp"));
        if (!entry.viaBridge && !ours)
            continue;
        if (entry.viaBridge) {
            const Json &arguments = json["transport"].value("args", Json::array());
            if (const std::string client = argument(arguments, "--name"); !client.empty())
                entry.client = client;
            entry.plainFiles = argument(arguments, "--secrets") == "file";
            entry.tokenFolder = argument(arguments, "--token-folder");
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<Finding> configuration(const std::vector<Entry> &entries, const Environment &here, int port)
{
    if (entries.empty())
        return { warning(
            kCheck, "Codex has no entry for Gatehouse",
            "Run gatehouse-mcp pair with a code from Gatehouse's window or gatehousectl pair open.") };
    std::vector<Finding> found;
    for (const Entry &entry : entries) {
        if (auto wrong = wrongWith(entry, here, port))
            found.push_back(std::move(*wrong));
        else
            found.push_back(fine(
                kCheck,
                entry.name + (entry.viaBridge ? " starts gatehouse-mcp" : " asks at the right address")));
    }
    if (entries.size() > 1)
        found.push_back(warning(kCheck,
                                "several entries lead to Gatehouse: a model sees every tool more than once",
                                "Remove all but one with codex mcp remove NAME."));
    return found;
}

Finding pairing(const Entry &entry, const Result<> &outcome)
{
    const std::string pair = "gatehouse-mcp pair --name " + entry.client;
    if (outcome)
        return fine("pairing", entry.name + " has a token");
    if (outcome.error().code == ErrorCode::SecretNotFound)
        return problem("pairing",
                       entry.name + " has no token: it was not paired, or another secret store holds it",
                       "Run " + pair + '.');
    return warning("pairing",
                   entry.name + ": its token could not be looked for ("
                       + std::string(gatehouse::nameOf(outcome.error().code)) + ')',
                   "See the line on the keychain.");
}

Finding unreadable()
{
    return problem(kCheck, "Codex cannot read its own configuration",
                   "Run codex mcp list and mend what it names in config.toml.");
}

Json outline(const Entry &entry)
{
    const Json &transport = entry.json["transport"];
    Json keys = Json::array();
    for (const auto &[name, value] : transport.items()) {
        if (!value.is_null() && !(value.is_structured() && value.empty()))
            keys.push_back(name);
    }
    return { { "via", entry.viaBridge ? "gatehouse-mcp" : "http" },
             { "enabled", entry.json.value("enabled", true) },
             { "keys", std::move(keys) },
             { "port", entry.viaBridge ? Json(nullptr) : Json(urlOf(entry).port(80)) },
             { "plain_files", entry.plainFiles } };
}

} // namespace gatehouse::codex
