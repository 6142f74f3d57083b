// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/world.h"

#include <optional>
#include <string>
#include <vector>

namespace contract {

/// What goes wrong, on command. `before` kinds do nothing else; the others do the work and spoil the answer.
///   before: status{status, error, retry_after; or of something in between: body, content_type,
///           content_encoding}  reset_before  redirect{location}
///   after:  hang{apply}  reset_after  slow{delay_ms}  truncate  not_json  huge{size}  wrong_shape{answer}
///           drop_labels  ignore_state  ignore_text  odd{pointer, value}  chunked  until_close  close_after
struct Fault
{
    std::string match; ///< "POST /issues", "PUT /issues/*/labels" (`*` is one segment), or "*"
    std::string kind;
    int times = 1;
    Json options;

    [[nodiscard]] bool isBefore() const;
    [[nodiscard]] World::Lapses lapses() const;
};

class Faults final
{
public:
    /// The name of the field that is no good; nullopt: added.
    std::optional<std::string> add(const Json &fault);
    /// The first that fits, one use of it taken.
    [[nodiscard]] std::optional<Fault> take(const std::string &method, const std::string &path);
    void clear() { m_faults.clear(); }

private:
    std::vector<Fault> m_faults;
};

/// The answer of a `before` fault.
[[nodiscard]] Response answerInstead(const Fault &fault);
/// The answer as an `after` fault leaves it.
[[nodiscard]] Response spoilt(const Fault &fault, Response answer);

} // namespace contract
