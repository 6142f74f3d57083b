#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A database that goes, comes back older, is cut, or has no room: a real Gatehouse says what it is, relays nothing
# without a record, makes nothing anew unasked, and takes the owner's word only with the PIN.
set -euo pipefail

BIN=$1
. "$(dirname "$0")/../cases.sh" storage

profile=$HOUSE/profile
database=$profile/gatehouse.db
log=$HOUSE/gatehouse.log

stop_gatehouse() { kill "$gatehouse_pid"; wait "$gatehouse_pid" || bad "it ended with $?"; }
kill_gatehouse() { kill -9 "$gatehouse_pid"; wait "$gatehouse_pid" 2>/dev/null || true; }
# refused CODE OPTION... : a start ends with 1, names it, and doctor names it with its fix.
refused() {
    local code=$1 ended=0
    shift
    gatehouse "$@" >"$log" 2>&1 </dev/null || ended=$?
    ((ended == 1)) || bad "$*: ended with $ended: $(cat "$log")"
    grep -q "cannot go on: $code" "$log" || bad "$code is not named: $(cat "$log")"
    ctl doctor --profile-dir "$profile" --json >"$HOUSE/answer" 2>/dev/null || true
    jq -e --arg code "$code" '[.findings[] | select((.what | contains($code)) and .fix != null)] | length > 0' "$HOUSE/answer" >/dev/null \
        || bad "doctor does not name $code: $(cat "$HOUSE/answer")"
}
# create NAME : an agent's write; prints the HTTP status.
create() {
    curl -s -o "$HOUSE/answer" -w '%{http_code}' -H @"$HOUSE/agent.header" -H 'Content-Type: application/json' \
        -d "{\"project\": \"ENG\", \"name\": \"$1\"}" "http://127.0.0.1:$PORT/api/v1/tools/tasker_create_issue"
}
reached_tasker() { control requests | jq -c . | wc -c; } # it grows with every request
gate() { curl -s "http://127.0.0.1:$PORT/readyz" | jq -r .checks.gateway; }
gate_is() { [[ $(gate) == "$1" ]]; }
is_gone() { ! kill -0 "$gatehouse_pid" 2>/dev/null; }
sound() { ctl audit verify --json >"$HOUSE/answer" 2>&1 || bad "the journal is not sound: $(cat "$HOUSE/answer")"; }
# says ANSWER OPTION... : the PIN's answer to what a terminal is asked.
says() {
    local pin=$1 ended=0
    shift
    printf '%s\n' "$pin" | gatehouse "$@" >"$HOUSE/said" 2>&1 || ended=$?
    return "$ended"
}

start_tasker
make_profile
start_gatehouse --headless
sign_in
connect_tasker
ctl agents create Ann >/dev/null
ctl grants set Ann ENG projects:read,issues:read,issues:create allow >/dev/null
ctl clients mint Ann script --json | jq -r '"Authorization: Bearer " + .token' >"$HOUSE/agent.header"
[[ $(create One) == 200 ]] || bad "no write at all: $(cat "$HOUSE/answer")"

case_ "removed while it runs: nothing is relayed, /readyz says so, and the stop puts it back whole"
before=$(reached_tasker)
rm "$database"
until_true 15 gate_is storage_missing || bad "while nobody calls, readyz says $(gate)"
[[ $(create Two) == 503 ]] || bad "a write went through: $(cat "$HOUSE/answer")"
[[ $(reached_tasker) == "$before" ]] || bad "Tasker was asked"
gate_is storage_missing || bad "readyz says $(gate)"
stop_gatehouse
[[ -s $database ]] || bad "it is gone: $(cat "$log")"
start_gatehouse --headless
sound
[[ $(create Three) == 200 ]] || bad "no write after it: $(cat "$HOUSE/answer")"
ok

case_ "its log removed while it runs: nothing is relayed, and a restart has lost nothing"
before=$(reached_tasker)
rm "$database-wal"
[[ $(create Four) == 503 ]] || bad "a write went through"
[[ $(reached_tasker) == "$before" ]] || bad "Tasker was asked"
stop_gatehouse
start_gatehouse --headless
sound
ok

case_ "gone at the start: storage_missing, no file is made, no PIN is taken"
stop_gatehouse
mv "$database" "$HOUSE/away.db"
refused storage_missing --headless
refused storage_missing --set-pin
rm "$database.keycheck" # the signed point is enough
refused storage_missing --headless
[[ ! -e $database ]] || bad "a file was made"
mv "$HOUSE/away.db" "$database"
start_gatehouse --headless
sound
ok

case_ "an older copy: rolled_back until the owner accepts it with the PIN, on record"
stop_gatehouse
cp "$database" "$HOUSE/older.db"
start_gatehouse --headless
stop_gatehouse
cp "$HOUSE/older.db" "$database"
refused rolled_back --headless
! says 000000 --accept-restore || bad "a wrong PIN was taken"
refused rolled_back --headless
says "$PIN" --accept-restore || bad "the PIN was not taken: $(cat "$HOUSE/said")"
start_gatehouse --headless
sound
ctl audit events --json | grep -q storage_restored || bad "it is not on record"
stop_gatehouse
! says "$PIN" --accept-restore || bad "there was nothing to accept"
ok

case_ "killed, and the log gone or its head damaged: refused, whatever is left"
start_gatehouse --headless
create Five >/dev/null
kill_gatehouse
cp "$database-wal" "$HOUSE/kept-wal"
printf 'zzzz' | dd of="$database-wal" bs=1 seek=4 conv=notrunc status=none
refused storage_damaged --headless
rm "$database-wal"
refused rolled_back --headless
cp "$HOUSE/kept-wal" "$database-wal"
start_gatehouse --headless
sound
ok

case_ "a limit on file sizes is a full disk, and no end"
stop_gatehouse
(
    ulimit -f $(($(stat -c %s "$database") / 1024 + 40))
    start_gatehouse --headless
    echo "$gatehouse_pid" >"$HOUSE/pid"
)
gatehouse_pid=$(<"$HOUSE/pid")
for ((i = 0; i < 100; i++)); do
    create "Number $i" >/dev/null
    ! gate_is storage_full || break
done
((i < 100)) || bad "the limit was never met"
kill -0 "$gatehouse_pid" || bad "it is gone: $(cat "$log")"
kill -9 "$gatehouse_pid"
until_true 10 is_gone || bad "it does not end"
start_gatehouse --headless
sound
ok

case_ "no copy left: an empty one begins with the PIN alone, on record, and the PIN stays"
stop_gatehouse
rm "$database"
! says 000000 --start-anew || bad "a wrong PIN was taken"
rm -f "$database"
says "$PIN" --start-anew || bad "the PIN was not taken: $(cat "$HOUSE/said")"
! says "$PIN" --start-anew || bad "it began anew beside a database"
start_gatehouse --headless
ctl login >/dev/null || bad "the PIN is not the one of before"
ctl audit events --json | grep -q storage_restored || bad "it is not on record"
sound
stop_gatehouse
ok

case_ "what lies in the folder locks nobody out: an empty lock file, one of another machine"
: >"$profile/gatehouse.lock"
start_gatehouse --headless
stop_gatehouse
printf '4711\ngatehouse\nelsewhere\n' >"$profile/gatehouse.lock"
start_gatehouse --headless
ended=0
gatehouse --set-pin </dev/null >"$HOUSE/said" 2>&1 || ended=$?
((ended == 3)) && grep -q 'runs on this profile already' "$HOUSE/said" || bad "a second one: $ended $(cat "$HOUSE/said")"
stop_gatehouse
ok

case_ "a disk without room: it starts, says storage_full, and goes on when there is room"
if ! mount -t tmpfs -o size=24m tmpfs "$profile" 2>/dev/null; then
    echo "left out: no right to mount a small disk here"
    exit 0
fi
answers() { curl -s -o /dev/null "http://127.0.0.1:$PORT/readyz"; }
settled() { [[ $(gate) == ok || $(gate) == storage_full ]]; }
unmount() { umount -l "$profile" 2>/dev/null; }
trap 'status=$?; set +e; unmount; (exit $status); on_exit' EXIT
make_profile
start_gatehouse --headless
stop_gatehouse
fill() { # fill KIB : leaves that much
    rm -f "$profile/filler"
    local free
    free=$(df --output=avail -k "$profile" | tail -n 1)
    head -c $(((free - $1) * 1024)) /dev/zero >"$profile/filler"
}
for kib in 0 4 12 20 24 28 32 44; do
    fill "$kib"
    : >"$log"
    "$BIN/gatehouse" --profile-dir "$profile" --secrets file --passphrase-fd 3 --port "$PORT" --headless 3<<<"$passphrase" >>"$log" 2>&1 &
    gatehouse_pid=$!
    until_true 20 answers || bad "$kib KiB: no answer: $(cat "$log")"
    until_true 20 settled || bad "$kib KiB: readyz says $(gate): $(cat "$log")"
    ((kib > 4)) || gate_is storage_full || bad "$kib KiB: readyz says $(gate)"
    for ((i = 0; i < 3; i++)); do curl -s -o /dev/null "http://127.0.0.1:$PORT/api/v1/status" -H 'Authorization: Bearer gh_o_none' || true; done
    kill -0 "$gatehouse_pid" || bad "$kib KiB: it is gone: $(cat "$log")"
    rm "$profile/filler"
    until_true 20 gate_is ok || bad "$kib KiB: it did not go on: $(gate)"
    stop_gatehouse
done
ok
