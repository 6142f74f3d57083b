#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a private D-Bus session with its own gnome-keyring, unlocked, and a private home:
#   tests/support/with_keyring.sh ./bin/tst_keychain
# Needs dbus-daemon and gnome-keyring. Nothing of the caller's own keyring is touched.
# GATEHOUSE_KEYRING_PASSWORD is for tests that lock the keyring and unlock it again.
set -euo pipefail

for program in dbus-run-session gnome-keyring-daemon; do
    if ! command -v "$program" > /dev/null; then
        echo "with_keyring.sh: $program is missing (packages: dbus-daemon gnome-keyring)" >&2
        exit 1
    fi
done
if [ $# -eq 0 ]; then
    echo "usage: with_keyring.sh command [argument ...]" >&2
    exit 2
fi

private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
export HOME=$private/home XDG_RUNTIME_DIR=$private/run
export XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config XDG_CACHE_HOME=$HOME/.cache
mkdir -p "$XDG_DATA_HOME/keyrings" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
# With a display, an unlock dialog would wait for a person.
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL
export GATEHOUSE_KEYRING_PASSWORD=ci

# The daemon answers 0 for a wrong password too: only a round trip proves that it is open. Its standard
# input must not be empty, or there is no login keyring.
dbus-run-session -- bash -c '
    printf %s "$GATEHOUSE_KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
    exec "$0" "$@"' "$@"
