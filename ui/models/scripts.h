// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace gatehouse::ui {

/// A project's identifier as the owner sees it, with its script where that is not plain Latin, and with all
/// of them where it mixes: "ЗАД (Cyrillic)". Letters of two scripts can look the same. Thread: ui.
[[nodiscard]] QString shownIdentifier(const QString &identifier);

} // namespace gatehouse::ui
