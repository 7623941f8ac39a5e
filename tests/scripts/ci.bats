#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# .ci/run with steps that are played.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    everything_is_installed
    double cmake </dev/null
    mkdir -p build/test
    echo '5 passed, 0 failed, 0 skipped' >build/test/test-totals.txt
    for name in test lint fuzz; do
        script_does "$name" true
    done
}

# script_does NAME COMMAND
script_does() {
    # shellcheck disable=SC2016 # for the script to expand
    printf '#!/bin/bash\necho "%s.sh $* CI=$CI" >>"%s"\n%s\n' "$1" "$calls" "$2" >"deploy-scripts/$1.sh"
}

@test "all steps run in order under CI=true, and the last line has the test totals" {
    run .ci/run
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "tests: 5 passed, 0 failed, 0 skipped" ]
    [ "$(cat "$calls")" = "setup.sh all
test.sh  CI=true
lint.sh  CI=true
cmake --preset bench
cmake --build --preset bench
test.sh --preset asan-ubsan CI=true
test.sh --preset tsan CI=true
fuzz.sh --seconds 20 CI=true" ]
}

@test "the first failure ends the run, with a summary and the step's name in the last line" {
    script_does lint 'exit 3'
    run .ci/run
    [ "$status" -eq 1 ]
    [[ $output == *"ok "*"deploy-scripts/test.sh"*"FAILED "*"deploy-scripts/lint.sh"* ]]
    [ "${lines[-1]}" = "FAILED: deploy-scripts/lint.sh (exit code 3)" ]
    run grep -E '^(fuzz|test.*preset)' "$calls"
    [ "$status" -eq 1 ]
}

@test "it takes no arguments but --help" {
    run .ci/run --fast
    [ "$status" -eq 2 ]
    [[ $output == Usage:* ]]
    run .ci/run --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
