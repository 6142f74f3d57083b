// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pin_flow.h"

#include "ui/models/answer.h"
#include "ui/models/sentences.h"

#include <utility>

namespace gatehouse::ui {

namespace {

PinReason reasonOf(const Error &error, const GatewayStatus &status)
{
    const std::string reason = reasonIn(error);
    if (reason == "locked" || status.pinLockedForMs > 0)
        return PinReason::Locked;
    if (reason == "setup" || (reason.empty() && !status.pinSet))
        return PinReason::Setup;
    return PinReason::Enter;
}

qint64 lockedFor(const Error &error, const GatewayStatus &status)
{
    const qint64 said = 1000 * retryAfterSeconds(error);
    return said > 0 ? said : status.pinLockedForMs;
}

} // namespace

PinFlow::PinFlow(GatewayPort &gateway, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
{
}

void PinFlow::wait(const Error &error, Waiting waiting)
{
    m_waiting.push_back(std::move(waiting));
    if (m_waiting.size() > 1)
        return; // the dialog is open already
    const PinReason reason = reasonOf(error, m_gateway.status());
    emit pinWanted(reason, reason == PinReason::Locked ? lockedFor(error, m_gateway.status()) : 0);
}

void PinFlow::enter(const QString &pin)
{
    check(pin);
}

void PinFlow::setUp(const QString &pin)
{
    hear(m_gateway.setPin({}, pin), this, [this, pin](const Result<> &result) {
        if (result)
            check(pin);
        else
            emit refused(sentenceFor(result.error()), 0);
    });
}

void PinFlow::check(const QString &pin)
{
    hear(m_gateway.enterPin(pin), this, [this](const Result<> &result) {
        if (result) {
            finish(true);
            return;
        }
        const bool locked = reasonOf(result.error(), m_gateway.status()) == PinReason::Locked;
        emit refused(pinSentence(result.error()), locked ? lockedFor(result.error(), m_gateway.status()) : 0);
    });
}

void PinFlow::cancel()
{
    finish(false);
}

void PinFlow::finish(bool entered)
{
    // Taken out first: an act may ask for the PIN again while the others still run.
    const std::vector<Waiting> waiting = std::exchange(m_waiting, {});
    emit finished();
    for (const Waiting &one : waiting) {
        if (one.context)
            one.goOn(entered);
    }
}

} // namespace gatehouse::ui
