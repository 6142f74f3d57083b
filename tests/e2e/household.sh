# SPDX-License-Identifier: GPL-3.0-or-later
# A whole Gatehouse on a throw-away profile, with the contract Tasker behind it, driven by the same
# commands that an owner types. Sourced by the demo, the Codex cases and the benchmark.
#
#   BIN     where the programs are            HOUSE   an empty folder of ours, with a short path
#   PORT    the loopback port                 TASKER  arguments of the contract Tasker
#
# Secrets are sealed with a passphrase that only this shell knows; the PIN is $PIN.

umask 077
export GATEHOUSE_SOCKET=$HOUSE/profile/run/gatehouse.sock
export GATEHOUSE_OWNER_TOKEN_FILE=$HOUSE/owner-token
PIN=$(shuf -i 100000-999998 -n 1)
passphrase=$(head -c 24 /dev/urandom | base64)
tasker_pid= gatehouse_pid=

fail() { printf 'failed: %s\n' "$*" >&2; exit 1; }

# until_true SECONDS COMMAND... : tries until it succeeds.
until_true() {
    local tries=$(($1 * 20))
    shift
    until "$@"; do
        ((tries-- > 0)) || return 1
        sleep 0.05
    done
}

# field NAME : the value of a text or number in the one-line JSON on standard input.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

start_tasker() {
    "$BIN/contract-tasker" --state "$HOUSE" --data "$HOUSE/tasker.json" "$@" >"$HOUSE/tasker.ready" 2>"$HOUSE/tasker.log" &
    tasker_pid=$!
    until_true 10 grep -q '"base_url"' "$HOUSE/tasker.ready" || fail "the contract Tasker did not start: $(cat "$HOUSE/tasker.log")"
    tasker_url=$(field base_url <"$HOUSE/tasker.ready")
    tasker_ca=$(field ca <"$HOUSE/tasker.ready")
    tasker_control=$(field control_url <"$HOUSE/tasker.ready")
    printf 'Authorization: Bearer %s\n' "$(field control_token <"$HOUSE/tasker.ready")" >"$HOUSE/tasker.header"
}

# control WHAT [JSON] : the contract Tasker's own door.
control() {
    local -a body=()
    [[ -n ${2:-} ]] && body=(-H 'Content-Type: application/json' -d "$2")
    local -a trust=()
    [[ -n $tasker_ca && $tasker_ca != null ]] && trust=(--cacert "$tasker_ca")
    curl -sSf "${trust[@]}" -H @"$HOUSE/tasker.header" "${body[@]}" "$tasker_control/$1"
}

gatehouse() { "$BIN/gatehouse" --profile-dir "$HOUSE/profile" --secrets file --passphrase-fd 3 "$@" 3<<<"$passphrase"; }

ctl() { "$BIN/gatehousectl" --pin-fd 4 "$@" 4<<<"$PIN"; }

make_profile() {
    printf '%s\n%s\n' "$PIN" "$PIN" | gatehouse --set-pin >"$HOUSE/set-pin.log" 2>&1 || fail "no PIN set: $(cat "$HOUSE/set-pin.log")"
}

sign_in() { ctl login || fail "the owner could not sign in"; }

# start_gatehouse [OPTION...] : returns when it is ready.
start_gatehouse() { start_without_port --port "$PORT" "$@"; }

# The program itself goes to the background, not a shell around it that would be ended in its place.
start_without_port() {
    local log=$HOUSE/gatehouse.log
    : >"$log"
    "$BIN/gatehouse" --profile-dir "$HOUSE/profile" --secrets file --passphrase-fd 3 "$@" 3<<<"$passphrase" >>"$log" 2>&1 &
    gatehouse_pid=$!
    until_true 20 is_ready || fail "Gatehouse did not get ready: $(cat "$log")"
}

is_ready() { curl -sf -o /dev/null "http://127.0.0.1:$PORT/readyz"; }

connect_tasker() {
    local -a trust=()
    [[ -n $tasker_ca && $tasker_ca != null ]] && trust=(--ca-file "$tasker_ca")
    field credential <"$HOUSE/tasker.ready" \
        | ctl connection set "$tasker_url" "$(field owner <"$HOUSE/tasker.ready")" --email owner@example.org "${trust[@]}" >/dev/null \
        || fail "no connection to the contract Tasker"
}

# pair AGENT NAME [gatehouse-mcp options...] : the whole ceremony, with both check numbers compared.
pair() {
    local agent=$1 name=$2 code id ours theirs
    shift 2
    code=$(ctl pair open "$agent" | sed -n 's/^code: //p')
    [[ -n $code ]] || fail "no pairing code"
    : >"$HOUSE/pair.log" # now: a number of the last pairing must not be taken for this one's
    "$BIN/gatehouse-mcp" pair --name "$name" --code-fd 5 "$@" 5<<<"$code" >"$HOUSE/pair.out" 2>"$HOUSE/pair.log" &
    local pairing=$!
    until_true 10 grep -q 'Check number: [0-9]' "$HOUSE/pair.log" || fail "the code was not taken: $(cat "$HOUSE/pair.log")"
    ours=$(sed -n 's/^Check number: //p' "$HOUSE/pair.log")
    read -r id theirs _ < <(ctl confirmations list | sed -n 2p)
    [[ $ours == "$theirs" ]] || fail "the check numbers differ: $ours, $theirs"
    ctl confirmations confirm "$id" >/dev/null || fail "the confirmation was refused"
    wait "$pairing" || fail "pairing ended badly: $(cat "$HOUSE/pair.log")"
    check_number=$ours pairing_code=$code
}

stop_house() {
    local pid
    for pid in $gatehouse_pid $tasker_pid; do kill "$pid" 2>/dev/null || true; done
    wait $gatehouse_pid $tasker_pid 2>/dev/null || true
}
