#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The official MCP conformance suite against our MCP door: run.sh BIN 2025|2026. What is behind the door
# is the suite's own wish list (conformance_gateway), all before it is the gateway's. What may fail stands in
# expected_ERA.yml with its reason; an entry that passes fails the run too. Exit 77: skipped, because the
# suite is not at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$1 era=$2
. "$here/../node.sh"
node_packages conformance

work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-conformance.XXXXXX")
pids=()
on_exit() {
    local status=$?
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    if ((status)); then tail -n 20 "$work"/*.log; fi
    rm -rf "$work"
}
trap on_exit EXIT

# first_line FILE PID : waits until the program has said that it is ready, or is gone.
first_line() {
    until [[ -s $1 ]]; do
        kill -0 "$2" 2>/dev/null || { echo "failed: it ended before it was ready" >&2; return 1; }
        sleep 0.05
    done
    head -n 1 "$1"
}

"$BIN/conformance_gateway" "$work" >"$work/gateway" 2>"$work/gateway.log" &
pids+=($!)
ready=$(first_line "$work/gateway" $!)
port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$ready")
GATEHOUSE_TOKEN=$(sed 's/.*"token":"\([^"]*\)".*/\1/' <<<"$ready") \
    "$NODE" "$here/token_shim.mjs" "$port" >"$work/shim" 2>"$work/shim.log" &
pids+=($!)
url=http://127.0.0.1:$(first_line "$work/shim" $!)/mcp

# suite ARGUMENT... : one run of the suite; its results lie in $work.
suite() {
    (cd "$work" && "$NODE" "$PACKAGES/node_modules/conformance-$era/dist/index.js" server --url "$url" \
        --output-dir results "$@")
}
# What the specification of 2026-07-28 requires has no expected failures.
[[ $era == 2025 ]] || suite --requirements 2026-07-28
suite --suite all --expected-failures "$here/expected_$era.yml"
