#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/quickstart.sh with a CMake that builds a daemon which only tells how it was called.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    everything_is_installed
    double_cmake
}

@test "it sets up, builds a release and becomes the daemon with the shipped configuration" {
    run deploy-scripts/quickstart.sh
    [ "$status" -eq 7 ]
    [ "${lines[-1]}" = "daemon: run --config $tree/config/config.yml --detect" ]
    [ "$(cat "$calls")" = $'setup.sh build\ncmake --preset release\ncmake --build --preset release' ]
}

@test "each step says what it does and how long that took" {
    run deploy-scripts/quickstart.sh
    [[ $output =~ "==> Build the release" ]]
    [[ $output =~ "Build the release: done in "[0-9]+" s" ]]
}

@test "a second call does not configure again, unless the presets changed" {
    mkdir -p build/release
    touch -d '1 hour ago' CMakePresets.json
    touch build/release/build.ninja
    run deploy-scripts/quickstart.sh
    [ "$(grep -c '^cmake --preset' "$calls")" -eq 0 ]
    touch -d 'now + 1 hour' CMakePresets.json
    run deploy-scripts/quickstart.sh
    [ "$(grep -c '^cmake --preset' "$calls")" -eq 1 ]
}

@test "what stands after -- goes to the daemon" {
    run deploy-scripts/quickstart.sh -- --pid-file x.pid
    [ "${lines[-1]}" = "daemon: run --config $tree/config/config.yml --detect --pid-file x.pid" ]
    run deploy-scripts/quickstart.sh -- --simulate
    [ "${lines[-1]}" = "daemon: run --config $tree/config/config.yml --simulate" ]
    run deploy-scripts/quickstart.sh -- --config my.yml
    [ "${lines[-1]}" = "daemon: run --config my.yml" ]
    for named in --config=my.yml -cmy.yml "-c my.yml"; do
        # shellcheck disable=SC2086 # two words
        run deploy-scripts/quickstart.sh -- $named
        [ "${lines[-1]}" = "daemon: run $named" ]
    done
}

@test "relative paths of the daemon's arguments are those of the folder it is called from" {
    printf '#!/bin/bash\nmkdir -p build/release/controller\n' >"$doubles/cmake"
    printf '%s\n' "printf '#!/bin/bash\npwd\n' >build/release/controller/resource-manager" >>"$doubles/cmake"
    printf '%s\n' 'chmod +x build/release/controller/resource-manager' >>"$doubles/cmake"
    mkdir "$BATS_TEST_TMPDIR/elsewhere"
    cd "$BATS_TEST_TMPDIR/elsewhere"
    run "$tree/deploy-scripts/quickstart.sh" -- --config my.yml
    [ "${lines[-1]}" = "$BATS_TEST_TMPDIR/elsewhere" ]
}

@test "a failed build ends it, and nothing is started" {
    double cmake <<<'exit 3'
    run deploy-scripts/quickstart.sh
    [ "$status" -eq 1 ]
    [[ $output == *"Build the release: failed after"* ]]
    [[ $output != *"Start the daemon"* ]]
}

@test "a failed set-up ends it, and nothing is built" {
    printf '#!/bin/bash\nexit 1\n' >deploy-scripts/setup.sh
    run deploy-scripts/quickstart.sh
    [ "$status" -eq 1 ]
    [ ! -s "$calls" ]
}

@test "an unknown argument is answered with the usage, --help with the usage alone" {
    run deploy-scripts/quickstart.sh --frobnicate
    [ "$status" -eq 2 ]
    [[ $output == *"'--frobnicate'"*"Usage:"* ]]
    run deploy-scripts/quickstart.sh --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
