#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real Codex CLI logs in by OAuth to a real Gatehouse: nothing is typed but the address. Each case says
# what its user would see. Exit 77: skipped, because no Codex is at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$1
. "$here/../start.sh" login

export BROWSER=$here/browser.sh BROWSER_NOTES=$HOUSE/browser
codex_home codex

create() { printf '[{"call":"tasker_create_issue","with":{"project":"ENG","name":"%s"}}]' "$1"; }
created() {
    control world >"$HOUSE/tasker.world.json"
    expect "issues in Tasker" 1 "$(look issues "$HOUSE/tasker.world.json" "$1")"
}
credentials() { node -e '
  const fs = require("fs"), file = process.env.CODEX_HOME + "/.credentials.json";
  const all = JSON.parse(fs.readFileSync(file)), login = Object.values(all)[0];
  if (process.argv[1] === "expire") { login.expires_at = Date.now() - 1000; fs.writeFileSync(file, JSON.stringify(all)); }
  else console.log(login[process.argv[1]]);' "$1"; }
started() { ctl audit events --limit 100 --json >"$HOUSE/events.json"; grep -o '"login_started"' "$HOUSE/events.json" | wc -l; }

# authorize_url : the one that Codex opens next.
authorize_url() {
    until_true 20 test -s "$BROWSER_NOTES" || bad "Codex opened no browser"
    url=$(tail -n 1 "$BROWSER_NOTES")
    : >"$BROWSER_NOTES"
}
# goes_on ADDRESS : where the answer sends the browser.
goes_on() { curl -sS -o "$HOUSE/page.html" -w '%{redirect_url}' "$1"; }

start_tasker --tls
make_profile
start_gatehouse --headless
sign_in
connect_tasker
ctl agents create Codex >/dev/null
ctl agents create Other >/dev/null
ctl grants set Codex ENG projects:read,issues:read,issues:create allow >/dev/null
node "$here/../model.mjs" "$MODEL_PORT" "$HOUSE/model.jsonl" >"$HOUSE/model.log" 2>&1 &
companions+=($!)
until_true 10 grep -q ready "$HOUSE/model.log" || fail "the model did not start"

case_ "codex mcp add with nothing but the address starts the login, and the owner's no ends it without a second question"
: >"$BROWSER_NOTES"
timeout 60 codex mcp add tasker --url "http://127.0.0.1:$PORT/mcp" >"$HOUSE/add.log" 2>&1 &
adding=$!
authorize_url
page=$(goes_on "$url")
ctl confirmations deny "$(ctl confirmations list | sed -n 2p | awk '{print $1}')" >/dev/null
curl -sS -o /dev/null "$(goes_on "$page")"
if until_true 5 test -s "$BROWSER_NOTES"; then # Codex tries again without scopes
    authorize_url
    curl -sS -o /dev/null "$(goes_on "$url")"
fi
wait "$adding" || true
expect "questions asked" 1 "$(started)"
[[ ! -e $CODEX_HOME/.credentials.json ]] || bad "Codex has credentials"
ok

case_ "codex mcp login, allowed with the same number on both sides, as the agent chosen there"
restart_gatehouse # forgets the no
timeout 60 codex mcp login tasker >"$HOUSE/login.log" 2>&1 &
logging_in=$!
authorize_url
page=$(goes_on "$url")
goes_on "$page" >/dev/null
read -r id number _ < <(ctl confirmations list | sed -n 2p)
grep -q ">$number<" "$HOUSE/page.html" || bad "the page does not show $number"
grep -q 'Answer in Gatehouse' "$HOUSE/page.html" || bad "the page does not say where to answer"
ctl confirmations confirm "$id" --agent Codex >/dev/null
curl -sS -o /dev/null "$(goes_on "$page")"
wait "$logging_in" || bad "codex mcp login ended with $?"
expect "clients of the agent" 1 "$(ctl clients list Codex | sed 1d | wc -l)"
ok

case_ "codex calls a tool with the login"
codex_runs "$(create 'By a login')"
created 'By a login'
ok

case_ "a restart of the gateway keeps the login"
restart_gatehouse
codex_runs "$(create 'After a restart')"
created 'After a restart'
ok

case_ "codex refreshes a token that ran out, and goes on with the new one, also after a restart"
before=$(credentials refresh_token)
credentials expire
codex_runs "$(create 'After a refresh')"
created 'After a refresh'
[[ $(credentials refresh_token) != "$before" ]] || bad "the refresh token is the old one"
restart_gatehouse
codex_runs "$(create 'After both')"
created 'After both'
ok

case_ "the owner revokes it like any client, and codex has no tools"
ctl clients revoke Codex "$(ctl clients list Codex | sed -n 2p | awk '{print $1}')" >/dev/null
codex_runs '[{"say":"hello"}]'
expect "tools" 0 "$(look first-tools "$HOUSE/model.jsonl" mcp__tasker)"
ok

case_ "no code and no token is in a log or in the journal"
ctl audit events --limit 100 --json >"$HOUSE/events.json"
! grep -q 'gh_[lrc]_' "$HOUSE/events.json" "$HOUSE/gatehouse.log" || bad "a token stands in the record or in the log"
ctl audit verify >"$HOUSE/verify.log" || bad "the journal is not sound"
ok
