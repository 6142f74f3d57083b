// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehouse/core.h"

#include <QCoreApplication>

namespace gatehouse {

/// `gatehouse --set-pin`: asks for the PIN on the terminal once the house is open, sets it and ends.
/// Exit code 0: set. 1: refused or the house cannot be opened. Thread: main.
void setPinOnTerminal(Core &core, QCoreApplication &application);

/// `--headless`: one line for each state the gateway enters; ends with exit code 1 where only a person
/// at the machine can mend what is broken (never for a lock: that one ends by itself). Thread: main.
void sayStatusOn(Core &core, QCoreApplication &application);

} // namespace gatehouse
