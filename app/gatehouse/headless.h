// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehouse/gateway_lifecycle.h"

#include <QCoreApplication>

namespace gatehouse {

/// `gatehouse --set-pin`: asks for the PIN on the terminal once the services are open, sets it and ends.
/// Exit code 0: set. 1: refused or the services cannot be opened. Thread: main.
void setPinOnTerminal(GatewayLifecycle &core, QCoreApplication &application);

/// `gatehouse --accept-restore`: the owner put an older copy of the database back, or the keychain.
/// `gatehouse --start-anew`: the database is gone, an empty one is begun. Both ask for the PIN where one was
/// ever set, go on record with what the secrets knew, and end. Exit code 0: done. 1: refused, or there is
/// nothing to accept. Thread: main.
void acceptRestoreOnTerminal(GatewayLifecycle &core, QCoreApplication &application);
void startAnewOnTerminal(GatewayLifecycle &core, QCoreApplication &application);

/// `--headless`: one line for each state the gateway enters; ends with exit code 1 where only a person
/// at the machine can mend what is broken (never for a lock or a full disk: those end by themselves).
/// Thread: main.
void sayStatusOn(GatewayLifecycle &core, QCoreApplication &application);

} // namespace gatehouse
