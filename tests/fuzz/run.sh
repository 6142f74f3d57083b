#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh build | run.sh TARGET SECONDS | run.sh SECONDS (all of them, built first)
# Builds the fuzz targets into build/fuzz and runs them. What they learn stays in build/fuzz/corpus; an input
# that brings one down is written to build/fuzz/crashes, and said last. 77: no clang here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly here=tests/fuzz out=build/fuzz
readonly targets=(http jsonrpc arguments oauth answers migrations)

compiler() { command -v clang++-14 || command -v clang++; }

build() {
    if ! compiler >/dev/null; then
        echo "skipped: fuzzing needs clang (Debian: clang-14 libclang-rt-14-dev)"
        exit 77
    fi
    mkdir -p "$out"
    cmake -S "$here" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$(compiler)" >"$out/configure.log" 2>&1 \
        || { cat "$out/configure.log"; exit 1; }
    cmake --build "$out" -j "$(nproc)"
}

# fuzz TARGET SECONDS
fuzz() {
    local fuzzer=$out/fuzz_$1 corpus=$out/corpus/$1 crashes=$out/crashes/$1
    if [[ ! -x $fuzzer ]]; then
        echo "skipped: $fuzzer is not built"
        exit 77
    fi
    mkdir -p "$corpus" "$crashes"
    local dictionary=()
    [[ -f $here/$1.dict ]] && dictionary=(-dict="$here/$1.dict")
    if ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
        "$fuzzer" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 -detect_leaks=0 \
        -artifact_prefix="$crashes/" "${dictionary[@]}" "$corpus" "$here/seeds/$1"; then
        return
    fi
    echo "fuzz_$1 failed. Again: $fuzzer $(ls -t "$crashes"/* 2>/dev/null | head -1)"
    return 1
}

case ${1:-} in
build) build ;;
'' | [0-9]*)
    build
    failed=()
    for target in "${targets[@]}"; do
        echo "== fuzz_$target, ${1:-60} s"
        fuzz "$target" "${1:-60}" || failed+=("$target")
    done
    ((${#failed[@]} == 0)) || { echo "failed: ${failed[*]}"; exit 1; } ;;
*) fuzz "$1" "${2:-60}" ;;
esac
