#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The MCP Inspector's command line as a plain user of a real Gatehouse: over HTTP with a bearer token, and
# over the stdio bridge with a token that was paired. Exit 77: skipped, because it is not at hand.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
BIN=$(realpath "$1")
. "$here/../node.sh"
node_packages inspector

. "$here/../cases.sh" inspector
PORT=$(free_port)

# inspect SERVER ARGUMENT... : one run of the Inspector; what it printed is $HOUSE/inspector.json.
inspect() {
    local server=$1 status=0
    shift
    HOME=$HOUSE timeout 60 "$NODE" "$PACKAGES/node_modules/.bin/mcp-inspector" --cli --config "$HOUSE/servers" --server "$server" \
        --format json --quiet "$@" >"$HOUSE/inspector.json" 2>"$HOUSE/inspector.log" </dev/null || status=$?
    return $status
}
# look EXPRESSION : of the answer `it`, in JavaScript.
look() { "$NODE" -p "const read = JSON.parse(require('fs').readFileSync('$HOUSE/inspector.json', 'utf8')), it = read.result ?? read; $1"; }

start_tasker
make_profile
start_gatehouse --headless
sign_in
connect_tasker
ctl agents create Inspector >/dev/null
ctl grants set Inspector ENG projects:read,issues:read,issues:create allow >/dev/null
token=$(ctl clients mint Inspector 'by HTTP' | sed -n 's/^token: //p')
pair Inspector inspector --no-codex --secrets file --token-folder "$HOUSE/tokens"
cat >"$HOUSE/servers" <<JSON
{"mcpServers": {
  "http": {"type": "http", "url": "http://127.0.0.1:$PORT/mcp", "headers": {"Authorization": "Bearer $token"}},
  "bridge": {"command": "$BIN/gatehouse-mcp", "args": ["--name", "inspector", "--socket", "$GATEHOUSE_SOCKET", "--secrets", "file", "--token-folder", "$HOUSE/tokens"]}
}}
JSON

# With sessions (legacy) and without (modern).
for way in 'http legacy' 'http modern' 'bridge legacy' 'bridge modern'; do
    read -r server era <<<"$way"
    by="by $server, $era"

    case_ "$by: the Inspector lists the tools that the agent holds, and finds no fault in their schemas"
    inspect $server --protocol-era "$era" --method tools/list --strict || fail "tools/list ended with $?"
    expect "the tools" "tasker_create_issue tasker_get_issue tasker_get_project_context tasker_list_issues tasker_resolve_project" \
        "$(look 'it.tools.map((tool) => tool.name).sort().join(" ")')"
    ok

    case_ "$by: it creates an issue"
    inspect $server --protocol-era "$era" --method tools/call --tool-name tasker_create_issue \
        --tool-args-json "{\"project\": \"ENG\", \"name\": \"$by\"}" || fail "tools/call ended with $?"
    expect "its name" "$by" "$(look 'it.structuredContent.issue.name')"
    control world >"$HOUSE/inspector.json"
    expect "issues in Tasker" 1 "$(look "it.issues.filter((issue) => issue.name === '$by').length")"
    ok

    case_ "$by: a refusal is shown as the tool's own answer"
    inspect $server --protocol-era "$era" --method tools/call --tool-name tasker_create_issue \
        --tool-args-json '{"project": "SECRET", "name": "Leak"}' || true
    expect "the code" not_found "$(look 'it.structuredContent.error')"
    ok
done
