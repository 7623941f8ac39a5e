#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/test.sh with a CMake and a ctest that are played.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    everything_is_installed
    double_cmake
    ctest_finds passed 0
}

# A ctest that writes one result for a test with this outcome, and ends with this exit code.
ctest_finds() {
    export verdict=$1
    double ctest <<END
while [[ \$1 != --output-junit ]]; do shift; done
mkdir -p "\$(dirname "\$2")"
[[ \$verdict == passed ]] && inside= || inside="<\$verdict/>"
echo "<testsuite><testcase name='core.a' status='run'>\$inside</testcase></testsuite>" >"\$2"
exit $2
END
}

@test "it sets up, builds, tests, and ends with the totals" {
    run deploy-scripts/test.sh
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
    [ "$(tail -n 1 build/test/test-totals.txt)" = "1 passed, 0 failed, 0 skipped" ]
    grep -qx 'setup.sh build test' "$calls"
    grep -qx 'cmake --build --preset test' "$calls"
    grep -q '^ctest --preset test ' "$calls"
}

@test "a failed test is a failed run, which still ends with the totals" {
    ctest_finds failure 8
    run deploy-scripts/test.sh
    [ "$status" -eq 1 ]
    [[ $output == *"failed: core.a"* ]]
    [ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
}

@test "a skipped test is reported, and is a failure under CI" {
    ctest_finds skipped 0
    run deploy-scripts/test.sh
    [ "$status" -eq 0 ]
    [[ $output == *"skipped: core.a"* ]]
    CI=true run deploy-scripts/test.sh
    [ "$status" -eq 1 ]
}

@test "an error of ctest itself is a failure, even when all tests passed" {
    ctest_finds passed 5
    run deploy-scripts/test.sh
    [ "$status" -eq 1 ]
}

@test "old results are not taken for new ones" {
    mkdir -p build/test
    echo '<testsuite><testcase name="core.a" status="run"/></testsuite>' >build/test/test-results.xml
    double ctest <<<'exit 8'
    run deploy-scripts/test.sh
    [ "$status" -eq 1 ]
    [[ $output == *"no test ran"* ]]
}

@test "a failed build is a failed run" {
    double cmake <<<'exit 1'
    run deploy-scripts/test.sh
    [ "$status" -eq 1 ]
    [[ $output == *"Build (test): failed after"* ]]
    run grep ctest "$calls"
    [ "$status" -eq 1 ]
}

@test "tests are chosen by preset, name and label" {
    run deploy-scripts/test.sh --preset tsan --filter '^core' --label unit
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2016 # the dollar is meant
    grep -q '^ctest --preset tsan --tests-regex ^core --label-regex ^unit\$ ' "$calls"
    grep -qx 'setup.sh build test lint' "$calls"
}

@test "wrong options are answered with the usage, --help with the usage alone" {
    for wrong in --frobnicate --filter '--preset release' '--label'; do
        # shellcheck disable=SC2086 # two words
        run deploy-scripts/test.sh $wrong
        [ "$status" -eq 2 ]
        [[ $output == *"Usage:"* ]]
    done
    run deploy-scripts/test.sh --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
