// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

#include <memory>
#include <string>
#include <string_view>

// The spelling inside an export bundle, for its writer and its reader; docs/storage.md. Thread: any.
namespace gatehouse {

inline constexpr const char *kBundleFormat = "gatehouse.export.1";

/// One row as one line, with its line end. The body stays the text that was hashed.
[[nodiscard]] std::string lineOf(const JournalRow &row);
/// InvalidRequest: not such a line.
[[nodiscard]] Result<JournalRow> rowFrom(std::string_view line);

[[nodiscard]] std::string manifestSignedText(std::string_view manifest);

/// SHA-256 of what comes piece by piece.
class RunningDigest final
{
public:
    RunningDigest();
    ~RunningDigest();
    RunningDigest(const RunningDigest &) = delete;
    RunningDigest &operator=(const RunningDigest &) = delete;

    void add(std::string_view piece);
    [[nodiscard]] Digest finish();

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
