// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/consent_guard.h"

#include <algorithm>
#include <chrono>

namespace gatehouse::ui {

namespace {

qint64 steadyMilliseconds()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

ConsentGuard::ConsentGuard(Ticks ticks)
    : m_ticks(ticks ? std::move(ticks) : &steadyMilliseconds)
{
}

void ConsentGuard::appeared()
{
    m_since = m_ticks();
}

void ConsentGuard::disappeared()
{
    m_since = -1;
}

void ConsentGuard::typed()
{
    if (isShown())
        appeared();
}

qint64 ConsentGuard::remaining() const
{
    if (m_since < 0)
        return kConsentDelayMs;
    return std::clamp<qint64>(m_since + kConsentDelayMs - m_ticks(), 0, kConsentDelayMs);
}

} // namespace gatehouse::ui
