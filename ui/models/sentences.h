// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QString>
#include <QStringView>

#include <optional>
#include <string>

namespace gatehouse::ui {

// Every sentence that an error becomes. The core returns codes; here they turn into what happened and what
// the owner can do about it. Thread: ui.

/// What happened and what to do. Empty for Cancelled: the owner knows.
[[nodiscard]] QString sentenceFor(ErrorCode code);
/// The same, with what the error's details add (when to try again, which field).
[[nodiscard]] QString sentenceFor(const Error &error);
/// A few words for a table's cell.
[[nodiscard]] QString shortWordsFor(ErrorCode code);
/// For a PIN that was not taken: wrong with the tries left, locked for how long, or not set.
[[nodiscard]] QString pinSentence(const Error &error);
/// What GatewayPort::notice() says; empty for a code that has no sentence.
[[nodiscard]] QString noticeSentence(const QString &code);

/// The error with this wire name.
[[nodiscard]] std::optional<ErrorCode> errorNamed(QStringView name);
/// details.reason, empty without one.
[[nodiscard]] std::string reasonIn(const Error &error);
/// details.retry_after in seconds, 0 without one.
[[nodiscard]] qint64 retryAfterSeconds(const Error &error);

} // namespace gatehouse::ui
