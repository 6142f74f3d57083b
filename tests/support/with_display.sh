#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a display of its own, with a window manager:
#   tests/support/with_display.sh ./bin/tst_focus
# Needs Xvfb, openbox and xdotool; without them it is skipped (77), and says so.
set -euo pipefail

for program in Xvfb openbox xdotool; do
    if ! command -v "$program" > /dev/null; then
        echo "with_display.sh: skipped, $program is missing (packages: xvfb openbox xdotool)" >&2
        exit 77
    fi
done
if [ $# -eq 0 ]; then
    echo "usage: with_display.sh command [argument ...]" >&2
    exit 2
fi

private=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2> /dev/null || true; wait; rm -rf "$private"' EXIT
mkfifo "$private/display"
Xvfb -displayfd 5 -screen 0 1320x820x24 -nolisten tcp 5> "$private/display" 2> /dev/null &
started+=($!)
read -r display < "$private/display"
export DISPLAY=:$display QT_QPA_PLATFORM=xcb
export HOME=$private XDG_CONFIG_HOME=$private/config XDG_CACHE_HOME=$private/cache
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
openbox --sm-disable 2> /dev/null &
started+=($!)
"$@"
