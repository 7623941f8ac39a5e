#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Replays the corpus of each fuzz target, then lets the target look for new inputs for a while.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

usage() {
    cat <<'END'
Usage: deploy-scripts/fuzz.sh [--seconds N] [--target NAME] [--help]

Builds the fuzz targets with the address and undefined-behaviour sanitizers. Each replays its corpus in
tests/fuzz/corpus/NAME, then runs for N seconds (20, unless told otherwise). What it finds is written to
build/fuzz/findings/NAME-*; a finding belongs into the corpus, together with its repair.

Exit codes: 0 nothing found, 1 something found, 2 wrong usage.
END
}

seconds=20
only=
while (($# > 0)); do
    case $1 in
        --seconds | --target)
            [[ $# -ge 2 && $2 != --* ]] || usage_error "$1 needs a value"
            if [[ $1 == --target ]]; then only=$2; else seconds=$2; fi
            shift 2
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown argument '$1'" ;;
    esac
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || usage_error "--seconds needs a whole number above 0, not '$seconds'"

findings=build/fuzz/findings
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fuzz NAME PROGRAM: inputs found on the way stay in a folder of their own, the corpus grows only by hand.
fuzz() {
    local name=$1 program=$2
    local corpus=tests/fuzz/corpus/$name dictionary=tests/fuzz/$name.dict
    local -a options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -print_funcs=0
        -verbosity=0 -artifact_prefix="$findings/$name-")
    [[ ! -f $dictionary ]] || options+=(-dict="$dictionary")
    mkdir -p "$scratch/$name" "$corpus"
    find "$corpus" -type f -print0 | xargs -0 --no-run-if-empty "$program" -verbosity=0 >"$scratch/replay" 2>&1 || {
        cat "$scratch/replay" >&2
        return 1
    }
    say "    $(find "$corpus" -type f | wc -l) inputs of the corpus replayed"
    "$program" "${options[@]}" "$scratch/$name" "$corpus"
}

deploy-scripts/setup.sh build test lint
step "Build the fuzz targets" build_preset fuzz
mkdir -p "$findings"
count=0
for program in build/fuzz/tests/fuzz/*_fuzz; do
    name=$(basename "$program" _fuzz)
    name=${name#rm_}
    [[ -x $program && (-z $only || $only == "$name") ]] || continue
    step "Fuzz $name for $seconds s" fuzz "$name" "$program"
    count=$((count + 1))
done
if ((count == 0)); then
    complain "there is no fuzz target${only:+ with the name} $only"
    exit 1
fi
say "$count fuzz targets, nothing found"
