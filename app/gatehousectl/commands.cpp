// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/command.h"

#include <array>
#include <filesystem>

namespace gatehouse {

namespace {

constexpr std::array kAgentColumns{ Column{ "ID", "/id" }, Column{ "NAME", "/display_name" },
                                    Column{ "STATE", "/state" }, Column{ "CREATED", "/created_at" } };
constexpr std::array kGrantColumns{ Column{ "ID", "/id" },
                                    Column{ "PROJECT", "/project_identifier" },
                                    Column{ "PROJECT ID", "/project_id" },
                                    Column{ "SCOPE", "/scope" },
                                    Column{ "ANSWER", "/answer" },
                                    Column{ "UNTIL", "/until" },
                                    Column{ "ALLOWED UNTIL", "/allowed_until" },
                                    Column{ "COVERS", "/allowed_covers" },
                                    Column{ "ISSUE", "/allowed_issue" } };
constexpr std::array kClientColumns{ Column{ "ID", "/id" },
                                     Column{ "NAME", "/name" },
                                     Column{ "TOKEN", "/token_tail" },
                                     Column{ "LAST USED", "/last_used_at" },
                                     Column{ "EXPIRES", "/expires_at" },
                                     Column{ "REVOKED", "/revoked_at" } };
constexpr std::array kOwnerTokenColumns{ Column{ "ID", "/id" }, Column{ "NAME", "/name" },
                                         Column{ "TOKEN", "/token_tail" }, Column{ "EXPIRES", "/expires_at" },
                                         Column{ "REVOKED", "/revoked_at" } };
constexpr std::array kConfirmationColumns{ Column{ "ID", "/id" },
                                           Column{ "CHECK", "/check_number" },
                                           Column{ "AGENT", "/agent_name" },
                                           Column{ "CLIENT", "/client_name" },
                                           Column{ "PROGRAM", "/peer/process/executable" },
                                           Column{ "FOLDER", "/peer/process/folder" },
                                           Column{ "UNTIL", "/expires_at" },
                                           Column{ "ASKS FOR", "/asks_for" } };
constexpr std::array kApprovalColumns{ Column{ "ID", "/id" },           Column{ "AGENT", "/agent_name" },
                                       Column{ "TOOL", "/tool" },       Column{ "PROJECT", "/project_name" },
                                       Column{ "ISSUE", "/issue" },     Column{ "TITLE", "/title" },
                                       Column{ "PIN", "/with_pin" },    Column{ "WAITING", "/held" },
                                       Column{ "UNTIL", "/expires_at" } };
constexpr std::array kStandingColumns{ Column{ "ID", "/id" },
                                       Column{ "AGENT", "/agent_name" },
                                       Column{ "TOOL", "/tool" },
                                       Column{ "PROJECT", "/project_name" },
                                       Column{ "COVERS", "/covers" },
                                       Column{ "ISSUE", "/issue" },
                                       Column{ "GIVEN", "/given_at" },
                                       Column{ "UNTIL", "/until" },
                                       Column{ "LAST USED", "/last_used_at" },
                                       Column{ "USES", "/uses" } };
constexpr std::array kEventColumns{ Column{ "SEQ", "/seq" },
                                    Column{ "AT", "/at" },
                                    Column{ "KIND", "/kind" },
                                    Column{ "AGENT", "/agent_name" },
                                    Column{ "CLIENT", "/client_name" },
                                    Column{ "TOOL", "/tool" },
                                    Column{ "PROJECT", "/project_name" },
                                    Column{ "ISSUE", "/issue" },
                                    Column{ "TITLE", "/title" },
                                    Column{ "DECISION", "/decision" },
                                    Column{ "YES OF", "/allowed_by/given_at" },
                                    Column{ "OUTCOME", "/outcome" },
                                    Column{ "REFUSALS", "/refusals" },
                                    Column{ "OF TOOLS", "/refused_tools" } };
constexpr std::array kProjectColumns{ Column{ "ID", "/project/id" }, Column{ "KEY", "/project/identifier" },
                                      Column{ "NAME", "/project/name" },
                                      Column{ "WORKSPACE", "/project/workspace_slug" } };

constexpr std::array kStepColumns{ Column{ "STEP", "/step" }, Column{ "SAYS", "/says" },
                                   Column{ "BECAUSE", "/because" }, Column{ "DETAILS", "/details" } };

constexpr std::array kExplainOptions{ CommandOption{ "fields", "NAMES",
                                                     "arguments that the call would give, with commas" },
                                      CommandOption{ "client-id", "ID", "as this client of the agent's" } };
constexpr std::array kGrantOptions{ CommandOption{ "until", "TIME",
                                                   "when it ends, as 2026-12-31T18:00:00Z" } };
constexpr std::array kPairOptions{ CommandOption{ "seconds", "N",
                                                  "how long the code lives (120, at most 600)" } };
constexpr std::array kConfirmOptions{ CommandOption{ "agent", "AGENT",
                                                     "for a login: the agent that it acts as" } };
constexpr std::array kAllowOptions{
    CommandOption{ "reach", "once|15m|1h|8h", "for how long (once)" },
    CommandOption{ "covers", "issue|turn|project",
                   "what a yes for a time lets through (the narrowest that the question names)" }
};
constexpr std::array kDenyOptions{ CommandOption{ "reason", "TEXT", "what the agent is told" },
                                   CommandOption{ "pause-agent", "", "and pause the agent" } };
constexpr std::array kStopOptions{ CommandOption{ "revoke-clients", "", "and revoke every client's token" },
                                   CommandOption{ "revoke-agent", "AGENT",
                                                  "and revoke the tokens of this agent's clients" } };
constexpr std::array kReasonOptions{ CommandOption{ "reason", "TEXT", "for the record" } };
constexpr std::array kTokenOptions{ CommandOption{ "seconds", "N", "how long it lives (43200)" } };
constexpr std::array kConnectionOptions{
    CommandOption{ "email", "TEXT", "your e-mail, as Tasker has it" },
    CommandOption{ "ca-file", "FILE", "a certificate authority of your own" },
    CommandOption{ "keep-credential", "", "use the stored one: same address only" }
};
constexpr std::array kCheckOptions{ CommandOption{ "ca-file", "FILE",
                                                   "a certificate authority of your own" } };
constexpr std::array kDoctorOptions{
    CommandOption{ "bundle", "FILE", "and write a redacted report for support, as JSON" },
    CommandOption{ "profile-dir", "FOLDER", "Gatehouse's profile, where it is no usual one" }
};
constexpr std::array kEventOptions{ CommandOption{ "agent-id", "ID", "of this agent" },
                                    CommandOption{ "client-id", "ID", "of this client" },
                                    CommandOption{ "tool", "NAME", "of this tool" },
                                    CommandOption{ "project-id", "ID", "in this project" },
                                    CommandOption{ "decision", "NAME", "allowed, denied or asked" },
                                    CommandOption{ "outcome", "NAME", "with this outcome" },
                                    CommandOption{ "kind", "NAME", "of this kind" },
                                    CommandOption{ "text", "TEXT", "with these words" },
                                    CommandOption{ "from", "TIME", "not before" },
                                    CommandOption{ "to", "TIME", "not after" },
                                    CommandOption{ "limit", "N", "rows a page (25, at most 100)" },
                                    CommandOption{ "cursor", "TEXT",
                                                   "the next page, as the last one named it" } };

std::string encoded(std::string_view text)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string result;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool plain
            = std::isalnum(byte) || letter == '-' || letter == '_' || letter == '.' || letter == '~';
        result += plain ? std::string(1, letter) : std::string{ '%', kDigits[byte >> 4], kDigits[byte & 15] };
    }
    return result;
}

std::string queryOf(const Arguments &given)
{
    std::string query;
    for (const auto &[name, value] : given.options) {
        std::string field = name;
        for (char &letter : field)
            letter = letter == '-' ? '_' : letter;
        query += (query.empty() ? "?" : "&") + field + '=' + encoded(value);
    }
    return query;
}

Ask events(const Arguments &given)
{
    constexpr const char *kPageRows = "25";
    Arguments filters = given;
    filters.options.erase("limit");
    filters.options.erase("cursor");
    Ask ask{ "GET", "/api/v1/audit/events" + queryOf(filters), nullptr, {}, {} };
    ask.pages
        = Pages{ "events", given.has("limit") ? given.option("limit") : kPageRows, given.option("cursor") };
    return ask;
}

std::vector<std::string> splitAtCommas(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return parts;
}

/// A number stays text if it is none: the gateway then says what is wrong with it.
Json numberOrText(const std::string &text)
{
    const Json number = Json::parse(text, nullptr, false);
    return number.is_number_integer() ? number : Json(text);
}

void copyOptions(const Arguments &given, Json &body,
                 std::initializer_list<std::pair<const char *, const char *>> names)
{
    for (const auto &[option, member] : names) {
        if (given.has(option))
            body[member] = given.option(option);
    }
}

Ask ofAgent(const Arguments &given, std::string method, const std::string &rest, Json body = nullptr)
{
    return { std::move(method), "/api/v1/agents/{agent}" + rest, std::move(body), given.words.at(0), {} };
}

Ask setMode(const Arguments &given, const char *mode)
{
    Json body{ { "mode", mode } };
    copyOptions(given, body, { { "reason", "reason" } });
    return { "POST", "/api/v1/mode", std::move(body), {}, {} };
}

Ask stopEverything(const Arguments &given)
{
    Ask ask{
        "POST", "/api/v1/stop-everything", { { "revoke_clients", given.has("revoke-clients") } }, {}, {}
    };
    if (given.has("revoke-agent")) {
        ask.agent = given.option("revoke-agent");
        ask.body["revoke_agents"] = Json::array({ "{agent}" });
    }
    return ask;
}

Ask setGrants(const Arguments &given)
{
    Json body{ { "project_id", "{project}" },
               { "scopes", splitAtCommas(given.words.at(2)) },
               { "answer", given.words.at(3) } };
    copyOptions(given, body, { { "until", "until" } });
    Ask ask = ofAgent(given, "PUT", "/grants", std::move(body));
    ask.project = given.words.at(1);
    return ask;
}

Ask openPairing(const Arguments &given)
{
    Json body{ { "agent_id", "{agent}" } };
    if (given.has("seconds"))
        body["lifetime_seconds"] = numberOrText(given.option("seconds"));
    return { "POST", "/api/v1/pairing/codes", std::move(body), given.words.at(0), {} };
}

Ask confirmPairing(const Arguments &given)
{
    Ask ask{ "POST",
             "/api/v1/confirmations/" + encoded(given.words.at(0)) + "/confirm",
             Json::object(),
             given.option("agent"),
             {} };
    if (!ask.agent.empty())
        ask.body["agent_id"] = "{agent}";
    return ask;
}

Ask allowCall(const Arguments &given)
{
    Json body = Json::object();
    copyOptions(given, body, { { "reach", "reach" }, { "covers", "covers" } });
    return { "POST", "/api/v1/approvals/" + encoded(given.words.at(0)) + "/allow", std::move(body), {}, {} };
}

Ask denyCall(const Arguments &given)
{
    Json body = Json::object();
    copyOptions(given, body, { { "reason", "reason" } });
    if (given.has("pause-agent"))
        body["pause_agent"] = true;
    return { "POST", "/api/v1/approvals/" + encoded(given.words.at(0)) + "/deny", std::move(body), {}, {} };
}

Ask mintOwnerToken(const Arguments &given)
{
    Json body{ { "name", given.words.at(0) } };
    if (given.has("seconds"))
        body["lifetime_seconds"] = numberOrText(given.option("seconds"));
    return { "POST", "/api/v1/owner-tokens", std::move(body), {}, {} };
}

Ask connection(const Arguments &given, const char *method, const char *target)
{
    Json body{ { "tasker_url", given.words.at(0) }, { "owner_user_id", given.words.at(1) } };
    copyOptions(given, body, { { "email", "owner_email" }, { "ca-file", "ca_file" } });
    return { method, target, std::move(body), {}, {} };
}

Ask get(const char *target)
{
    return { "GET", target, nullptr, {}, {} };
}

Ask byId(const Arguments &given, std::string method, const std::string &before, const std::string &after,
         Json body = nullptr)
{
    return { std::move(method), before + encoded(given.words.at(0)) + after, std::move(body), {}, {} };
}

using Given = const Arguments &;
const Json kEmpty = Json::object();

// clang-format off
constexpr std::array kCommands{
    Command{"status", "", "The gateway at a glance", [](Given) { return get("/api/v1/status"); }, {}, {}, {}},
    Command{"ready", "", "Can it do its work", [](Given) { return get("/readyz"); }, {}, {}, {}},

    Command{"agents list", "", "The agents", [](Given) { return get("/api/v1/agents"); }, {"agents", kAgentColumns}, {}, {}},
    Command{"agents create", "NAME", "Create an agent", [](Given g) { return Ask{"POST", "/api/v1/agents", {{"display_name", g.words.at(0)}}, {}, {}}; }, {}, {}, {}},
    Command{"agents show", "AGENT", "One agent, by name or id", [](Given g) { return ofAgent(g, "GET", ""); }, {}, {}, {}},
    Command{"agents rename", "AGENT NAME", "Give it another name", [](Given g) { return ofAgent(g, "PATCH", "", {{"display_name", g.words.at(1)}}); }, {}, {}, {}},
    Command{"agents pause", "AGENT", "Refuse its calls", [](Given g) { return ofAgent(g, "PATCH", "", {{"state", "paused"}}); }, {}, {}, {}},
    Command{"agents resume", "AGENT", "Take its calls again", [](Given g) { return ofAgent(g, "PATCH", "", {{"state", "active"}}); }, {}, {}, {}},
    Command{"agents retire", "AGENT", "End it for good and revoke its clients", [](Given g) { return ofAgent(g, "PATCH", "", {{"state", "retired"}}); }, {}, {}, {}},

    Command{"grants list", "AGENT", "What an agent may do", [](Given g) { return ofAgent(g, "GET", "/grants"); }, {"grants", kGrantColumns}, {}, {}},
    Command{"grants set", "AGENT PROJECT SCOPES ANSWER", "SCOPES with commas; ANSWER off, allow, ask or ask_with_pin", &setGrants, {"grants", kGrantColumns}, kGrantOptions, {}},
    Command{"grants remove", "AGENT GRANT", "Take a grant away, by its id; one for every project then speaks again", [](Given g) { return ofAgent(g, "DELETE", "/grants/" + encoded(g.words.at(1))); }, {}, {}, {}},

    Command{"clients list", "AGENT", "An agent's clients and their tokens", [](Given g) { return ofAgent(g, "GET", "/tokens"); }, {"tokens", kClientColumns}, {}, {}},
    Command{"clients mint", "AGENT NAME", "A token for a client, shown once", [](Given g) { return ofAgent(g, "POST", "/tokens", {{"name", g.words.at(1)}}); }, {}, {}, {}},
    Command{"clients rotate", "AGENT CLIENT", "Replace a client's token, shown once", [](Given g) { return ofAgent(g, "POST", "/tokens/" + encoded(g.words.at(1)) + "/rotate", kEmpty); }, {}, {}, {}},
    Command{"clients revoke", "AGENT CLIENT", "Revoke a client's token", [](Given g) { return ofAgent(g, "DELETE", "/tokens/" + encoded(g.words.at(1))); }, {}, {}, {}},

    Command{"pair open", "AGENT", "Open a pairing code", &openPairing, {}, kPairOptions, {}},
    Command{"pair show", "", "The open pairing code", [](Given) { return get("/api/v1/pairing/codes"); }, {}, {}, {}},
    Command{"pair close", "", "Close it", [](Given) { return Ask{"DELETE", "/api/v1/pairing/codes", nullptr, {}, {}}; }, {}, {}, {}},
    Command{"confirmations list", "", "Clients that wait to be let in", [](Given) { return get("/api/v1/confirmations"); }, {"confirmations", kConfirmationColumns}, {}, {}},
    Command{"confirmations confirm", "ID", "Let one in, after comparing the check numbers", &confirmPairing, {}, kConfirmOptions, {}},
    Command{"confirmations deny", "ID", "Turn one away", [](Given g) { return byId(g, "POST", "/api/v1/confirmations/", "/deny", kEmpty); }, {}, {}, {}},

    Command{"approvals list", "", "Calls that wait for an answer", [](Given) { return get("/api/v1/approvals"); }, {"approvals", kApprovalColumns}, {}, {}},
    Command{"approvals show", "ID", "One of them, with what it would write", [](Given g) { return byId(g, "GET", "/api/v1/approvals/", ""); }, {}, {}, {}},
    Command{"approvals allow", "ID", "Allow it", &allowCall, {}, kAllowOptions, {}},
    Command{"approvals deny", "ID", "Deny it", &denyCall, {}, kDenyOptions, {}},
    Command{"approvals standing", "", "The yeses that last for a time", [](Given) { return get("/api/v1/standing-approvals"); }, {"standing_approvals", kStandingColumns}, {}, {}},
    Command{"approvals end", "ID", "End one now", [](Given g) { return byId(g, "DELETE", "/api/v1/standing-approvals/", ""); }, {}, {}, {}},

    Command{"audit events", "", "The journal's lines, newest first", &events, {"events", kEventColumns}, kEventOptions, {}},
    Command{"audit verify", "", "Walk the journal's chain and name the first bad row", [](Given) { return Ask{"POST", "/api/v1/audit/verify", kEmpty, {}, {}}; }, {{}, {}, "/sound"}, {}, {}},
    Command{"audit export", "FOLDER", "Write the journal to a new folder, for checking elsewhere", [](Given g) { return Ask{"POST", "/api/v1/audit/export", {{"folder", std::filesystem::absolute(g.words.at(0)).string()}}, {}, {}}; }, {}, {}, {}},
    Command{"audit retention", "", "How long rows stay, where they are exported to before they go, and how far that is", [](Given) { return get("/api/v1/audit/retention"); }, {}, {}, {}},
    Command{"audit export-to", "FOLDER", "Export old rows to this folder from now on", [](Given g) { return Ask{"PUT", "/api/v1/audit/retention", {{"folder", std::filesystem::absolute(g.words.at(0)).string()}}, {}, {}}; }, {}, {}, {}},
    Command{"audit accept-restore", "", "You put the database or the keychain back yourself: sign the journal on", [](Given) { return Ask{"POST", "/api/v1/audit/accept-restore", kEmpty, {}, {}}; }, {}, {}, {}},
    Command{"audit check", "FOLDER", "Verify an exported journal, without Gatehouse", nullptr, {}, {}, {}},

    Command{"mode pause", "", "Refuse all tool calls", [](Given g) { return setMode(g, "paused"); }, {}, kReasonOptions, {}},
    Command{"mode drain", "", "Finish what runs, refuse what is new", [](Given g) { return setMode(g, "draining"); }, {}, kReasonOptions, {}},
    Command{"mode resume", "", "Take calls again", [](Given g) { return setMode(g, "running"); }, {}, kReasonOptions, {}},
    Command{"clock is-right", "", "The clock jumped ahead and is right: what ends by it ends", [](Given) { return Ask{"POST", "/api/v1/clock", {{"answer", "is_right"}}, {}, {}}; }, {}, {}, {}},
    Command{"clock was-wrong", "", "The clock once stood in the future and is right now: go back to it, reviving nothing", [](Given) { return Ask{"POST", "/api/v1/clock", {{"answer", "was_wrong"}}, {}, {}}; }, {}, {}, {}},
    Command{"stop", "", "The red button: pause, withdraw questions, close streams", stopEverything, {}, kStopOptions, {}},

    Command{"projects", "[QUERY]", "Find your projects in Tasker", [](Given g) { return Ask{"GET", "/api/v1/projects?query=" + encoded(g.words.empty() ? "*" : g.words[0]), nullptr, {}, {}}; }, {"matches", kProjectColumns}, {}, {}},
    Command{"explain", "AGENT PROJECT TOOL", "What would happen to a call, and why", [](Given g) { return Ask{"GET", "/api/v1/explain?agent_id={agent}&project_id={project}&tool=" + encoded(g.words.at(2)) + (g.options.empty() ? "" : "&" + queryOf(g).substr(1)), nullptr, g.words.at(0), g.words.at(1)}; }, {"steps", kStepColumns, {}, true}, kExplainOptions, {}},
    Command{"connection show", "", "Where Tasker is", [](Given) { return get("/api/v1/connection"); }, {}, {}, {}},
    Command{"connection set", "URL USER-ID", "Connect to a Tasker", [](Given g) { return connection(g, "PUT", "/api/v1/connection"); }, {}, kConnectionOptions, "credential"},
    Command{"connection test", "URL USER-ID", "Try settings without storing them", [](Given g) { return connection(g, "POST", "/api/v1/connection/test"); }, {"matches", kProjectColumns}, kConnectionOptions, "credential"},

    Command{"tasker check", "PROJECT URL USER-ID", "Compare a Tasker with the contract; leaves a cancelled issue in PROJECT", nullptr, {}, kCheckOptions, "credential"},

    Command{"owner-tokens list", "", "Your own tools' tokens", [](Given) { return get("/api/v1/owner-tokens"); }, {"owner_tokens", kOwnerTokenColumns}, {}, {}},
    Command{"owner-tokens mint", "NAME", "Mint one, shown once", &mintOwnerToken, {}, kTokenOptions, {}},
    Command{"owner-tokens revoke", "ID", "Revoke one", [](Given g) { return byId(g, "DELETE", "/api/v1/owner-tokens/", ""); }, {}, {}, {}},

    Command{"doctor", "", "Look at all that must be right between Codex and Tasker, each with its fix", nullptr, {}, kDoctorOptions, {}},

    Command{"login", "", "Sign in with the PIN: an owner token for this program, for 12 hours", nullptr, {}, {}, {}},
    Command{"token set", "", "Keep this program's owner token, read from standard input", nullptr, {}, {}, "token"},
    Command{"token forget", "", "Remove it from the secret store", nullptr, {}, {}, {}},
    Command{"completion bash", "", "A completion script for bash", nullptr, {}, {}, {}},
};
// clang-format on

} // namespace

std::span<const Command> commands()
{
    return kCommands;
}

} // namespace gatehouse
