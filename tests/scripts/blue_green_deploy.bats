#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/blue-green-deploy.sh with a double of the program that it calls.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    export BLUE_GREEN_LOG=$BATS_TEST_TMPDIR/logs/blue-green.log
    unset RESOURCE_MANAGER
    double resource-manager <<<'echo "health  waits" >&2'
}

@test "it deploys by the daemon, waits, and ends as the program does" {
    run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    [ "$status" -eq 0 ]
    [ "$(cat "$calls")" = "resource-manager deploy grafana --cpu 1.5 --memory 768M --wait" ]
    [[ $output == *"health  waits"* ]]
    for code in 1 2 5 6 7; do
        double resource-manager <<<"exit $code"
        run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
        [ "$status" -eq "$code" ]
    done
}

@test "what is said goes to the log file too, with time and service" {
    double resource-manager <<<'echo "it was rolled back" >&2; exit 5'
    run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} \[grafana\] cpu 1.5, memory 768M are wanted$' "$BLUE_GREEN_LOG"
    grep -F '[grafana] it was rolled back' "$BLUE_GREEN_LOG"
    grep -F '[grafana] ended with exit code 5' "$BLUE_GREEN_LOG"
    run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    [ "$(wc -l <"$BLUE_GREEN_LOG")" -eq 6 ]
}

@test "a log file that can't be written does not stop it" {
    BLUE_GREEN_LOG=/proc/none/blue-green.log run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    [ "$status" -eq 0 ]
    [[ $output == *"/proc/none/blue-green.log can't be written"* ]]
    [ -s "$calls" ]
}

@test "more options go to the program" {
    run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M --token-file "a b" --dry-run
    [ "$(cat "$calls")" = "resource-manager deploy grafana --cpu 1.5 --memory 768M --wait --token-file a b --dry-run" ]
}

@test "RESOURCE_MANAGER names the program, and without any it says so" {
    double other <<<''
    RESOURCE_MANAGER=$doubles/other run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    [ "$(cat "$calls")" = "other deploy grafana --cpu 1.5 --memory 768M --wait" ]
    RESOURCE_MANAGER=/no/such/program run deploy-scripts/blue-green-deploy.sh grafana 1.5 768M
    [ "$status" -eq 1 ]
    [[ $output == *"name it with RESOURCE_MANAGER"* ]]
}

@test "it can be called from anywhere" {
    cd /
    run "$tree/deploy-scripts/blue-green-deploy.sh" grafana 1.5 768M
    [ "$status" -eq 0 ]
}

@test "a wrong call is answered with the usage, --help with the usage alone" {
    for words in "" "grafana" "grafana 1.5" "--url x y" "grafana 1.5 --wait"; do
        # shellcheck disable=SC2086 # several words
        run deploy-scripts/blue-green-deploy.sh $words
        [ "$status" -eq 2 ]
        [[ $output == *Usage:* ]]
    done
    run deploy-scripts/blue-green-deploy.sh "" 1.5 768M
    [ "$status" -eq 2 ]
    [ ! -s "$calls" ]
    run deploy-scripts/blue-green-deploy.sh --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
