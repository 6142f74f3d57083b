// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/faults.h"

#include <QRegularExpression>

#include <algorithm>
#include <set>

namespace contract {

namespace {

const std::set<std::string> kBefore{ "status", "reset_before", "redirect" };
const std::set<std::string> kAfter{ "hang",        "reset_after", "slow",        "truncate",     "not_json",
                                    "huge",        "wrong_shape", "drop_labels", "ignore_state", "chunked",
                                    "until_close", "close_after", "ignore_text", "odd" };
constexpr std::size_t kHugeSize = (8u << 20) + 1;

bool fits(const std::string &pattern, const std::string &line)
{
    if (pattern == "*")
        return true;
    QString expression = QRegularExpression::escape(QString::fromStdString(pattern));
    expression.replace(QStringLiteral("\\*"), QStringLiteral("[^/]+"));
    return QRegularExpression(QRegularExpression::anchoredPattern(expression))
        .match(QString::fromStdString(line))
        .hasMatch();
}

const char *usualError(int status)
{
    switch (status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 429: return "rate_limited";
    default: return "internal";
    }
}

} // namespace

bool Fault::isBefore() const
{
    return kBefore.contains(kind);
}

World::Lapses Fault::lapses() const
{
    return { kind == "drop_labels", kind == "ignore_state", kind == "ignore_text" };
}

std::optional<std::string> Faults::add(const Json &fault)
{
    if (!fault.is_object() || !fault.contains("kind") || !fault["kind"].is_string())
        return "kind";
    Fault added{ fault.value("match", "*"), fault["kind"], fault.value("times", 1), fault };
    if (!kBefore.contains(added.kind) && !kAfter.contains(added.kind))
        return "kind";
    m_faults.push_back(std::move(added));
    return std::nullopt;
}

std::optional<Fault> Faults::take(const std::string &method, const std::string &path)
{
    const auto found = std::find_if(m_faults.begin(), m_faults.end(), [&](const Fault &fault) {
        return fits(fault.match, method + ' ' + path);
    });
    if (found == m_faults.end())
        return std::nullopt;
    const Fault taken = *found;
    if (--found->times <= 0)
        m_faults.erase(found);
    return taken;
}

Response answerInstead(const Fault &fault)
{
    Response answer;
    if (fault.kind == "reset_before") {
        answer.manner = Manner::Reset;
    } else if (fault.kind == "redirect") {
        answer.status = fault.options.value("status", 302);
        answer.headers.emplace_back("Location", fault.options.value("location", "/elsewhere"));
    } else {
        const int status = fault.options.value("status", 500);
        answer = errorResponse(status, fault.options.value("error", usualError(status)),
                               fault.options.value("message", "A fault on command."));
        if (fault.options.contains("details")) {
            Json body = Json::parse(answer.body);
            body["details"] = fault.options["details"];
            answer.body = body.dump();
        }
        if (fault.options.contains("body")) { // of something in between
            answer.body = fault.options["body"];
            answer.contentType = fault.options.value("content_type", "text/html");
        }
        if (fault.options.contains("content_encoding"))
            answer.headers.emplace_back("Content-Encoding", fault.options["content_encoding"]);
    }
    if (fault.options.contains("retry_after")) {
        const auto &after = fault.options["retry_after"];
        answer.headers.emplace_back("Retry-After",
                                    after.is_string() ? after.get<std::string>() : after.dump());
    }
    return answer;
}

Response spoilt(const Fault &fault, Response answer)
{
    if (fault.kind == "hang")
        answer.manner = Manner::Never;
    else if (fault.kind == "reset_after")
        answer.manner = Manner::Reset;
    else if (fault.kind == "truncate")
        answer.manner = Manner::Truncated;
    else if (fault.kind == "chunked")
        answer.manner = Manner::Chunked;
    else if (fault.kind == "until_close")
        answer.manner = Manner::UntilClose;
    else if (fault.kind == "close_after")
        answer.manner = Manner::CloseAfter;
    else if (fault.kind == "huge") // white space behind a value is JSON
        answer.body.resize(std::max(answer.body.size(), fault.options.value("size", kHugeSize)), ' ');
    else if (fault.kind == "wrong_shape")
        answer.body = fault.options.value("answer", Json{ { "unexpected", true } }).dump();
    else if (fault.kind == "odd") {
        Json body = Json::parse(answer.body);
        body[Json::json_pointer(fault.options.value("pointer", ""))] = fault.options["value"];
        answer.body = body.dump();
    }
    if (fault.kind == "not_json") {
        answer.status = fault.options.value("status", answer.status);
        answer.contentType = "text/html";
        answer.body = "<!doctype html><title>Sign in</title>";
    }
    return answer;
}

} // namespace contract
