#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# gatehousectl doctor on a real profile, up and down, with a stand-in for Codex; secrets are planted wherever
# it looks, and its bundle must hold none of them.
set -euo pipefail

BIN=$1
. "$(dirname "$0")/../cases.sh" doctor

# doctor ARGUMENT... : its JSON in $HOUSE/answer, its exit code in $ended.
doctor() {
    ended=0
    ctl doctor --profile-dir "$HOUSE/profile" --json "$@" >"$HOUSE/answer" 2>"$HOUSE/said" || ended=$?
}
result() { jq -r "[.findings[] | select(.check == \"$1\")][0].result" "$HOUSE/answer"; }
# finds CHECK RESULT [EXIT]
finds() {
    [[ $(result "$1") == "$2" ]] || bad "$1 is $(result "$1"), not $2: $(cat "$HOUSE/answer")"
    [[ $2 == ok || $(jq -r "[.findings[] | select(.check == \"$1\")][0].fix" "$HOUSE/answer") != null ]] || bad "$1 has no fix"
    [[ -z ${3:-} || $ended == "$3" ]] || bad "ended with $ended, not $3"
}

# codex_says JSON : a codex whose only words are a version and this list.
mkdir -m 700 "$HOUSE/codex"
PATH=$HOUSE/codex:$PATH
codex_says() {
    printf '%s\n' "$1" >"$HOUSE/codex/list"
    printf '#!/bin/sh\n[ "$1" = --version ] && echo codex-cli 0.169.0 || cat "%s"\n' "$HOUSE/codex/list" >"$HOUSE/codex/codex"
    chmod 700 "$HOUSE/codex/codex"
}
bridge_entry() {
    jq -n --arg p "$BIN/gatehouse-mcp" --arg s "$GATEHOUSE_SOCKET" --arg t "$HOUSE/tokens" '[{name: "tasker", enabled: true,
        transport: {type: "stdio", command: $p, args: ["--name", "tasker", "--socket", $s, "--secrets", "file", "--token-folder", $t],
        env: {PLANTED: "codex-env-secret"}}}]'
}

start_tasker --tls
make_profile
export QT_LOGGING_RULES='gatehouse.*=true'
start_gatehouse --headless --log-file "$HOUSE/state/gatehouse.log"
codex_says '[]'

case_ "not signed in: said, and Tasker is told of as far as anybody may know"
doctor
finds sign-in warning 6
finds gateway ok
finds port ok
ok

sign_in
connect_tasker
ctl agents create 'Agent of Mallory' >/dev/null
ctl grants set 'Agent of Mallory' ENG projects:read,issues:read,issues:create allow >/dev/null
pair 'Agent of Mallory' tasker --client-name 'Laptop of Mallory' --secrets file --token-folder "$HOUSE/tokens" --no-codex
codex_says "$(bridge_entry)"

case_ "all is well: exit 0, Tasker asked through the gateway"
doctor
[[ $ended == 0 ]] || bad "ended with $ended: $(cat "$HOUSE/answer")"
for check in gateway versions mode pin tasker port proxy clock keychain codex-cli codex pairing; do finds $check ok; done
ctl doctor --profile-dir "$HOUSE/profile" | grep -q '^ok       tasker     Tasker answered' || bad "as text"
ok

case_ "each thing that goes wrong is named"
http_proxy=http://me:proxy-password@127.0.0.1:1 doctor
finds proxy warning 6
mv "$HOUSE/tokens/bridge%2ftasker%2fagent-token" "$HOUSE/kept"
doctor
finds pairing problem 7
mv "$HOUSE/kept" "$HOUSE/tokens/bridge%2ftasker%2fagent-token"
ctl mode pause --reason 'a planted reason' >/dev/null
doctor
finds mode warning 6
ctl mode resume >/dev/null
control fault '{"match":"POST /projects/resolve","kind":"status","status":401,"times":1}' >/dev/null
doctor
finds tasker problem 7
chmod 755 "$HOUSE/profile"
doctor
finds profile problem 7
chmod 700 "$HOUSE/profile"
ok

case_ "a bundle holds nothing that was planted in configuration, environment and journal"
printf 'Authorization: Bearer %s\n' "$(cat "$HOUSE"/tokens/*)" >"$HOUSE/agent.header"
curl -sS -o /dev/null -H @"$HOUSE/agent.header" -H 'Content-Type: application/json' -d '{"project": "ENG", "name": "A planted title"}' \
    "http://127.0.0.1:$PORT/api/v1/tools/tasker_create_issue"
http_proxy=http://me:proxy-password@127.0.0.1:1 PLANTED=planted-variable doctor --bundle "$HOUSE/bundle.json"
[[ $(stat -c %a "$HOUSE/bundle.json") == 600 ]] || bad "its mode"
{
    cat "$HOUSE"/tokens/* "$GATEHOUSE_OWNER_TOKEN_FILE"
    field credential <"$HOUSE/tasker.ready"
    field owner <"$HOUSE/tasker.ready"
    printf '%s\n' "$PIN" "$passphrase" "$tasker_url" proxy-password planted-variable codex-env-secret 'a planted reason' \
        'A planted title' 'Agent of Mallory' 'Laptop of Mallory' owner@example.org ENG- Engineering
    ctl agents list --json | jq -r '.agents[].id'
} >"$HOUSE/planted"
while read -r planted; do
    ! grep -qF -- "$planted" "$HOUSE/bundle.json" || bad "the bundle holds $planted"
done <"$HOUSE/planted"
[[ $(jq '.log | length' "$HOUSE/bundle.json") -ge 20 ]] || bad "no log in it: $(jq .log "$HOUSE/bundle.json")"
while read -r planted; do
    ! grep -qrF -- "$planted" "$HOUSE/state" || bad "the log holds $planted"
done < <(cat "$HOUSE"/tokens/* "$GATEHOUSE_OWNER_TOKEN_FILE"; field credential <"$HOUSE/tasker.ready"
    printf '%s\n' "$PIN" "$passphrase" codex-env-secret 'a planted reason' 'A planted title' owner@example.org "$pairing_code")
[[ $(jq '[.events[] | select(.tool == "tasker_create_issue")] | length' "$HOUSE/bundle.json") -ge 1 ]] || bad "no events in it"
cp "$HOUSE/bundle.json" "$HOUSE/first.json"
doctor --bundle "$HOUSE/bundle.json"
[[ $ended == 1 ]] || bad "a second bundle of that name ended with $ended"
cmp -s "$HOUSE/bundle.json" "$HOUSE/first.json" || bad "the first bundle was replaced"
ok

case_ "the gateway is down: said, and the rest is looked at; a stranger on its port is named"
kill "$gatehouse_pid"
wait "$gatehouse_pid" 2>/dev/null || true
: >"$HOUSE/squatter.log"
"$BIN/contract-tasker" --port "$PORT" >"$HOUSE/squatter.log" 2>&1 &
companions+=($!)
until_true 10 grep -q base_url "$HOUSE/squatter.log" || bad "$(cat "$HOUSE/squatter.log")"
doctor --bundle "$HOUSE/down.json"
finds gateway problem 7
finds port problem
for check in profile socket proxy clock keychain codex-cli codex pairing; do finds $check ok; done
jq -e '.findings | length > 8' "$HOUSE/down.json" >/dev/null || bad "its bundle"
ok
