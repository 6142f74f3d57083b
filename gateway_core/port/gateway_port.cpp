// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/port/gateway_port.h"
