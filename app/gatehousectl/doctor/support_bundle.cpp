// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/support_bundle.h"

#include "gateway_core/base/redaction.h"

#include <QDateTime>
#include <QSettings>
#include <QSysInfo>

#include <array>
#include <cerrno>
#include <deque>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse::supportBundle {

namespace {

// What may be said of the gateway. Not the mode's reason, the profile's name, Tasker's address or the owner.
constexpr std::array kStatusPointers{
    "/version",
    "/address",
    "/mode",
    "/calls_under_way",
    "/approvals_open",
    "/confirmations_open",
    "/recording",
    "/step_up/pin_set",
    "/step_up/locked_seconds",
    "/connection/configured",
    "/connection/heard",
    "/connection/last_error",
    "/connection/reason",
    "/connection/last_heard_at",
    "/versions/qt",
    "/versions/openssl",
    "/versions/sqlcipher",
    "/versions/schema",
    "/clock/latest",
};
// What may be said of a journal row: when, what kind, how it ended. Not who, where or about what.
constexpr std::array kEventMembers{ "seq",     "at",        "kind",     "via",      "tool",       "decision",
                                    "outcome", "transport", "protocol", "upstream", "duration_ms" };
constexpr std::size_t kLogLinesMost = 1000;
// Of these variables only whether they are set.
constexpr std::array kVariables{ "HTTP_PROXY",      "http_proxy",       "HTTPS_PROXY",
                                 "https_proxy",     "ALL_PROXY",        "all_proxy",
                                 "NO_PROXY",        "no_proxy",         "DBUS_SESSION_BUS_ADDRESS",
                                 "XDG_RUNTIME_DIR", "DISPLAY",          "WAYLAND_DISPLAY",
                                 "CODEX_HOME",      "GATEHOUSE_SOCKET", "GATEHOUSE_OWNER_TOKEN_FILE" };

Json chosen(const Json &from, const auto &pointers)
{
    Json to = Json::object();
    for (const char *pointer : pointers) {
        const Json::json_pointer place(pointer);
        if (from.is_object() && from.contains(place) && from.at(place).is_primitive())
            to[place] = from.at(place);
    }
    return to;
}

Json chosenEvents(const Json &answer)
{
    Json rows = Json::array();
    const Json events = answer.is_object() ? answer.value("events", Json::array()) : Json::array();
    for (const Json &event : events) {
        Json row = Json::object();
        for (const char *member : kEventMembers) {
            if (event.is_object() && event.contains(member) && event[member].is_primitive())
                row[member] = event[member];
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

Json setVariables(const Environment &here)
{
    Json set = Json::array();
    for (const char *name : kVariables) {
        if (!here.variable(name).empty())
            set.push_back(name);
    }
    return set;
}

/// The end of the log, with the file that was put aside before it; null where the gateway keeps none.
Json logLines(const Environment &here)
{
    const auto notes = QString::fromStdString((here.profileFolder / "gatehouse.ini").string());
    const std::string file
        = QSettings(notes, QSettings::IniFormat).value(QStringLiteral("log/file")).toString().toStdString();
    if (file.empty())
        return nullptr;
    std::deque<std::string> lines;
    for (const std::string &part : { file + ".1", file }) {
        std::ifstream in(part);
        for (std::string line; std::getline(in, line);) {
            lines.push_back(std::move(line));
            if (lines.size() > kLogLinesMost)
                lines.pop_front();
        }
    }
    return lines;
}

void redactAll(Json &json, const Environment &here)
{
    if (json.is_string())
        json = redacted(json.get<std::string>(), here);
    else if (json.is_structured()) {
        for (Json &member : json)
            redactAll(member, here);
    }
}

} // namespace

std::string redacted(std::string text, const Environment &here)
{
    // Plain text first: the home folder may hold the person's name.
    if (const std::string home = here.home.string(); home.size() > 1) {
        for (auto found = text.find(home); found != std::string::npos; found = text.find(home, found + 1))
            text.replace(found, home.size(), "~");
    }
    return withoutSecrets(text);
}

Json made(const Heard &heard, const Environment &here, std::int64_t now)
{
    Json findings = Json::array();
    for (const Finding &finding : heard.findings)
        findings.push_back(toJson(finding));
    Json bundle{
        { "made_at", QDateTime::fromMSecsSinceEpoch(now, Qt::UTC).toString(Qt::ISODate).toStdString() },
        { "system", QSysInfo::prettyProductName().toStdString() },
        { "kernel", QSysInfo::kernelVersion().toStdString() },
        { "architecture", QSysInfo::currentCpuArchitecture().toStdString() },
        { "versions", { { "gatehousectl", GATEHOUSE_VERSION }, { "qt", qVersion() } } },
        { "findings", std::move(findings) },
        { "ready",
          chosen(heard.ready, std::array{ "/status", "/mode", "/checks/gateway", "/checks/upstream" }) },
        { "gateway", chosen(heard.status, kStatusPointers) },
        { "codex", heard.codexEntries },
        { "variables_set", setVariables(here) },
        { "events", chosenEvents(heard.events) },
        { "log", logLines(here) }
    };
    redactAll(bundle, here);
    return bundle;
}

Result<> write(const std::filesystem::path &file, const Json &bundle)
{
    const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out < 0)
        return failure(errno == EEXIST ? ErrorCode::Conflict : ErrorCode::Internal,
                       std::system_category().message(errno));
    const std::string text = bundle.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
    std::size_t at = 0;
    while (at < text.size()) {
        const auto wrote = ::write(out, text.data() + at, text.size() - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        at += static_cast<std::size_t>(wrote);
    }
    const int error = errno;
    if (::close(out) != 0 || at < text.size())
        return failure(ErrorCode::Internal, std::system_category().message(error));
    return {};
}

} // namespace gatehouse::supportBundle
