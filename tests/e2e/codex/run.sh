#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real Codex CLI, paired with a real Gatehouse that relays to the contract Tasker. Each case says
# what Codex, its user or an attacker would see. Exit 77: skipped, because no Codex is at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$1
. "$here/start.sh" codex

tasker() { control "$1" >"$HOUSE/tasker.$1.json"; }

# --- the house -----------------------------------------------------------------------------------
start_tasker --tls
make_profile
start_gatehouse --headless
sign_in
connect_tasker
ctl agents create Codex >/dev/null
ctl grants set Codex ENG projects:read,issues:read,issues:create,comments:create allow >/dev/null
node "$here/model.mjs" "$MODEL_PORT" "$HOUSE/model.jsonl" >"$HOUSE/model.log" 2>&1 &
companions+=($!)
until_true 10 grep -q ready "$HOUSE/model.log" || fail "the model did not start"

create() { printf '{"call":"tasker_create_issue","with":{"project":"ENG","name":"%s"}}' "$1"; }

# --- by the bridge -------------------------------------------------------------------------------
codex_home bridge

case_ "codex is paired by code and its entry is written by codex mcp add"
pair Codex tasker --yes
expect "the entry" 1 "$(grep -c '^\[mcp_servers.tasker\]' "$CODEX_HOME/config.toml")"
expect "no token in Codex's files" 0 "$(grep -rc gh_a_ "$CODEX_HOME" | awk -F: '{n += $2} END {print n + 0}')"
ok

case_ "doctor finds that entry right, by Codex's own word, misses a removed one, and a file that Codex cannot read"
judged() {
    ctl doctor --profile-dir "$HOUSE/profile" --json >"$HOUSE/doctor.json" || true # what else it says is not of this case
    jq -r "[.findings[] | select(.check == \"$1\")][0] | .result" "$HOUSE/doctor.json"
}
for check in codex-cli codex pairing; do expect "$check" ok "$(judged $check)"; done
cp "$CODEX_HOME/config.toml" "$HOUSE/config.toml"
codex mcp remove tasker >/dev/null 2>&1
expect "codex" warning "$(judged codex)"
printf 'nonsense = [\n' >"$CODEX_HOME/config.toml"
expect "codex" problem "$(judged codex)"
cp "$HOUSE/config.toml" "$CODEX_HOME/config.toml"
ok

case_ "codex sees its tools at its first request and creates an issue"
codex_runs "[$(create 'By the bridge')]"
expect "tools at the first request" yes "$( (($(look first-tools "$HOUSE/model.jsonl" mcp__tasker/tasker_) >= 3)) && echo yes)"
tasker world
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'By the bridge')"
ok

case_ "an ungranted project and one that does not exist get the same not_found"
codex_runs "[{\"call\":\"tasker_create_issue\",\"with\":{\"project\":\"SECRET\",\"name\":\"Leak\"}},{\"call\":\"tasker_create_issue\",\"with\":{\"project\":\"NOSUCH\",\"name\":\"Leak\"}}]"
ungranted=$(look refusal "$HOUSE/model.jsonl" 0)
expect "the answers" "$ungranted" "$(look refusal "$HOUSE/model.jsonl" 1)"
[[ $ungranted == *'"not_found"'* ]] || bad "$ungranted"
tasker world
expect "issues in Tasker" 0 "$(look issues "$HOUSE/tasker.world.json" Leak)"
ok

case_ "a call cut off by a gateway that dies after Tasker did it is written once"
control fault '{"match":"POST /issues","kind":"hang","times":1,"apply":true}' >/dev/null
codex_runs "[$(create 'Once by the bridge')]" &
run=$!
hangs() { tasker requests && grep -q 'Once by the bridge' "$HOUSE/tasker.requests.json"; }
until_true 30 hangs || bad "the call did not reach Tasker"
restart_gatehouse
wait "$run"
tasker world
tasker requests
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'Once by the bridge')"
expect "requests and keys" "2 1" "$(look writes "$HOUSE/tasker.requests.json" 'Once by the bridge')"
ok

# --- by HTTP -------------------------------------------------------------------------------------
codex_home http
token=$(ctl clients mint Codex 'Codex by HTTP' | sed -n 's/^token: //p')
export GATEHOUSE_TOKEN=gh_a_$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d =)
codex mcp add tasker --url "http://127.0.0.1:$PORT/mcp" --bearer-token-env-var GATEHOUSE_TOKEN >"$HOUSE/mcp-add.log" 2>&1

case_ "codex with a wrong token gets no tools, three times"
for _ in 1 2 3; do
    codex_runs '[{"say":"hello"}]'
    expect "tools" 0 "$(look first-tools "$HOUSE/model.jsonl" mcp__tasker)"
done
ok

case_ "after that, the right token gets its tools within the budget, and creates an issue"
export GATEHOUSE_TOKEN=$token
codex_runs "[$(create 'By HTTP')]"
expect "tools at the first request" yes "$( (($(look first-tools "$HOUSE/model.jsonl" mcp__tasker/tasker_) >= 3)) && echo yes)"
tasker world
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'By HTTP')"
ok

case_ "a gateway restart between two calls is invisible: the session is opened again and the call made once"
codex_runs "[$(create 'Before the restart'),{\"wait\":6000},$(create 'After the restart')]" &
run=$!
before() { tasker world && [[ $(look issues "$HOUSE/tasker.world.json" 'Before the restart') == 1 ]]; }
until_true 30 before || bad "the first call did not arrive"
restart_gatehouse
wait "$run"
tasker world
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'After the restart')"
ok

# --- the newer protocol --------------------------------------------------------------------------
# MCP 2026-07-28 stands behind a flag of Codex: what its users will have once it does not.
codex_home newer mcp_2026_07_28
pair Codex tasker --yes

case_ "codex of the newer protocol creates an issue by the bridge"
codex_runs "[$(create 'Newer by the bridge')]"
tasker world
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'Newer by the bridge')"
ok

codex_home newer-http mcp_2026_07_28
codex mcp add tasker --url "http://127.0.0.1:$PORT/mcp" --bearer-token-env-var GATEHOUSE_TOKEN >"$HOUSE/mcp-add.log" 2>&1

case_ "codex of the newer protocol creates an issue by HTTP"
codex_runs "[$(create 'Newer by HTTP')]"
tasker world
expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" 'Newer by HTTP')"
ok

# --- the record ----------------------------------------------------------------------------------
case_ "all of it is in the journal, and its chain verifies"
ctl audit events --limit 100 --json >"$HOUSE/events.json"
for title in 'By the bridge' 'Once by the bridge' 'By HTTP' 'Before the restart' 'After the restart'; do
    [[ $(look rows "$HOUSE/events.json" "$title") -ge 1 ]] || bad "no row for $title"
done
[[ $(look denied "$HOUSE/events.json") -ge 1 ]] || bad "the refusals are not on record"
ctl audit verify >"$HOUSE/verify.log" || bad "the journal is not sound"
ok
