// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/arguments.h"

class QCoreApplication;

namespace gatehouse {

/// `gatehousectl tasker check PROJECT URL USER-ID`: the adapter contract against a real Tasker, without
/// Gatehouse; the credential comes from --secret-fd. Says which routes differ and how.
[[nodiscard]] int runTaskerCheck(QCoreApplication &application, const Invocation &invocation);

} // namespace gatehouse
