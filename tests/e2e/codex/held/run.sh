#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real Codex CLI makes calls that wait for the owner, in the newer protocol (MCP 2026-07-28, behind Codex's
# flag), by HTTP and by the bridge. Each case says what Codex or its user would see. Exit 77: skipped, because no
# Codex is at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$1
. "$here/../start.sh" held

comment() { printf '[{"call":"tasker_add_comment","with":{"issue":"%s","body_markdown":"%s"}}]' "$issue" "$1"; }
questions() { ctl approvals list --json | jq -r '.approvals[].id'; }
asked() { question=$(questions | head -n 1); [[ -n $question ]]; }
held_again() { [[ $(ctl approvals list --json | jq -c '[.approvals[].held]') == '[true]' ]]; }
none_open() { [[ -z $(questions) ]]; }
# codex_asks TEXT : Codex wants to comment, and the owner is asked.
codex_asks() {
    codex_runs "$(comment "$1")" &
    run=$!
    until_true 30 asked || bad "the owner is not asked"
}
gave() { look gave "$HOUSE/model.jsonl" 0; }
says() { [[ $(gave) == *"$1"* ]] || bad "Codex was not told [$1] but [$(gave)]"; }
# written TEXT TIMES : so often this comment stands in Tasker.
written() {
    control world >"$HOUSE/tasker.world.json"
    expect "comments in Tasker" "$2" "$(look comments "$HOUSE/tasker.world.json" "$1")"
}

start_tasker --tls
make_profile
start_gatehouse --headless
sign_in
connect_tasker
ctl agents create Codex >/dev/null
ctl grants set Codex ENG projects:read,issues:read,issues:create allow >/dev/null
ctl grants set Codex ENG comments:create ask >/dev/null
node "$here/../model.mjs" "$MODEL_PORT" "$HOUSE/model.jsonl" >"$HOUSE/model.log" 2>&1 &
companions+=($!)
until_true 10 grep -q ready "$HOUSE/model.log" || fail "the model did not start"

# codex_is_at WAY : a scratch home with the flag, and a client of ours in it.
codex_is_at() {
    codex_home "$1" mcp_2026_07_28
    if [[ $1 == bridge ]]; then
        pair Codex tasker --yes
    else
        GATEHOUSE_TOKEN=$(ctl clients mint Codex 'Codex by HTTP' | sed -n 's/^token: //p')
        export GATEHOUSE_TOKEN
        codex mcp add tasker --url "http://127.0.0.1:$PORT/mcp" --bearer-token-env-var GATEHOUSE_TOKEN >"$HOUSE/mcp-add.log" 2>&1
    fi
    codex_runs "[{\"call\":\"tasker_create_issue\",\"with\":{\"project\":\"ENG\",\"name\":\"By $1\"}}]"
    issue=$(gave | grep -o 'ENG-[0-9]*' | head -n 1)
    [[ -n $issue ]] || fail "Codex could not create an issue: $(gave)"
}

for way in bridge http; do
    codex_is_at "$way"

    case_ "by $way, codex gets the result of a call that the owner allows while it is held"
    codex_asks "Allowed by $way"
    written "Allowed by $way" 0
    ctl approvals allow "$question" >/dev/null
    wait "$run"
    says "\"body_markdown\":\"Allowed by $way\""
    written "Allowed by $way" 1
    ok

    case_ "by $way, codex is told that the owner said no, and why"
    codex_asks "Denied by $way"
    ctl approvals deny "$question" --reason 'not today' >/dev/null
    wait "$run"
    says '"error":"approval_denied"'
    says '"message":"The owner said no."'
    says '"reason":"not today"'
    written "Denied by $way" 0
    none_open || bad "a question is still open"
    ok
done

# Nothing shortens the hold of the real program, and that Codex outwaits it is what this case is about.
case_ "a call held for longer is answered as pending, codex repeats it by itself, and it happens once (this waits 45 s)"
codex_asks 'In your own time'
first=$question
pending() {
    ctl audit events --limit 100 --json >"$HOUSE/events.json"
    [[ $(look rows "$HOUSE/events.json" "By $way" approval_pending) == 1 ]]
}
until_true 70 pending || bad "the held call was not answered"
expect "the answer of a codex that still waits" "" "$(gave)"
until_true 20 held_again || bad "codex did not repeat the call"
expect "the question" "$first" "$(questions)"
ctl approvals allow "$first" >/dev/null
wait "$run"
says '"body_markdown":"In your own time"'
written 'In your own time' 1
none_open || bad "a question is still open"
ok
