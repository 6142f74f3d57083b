#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev demo: the whole way on a throw-away profile, each step said before it is done.
set -euo pipefail

BIN=$(realpath "$1")
shift
readonly state=${XDG_RUNTIME_DIR:-/tmp}/gatehouse-demo-$EUID
HOUSE=$state/house
PORT=${GATEHOUSE_DEMO_PORT:-4190}

stop() {
    [[ -f $state/pids ]] || { echo "No demo is running."; return; }
    local pid
    while read -r pid; do
        # Only what still is the program that we started.
        [[ $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) == "$BIN"/* ]] || continue
        kill "$pid" 2>/dev/null || true
    done <"$state/pids"
    rm -rf "$state"
    echo "The demo is stopped and its profile is gone."
}

[[ ${1:-} == stop ]] && { stop; exit; }
[[ -e $state ]] && stop >/dev/null
mkdir -m 700 "$state" "$HOUSE"
. "$(dirname "$0")/household.sh"

on_failure() { local status=$?; ((status)) && { stop_house; echo "The demo stopped early. Its files are in $state" >&2; }; }
trap on_failure EXIT

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
note() { printf '   %s\n' "$*"; }
show() { printf '   $ %s\n' "$*"; }

step "1. A Tasker of the adapter contract, over TLS, with three projects of yours"
start_tasker --tls
note "$tasker_url"

step "2. Gatehouse, on a throw-away profile with a sealed file for its secrets"
make_profile
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then start_gatehouse; else start_gatehouse --headless; fi
printf '%s\n' "$gatehouse_pid" "$tasker_pid" >"$state/pids"
note "http://127.0.0.1:$PORT and $GATEHOUSE_SOCKET"
note "the PIN of this profile: $PIN"
sign_in
connect_tasker

step "3. An agent that may read and create in Engineering, and nothing else"
show "gatehousectl agents create 'Demo agent'"
ctl agents create "Demo agent" >/dev/null
show "gatehousectl grants set 'Demo agent' ENG projects:read,issues:read,issues:create,comments:create allow"
ctl grants set "Demo agent" ENG projects:read,issues:read,issues:create,comments:create allow | sed 's/^/   /'

step "4. A client is paired: a code, the same six digits on both sides, the owner's yes with the PIN"
pair "Demo agent" demo --client-name "Demo client" --secrets file --token-folder "$HOUSE/tokens" --no-codex
note "code $pairing_code, check number $check_number on both sides; the token went into a file of mode 0600"
printf 'Authorization: Bearer %s\n' "$(cat "$HOUSE"/tokens/*)" >"$HOUSE/agent.header"

rest() { curl -sS -H @"$HOUSE/agent.header" -H 'Content-Type: application/json' -d "$2" "http://127.0.0.1:$PORT/api/v1/tools/$1"; }

step "5. A call by REST: an issue is created"
show "curl … /api/v1/tools/tasker_create_issue -d '{\"project\": \"ENG\", \"name\": \"Written by REST\"}'"
rest tasker_create_issue "{\"project\": \"ENG\", \"name\": \"Written by REST\"}" | cut -c1-300 | sed 's/^/   /'

step "6. A call by MCP, through the bridge that Codex starts"
show "gatehouse-mcp --name demo   # and JSON-RPC on its standard input"
"$BIN/gatehouse-mcp" --name demo --secrets file --token-folder "$HOUSE/tokens" <<'LINES' | cut -c1-300 | sed 's/^/   /'
{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"demo","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"tasker_create_issue","arguments":{"project":"ENG","name":"Written by MCP"}}}
LINES

step "7. A refusal: the project exists, the agent is told what it would be told of one that does not"
rest tasker_create_issue "{\"project\": \"SECRET\", \"name\": \"Not for agents\"}" | sed 's/^/   /'
echo
rest tasker_create_issue '{"project": "NOSUCH", "name": "Not for agents"}' | sed 's/^/   /'
echo

step "8. The journal knows all of it"
show "gatehousectl audit events"
ctl audit events --limit 12 | sed 's/^/   /'
show "gatehousectl audit verify"
ctl audit verify | sed 's/^/   /'

trap - EXIT
step "All of it goes on running. Try it:"
note "export GATEHOUSE_SOCKET=$GATEHOUSE_SOCKET GATEHOUSE_OWNER_TOKEN_FILE=$GATEHOUSE_OWNER_TOKEN_FILE"
note "$BIN/gatehousectl status        # the PIN is $PIN"
note "./dev demo stop                 # ends it and removes the profile"
