#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way against a Tasker of yours, in a scratch project of yours, where it leaves a few issues:
#   GATEHOUSE_TEST_TASKER             its adapter address         (./dev test --with-tasker URL sets it)
#   GATEHOUSE_TEST_TASKER_OWNER       your platform user id
#   GATEHOUSE_TEST_TASKER_PROJECT     the key of the scratch project, as SCRATCH
#   GATEHOUSE_TEST_TASKER_CREDENTIAL  a file of mode 0600 with the adapter credential; never the credential
#   GATEHOUSE_TEST_TASKER_CA          a certificate authority of your own, if need be
# Exit 77: skipped, because no address is given.
set -euo pipefail

BIN=$1
[[ -n ${GATEHOUSE_TEST_TASKER:-} ]] || { echo "skipped: a Tasker of yours (./dev test --with-tasker URL)"; exit 77; }
for name in OWNER PROJECT CREDENTIAL; do
    name=GATEHOUSE_TEST_TASKER_$name
    [[ -n ${!name:-} ]] || { echo "failed: set $name too; $0 says what it is"; exit 1; }
done
project=$GATEHOUSE_TEST_TASKER_PROJECT owner=$GATEHOUSE_TEST_TASKER_OWNER
[[ -r $GATEHOUSE_TEST_TASKER_CREDENTIAL ]] || { echo "failed: no file $GATEHOUSE_TEST_TASKER_CREDENTIAL"; exit 1; }
trust=()
[[ -n ${GATEHOUSE_TEST_TASKER_CA:-} ]] && trust=(--ca-file "$GATEHOUSE_TEST_TASKER_CA")

. "$(dirname "$0")/../cases.sh" tasker

# rest TOOL ARGUMENTS [KEY] : the answer in $HOUSE/answer.
rest() {
    local -a key=()
    [[ -n ${3:-} ]] && key=(-H "Idempotency-Key: $3")
    curl -sS -D "$HOUSE/head" -H @"$HOUSE/agent.header" -H 'Content-Type: application/json' "${key[@]}" -d "$2" \
        "http://127.0.0.1:$PORT/api/v1/tools/$1" >"$HOUSE/answer"
}
answer() { jq -r "$1" "$HOUSE/answer"; }

case_ "it answers as the contract has it"
ctl tasker check "$project" "$GATEHOUSE_TEST_TASKER" "$owner" "${trust[@]}" <"$GATEHOUSE_TEST_TASKER_CREDENTIAL" >"$HOUSE/check.log" \
    || bad "$(grep DIFFERS "$HOUSE/check.log" || cat "$HOUSE/check.log")"
ok

make_profile
start_gatehouse --headless
sign_in

case_ "Gatehouse connects to it and finds the project"
ctl connection set "$GATEHOUSE_TEST_TASKER" "$owner" "${trust[@]}" <"$GATEHOUSE_TEST_TASKER_CREDENTIAL" >/dev/null || bad "connection set"
ctl projects "$project" --json | jq -e --arg p "$project" '.matches | any(.project.identifier == $p)' >/dev/null || bad "$project is not found"
ok

run=$(shuf -i 100000-999999 -n 1)
ctl agents create "Gatehouse test $run" >/dev/null
ctl grants set "Gatehouse test $run" "$project" projects:read,issues:read,issues:create,issues:update,issues:move,comments:create allow >/dev/null
pair "Gatehouse test $run" tasker --secrets file --token-folder "$HOUSE/tokens" --no-codex
printf 'Authorization: Bearer %s\n' "$(cat "$HOUSE"/tokens/*)" >"$HOUSE/agent.header"

case_ "an issue is created by REST, once under one key"
title="Gatehouse end-to-end $run"
rest tasker_create_issue "{\"project\": \"$project\", \"name\": \"$title\"}" "key-$run"
issue=$(answer '.. | .identifier? // empty' | head -n 1)
[[ -n $issue ]] || bad "$(cat "$HOUSE/answer")"
rest tasker_create_issue "{\"project\": \"$project\", \"name\": \"$title\"}" "key-$run"
grep -qi '^idempotent-replayed: true' "$HOUSE/head" || bad "the repeat was not a replay: $(cat "$HOUSE/head" "$HOUSE/answer")"
ok

case_ "it is found, and a comment is added by MCP, through the bridge"
"$BIN/gatehouse-mcp" --name tasker --secrets file --token-folder "$HOUSE/tokens" >"$HOUSE/mcp.jsonl" 2>"$HOUSE/mcp.log" <<LINES
{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"tasker_list_issues","arguments":{"project":"$project","query":"$run"}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"tasker_add_comment","arguments":{"project":"$project","issue":"$issue","body_markdown":"By the end-to-end cases."}}}
LINES
jq -es --arg i "$issue" '.[] | select(.id == 2) | .result.isError != true and (.result | tostring | contains($i))' "$HOUSE/mcp.jsonl" >/dev/null || bad "$(cat "$HOUSE/mcp.jsonl")"
jq -es '.[] | select(.id == 3) | .result.isError != true' "$HOUSE/mcp.jsonl" >/dev/null || bad "$(cat "$HOUSE/mcp.jsonl")"
ok

case_ "a project that was not granted is not found"
rest tasker_create_issue '{"project": "NOSUCHPROJECT", "name": "Not for agents"}'
[[ $(answer .error) == not_found ]] || bad "$(cat "$HOUSE/answer")"
ok

case_ "all of it is on record, and the chain verifies"
ctl audit events --limit 50 --json | jq -e '[.events[] | select(.tool == "tasker_create_issue" and .outcome == "ok")] | length >= 1' >/dev/null \
    || bad "$(ctl audit events --limit 50)"
ctl audit verify >"$HOUSE/verify.log" || bad "$(cat "$HOUSE/verify.log")"
ok
