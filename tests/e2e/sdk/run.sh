#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The official TypeScript SDK as a plain user of a real Gatehouse that relays to the contract Tasker. The
# cases stand in cases.mjs (with a token) and logins.mjs (by OAuth); what an owner does meanwhile they order from
# here, by gatehousectl.
# Exit 77: skipped, because the packages are not at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$1
. "$here/../node.sh"
node_packages sdk

. "$here/../cases.sh" sdk
PORT=$(free_port)

# serve : carries out the cases' orders, one line each with its words between tabs, and answers each with
# its exit status and its output in base64. Every other line is for the reader of the test.
serve() {
    local -a words
    local status
    while IFS=$'\t' read -r -a words; do
        if [[ ${words[0]:-} != order ]]; then
            printf '%s\n' "${words[*]}"
            continue
        fi
        status=0
        "${words[@]:1}" >"$HOUSE/order.out" 2>"$HOUSE/order.log" || status=$?
        printf '%d %s\n' "$status" "$(base64 -w0 <"$HOUSE/order.out")" >&"$to"
    done <&"$from"
}

start_tasker
make_profile
start_gatehouse --headless
sign_in
connect_tasker

# play CASES USER AGENT : plays that file with that line of the SDK.
play() {
    local pid
    coproc CASES { GATEHOUSE_URL=http://127.0.0.1:$PORT/mcp GATEHOUSE_TOKEN=$token exec "$NODE" "$here/$1" "$2" "$3"; }
    pid=$CASES_PID
    companions+=("$pid")
    exec {from}<&"${CASES[0]}" {to}>&"${CASES[1]}"
    serve
    wait "$pid" || fail "$1 of $3"
    exec {from}<&- {to}>&-
}

for user in "$here"/users/*.mjs; do
    name=$(basename "$user" .mjs)
    ctl agents create "$name" >/dev/null
    ctl grants set "$name" ENG projects:read,issues:read,issues:create allow >/dev/null
    ctl grants set "$name" ENG comments:create ask >/dev/null
    token=$(ctl clients mint "$name" "$name" | sed -n 's/^token: //p')
    play cases.mjs "$user" "$name"

    ctl agents create "$name login" >/dev/null
    ctl grants set "$name login" ENG projects:read,issues:read,issues:create allow >/dev/null
    token=
    restart_gatehouse # ten ceremonies a minute are for one person, not for two plays of this
    play logins.mjs "$user" "$name login"
done
