// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pairing_model.h"

#include "ui/models/sentences.h"

#include <algorithm>

namespace gatehouse::ui {

PairingModel::PairingModel(GatewayPort &gateway, PinFlow &pins, Now now, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_pins(pins)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::pairingClosed, this, [this] {
        if (m_state == State::Open)
            setState(State::Over);
    });
    connect(&gateway, &GatewayPort::confirmationAsked, this, [this](const ConfirmationSummary &asked) {
        if ((m_state == State::Open || m_state == State::Over) && !asked.login)
            setState(State::Spent);
    });
}

void PairingModel::setState(State state)
{
    m_state = state;
    if (state != State::Open)
        m_pairing.code.clear();
    emit changed();
}

void PairingModel::open(const QString &agent)
{
    m_agent = agent;
    setState(State::Opening);
    m_pins.run<PairingSummary>(
        this, [this, agent] { return m_gateway.openPairing(agent); },
        [this](const Result<PairingSummary> &pairing) {
            if (m_state != State::Opening)
                return; // closed again before the answer
            if (!pairing) {
                setState(State::Closed);
                emit failed(sentenceFor(pairing.error()));
                return;
            }
            m_pairing = *pairing;
            m_lifetimeMs = std::max<qint64>(millisecondsLeft(), 1);
            setState(State::Open);
        });
}

void PairingModel::close()
{
    const bool wasOpen = m_state == State::Open || m_state == State::Opening;
    setState(State::Closed);
    if (wasOpen)
        m_gateway.closePairing();
}

void PairingModel::setUpCodex()
{
    const bool wasOpen = m_state == State::Open;
    setState(State::SettingUp);
    if (wasOpen)
        m_gateway.closePairing();
    m_pins.run<SetupResult>(
        this, [this] { return m_gateway.setUpCodex(m_agent); },
        [this](const Result<SetupResult> &setup) {
            if (m_state != State::SettingUp)
                return;
            if (!setup && setup.error().code == ErrorCode::Cancelled)
                return setState(State::Closed); // the PIN was declined
            m_setup = setup.value_or(SetupResult());
            m_setupProblem.clear();
            if (!setup)
                m_setupProblem = reasonIn(setup.error()) == "no_codex"
                    ? tr(
                        "There is no codex command on this machine. Install Codex, or pair it with the code.")
                    : sentenceFor(setup.error());
            setState(State::SetUp);
        });
}

qint64 PairingModel::millisecondsLeft() const
{
    return m_state == State::Closed ? 0 : std::max<qint64>(m_now().msecsTo(m_pairing.expiresAt), 0);
}

} // namespace gatehouse::ui
