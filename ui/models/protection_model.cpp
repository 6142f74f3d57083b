// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/protection_model.h"

#include "ui/models/answer.h"
#include "ui/models/time_text.h"
#include "ui/models/sentences.h"

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr int kPinDigitsLeast = 6; // product numbers: PIN

} // namespace

ProtectionModel::ProtectionModel(GatewayPort &gateway, PinFlow &pins, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_pins(pins)
{
    connect(&gateway, &GatewayPort::statusChanged, this, &ProtectionModel::changed);
}

QString ProtectionModel::pinLine() const
{
    const GatewayStatus status = m_gateway.status();
    if (!status.pinSet)
        return tr("No PIN is set. Until there is one, nothing that widens what agents may do can be done.");
    if (status.pinLockedForMs > 0)
        return tr("The PIN is locked for %1 after too many wrong tries.")
            .arg(countdownText(status.pinLockedForMs));
    if (status.stepUpFresh)
        return tr("The PIN is set and was entered within the last five minutes.");
    return tr("The PIN is set. Whatever widens what agents may do asks for it.");
}

QString ProtectionModel::pinProblem(const QString &pin)
{
    const bool digits = std::all_of(pin.begin(), pin.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    if (!digits || pin.size() < kPinDigitsLeast)
        return tr("A PIN has six digits or more, and digits only.");
    if (pin.count(pin.front()) == pin.size())
        return tr("All digits are the same. Choose a PIN that is harder to guess.");
    return {};
}

void ProtectionModel::setPin(const QString &old, const QString &fresh)
{
    hear(m_gateway.setPin(old, fresh), this, [this](const Result<> &result) {
        if (result) {
            emit pinSet();
            return;
        }
        emit pinRefused(pinSentence(result.error()), 1000 * retryAfterSeconds(result.error()));
    });
}

void ProtectionModel::resetPin()
{
    hear(m_gateway.resetPin(), this, [this](const Result<> &result) {
        if (result)
            emit pinReset();
        else
            emit failed(sentenceFor(result.error()));
    });
}

void ProtectionModel::mintOwnerToken(const QString &name)
{
    m_pins.run<QString>(
        this, [this, name] { return m_gateway.mintOwnerToken(name.trimmed()); },
        [this](const Result<QString> &token) {
            if (token)
                emit ownerTokenMade(*token);
            else
                emit failed(sentenceFor(token.error()));
        });
}

} // namespace gatehouse::ui
