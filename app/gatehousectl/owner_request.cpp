// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/owner_request.h"

#include "app/gatehousectl/remedies.h"
#include "app/gatehousectl/printing.h"
#include "gateway_core/base/json.h"

#include <QString>
#include <QUrl>

#include <algorithm>

namespace gatehouse {

namespace {

bool sameText(const std::string &left, const std::string &right)
{
    return QString::fromStdString(left).compare(QString::fromStdString(right), Qt::CaseInsensitive) == 0;
}

std::string encoded(const std::string &text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

void replaceAll(std::string &text, std::string_view from, const std::string &to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

void replaceIn(Ask &ask, std::string_view mark, const std::string &id)
{
    replaceAll(ask.target, mark, encoded(id));
    if (!ask.body.is_object())
        return;
    for (Json &member : ask.body) {
        if (member.is_string() && member.get_ref<const std::string &>() == mark)
            member = id;
    }
}

std::string remedyFor(WireFailure failure)
{
    switch (failure) {
    case WireFailure::NotReachable: return ": start it, or see gatehousectl doctor";
    case WireFailure::SocketLost: return ": try again then";
    case WireFailure::WrongOwner:
    case WireFailure::Malformed: return ": name the right one with --socket";
    case WireFailure::Broken: return ": look whether it was done before you repeat it";
    }
    return {};
}

/// The fields that the gateway did not take, each on a line.
std::string fieldsOf(const Json &body)
{
    const Json details = body.is_object() ? body.value("details", Json()) : Json();
    const Json errors = details.is_object() ? details.value("errors", Json::array()) : Json::array();
    std::string text;
    for (const Json &error : errors)
        text += "\n  " + visible(textAt(error, "field")) + ": " + visible(textAt(error, "problem"));
    if (const std::string field = textAt(details, "field"); text.empty() && !field.empty()) {
        std::string reason = visible(textAt(details, "reason"));
        std::ranges::replace(reason, '_', ' ');
        text = "\n  " + visible(field) + (reason.empty() ? "" : ": " + reason);
    }
    return text;
}

} // namespace

OwnerRequest::OwnerRequest(SocketClient &client, std::shared_ptr<const Secret> token, AskPin askPin,
                           QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_token(std::move(token))
    , m_askPin(std::move(askPin))
{
}

void OwnerRequest::run(Ask ask)
{
    m_ask = std::move(ask);
    resolveAgent();
}

void OwnerRequest::resolveAgent()
{
    if (m_ask.agent.empty())
        return resolveProject();
    send("GET", "/api/v1/agents", nullptr, [this](const Json &body) {
        for (const Json &agent : body.value("agents", Json::array())) {
            const std::string id = textAt(agent, "id");
            if (id != m_ask.agent && !sameText(textAt(agent, "display_name"), m_ask.agent))
                continue;
            replaceIn(m_ask, "{agent}", id);
            return resolveProject();
        }
        end(Exit::Refused, nullptr,
            "there is no agent named " + visible(m_ask.agent) + ": see gatehousectl agents list");
    });
}

void OwnerRequest::resolveProject()
{
    if (m_ask.project.empty() || m_ask.project == "*") {
        replaceIn(m_ask, "{project}", m_ask.project);
        return sendAsk();
    }
    send("GET", "/api/v1/projects?query=" + encoded(m_ask.project), nullptr, [this](const Json &body) {
        for (const Json &match : body.value("matches", Json::array())) {
            const Json project = match.value("project", Json::object());
            const std::string id = textAt(project, "id");
            if (id != m_ask.project && !sameText(textAt(project, "identifier"), m_ask.project))
                continue;
            replaceIn(m_ask, "{project}", id);
            return sendAsk();
        }
        end(Exit::Refused, nullptr,
            "Tasker shows you no project with the id or key " + visible(m_ask.project)
                + ": see gatehousectl projects");
    });
}

void OwnerRequest::sendAsk()
{
    m_stepUpAllowed = m_token && m_stepUpToken.empty(); // a sign-in has brought its PIN along
    if (m_ask.pages) {
        m_gathering.emplace(*m_ask.pages);
        return gather();
    }
    send(m_ask.method, m_ask.target, m_ask.body, [this](const Json &body) { end(Exit::Done, body); });
}

void OwnerRequest::gather()
{
    const char join = m_ask.target.find('?') == std::string::npos ? '?' : '&';
    send(m_ask.method, m_ask.target + join + m_gathering->query(), nullptr, [this](const Json &body) {
        if (m_ended)
            return;
        if (m_gathering->take(body))
            return end(Exit::Done, m_gathering->answer());
        emit searched(m_gathering->answer());
        if (!m_ended)
            gather();
    });
}

void OwnerRequest::stop()
{
    if (m_gathering)
        end(Exit::Interrupted, m_gathering->answer());
}

void OwnerRequest::stepUp()
{
    m_stepUpAllowed = false;
    const auto pin = m_askPin();
    if (!pin)
        return end(Exit::StepUpNeeded, nullptr,
                   "this takes your PIN: run it on a terminal, or hand the PIN over with --pin-fd");
    send("POST", "/api/v1/step-up", { { "pin", pin->text() } }, [this](const Json &body) {
        m_stepUpToken = textAt(body, "step_up_token");
        sendAsk();
    });
}

void OwnerRequest::send(const std::string &method, const std::string &target, const Json &body, Take take)
{
    WireRequest request{ .method = method, .target = target, .headers = {}, .body = {}, .bearer = m_token };
    if (!body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    if (!m_stepUpToken.empty())
        request.headers.emplace_back("X-Step-Up-Token", m_stepUpToken);
    m_client.send(
        std::move(request),
        [this, take = std::move(take)](const WireAnswer &answer) {
            Json said = Json::parse(answer.body, nullptr, false);
            if (said.is_discarded())
                said = nullptr;
            if (answer.status >= 200 && answer.status < 300)
                return take(said);
            refuse(answer.status, said);
        },
        [this](WireFailure failure) {
            end(Exit::NotReachable, nullptr, std::string(sentenceFor(failure)) + remedyFor(failure));
        });
}

void OwnerRequest::refuse(int status, const Json &body)
{
    const std::string code = textAt(body, "error");
    const std::string sentence = visible(textAt(body, "message"));
    if (status == 401)
        return end(Exit::NoToken, body, "your sign-in has ended: run gatehousectl login");
    if (code == "step_up_required") {
        const std::string reason = textAt(body.value("details", Json::object()), "reason");
        if (reason == "setup")
            return end(Exit::StepUpNeeded, body,
                       "no PIN is set: set one in Gatehouse's window or with gatehouse --set-pin");
        if (reason == "locked")
            return end(Exit::StepUpNeeded, body,
                       "the PIN is locked after too many wrong tries; gatehousectl status says for how long");
        if (m_stepUpAllowed)
            return stepUp();
        return end(Exit::StepUpNeeded, body, "the PIN was not right: try again; five wrong ones lock it");
    }
    if (sentence.empty())
        return end(Exit::Refused, body,
                   "Gatehouse answered " + std::to_string(status)
                       + " without a word: see gatehousectl doctor");
    const std::string fields = fieldsOf(body); // these say what to do themselves
    const std::string reason
        = body.is_object() ? textAt(body.value("details", Json::object()), "reason") : std::string();
    const std::string_view closer = cureFor(reason);
    const std::string cure(!fields.empty() ? "" : closer.empty() ? cureFor(code) : closer);
    end(Exit::Refused, body,
        sentence + " (" + visible(code) + ')' + fields + (cure.empty() ? "" : "\n  -> " + cure));
}

void OwnerRequest::end(Exit exit, const Json &answer, std::string complaint)
{
    // What is still under way when a search is stopped comes too late.
    if (!std::exchange(m_ended, true))
        emit ended(exit, answer, complaint);
}

} // namespace gatehouse
