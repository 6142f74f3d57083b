// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <functional>

namespace gatehouse::ui {

/// An *Allow* that appears under a moving hand must not take the click meant for something else: nothing is
/// taken for this long after the question appears, changes or gets the focus (product.md, Approvals).
inline constexpr qint64 kConsentDelayMs = 700;

/// Says whether a yes may be taken now. Closed until appeared() was called and kConsentDelayMs went by.
/// Thread: ui.
class ConsentGuard final
{
public:
    /// Milliseconds of a clock that never goes back.
    using Ticks = std::function<qint64()>;

    explicit ConsentGuard(Ticks ticks = {});

    /// The question appeared, changed, or its window got the focus.
    void appeared();
    void disappeared();
    [[nodiscard]] bool isOpen() const { return remaining() == 0; }
    /// Milliseconds until it opens; kConsentDelayMs while nothing is shown.
    [[nodiscard]] qint64 remaining() const;

private:
    Ticks m_ticks;
    qint64 m_since = -1;
};

} // namespace gatehouse::ui
