// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace gatehouse {

/// Unpredictable bytes. A port, so that a test can know the code it types.
/// Thread: any.
class Random
{
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    /// A number below `limit`, each equally likely (rejection sampling). `limit` is not 0.
    [[nodiscard]] std::uint32_t below(std::uint32_t limit);
    /// A version 4 UUID in lower case (RFC 9562, section 5.4).
    [[nodiscard]] std::string uuid();
};

/// OpenSSL's generator. Aborts the process if the system gives no entropy: nothing here is safe then.
class SystemRandom final : public Random
{
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

} // namespace gatehouse
