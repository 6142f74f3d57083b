// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <memory>
#include <string_view>

namespace gatehouse {

/// The JSON Schemas of the routes' bodies, compiled on first use and kept. Keyed by the place of the
/// text: only the constants of bodies.h go in. Thread: core.
class SchemaCheck final
{
public:
    SchemaCheck();
    ~SchemaCheck();

    /// ValidationFailed {errors: [{field, problem}]}; `field` is a JSON Pointer, no value is repeated.
    [[nodiscard]] Result<> check(std::string_view schema, const Json &body);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
