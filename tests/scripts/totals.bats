#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/totals.py on JUnit files as ctest writes them.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() { make_tree; }

# results CASE...: a JUnit file of these test cases.
results() {
    printf '<?xml version="1.0"?>\n<testsuite>\n%s\n</testsuite>\n' "$*" >results.xml
}

passed() { printf '<testcase name="%s" status="run"><system-out>%s</system-out></testcase>' "$1" "${2:-}"; }
failed() { printf '<testcase name="%s" status="fail"><failure message=""/><system-out>%s</system-out></testcase>' "$1" "${2:-}"; }
skipped() { printf '<testcase name="%s" status="notrun"><skipped message="x"/><system-out/></testcase>' "$1"; }

totals() { python3 deploy-scripts/totals.py results.xml; }

@test "every suite has a line, and the last line is the sum" {
    results "$(passed core.Bytes.a)" "$(passed core.Bytes.b)" "$(passed net.c)"
    run totals
    [ "$status" -eq 0 ]
    [[ ${lines[0]} =~ core\ +2\ passed,\ 0\ failed,\ 0\ skipped ]]
    [[ ${lines[1]} =~ net\ +1\ passed ]]
    [ "${lines[-1]}" = "3 passed, 0 failed, 0 skipped" ]
}

@test "failed and skipped tests are named" {
    results "$(passed a.x)" "$(failed a.y)" "$(skipped b.z)"
    run totals
    [ "$status" -eq 1 ]
    [[ $output == *"skipped: b.z"*"failed: a.y"* ]]
    [ "${lines[-1]}" = "1 passed, 1 failed, 1 skipped" ]
}

@test "a skipped test is no failure, except under CI" {
    results "$(passed a.x)" "$(skipped b.z)"
    run totals
    [ "$status" -eq 0 ]
    CI=true run totals
    [ "$status" -eq 1 ]
    [[ $output == *"CI=true: a skipped test is a failure"* ]]
    [ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
}

@test "a whole GoogleTest program counts as the tests that it ran" {
    results "$(passed store "[       OK ] Store.a (1 ms)
[  SKIPPED ] Store.b (0 ms)
some words of the test[       OK ] All/Store.c/0 (12 ms)
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] Store.b")"
    run totals
    [ "$status" -eq 0 ]
    [[ $output == *"skipped: store: Store.b"* ]]
    [ "${lines[-1]}" = "2 passed, 0 failed, 1 skipped" ]
}

@test "a program that died half-way has failed, whatever passed before" {
    results "$(failed store "[       OK ] Store.a (1 ms)
[       OK ] Store.b (1 ms)
[ RUN      ] Store.c")"
    run totals
    [ "$status" -eq 1 ]
    [[ $output == *"failed: store: ended before its last test"* ]]
    [ "${lines[-1]}" = "2 passed, 1 failed, 0 skipped" ]
}

@test "a failed GoogleTest with a parameter is counted once" {
    results "$(failed store "[       OK ] Store.a (1 ms)
[  FAILED  ] Store.b/1, where GetParam() = &quot;x&quot; (3 ms)
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Store.b/1, where GetParam() = &quot;x&quot;")"
    run totals
    [ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
}

@test "a bats file counts as its tests" {
    results "$(failed scripts.x "1..3
ok 1 this works
not ok 2 this does not
# (in test file)
ok 3 this waits # skip no engine")"
    run totals
    [[ $output == *"skipped: scripts.x: this waits"*"failed: scripts.x: this does not"* ]]
    [ "${lines[-1]}" = "1 passed, 1 failed, 1 skipped" ]
}

@test "a run without any test is a failure" {
    results ""
    run totals
    [ "$status" -eq 1 ]
    [ "${lines[-1]}" = "0 passed, 0 failed, 0 skipped" ]
}
