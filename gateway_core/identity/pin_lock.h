// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/storage/records.h"

#include <cstdint>
#include <string>
#include <string_view>

// The rules of the PIN and its lock, as pure functions over the stored record. Times are boot-clock
// milliseconds. Thread: any.
namespace gatehouse {

/// ValidationFailed {field: pin}: fewer than six digits, more than 64, not digits, or all the same.
[[nodiscard]] Result<> checkPinForm(std::string_view pin);

/// This boot's id (Linux: /proc/sys/kernel/random/boot_id). Empty where there is none; then every start
/// counts as another boot and a lock is served again.
[[nodiscard]] std::string thisBootId();

/// How long tries are refused from `now` on; 0 if they are taken.
[[nodiscard]] std::int64_t lockLeft(const PinRecord &record, std::int64_t now);
/// The record with one more try against it, presumed wrong: the fifth locks, each lock twice as long as
/// the one before.
[[nodiscard]] PinRecord withWrongTry(PinRecord record, std::int64_t now, const std::string &bootId);
/// The record after a right PIN: nothing stands against it.
[[nodiscard]] PinRecord withoutTries(PinRecord record);
/// The record after its lock was served: five tries again, and the next lock still twice as long.
[[nodiscard]] PinRecord withLockServed(PinRecord record);
/// The record as this boot takes it over: a lock of another boot begins again, in full, because how much
/// of it had passed is not known.
[[nodiscard]] PinRecord inThisBoot(PinRecord record, std::int64_t now, const std::string &bootId);

} // namespace gatehouse
