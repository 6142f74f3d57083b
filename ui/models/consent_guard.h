// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <functional>

namespace gatehouse::ui {

/// A question that appears under a moving hand must not take the click, or the key, meant for something else:
/// no answer counts for this long after the question appears, changes or gets the focus, and after the last
/// key that was no answer (product.md, Approvals).
inline constexpr qint64 kConsentDelayMs = 700;

/// Says whether an answer, a yes or a no, may be taken now. Closed until appeared() was called and
/// kConsentDelayMs went by without a key. Thread: ui.
class ConsentGuard final
{
public:
    /// Milliseconds of a clock that never goes back.
    using Ticks = std::function<qint64()>;

    explicit ConsentGuard(Ticks ticks = {});

    /// The question appeared with the focus, changed, or its window got the focus.
    void appeared();
    /// Its window lost the focus, or went.
    void disappeared();
    /// A key was pressed, in any of our windows, that is no answer to an open guard.
    void typed();
    [[nodiscard]] bool isShown() const { return m_since >= 0; }
    [[nodiscard]] bool isOpen() const { return remaining() == 0; }
    /// Milliseconds until it opens, if nothing happens; kConsentDelayMs while nothing is shown.
    [[nodiscard]] qint64 remaining() const;

private:
    Ticks m_ticks;
    qint64 m_since = -1;
};

} // namespace gatehouse::ui
