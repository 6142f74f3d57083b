#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command of gatehousectl against a real Gatehouse that relays to the contract Tasker: it is used once,
# its --json is JSON, and what goes wrong ends with the code that --help promises.
set -euo pipefail

BIN=$1
. "$(dirname "$0")/../cases.sh" ctl

used=()
# use "COMMAND WORDS" ARGUMENT... : done, and --json prints one JSON value with the answer in it.
use() {
    local command=$1
    shift
    used+=("$command")
    # shellcheck disable=SC2086 # the words of a command are words
    ctl $command "$@" --json >"$HOUSE/answer" 2>"$HOUSE/said" || bad "$command $*: ended with $?: $(cat "$HOUSE/said")"
    [[ ! -s $HOUSE/answer ]] || jq -e . "$HOUSE/answer" >/dev/null || bad "$command: not JSON"
}
# ends CODE WORDS... : that exit code and a sentence of ours on standard error.
ends() {
    local code=$1 got=0
    shift
    ctl "$@" >/dev/null 2>"$HOUSE/said" || got=$?
    ((got == code)) || bad "$*: ended with $got instead of $code: $(cat "$HOUSE/said")"
    grep -q '^gatehousectl: ..' "$HOUSE/said" || bad "$*: nothing was said"
}
answer() { jq -r "$1" "$HOUSE/answer"; }

start_tasker --tls
make_profile
start_gatehouse --headless

case_ "without a sign-in the owner's routes end with 5, and say how to sign in"
ends 5 status
grep -q 'gatehousectl login' "$HOUSE/said" || bad "$(cat "$HOUSE/said")"
ok

case_ "signing in, connecting, finding projects"
use login
connect_tasker
used+=("connection set")
use "connection show"
[[ $(answer .configured) == true ]] || bad "not connected"
field credential <"$HOUSE/tasker.ready" >"$HOUSE/credential"
use "connection test" "$tasker_url" usr-owner-1 --ca-file "$tasker_ca" <"$HOUSE/credential"
use projects
# The address that a person has: the adapter is found below it, and what answers wrongly is named.
root=${tasker_url%/api/internal/nodedc/agent}
use "connection test" "$root/acme/projects/1?group=state" usr-owner-1 --ca-file "$tasker_ca" <"$HOUSE/credential"
[[ $(answer .tasker_url) == "$tasker_url" ]] || bad "found at $(answer .tasker_url)"
ends 1 connection set "$root" usr-owner-1 <"$HOUSE/credential"
grep -q 'certificate does not hold' "$HOUSE/said" || bad "$(cat "$HOUSE/said")"
ends 1 connection set "$root" usr-owner-2 --ca-file "$tasker_ca" <"$HOUSE/credential"
grep -q 'does not belong to that user id' "$HOUSE/said" || bad "$(cat "$HOUSE/said")"
ends 1 connection set http://tasker.example usr-owner-1 <"$HOUSE/credential"
grep -q 'use https' "$HOUSE/said" || bad "$(cat "$HOUSE/said")"
use "connection show"
[[ $(answer .tasker_url) == "$tasker_url" && $(answer .heard) == true ]] || bad "a refused address was stored"
use ready
use status
[[ $(answer .versions.schema) -ge 1 && $(answer .versions.sqlcipher) != "" ]] || bad "no versions"
ok

case_ "agents, grants, clients"
use "agents create" Ann
agent=$(answer .id)
use "agents list"
use "agents show" ann
use "agents rename" Ann 'Ann B'
use "agents pause" "$agent"
use "agents resume" "$agent"
use "grants set" "$agent" ENG projects:read,issues:read,issues:create ask --until 2099-01-01T00:00:00Z
use "grants list" "$agent"
[[ $(answer '.grants | length') == 3 ]] || bad "not three grants"
use "grants remove" "$agent" "$(answer '.grants[] | select(.scope == "issues:read").id')"
use explain "$agent" ENG tasker_create_issue
use "clients mint" "$agent" 'A client'
printf 'Authorization: Bearer %s\n' "$(answer .token)" >"$HOUSE/agent.header"
use "clients list" "$agent"
client=$(answer '.tokens[0].id')
use "clients rotate" "$agent" "$client"
printf 'Authorization: Bearer %s\n' "$(answer .token)" >"$HOUSE/agent.header"
ok

case_ "pairing, from the code to the token"
use "pair open" "$agent" --seconds 300
use "pair show"
use "pair close"
pair "$agent" one --secrets file --token-folder "$HOUSE/tokens" --no-codex
use "pair open" "$agent"
used+=("confirmations confirm")
code=$(answer .code)
: >"$HOUSE/pair.log"
"$BIN/gatehouse-mcp" pair --name two --code-fd 5 --secrets file --token-folder "$HOUSE/tokens" --no-codex 5<<<"$code" 2>"$HOUSE/pair.log" &
pairing=$!
until_true 10 grep -q 'Check number' "$HOUSE/pair.log" || bad "$(cat "$HOUSE/pair.log")"
use "confirmations list"
use "confirmations deny" "$(answer '.confirmations[0].id')"
wait "$pairing" && bad "a denied pairing ended with 0"
grep -q 'The owner said no' "$HOUSE/pair.log" || bad "$(cat "$HOUSE/pair.log")"
ok

case_ "questions are listed, shown, allowed and denied"
# ask NAME TITLE
ask() {
    curl -sS -H @"$HOUSE/agent.header" -H 'Content-Type: application/json' -H "Idempotency-Key: $1" \
        -d "{\"project\": \"ENG\", \"name\": \"$2\"}" "http://127.0.0.1:$PORT/api/v1/tools/tasker_create_issue" >"$HOUSE/$1.answer"
}
waits() { use "approvals list" && [[ $(answer '.approvals | length') == 1 ]]; }
# Control characters that an agent wrote must not reach the terminal.
ask allowed 'A title \u001b]0;owned\u0007\u3164' &
asking=$!
until_true 10 waits || bad "no question came"
question=$(answer '.approvals[0].id')
ctl approvals list | grep -q $'\033' && bad "an escape character reached the terminal"
# What is read is what is sent, with what cannot be seen spelled out.
ctl approvals show "$question" >"$HOUSE/shown"
grep -q $'\033' "$HOUSE/shown" && bad "an escape character reached the terminal"
grep -q '^preview.fields.0.after: A title <U+001B>]0;owned<U+0007><U+3164>$' "$HOUSE/shown" || bad "$(cat "$HOUSE/shown")"
use "approvals show" "$question"
[[ $(answer '.preview.fields[0].after') == $'A title \e]0;owned\a\xe3\x85\xa4' ]] || bad "$(cat "$HOUSE/answer")"
[[ $(answer .held_until) == *Z ]] || bad "how long the caller waits is not said"
ends 4 approvals allow "$question" --pin-fd 9 9</dev/null
use "approvals allow" "$question" --reach once
wait "$asking"
grep -q '"identifier"' "$HOUSE/allowed.answer" || bad "$(cat "$HOUSE/allowed.answer")"
ask denied 'Not this one' &
asking=$!
until_true 10 waits || bad "no question came"
use "approvals deny" "$(answer '.approvals[0].id')" --reason 'not today'
wait "$asking"
grep -q 'not today' "$HOUSE/denied.answer" || bad "$(cat "$HOUSE/denied.answer")"
ok

case_ "a yes for a time is listed, told beside the grant and in the journal, and ended"
ask first 'The first' &
asking=$!
until_true 10 waits || bad "no question came"
use "approvals allow" "$(answer '.approvals[0].id')" --reach 1h --covers project
wait "$asking"
ask second 'Without asking'
grep -q '"identifier"' "$HOUSE/second.answer" || bad "$(cat "$HOUSE/second.answer")"
use "approvals standing"
yes=$(answer '.standing_approvals[0].id')
until=$(answer '.standing_approvals[0].until')
[[ $(answer '.standing_approvals[0].uses') == 2 ]] || bad "$(cat "$HOUSE/answer")"
use "grants list" "$agent"
[[ $(answer '.grants[] | select(.scope == "issues:create").allowed_until') == "$until" ]] || bad "not beside the grant"
use explain "$agent" ENG tasker_create_issue
[[ $(answer '.steps[] | select(.step == "approval").details.allowed_until') == "$until" ]] || bad "not in explain"
use "audit events" --kind call --limit 1
[[ $(answer '.events[0].allowed_by.approval_id') == "$yes" && $(answer '.events[0].decision') == allowed ]] || bad "$(cat "$HOUSE/answer")"
use "approvals end" "$yes"
use "approvals standing"
[[ $(answer '.standing_approvals | length') == 0 ]] || bad "it stands on"
ends 1 approvals end "$yes"
ok

case_ "the journal is read, verified, exported and checked offline"
use "audit events" --limit 5
ctl audit events --limit 100 | grep -q $'\033' && bad "an escape character reached the terminal"
use "audit events" --cursor "$(answer .next_cursor)" --limit 2
use "audit verify"
use "audit export" "$HOUSE/export"
use "audit check" "$HOUSE/export"
ends 1 audit check "$HOUSE"
use "audit retention"
use "audit export-to" "$HOUSE/old-rows"
[[ $(answer .folder) == "$HOUSE/old-rows" ]] || bad "$(cat "$HOUSE/answer")"
used+=("audit accept-restore")
ends 1 audit accept-restore # nothing was put back
used+=("clock is-right" "clock was-wrong")
ends 1 clock is-right # nothing jumped
ends 1 clock was-wrong
ok

case_ "modes and the red button"
use "mode pause" --reason lunch
use "mode drain"
use "mode resume"
use stop
use "mode resume"
ok

case_ "the owner's tokens, and this program's own"
use "owner-tokens mint" script --seconds 600
id=$(answer .id)
answer .token >"$HOUSE/minted"
use "owner-tokens list"
use "owner-tokens revoke" "$id"
mv "$GATEHOUSE_OWNER_TOKEN_FILE" "$HOUSE/kept"
use "token set" <"$HOUSE/minted"
ends 5 status
mv "$HOUSE/kept" "$GATEHOUSE_OWNER_TOKEN_FILE"
use "token forget" --secrets file --token-folder "$HOUSE/tokens"
ok

case_ "Tasker is compared with the contract, and a fault in it is named"
use "tasker check" ENG "$tasker_url" usr-owner-1 --ca-file "$tasker_ca" <"$HOUSE/credential"
[[ $(answer .same) == true ]] || bad "$(cat "$HOUSE/answer")"
# check_differs ROUTE FAULT : exactly that route differs.
check_differs() {
    control reset '{}' >/dev/null
    control fault "$2" >/dev/null
    local got=0
    ctl tasker check ENG "$tasker_url" usr-owner-1 --ca-file "$tasker_ca" <"$HOUSE/credential" >"$HOUSE/check" || got=$?
    ((got == 1)) || bad "tasker check with $2 ended with $got"
    grep -qF "DIFFERS  $1" "$HOUSE/check" || bad "$2 was not named: $(cat "$HOUSE/check")"
}
check_differs 'PUT /issues/{issueId}/labels' '{"match":"PUT /issues/*/labels","kind":"drop_labels","times":9}'
check_differs 'POST /issues/{issueId}/move' '{"match":"POST /issues/*/move","kind":"ignore_state","times":9}'
check_differs 'POST /issues/{issueId}/comments' '{"match":"POST /issues/*/comments","kind":"not_json","times":9}'
check_differs 'PATCH /issues/{issueId}' '{"match":"PATCH /issues/*","kind":"status","status":500,"times":9}'
control reset '{}' >/dev/null
ends 2 tasker check ENG 'ftp://nowhere' usr-owner-1 <"$HOUSE/credential"
ok

case_ "doctor, completion"
used+=(doctor)
got=0
ctl doctor --profile-dir "$HOUSE/profile" --json >"$HOUSE/answer" || got=$?
((got == 0 || got == 6)) || bad "doctor ended with $got: $(cat "$HOUSE/answer")"
[[ $(answer '[.findings[] | select(.check == "tasker")][0].result') == ok ]] || bad "$(cat "$HOUSE/answer")"
used+=("completion bash")
ctl completion bash >"$HOUSE/completion"
bash -n "$HOUSE/completion"
completes() {
    bash -c '. "$1"; shift; COMP_WORDS=(gatehousectl "$@"); COMP_CWORD=$#; _gatehousectl; echo "${COMPREPLY[*]}"' _ "$HOUSE/completion" "$@"
}
[[ $(completes ag) == agents ]] || bad "completion of ag: $(completes ag)"
[[ $(completes agents cr) == create ]] || bad "completion of agents cr"
[[ $(completes approvals allow --re) == --reach ]] || bad "completion of an option"
ok

case_ "what ends an agent"
use "clients revoke" "$agent" "$client"
use "agents retire" "$agent"
ok

case_ "mistakes end with the codes of --help"
ends 2 agents dance
ends 2 agents create
ends 1 agents show nobody
ends 1 approvals deny nothing
ends 3 --socket "$HOUSE/nowhere" status
grep -q 'systemctl\|start it' "$HOUSE/said" || bad "not said what to do: $(cat "$HOUSE/said")"
chmod 644 "$GATEHOUSE_OWNER_TOKEN_FILE"
ends 5 status
chmod 600 "$GATEHOUSE_OWNER_TOKEN_FILE"
ok

case_ "no option takes a secret"
! "$BIN/gatehousectl" --help | grep -E -- '--(pin|token|password|credential|secret|code|passphrase)( |$)' || bad "gatehousectl"
! "$BIN/gatehouse-mcp" --help | grep -E -- '--(pin|token|password|credential|secret|code|passphrase)( |$)' || bad "gatehouse-mcp"
! "$BIN/gatehouse" --help | grep -E -- '--(pin|token|password|credential|secret|code|passphrase)( |$)' || bad "gatehouse"
ok

case_ "every command of the table was used"
"$BIN/gatehousectl" --help | sed -n '/^Commands:/,/^Options:/s/^  \([a-z].*\)/\1/p' | sed 's/  .*//; s/ [A-Z[].*//' | sort -u >"$HOUSE/table"
printf '%s\n' "${used[@]}" | sort -u >"$HOUSE/used"
missing=$(comm -23 "$HOUSE/table" "$HOUSE/used")
[[ -z $missing ]] || bad "not used: $missing"
ok
