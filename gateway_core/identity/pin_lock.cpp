// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/pin_lock.h"

#include "gateway_core/identity/step_up.h"

#include <algorithm>
#include <fstream>

namespace gatehouse {

namespace {

constexpr std::size_t kPinDigitsMost = 64;
// 15 min * 2^9 is five days: whoever holds an owner token must not lock the owner out for years.
constexpr int kDoublingsMost = 9;

} // namespace

Result<> checkPinForm(std::string_view pin)
{
    const bool digits = std::ranges::all_of(pin, [](char c) { return c >= '0' && c <= '9'; });
    const bool varied = std::ranges::any_of(pin, [&](char c) { return c != pin.front(); });
    if (!digits || !varied || pin.size() < kPinDigitsLeast || pin.size() > kPinDigitsMost)
        return failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "pin" } });
    return {};
}

std::string thisBootId()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::int64_t lockLeft(const PinRecord &record, std::int64_t now)
{
    return record.lockedForMs > 0 ? std::max<std::int64_t>(0, record.lockedUntilBoot - now) : 0;
}

PinRecord withWrongTry(PinRecord record, std::int64_t now, const std::string &bootId)
{
    if (record.lockedForMs > 0)
        record = withLockServed(std::move(record));
    if (++record.wrongTries < kPinTries)
        return record;
    record.wrongTries = 0;
    record.lockedForMs = Millis(kPinLock).count() << std::min(record.lockouts, kDoublingsMost);
    record.lockedUntilBoot = now + record.lockedForMs;
    record.lockedBootId = bootId;
    ++record.lockouts;
    return record;
}

PinRecord withoutTries(PinRecord record)
{
    record = withLockServed(std::move(record));
    record.lockouts = 0;
    return record;
}

PinRecord withLockServed(PinRecord record)
{
    record.wrongTries = 0;
    record.lockedForMs = 0;
    record.lockedUntilBoot = 0;
    record.lockedBootId.clear();
    return record;
}

PinRecord inThisBoot(PinRecord record, std::int64_t now, const std::string &bootId)
{
    const bool sameBoot = !bootId.empty() && record.lockedBootId == bootId;
    if (record.lockedForMs <= 0 || sameBoot)
        return record;
    record.lockedUntilBoot = now + record.lockedForMs;
    record.lockedBootId = bootId;
    return record;
}

} // namespace gatehouse
