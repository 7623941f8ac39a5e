#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/fuzz.sh with fuzz targets that are played.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    everything_is_installed
    double cmake </dev/null
    mkdir -p build/fuzz/tests/fuzz tests/fuzz/corpus/yaml
    echo a >tests/fuzz/corpus/yaml/first
    echo b >tests/fuzz/corpus/yaml/second
    target yaml 'exit 0'
}

# target NAME BODY: a fuzz target that notes its call.
target() {
    printf '#!/bin/bash\necho "%s $*" >>"%s"\n%s\n' "$1" "$calls" "$2" >"build/fuzz/tests/fuzz/rm_$1_fuzz"
    chmod +x "build/fuzz/tests/fuzz/rm_$1_fuzz"
}

@test "each target replays its corpus first and then runs for 20 seconds" {
    run deploy-scripts/fuzz.sh
    [ "$status" -eq 0 ]
    [[ $output == *"2 inputs of the corpus replayed"*"1 fuzz targets, nothing found"* ]]
    replay=$(grep -n '^yaml .*corpus/yaml/first' "$calls")
    search=$(grep -n '^yaml .*-max_total_time=20 .*corpus/yaml$' "$calls")
    [ "${replay%%:*}" -lt "${search%%:*}" ]
}

@test "the corpus itself does not grow" {
    # libFuzzer writes what it finds into the first folder it is given.
    # shellcheck disable=SC2016 # for the target to expand
    target yaml 'for argument; do [[ -d $argument ]] && touch "$argument/new" && break; done; exit 0'
    run deploy-scripts/fuzz.sh --seconds 1
    [ "$status" -eq 0 ]
    [ ! -e tests/fuzz/corpus/yaml/new ]
}

@test "a corpus that crashes the target ends the run before the search" {
    # shellcheck disable=SC2016 # for the target to expand
    target yaml '[[ $* == *second* ]] && { echo "heap-buffer-overflow"; exit 77; }'
    run deploy-scripts/fuzz.sh
    [ "$status" -eq 1 ]
    [[ $output == *heap-buffer-overflow* ]]
    run grep max_total_time "$calls"
    [ "$status" -eq 1 ]
}

@test "a finding of the search fails the run" {
    # shellcheck disable=SC2016 # for the target to expand
    target yaml '[[ $* != *max_total_time* ]]'
    run deploy-scripts/fuzz.sh
    [ "$status" -eq 1 ]
}

@test "one target can be chosen; a name that is none is an error" {
    target url 'exit 0'
    run deploy-scripts/fuzz.sh --target url --seconds 3
    [ "$status" -eq 0 ]
    [ "$(grep -c '^yaml' "$calls")" -eq 0 ]
    grep -q '^url .*-max_total_time=3 ' "$calls"
    run deploy-scripts/fuzz.sh --target none
    [ "$status" -eq 1 ]
}

@test "wrong options are answered with the usage, --help with the usage alone" {
    for wrong in --frobnicate '--seconds 0' '--seconds 1s' --target; do
        # shellcheck disable=SC2086 # two words
        run deploy-scripts/fuzz.sh $wrong
        [ "$status" -eq 2 ]
        [[ $output == *"Usage:"* ]]
    done
    run deploy-scripts/fuzz.sh --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
