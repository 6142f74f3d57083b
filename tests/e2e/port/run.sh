#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody else sits on the gateway's port. A real Gatehouse says who, stays off, and takes another one only
# when it is told to: programs would hand their tokens to whoever is on the old one.
set -euo pipefail

BIN=$1
. "$(dirname "$0")/../cases.sh" port

start_tasker # here it is the stranger
taken=${tasker_url##*:}
taken=${taken%%/*}
make_profile

case_ "a taken port ends the start with 1, and the holder is named"
ended=0
gatehouse --headless --port "$taken" >"$HOUSE/gatehouse.log" 2>&1 || ended=$?
((ended == 1)) || bad "it ended with $ended"
grep -q "port_busy: port $taken is held by contract-tasker (pid $tasker_pid)" "$HOUSE/gatehouse.log" || bad "nobody is named"
ok

case_ "another port is offered, with what to tell Codex"
other=$((taken + 1))
grep -q -- "--port $other" "$HOUSE/gatehouse.log" || bad "no port is offered"
grep -q "codex mcp add tasker --url http://127.0.0.1:$other/mcp" "$HOUSE/gatehouse.log" || bad "no command is offered"
ok

case_ "nothing moved: the stranger still has the port, and the socket of ours is gone"
control requests >/dev/null || bad "the stranger was disturbed"
[[ ! -S $GATEHOUSE_SOCKET ]] || bad "a dead socket was left"
ok

case_ "told to take another port, it does, and keeps it for the profile"
PORT=$((25000 + RANDOM % 5000))
start_gatehouse --headless
kill "$gatehouse_pid"
wait "$gatehouse_pid" || bad "it ended with $?"
start_without_port --headless # and is ready on $PORT
ok
