// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>

#include <functional>
#include <memory>

namespace gatehouse {

/// The application of a program with windows. Qt ends the process by abort() where it finds no display, an
/// unknown platform or a Wayland socket that is not there; here `before` runs, one sentence goes to standard
/// error, and the process ends with `exitCode`. Thread: main.
[[nodiscard]] std::unique_ptr<QApplication> enterWindowSystem(int &argc, char **argv, int exitCode,
                                                              std::function<void()> before);

} // namespace gatehouse
