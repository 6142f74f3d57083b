// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"

namespace gatehouse::test {

/// A known sequence (SplitMix64): the same bytes in every run, never twice the same in one.
class FixedRandom final : public Random
{
public:
    void fill(std::span<std::uint8_t> bytes) override
    {
        for (auto &byte : bytes) {
            m_state += 0x9e3779b97f4a7c15ULL;
            std::uint64_t mixed = m_state;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
            byte = static_cast<std::uint8_t>(mixed >> 56);
        }
    }

private:
    std::uint64_t m_state = 7;
};

} // namespace gatehouse::test
