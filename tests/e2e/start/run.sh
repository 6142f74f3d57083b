#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts that meet something: no window system, another Gatehouse, a socket that somebody removes. Each ends in
# one sentence and a code of its own, and leaves nothing behind.
set -euo pipefail

BIN=$1
. "$(dirname "$0")/../cases.sh" start
export HOME=$HOUSE XDG_RUNTIME_DIR=$HOUSE
ulimit -c unlimited

# start OPTION... : the program in the foreground; its code in $ended, what it said in $HOUSE/said.
start() {
    ended=0
    gatehouse "$@" >"$HOUSE/said" 2>&1 </dev/null || ended=$?
}

case_ "a stale DISPLAY, a Wayland name that is not there, an unknown platform, nothing at all: one sentence, exit 2, nothing left"
for surroundings in DISPLAY=:987 DISPLAY=nonsense "QT_QPA_PLATFORM=wayland WAYLAND_DISPLAY=wayland-99" QT_QPA_PLATFORM=nonesuch \
    "XDG_SESSION_TYPE=wayland WAYLAND_DISPLAY=wayland-99" ""; do
    ended=0
    # shellcheck disable=SC2086 # several variables are several words
    (cd "$TMPDIR" && unset DISPLAY WAYLAND_DISPLAY QT_QPA_PLATFORM XDG_SESSION_TYPE && exec env $surroundings "$BIN/gatehouse" \
        --profile-dir "$HOUSE/profile") >"$HOUSE/said" 2>&1 || ended=$?
    expect "the exit code with [$surroundings]" 2 "$ended"
    expect "lines with [$surroundings]" 1 "$(wc -l <"$HOUSE/said")"
    grep -q -- 'start with --headless' "$HOUSE/said" || bad "[$surroundings]: $(cat "$HOUSE/said")"
    [[ ! -e $HOUSE/profile && ! -e $HOUSE/.local ]] || bad "[$surroundings] left a folder behind"
    [[ -z $(ls -A "$TMPDIR") ]] || bad "[$surroundings] left $(ls -A "$TMPDIR")"
done
ok

make_profile
start_gatehouse --headless

case_ "beside a headless one a start says that it runs, and where, and ends with 3, with or without a display"
for wish in "" --headless --set-pin; do
    # shellcheck disable=SC2086
    DISPLAY=:987 start $wish
    expect "the exit code of [$wish]" 3 "$ended"
    grep -q "without a window, as process $gatehouse_pid, on http://127.0.0.1:$PORT" "$HOUSE/said" || bad "$(cat "$HOUSE/said")"
    grep -q "$HOUSE/profile" "$HOUSE/said" || bad "no folder is named"
done
ok

case_ "the socket that a second start calls is made again, too"
rm "$HOUSE/profile/front.sock"
until_true 5 test -S "$HOUSE/profile/front.sock" || bad "it is gone"
start
expect "the exit code" 3 "$ended"
ok

case_ "the socket's file is removed, then its folder: tools are served within seconds, by the same process"
sign_in
for victim in "$GATEHOUSE_SOCKET" "$HOUSE/profile/run"; do
    mv "$victim" "$HOUSE/gone" # at once: rm -r of the folder would race with a socket that is made again
    rm -r "$HOUSE/gone"
    until_true 10 ctl status >/dev/null || bad "not after $victim was removed"
done
kill -0 "$gatehouse_pid"
expect "its mode" 600 "$(stat -c %a "$GATEHOUSE_SOCKET")"
grep -q 'gatehouse.http: the socket .* was gone; it is there again' "$HOUSE/gatehouse.log" || bad "the log does not say so"
ok

case_ "while it cannot be made again every tool says so"
chmod 755 "$HOUSE/profile/run" # open to others: Gatehouse puts nothing into it
rm "$GATEHOUSE_SOCKET"
until_true 10 grep -q 'cannot be made again: .* is open to others' "$HOUSE/gatehouse.log" || bad "the log does not say so"
ended=0
ctl status >"$HOUSE/said" 2>&1 || ended=$?
((ended != 0)) || bad "it was reached"
grep -q 'Gatehouse runs, but somebody removed its socket' "$HOUSE/said" || bad "gatehousectl: $(cat "$HOUSE/said")"
ctl doctor --profile-dir "$HOUSE/profile" >"$HOUSE/said" 2>&1 || true
grep -q '^problem  gateway .*somebody removed its socket' "$HOUSE/said" || bad "doctor: $(cat "$HOUSE/said")"
printf 'BCDFGHJK\n' | "$BIN/gatehouse-mcp" pair --name x --secrets file --token-folder "$HOUSE/tokens" --no-codex --code-fd 0 >"$HOUSE/said" 2>&1 || true
grep -q 'somebody removed its socket' "$HOUSE/said" || bad "the bridge: $(cat "$HOUSE/said")"
chmod 700 "$HOUSE/profile/run"
until_true 60 ctl status >/dev/null || bad "it was not made again within a minute"
ok

case_ "stopped, it leaves no socket and no lock"
kill "$gatehouse_pid"
wait "$gatehouse_pid" || bad "it ended with $?"
for left in "$GATEHOUSE_SOCKET" "$HOUSE/profile/front.sock" "$HOUSE/profile/gatehouse.lock"; do
    [[ ! -e $left ]] || bad "$left is there"
done
ok
