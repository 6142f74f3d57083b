# SPDX-License-Identifier: GPL-3.0-or-later
# What the Codex cases have in common: the real CLI on the path, a house of their own that goes at the end, and
# words for the cases. Sourced with BIN set, as: start.sh NAME. Exit 77: skipped, because no Codex is at hand.

codex_cases=$(dirname "${BASH_SOURCE[0]}")
CODEX=${GATEHOUSE_TEST_CODEX:-}
[[ -x $CODEX ]] || { echo "skipped: the real Codex CLI (./dev test --with-codex)"; exit 77; }
PATH=$(dirname "$CODEX"):$PATH

. "$codex_cases/../cases.sh" "$1"
MODEL_PORT=$((PORT + 5000))
look() { node "$codex_cases/look.mjs" "$@"; }

# codex_home NAME [FEATURE] : a scratch home whose only model is ours. Nothing outside loopback is contacted.
codex_home() {
    export CODEX_HOME=$HOUSE/$1 STUB_KEY=none
    mkdir -p "$CODEX_HOME/work"
    cat >"$CODEX_HOME/config.toml" <<TOML
model = "stub"
model_provider = "stub"
mcp_oauth_credentials_store = "file"
[model_providers.stub]
name = "stub"
base_url = "http://127.0.0.1:$MODEL_PORT/v1"
wire_api = "responses"
env_key = "STUB_KEY"
supports_websockets = false
request_max_retries = 0
stream_max_retries = 0
[analytics]
enabled = false
[features]
plugins = false
${2:+$2 = true}
TOML
}

# codex_runs STEPS : one `codex exec`; the model's log is $HOUSE/model.jsonl.
codex_runs() {
    : >"$HOUSE/model.jsonl"
    timeout 90 codex exec --json --skip-git-repo-check -C "$CODEX_HOME/work" --sandbox read-only "$1" \
        </dev/null >"$HOUSE/exec.jsonl" 2>"$HOUSE/exec.err" || bad "codex exec ended with $?"
}
