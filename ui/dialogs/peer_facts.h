// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

class QGridLayout;

namespace gatehouse::ui {

/// Who asks, as rows of a dialog: program, folder, process and the programs that started it.
void addPeerFacts(QGridLayout &grid, const PeerSummary &peer);

} // namespace gatehouse::ui
