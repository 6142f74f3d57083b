// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/gateway_checks.h"

#include "app/gatehousectl/remedies.h"

#include <QDateTime>

namespace gatehouse::gateway {

namespace {

std::string cureOf(std::string_view code)
{
    const std::string_view cure = cureFor(code);
    return cure.empty()
        ? "Look at Gatehouse's window or its output, and make a bundle: gatehousectl doctor --bundle FILE."
        : std::string(cure);
}

const Json &at(const Json &body, const char *pointer)
{
    static const Json kNone;
    const Json::json_pointer place(pointer);
    return body.is_object() && body.contains(place) ? body.at(place) : kNone;
}

} // namespace

std::string textAt(const Json &body, const char *pointer)
{
    const Json &value = at(body, pointer);
    return value.is_string() ? value.get<std::string>() : std::string();
}

Finding silent(WireFailure failure)
{
    const std::string said(sentenceFor(failure));
    if (failure == WireFailure::NotReachable)
        return problem("gateway", said, "Start it: gatehouse, or systemctl --user start gatehouse.");
    if (failure == WireFailure::SocketLost)
        return problem("gateway", said,
                       "Wait a minute. If it stays so, Gatehouse's log says why, and a restart helps.");
    return problem("gateway", said, "Find out what listens there, or name the right socket with --socket.");
}

Finding readiness(const Json &body)
{
    const std::string gate = textAt(body, "/checks/gateway");
    if (gate == "ok")
        return fine("gateway", "Gatehouse runs and is open");
    const std::string word = gate.empty() ? "unknown" : gate;
    return gate == "starting" ? warning("gateway", "Gatehouse is starting", cureOf(gate))
                              : problem("gateway", "Gatehouse runs and cannot work: " + word, cureOf(gate));
}

std::vector<Finding> state(const Json &body)
{
    std::vector<Finding> found;
    const std::string mode = textAt(body, "/mode");
    found.push_back(mode == "running" ? fine("mode", "tool calls are taken")
                                      : warning("mode", "tool calls are refused: " + mode,
                                                "Take them again with gatehousectl mode resume."));
    if (at(body, "/recording") != Json(true))
        found.push_back(problem("journal", "the journal cannot be written", cureOf("audit_unavailable")));
    if (const std::string held = textAt(body, "/signing_held"); held == "rolled_back")
        found.push_back(problem(
            "signing", "the journal is not signed: the database is older than the secrets know (rolled_back)",
            cureOf(held)));
    else if (held == "key_lost")
        found.push_back(problem(
            "signing", "the journal is not signed: the key that signs it is gone (key_lost)", cureOf(held)));
    if (at(body, "/step_up/pin_set") != Json(true))
        found.push_back(warning("pin", "no PIN is set: nothing can be allowed from a terminal",
                                "Set one in the window, or with gatehouse --set-pin."));
    else if (const Json &locked = at(body, "/step_up/locked_seconds"); locked.is_number() && locked > 0)
        found.push_back(
            warning("pin", "the PIN is locked after too many wrong tries",
                    "Wait " + locked.dump() + " seconds; if the tries were not yours, look at the journal."));
    else
        found.push_back(fine("pin", "a PIN is set"));
    const Json &crowded = at(body, "/crowded_clients");
    for (const Json &client : crowded.is_array() ? crowded : Json::array()) {
        found.push_back(
            warning("connections",
                    "the client \"" + textAt(client, "/client_name") + "\" of "
                        + textAt(client, "/agent_name") + " had " + at(client, "/most").dump()
                        + " connections open, as many as one token may have, and was refused one more at "
                        + textAt(client, "/crowded_at"),
                    "If several programs share its token, give each one of its own: pair each of them, or "
                    "gatehousectl clients mint AGENT NAME."));
    }
    return found;
}

Finding versions(const Json &body, std::string_view ownVersion)
{
    const std::string running = textAt(body, "/version");
    std::string what = "Gatehouse " + running;
    for (const auto &[name, pointer] : { std::pair{ "Qt", "/versions/qt" },
                                         { "OpenSSL", "/versions/openssl" },
                                         { "SQLCipher", "/versions/sqlcipher" } }) {
        if (const std::string version = textAt(body, pointer); !version.empty())
            what += std::string(", ") + name + ' ' + version;
    }
    if (const Json &schema = at(body, "/versions/schema"); schema.is_number())
        what += ", database schema " + schema.dump();
    if (running != ownVersion)
        return warning("versions", what + "; this program is " + std::string(ownVersion),
                       "Start Gatehouse again, so that all its programs are of one version.");
    return fine("versions", what);
}

std::int64_t latestTime(const Json &body)
{
    const auto time
        = QDateTime::fromString(QString::fromStdString(textAt(body, "/clock/latest")), Qt::ISODateWithMs);
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

Finding notSignedIn(std::string_view code)
{
    if (code == "unauthorized" || code == "secret_not_found")
        return warning("sign-in", "you are not signed in: mode, PIN, versions and Tasker were not looked at",
                       "Run gatehousectl login, then doctor again.");
    return warning("sign-in", "your owner token could not be read (" + std::string(code) + ')',
                   "See the line on the keychain, or use --secrets file or GATEHOUSE_OWNER_TOKEN_FILE.");
}

Finding tasker(int status, const Json &body, std::int64_t milliseconds)
{
    if (status == 200)
        return fine("tasker", "Tasker answered through Gatehouse in " + std::to_string(milliseconds) + " ms");
    const std::string code = textAt(body, "/error");
    if (code == "upstream_not_configured")
        return warning("tasker", "no Tasker is connected", cureOf(code));
    const std::string reason = textAt(body, "/details/reason");
    std::string what = "Tasker could not be asked: " + (code.empty() ? "no answer" : code);
    if (!reason.empty())
        what += ", " + reason + ": " + textAt(body, "/message");
    return problem("tasker", what, cureOf(cureFor(reason).empty() ? code : reason));
}

Finding lastHeard(const Json &ready)
{
    const std::string code = textAt(ready, "/checks/upstream");
    if (code == "ok")
        return fine("tasker", "the last call to Tasker went well");
    if (code.empty())
        return warning("tasker", "not looked at", "Mend what is above, then ask again.");
    return code == "upstream_not_configured"
        ? warning("tasker", "no Tasker is connected", cureOf(code))
        : problem("tasker", "the last calls to Tasker failed: " + code, cureOf(code));
}

} // namespace gatehouse::gateway
