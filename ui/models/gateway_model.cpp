// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/gateway_model.h"

#include "ui/models/foreign_text.h"
#include "ui/models/time_text.h"
#include "ui/models/sentences.h"

#include <QLocale>

namespace gatehouse::ui {

namespace {

/// The year matters here, which a moment of Activity leaves out.
QString clockText(const QDateTime &at)
{
    return QLocale().toString(at, QLocale::ShortFormat);
}

} // namespace

QString upstreamSentence(const std::optional<ErrorCode> &problem, const QString &reason)
{
    return problem ? sentenceFor(Error{ *problem, {}, { { "reason", reason.toStdString() } } }) : QString();
}

QString upstreamSentence(const GatewayStatus &status)
{
    return upstreamSentence(status.upstreamProblem, status.upstreamReason);
}

GatewayModel::GatewayModel(GatewayPort &gateway, PinFlow &pins, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_pins(pins)
{
    connect(&gateway, &GatewayPort::statusChanged, this, &GatewayModel::changed);
}

bool GatewayModel::isRunning() const
{
    return canChangeMode() && status().mode == u"running";
}

Headline GatewayModel::headline() const
{
    const GatewayStatus now = status();
    Headline line{ modeMark(now), {}, {}, foreignText(now.problemDetail) };
    if (now.state == GatewayState::Starting) {
        line.title = tr("Gatehouse is starting");
        line.text = tr("It opens its database and its doors. This takes a moment.");
    } else if (now.state == GatewayState::Locked) {
        line.title = now.keychainAsks ? tr("Your keychain asks you") : tr("Gatehouse is locked");
        line.text = now.keychainAsks
            ? tr("Answer whether Gatehouse may have its secrets; then it goes on by itself.")
            : sentenceFor(now.problem.value_or(ErrorCode::SecretsLocked));
        line.canRetry = true;
    } else if (now.state == GatewayState::Broken) {
        const ErrorCode problem = now.problem.value_or(ErrorCode::Internal);
        line.title = shortWordsFor(problem);
        line.text = sentenceFor(problem);
        line.canRetry = true;
        line.portBusy = problem == ErrorCode::PortBusy;
        line.restored = problem == ErrorCode::StorageRolledBack;
        if (line.portBusy && !line.detail.isEmpty())
            line.detail = tr("The port is held by %1").arg(line.detail);
    } else if (!now.recording) {
        line.title = tr("Calls cannot be recorded");
        line.text = now.recordingProblem == ErrorCode::StorageMissing
            ? tr("The database was moved or removed while Gatehouse runs, so no call is let through. Move it "
                 "back; or stop "
                 "Gatehouse, which puts back what was removed, and start it again.")
            : sentenceFor(now.recordingProblem.value_or(ErrorCode::AuditUnavailable));
        line.canRetry = true;
    } else if (now.signingHeld != u"none") {
        line.mark = { QStringLiteral("alert"), Tone::Bad, tr("Not signed") };
        line.title = now.signingHeld == u"key_lost"
            ? tr("The key that signs the journal is gone")
            : tr("The database is older than your keychain remembers");
        line.text = tr("Calls are still recorded, but the journal is not signed until you have said whether "
                       "you put a copy back "
                       "yourself.");
        line.restored = true;
    } else if (now.clockQuestion == u"ahead") {
        line.mark = { QStringLiteral("alert"), Tone::Waiting, tr("Is the clock right?") };
        line.title = tr("Is the clock right?");
        line.text = tr("It says %1. When Gatehouse last knew, it was %2. Until you have answered, nothing "
                       "ends and nothing is removed "
                       "by the new time. If the clock is wrong, set it right and this goes away by itself.")
                        .arg(clockText(now.clockWall), clockText(now.clockLatest));
        line.clockAnswer = QStringLiteral("is_right");
    } else if (now.clockQuestion == u"behind") {
        line.mark = { QStringLiteral("alert"), Tone::Waiting, tr("The time stands in the future") };
        line.title = tr("The clock once stood in the future");
        line.text = tr("Gatehouse counts from %1, and the clock says %2. Until you have answered, everything "
                       "ends by the later time. "
                       "If the clock is wrong now, set it right and this goes away by itself.")
                        .arg(clockText(now.clockLatest), clockText(now.clockWall));
        line.clockAnswer = QStringLiteral("was_wrong");
    } else if (now.mode == u"paused") {
        line.title = tr("All agents are paused");
        line.text = tr("Programs stay connected, but no call is let through until you press Resume.");
        line.detail = foreignText(now.modeReason);
    } else if (now.mode == u"draining") {
        line.title = tr("Gatehouse is stopping");
        line.text = sentenceFor(ErrorCode::GatewayDraining);
    } else if (!now.connected) {
        line.mark = { QStringLiteral("plug"), Tone::Accent, tr("Not connected") };
        line.title = tr("No Tasker is connected yet");
        line.text = tr("Enter its address and your credential, then agents can be given work.");
        line.toConnection = true;
    } else if (!now.heard) {
        line.mark = { QStringLiteral("plug"), Tone::Waiting, tr("Not tried") };
        line.title = tr("Tasker has not answered yet");
        line.text = now.upstreamProblem
            ? upstreamSentence(now)
            : tr("Its address and your credential are stored. Until it answers, no call can succeed.");
        line.toConnection = true;
    } else if (now.upstreamProblem) {
        line.mark = { QStringLiteral("alert"), Tone::Waiting, shortWordsFor(*now.upstreamProblem) };
        line.title = tr("Tasker has a problem: %1").arg(shortWordsFor(*now.upstreamProblem));
        line.text = upstreamSentence(now);
        line.toConnection = true;
    } else {
        line.title = tr("Agents can work, and every call is recorded");
        line.text = tr("They reach Tasker only through Gatehouse, and only as far as you let them.");
    }
    return line;
}

QString GatewayModel::whereabouts() const
{
    const GatewayStatus now = status();
    if (now.state != GatewayState::Ready)
        return {};
    const QString tasker = !now.connected ? tr("no Tasker connected")
        : !now.heard                      ? tr("Tasker has not answered yet")
        : now.upstreamProblem             ? shortWordsFor(*now.upstreamProblem)
                                          : tr("Tasker connected");
    return QStringLiteral("%1  ·  %2").arg(now.address, tasker);
}

QString GatewayModel::logFolder() const
{
    return status().logFolder;
}

int GatewayModel::otherPort() const
{
    const int port = status().port;
    return port < 65535 ? port + 1 : port - 1;
}

QString GatewayModel::commandForPort(int port)
{
    return QStringLiteral("codex mcp remove tasker\ncodex mcp add tasker --url http://127.0.0.1:%1/mcp")
        .arg(port);
}

void GatewayModel::pause()
{
    setMode(QStringLiteral("paused"));
}

void GatewayModel::resume()
{
    setMode(QStringLiteral("running"));
}

QString GatewayModel::clockConsequence() const
{
    if (status().clockQuestion == u"ahead")
        return tr("From now on it is %1. Tokens and grants that end before then have ended, and rows of the "
                  "journal that are old "
                  "enough by then are exported and removed. This cannot be taken back.")
            .arg(clockText(status().clockWall));
    return tr("From now on it is %1 again. What has ended stays ended: give new dates and new tokens where "
              "they are wanted. What still "
              "holds keeps the time that it had left. The journal keeps every row.")
        .arg(clockText(status().clockWall));
}

void GatewayModel::settleClock()
{
    const QString answer = headline().clockAnswer;
    if (answer.isEmpty())
        return; // it went away by itself
    m_pins.run<void>(
        this, [this, answer] { return m_gateway.settleClock(answer); },
        [this](const Result<> &result) {
            if (!result)
                emit failed(sentenceFor(result.error()));
        });
}

void GatewayModel::setMode(const QString &mode)
{
    m_pins.run<void>(
        this, [this, mode] { return m_gateway.setMode(mode, {}); },
        [this](const Result<> &result) {
            if (!result)
                emit failed(sentenceFor(result.error()));
        });
}

void GatewayModel::stopEverything(const QStringList &revoked)
{
    m_pins.run<QuietSummary>(
        this, [this, revoked] { return m_gateway.stopEverything(revoked); },
        [this](const Result<QuietSummary> &quiet) {
            if (!quiet)
                return emit failed(sentenceFor(quiet.error()));
            emit stopped(tr("All is quiet, after %1. Questions withdrawn: %2. Connections closed: %3. Calls "
                            "that had reached Tasker "
                            "and ended: %4. Clients revoked: %5.")
                             .arg(durationText(quiet->milliseconds))
                             .arg(quiet->questionsWithdrawn)
                             .arg(quiet->streamsClosed)
                             .arg(quiet->callsFinished)
                             .arg(quiet->clientsRevoked));
        });
}

} // namespace gatehouse::ui
