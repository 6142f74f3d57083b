# SPDX-License-Identifier: GPL-3.0-or-later
# What every test of the whole program has: a house of its own (household.sh) that goes at the end, and words for
# its cases. Sourced with BIN set, as: cases.sh NAME. One that fails shows the end of each log.

HOUSE=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-$1.XXXXXX")
mkdir "$HOUSE/tmp"
export TMPDIR=$HOUSE/tmp # what the programs of others drop goes with the house
PORT=$((20000 + RANDOM % 5000))
. "$(dirname "${BASH_SOURCE[0]}")/household.sh"
companions=() # processes of the test's own, ended with the house

on_exit() {
    local status=$? one
    for one in "${companions[@]}"; do kill "$one" 2>/dev/null || true; done
    stop_house
    if ((status)); then
        for one in "$HOUSE"/*.log "$HOUSE"/*.err; do
            [[ ! -s $one ]] || { echo "== $(basename "$one")"; tail -n 40 "$one"; }
        done
    fi
    rm -rf "$HOUSE"
}
trap on_exit EXIT

case_() { printf '%s ... ' "$*"; }
ok() { echo ok; }
bad() { echo FAILED; printf '   %s\n' "$*"; exit 1; }
expect() { [[ $2 == "$3" ]] || bad "$1: expected [$2], got [$3]"; }

restart_gatehouse() {
    kill -9 "$gatehouse_pid"
    wait "$gatehouse_pid" 2>/dev/null || true
    start_gatehouse --headless
}
