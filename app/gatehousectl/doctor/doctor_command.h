// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/arguments.h"

class QCoreApplication;

namespace gatehouse {

/// `gatehousectl doctor`: prints the findings as they come, writes the bundle where one is wanted.
[[nodiscard]] int runDoctor(QCoreApplication &application, const Invocation &invocation);

} // namespace gatehouse
