// SPDX-License-Identifier: GPL-3.0-or-later
// Only here so that CMake can make the precompiled headers.
