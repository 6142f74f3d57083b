// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/contract.h"

#include "tests/support/contract_tasker/bodies.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSaveFile>
#include <QTimer>
#include <QUrl>

#include <algorithm>

namespace contract {

namespace {

constexpr std::size_t kLogLimit = 10'000;
constexpr Micros kKeyLife = Micros{ 25 } * 3600 * 1'000'000;
constexpr std::size_t kKeyLimit = 255;

std::string keyOf(const Request &request)
{
    return request.header("x-nodedc-agent-id") + ' ' + request.header("idempotency-key");
}

std::string fingerprint(const Request &request)
{
    const std::string all = request.method + ' ' + request.path + '\n' + request.body;
    return QCryptographicHash::hash(QByteArray::fromStdString(all), QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

bool isKey(const std::string &key)
{
    return !key.empty() && key.size() <= kKeyLimit
        && std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Json readable(const std::string &body)
{
    const Json parsed = Json::parse(body, nullptr, false);
    return body.empty() ? Json() : parsed.is_discarded() ? Json(body) : parsed;
}

} // namespace

struct Contract::Route
{
    std::string
        name; ///< the last word that tells what it does: resolve, context, list, create, update, move ...
    std::string id; ///< of the project or issue in the path
    std::optional<Body> body;
    bool writes = false;
};

std::optional<Contract::Route> Contract::routeOf(const Request &request)
{
    const auto path
        = QString::fromStdString(request.path).mid(static_cast<int>(std::string_view(kBasePath).size()));
    QList<std::string> parts;
    for (const auto &part : path.split(QLatin1Char('/')).mid(1))
        parts.push_back(QUrl::fromPercentEncoding(part.toUtf8()).toStdString());
    const auto is = [&](const char *method, qsizetype size) {
        return request.method == method && parts.size() == size;
    };
    if (parts.isEmpty())
        return std::nullopt;
    if (is("POST", 2) && parts[0] == "projects" && parts[1] == "resolve")
        return Route{ "resolve", {}, Body::Resolve };
    if (is("GET", 3) && parts[0] == "projects" && parts[2] == "context")
        return Route{ "context", parts[1], {} };
    if (parts[0] != "issues")
        return std::nullopt;
    if (is("GET", 1))
        return Route{ "list", {}, {} };
    if (is("POST", 1))
        return Route{ "create", {}, Body::Create, true };
    if (is("PATCH", 2))
        return Route{ "update", parts[1], Body::Update, true };
    if (is("POST", 3) && parts[2] == "move")
        return Route{ "move", parts[1], Body::Move, true };
    if (is("POST", 3) && parts[2] == "comments")
        return Route{ "comment", parts[1], Body::Comment, true };
    if (is("PUT", 3) && parts[2] == "labels")
        return Route{ "labels", parts[1], Body::Labels, true };
    if (is("PUT", 3) && parts[2] == "assignees")
        return Route{ "assignees", parts[1], Body::Assignees, true };
    return std::nullopt;
}

Contract::Contract(std::string credential, std::string owner, std::string file, QObject *parent)
    : QObject(parent)
    , m_credential(std::move(credential))
    , m_owner(std::move(owner))
    , m_file(std::move(file))
    , m_world(m_owner)
{
    QFile stored(QString::fromStdString(m_file));
    if (!m_file.empty() && stored.open(QIODevice::ReadOnly)) {
        const Json data = Json::parse(stored.readAll().toStdString(), nullptr, false);
        if (!data.is_discarded())
            m_world.data() = data;
    }
    m_counters
        = { { "requests", 0 }, { "writes_applied", 0 }, { "replayed", 0 }, { "by_status", Json::object() } };
}

void Contract::reset()
{
    m_world.reset();
    m_faults.clear();
    m_log.clear();
    m_dropped = 0;
    m_running.clear();
    m_counters
        = { { "requests", 0 }, { "writes_applied", 0 }, { "replayed", 0 }, { "by_status", Json::object() } };
    save();
}

void Contract::retire(const std::string &agent)
{
    m_world.data()["agents"][agent]["retired"] = true;
    save();
}

void Contract::handle(const Request &request, const Wire::Answer &answer)
{
    const std::string base = kBasePath;
    const auto relative = request.path.starts_with(base) ? request.path.substr(base.size()) : request.path;
    const auto fault = m_faults.take(request.method, relative);
    const auto number = note(request, fault ? fault->kind : std::string());
    const auto send = [this, number, fault, answer](const Response &response) {
        const auto sent = fault && !fault->isBefore() ? spoilt(*fault, response) : response;
        noteAnswer(number, sent);
        answer(sent);
    };
    if (fault && fault->isBefore())
        return send(answerInstead(*fault));
    const auto route = request.path.starts_with(base) ? routeOf(request) : std::nullopt;
    if (!route)
        return send(errorResponse(404, "not_found", "No such route."));
    if (const auto refused = refusal(request, *route))
        return send(*refused);
    if (fault && fault->kind == "hang" && !fault->options.value("apply", true))
        return send({});
    const auto lapses = fault ? fault->lapses() : World::Lapses();
    if (fault && fault->kind == "slow") {
        m_running.insert(keyOf(request));
        QTimer::singleShot(fault->options.value("delay_ms", 1000), this, [=, this] {
            m_running.erase(keyOf(request));
            send(perform(request, *route, lapses));
        });
        return;
    }
    send(perform(request, *route, lapses));
}

std::optional<Response> Contract::refusal(const Request &request, const Route &route)
{
    if (request.header("authorization") != "Bearer " + m_credential)
        return errorResponse(401, "unauthorized", "The credential is not accepted.");
    if (request.header("x-nodedc-owner-user-id") != m_owner)
        return errorResponse(403, "forbidden", "The credential belongs to another owner.");
    for (const char *name : { "x-nodedc-agent-id", "x-nodedc-agent-name", "x-request-id", "traceparent" }) {
        if (request.header(name).empty())
            return errorResponse(400, "validation_failed", std::string(name) + " is missing.", name);
    }
    const auto &agents = m_world.data()["agents"];
    const auto agent = agents.find(request.header("x-nodedc-agent-id"));
    if (agent != agents.end() && agent->value("retired", false))
        return errorResponse(403, "agent_unknown", "This agent is retired.");
    if (!route.writes)
        return std::nullopt;
    if (!isKey(request.header("idempotency-key")))
        return errorResponse(400, "validation_failed", "Idempotency-Key is missing.", "idempotency-key");
    if (request.header("x-nodedc-project-id").empty())
        return errorResponse(400, "validation_failed", "X-NodeDC-Project-Id is missing.",
                             "x-nodedc-project-id");
    return replay(request);
}

std::optional<Response> Contract::replay(const Request &request)
{
    if (m_running.contains(keyOf(request)))
        return errorResponse(409, "idempotency_in_progress",
                             "The first call with this key is still running.");
    const auto &keys = m_world.data()["keys"];
    const auto kept = keys.find(keyOf(request));
    if (kept == keys.end() || (*kept)["at"].get<Micros>() + kKeyLife < wallMicros())
        return std::nullopt;
    if ((*kept)["fingerprint"] != fingerprint(request))
        return errorResponse(422, "idempotency_key_reused", "This key came with another body before.");
    m_counters["replayed"] = m_counters["replayed"].get<int>() + 1;
    Response response = jsonResponse((*kept)["status"].get<int>(), (*kept)["body"]);
    response.headers.emplace_back("Idempotent-Replayed", "true");
    return response;
}

Response Contract::perform(const Request &request, const Route &route, World::Lapses lapses)
{
    const Json body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
    Response response;
    if (body.is_discarded())
        response = errorResponse(400, "validation_failed", "The body is not JSON.", "body");
    else if (const auto stray = route.body ? misfitOf(*route.body, body) : std::nullopt)
        response
            = errorResponse(422, "validation_failed", "The value of " + *stray + " is not accepted.", *stray);
    else
        response = work(request, route, body, lapses);
    if (route.writes)
        keep(request, response);
    return response;
}

Response Contract::work(const Request &request, const Route &route, const Json &body, World::Lapses lapses)
{
    if (route.name == "resolve")
        return m_world.resolve(body);
    if (route.name == "context")
        return m_world.context(route.id);
    if (route.name == "list")
        return m_world.list(request.query);
    const auto project = request.header("x-nodedc-project-id");
    const auto agent = request.header("x-nodedc-agent-id");
    const std::string actor = agent == "owner" ? m_owner : "agent:" + agent;
    if (route.name == "create")
        return m_world.create(body, project, actor, lapses);
    if (route.name == "update")
        return m_world.update(route.id, body, project, lapses);
    if (route.name == "move")
        return m_world.move(route.id, body, project, lapses);
    if (route.name == "comment")
        return m_world.comment(route.id, body, project, actor);
    if (route.name == "labels")
        return m_world.replace(route.id, "label_ids", body, project, lapses);
    return m_world.replace(route.id, "assignee_ids", body, project, lapses);
}

void Contract::keep(const Request &request, const Response &response)
{
    Json &data = m_world.data();
    if (response.status < 300) {
        m_counters["writes_applied"] = m_counters["writes_applied"].get<int>() + 1;
        const auto name
            = QUrl::fromPercentEncoding(QByteArray::fromStdString(request.header("x-nodedc-agent-name")));
        data["agents"][request.header("x-nodedc-agent-id")]["name"] = name.toStdString();
    }
    if (response.status < 500 && response.status != 401 && response.status != 429) {
        data["keys"][keyOf(request)] = { { "at", wallMicros() },
                                         { "fingerprint", fingerprint(request) },
                                         { "status", response.status },
                                         { "body", Json::parse(response.body) } };
    }
    save();
}

void Contract::save() const
{
    if (m_file.empty())
        return;
    QSaveFile file(QString::fromStdString(m_file));
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(m_world.data().dump())) < 0
        || !file.commit())
        qWarning("contract-tasker: the data file cannot be written: %s", qUtf8Printable(file.errorString()));
}

std::size_t Contract::note(const Request &request, const std::string &fault)
{
    Json headers = request.headers;
    const auto credential = request.header("authorization");
    headers.erase("authorization");
    const auto number = m_dropped + m_log.size();
    m_log.push_back({ { "n", number },
                      { "connection", request.connection },
                      { "at", timeText(wallMicros()) },
                      { "method", request.method },
                      { "path", request.path },
                      { "query", request.query },
                      { "headers", headers },
                      { "credential",
                        credential.empty()                           ? "absent"
                            : credential == "Bearer " + m_credential ? "good"
                                                                     : "wrong" },
                      { "body", readable(request.body) },
                      { "fault", fault.empty() ? Json() : Json(fault) },
                      { "status", nullptr } });
    if (m_log.size() > kLogLimit) {
        m_log.pop_front();
        ++m_dropped;
    }
    m_counters["requests"] = m_counters["requests"].get<int>() + 1;
    return number;
}

void Contract::noteAnswer(std::size_t number, const Response &response)
{
    const auto status = std::to_string(response.status);
    m_counters["by_status"][status] = m_counters["by_status"].value(status, 0) + 1;
    if (number >= m_dropped && number - m_dropped < m_log.size())
        m_log[number - m_dropped]["status"] = response.status;
}

} // namespace contract
