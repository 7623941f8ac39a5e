#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs every test, after installing what that needs. The last line is the sum of all suites.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

# The peers of the lab (HAProxy, iptables) live in folders that a plain `su` leaves out.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

usage() {
    cat <<'END'
Usage: deploy-scripts/test.sh [--preset NAME] [--filter REGEX] [--label unit|e2e|lab] [--help]

Installs what is missing, builds the preset, runs its tests and adds them up.

  --preset NAME    a CMake preset with tests: test (the default), dev, asan-ubsan, tsan, coverage
  --filter REGEX   only tests whose name matches, such as '^core\.Bytes'
  --label LABEL    only tests with this label: unit (one library or script; needs no root, and no peer but the
                   PostgreSQL that the store's tests start), e2e (the whole daemon; no root, no peers) or lab
                   (starts the real peers; needs root)

The last line reads "N passed, N failed, N skipped"; the names of skipped and failed tests stand above it.
With CI=true in the environment a skipped test is a failure.

Exit codes: 0 all passed, 1 something failed, 2 wrong usage.
END
}

preset='test'
selection=()
while (($# > 0)); do
    case $1 in
        --preset | --filter | --label)
            [[ $# -ge 2 && $2 != --* ]] || usage_error "$1 needs a value"
            case $1 in
                --preset) preset=$2 ;;
                --filter) selection+=(--tests-regex "$2") ;;
                --label) selection+=(--label-regex "^$2\$") ;;
            esac
            shift 2
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown argument '$1'" ;;
    esac
done
case $preset in
    test | dev | coverage) groups=(build test) ;;
    asan-ubsan | tsan) groups=(build test lint) ;;
    *) usage_error "'$preset' is not a preset with tests" ;;
esac

results=build/$preset/test-results.xml
totals=build/$preset/test-totals.txt

# The whole output is kept, because the totals are read from it.
# shellcheck disable=SC2317 # step calls it
run_tests() {
    rm -f "$results" "$totals"
    ctest --preset "$preset" "${selection[@]}" --output-junit "$PWD/$results" \
        --test-output-size-passed 4194304 --test-output-size-failed 4194304
}

deploy-scripts/setup.sh "${groups[@]}"
step "Build ($preset)" build_preset "$preset"
status=0
step "Run the tests ($preset)" run_tests || status=1
if [[ ! -s $results ]]; then
    complain "no test ran."
    exit 1
fi
say "==> Totals ($preset)"
python3 deploy-scripts/totals.py "$results" | tee "$totals" || status=1
exit "$status"
