#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ./dev bench: what the gateway adds, as ratios against a bare nginx proxy_pass in front of the same
# upstream, in one run. The read is on record, the write has its intent on disk before it is relayed; nginx
# does neither. The upstream answers fixed bytes, so the middle is what is measured.
set -euo pipefail

BIN=$(realpath "$1")
SECONDS_EACH=${BENCH_SECONDS:-5}
ROUNDS=${BENCH_ROUNDS:-3}
work=$(mktemp -d "${BENCH_FOLDER:-/var/tmp}/gatehouse-bench.XXXXXX") # on a disk: fdatasync counts
pids=()
on_exit() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$work"; }
trap on_exit EXIT

upstream_port=$((21000 + RANDOM % 1000))
proxy_port=$((upstream_port + 1000))
base=/api/internal/nodedc/agent
project=11111111-1111-4111-8111-111111111111
issue_id=22222222-2222-4222-8222-222222222222
issue='{"id":"'$issue_id'","project_id":"'$project'","sequence_id":1,"identifier":"BENCH-1","name":"Bench","description_markdown":"'$(printf 'x%.0s' {1..1200})'","priority":"none","state":{"id":"s","name":"Todo","group":"unstarted"},"label_ids":[],"assignee_ids":[],"parent_id":null,"created_by":"agent:bench","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}'

cat >"$work/nginx.conf" <<NGINX
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
    keepalive_requests 1000000000;
    default_type application/json;
    upstream tasker { server 127.0.0.1:$upstream_port; keepalive 64; keepalive_requests 1000000000; }
    map \$request_method \$answer {
        default '{"items":[$issue],"next_cursor":null,"total":1}';
        POST '$issue';
    }
    server {
        listen 127.0.0.1:$upstream_port;
        location $base/issues {
            if (\$request_method = POST) { return 201 \$answer; }
            return 200 \$answer;
        }
    }
    server {
        listen 127.0.0.1:$proxy_port;
        location / { proxy_pass http://tasker; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
}
NGINX
nginx -p "$work" -c "$work/nginx.conf" 2>"$work/nginx.log" &
pids+=($!)
"$BIN/bench_gateway" "$work" "http://127.0.0.1:$upstream_port$base" "$project" >"$work/ready" 2>"$work/gateway.log" &
pids+=($!)
for _ in {1..100}; do [[ -s $work/ready ]] && break; sleep 0.1; done
[[ -s $work/ready ]] || { cat "$work/gateway.log" >&2; exit 1; }
port=$(sed 's/.*"port":\([0-9]*\).*/\1/' "$work/ready")
token=$(sed 's/.*"token":"\([^"]*\)".*/\1/' "$work/ready")

# wrk scripts: each asks the same of both, in the words that each understands.
body_create='{"project":"'$project'","name":"Bench"}'
lua() { printf 'wrk.method="%s"\nwrk.headers["Content-Type"]="application/json"\n%s\nwrk.body=%s\n' "$1" "$3" "$2"; }
auth='wrk.headers["Authorization"]="Bearer '$token'"'
lua POST "'{\"project\":\"$project\",\"issue\":\"$issue_id\"}'" "$auth" >"$work/gateway.read.lua"
lua POST "'$body_create'" "$auth" >"$work/gateway.write.lua"
lua GET nil '' >"$work/nginx.read.lua"
lua POST "'{\"project_id\":\"$project\",\"name\":\"Bench\"}'" '' >"$work/nginx.write.lua"
url() {
    case $1.$2 in
    gateway.read) echo "http://127.0.0.1:$port/api/v1/tools/tasker_get_issue" ;;
    gateway.write) echo "http://127.0.0.1:$port/api/v1/tools/tasker_create_issue" ;;
    nginx.read) echo "http://127.0.0.1:$proxy_port$base/issues?project_id=$project&issue_id=$issue_id" ;;
    nginx.write) echo "http://127.0.0.1:$proxy_port$base/issues" ;;
    esac
}

# measure WHO KIND CONNECTIONS : "requests/s p50-us p99-us errors"
measure() {
    wrk -t1 -c"$3" -d"${SECONDS_EACH}s" --latency -s "$work/$1.$2.lua" "$(url "$1" "$2")" >"$work/wrk.out"
    awk '
        function us(text) { return text ~ /us$/ ? text + 0 : text ~ /ms$/ ? (text + 0) * 1000 : (text + 0) * 1000000 }
        $1 == "50%" {p50 = us($2)} $1 == "99%" {p99 = us($2)}
        $1 == "Requests/sec:" {rate = $2} /Non-2xx/ {errors = $NF}
        END {printf "%s %d %d %d\n", rate, p50, p99, errors}' "$work/wrk.out"
}

# One call each, seen to work, before anything is timed.
for kind in read write; do
    for who in nginx gateway; do
        read -r _ _ _ errors < <(SECONDS_EACH=1 measure $who $kind 1)
        ((errors == 0)) || { echo "$who $kind: $errors answers were no success" >&2; tail -n 5 "$work/gateway.log" >&2; exit 1; }
    done
done

median() { sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'; }
printf '%-6s %5s  %22s  %22s  %8s  %14s  %s\n' kind conns 'nginx req/s p50 p99' 'gateway req/s p50 p99' ratio 'added p50/p99' errors
for kind in read write; do
    for connections in 1 8 16; do # a client has 16 at most
        : >"$work/nginx.rows"; : >"$work/gateway.rows"
        for ((round = 0; round < ROUNDS; round++)); do # interleaved: noise falls on both
            for who in nginx gateway; do measure $who $kind $connections >>"$work/$who.rows"; done
        done
        of() { awk -v column="$2" '{print $column}' "$work/$1.rows" | median; }
        awk -v kind=$kind -v c=$connections -v nr="$(of nginx 1)" -v n50="$(of nginx 2)" -v n99="$(of nginx 3)" \
            -v gr="$(of gateway 1)" -v g50="$(of gateway 2)" -v g99="$(of gateway 3)" -v e="$(of gateway 4)" 'BEGIN {
            printf "%-6s %5d  %10d %5dus %5dus  %10d %5dus %5dus  %8.2f  %+6dus/%+6dus  %d\n", kind, c, nr, n50, n99, gr, g50, g99, gr / nr, g50 - n50, g99 - n99, e }'
    done
done

# From a commit to a hundred readers of the live journal; ends with 1 where the bound is broken.
mkdir "$work/streams"
"$BIN/bench_streams" "$work/streams"

# Whoever comes after an abuser; the same.
mkdir "$work/abuse"
"$BIN/bench_abuse" "$work/abuse"

# Old rows leave while somebody writes: how long a write waits, memory, the log, the file. BENCH_CALLS=1000000 takes its time.
mkdir "$work/retention"
"$BIN/bench_retention" "$work/retention" "${BENCH_CALLS:-100000}"
rm -rf "$work/retention"

# Pages of the list of calls, each filter alone and with a day. BENCH_CALLS=1000000 fills a file of several GB first.
"$BIN/bench_calls" "${BENCH_CALLS:-100000}"
