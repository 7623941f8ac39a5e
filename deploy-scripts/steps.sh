# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The few words that our scripts share; sourced, never run. Every script says what it does, how long that took,
# and exits 0 when it worked, 1 when it failed and 2 when it was called wrongly.

say() { printf '%s\n' "$*"; }

complain() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# A wrong option: one line on what is wrong, then how it should be.
usage_error() {
    complain "$*"
    usage >&2
    exit 2
}

# step "Build the release" COMMAND...: announces the step, runs it, says how long it took. COMMAND is a program, or
# a function that returns by itself at its first failure: bash ignores `set -e` inside of what is being checked.
step() {
    local title=$1 began=$SECONDS status=0
    shift
    say "==> $title"
    "$@" || status=$?
    if ((status != 0)); then
        complain "$title: failed after $((SECONDS - began)) s (exit code $status)"
        return 1
    fi
    say "    $title: done in $((SECONDS - began)) s"
}

# Configures a preset where needed, and builds it. Ninja itself notices a changed CMakeLists.txt, but not changed
# presets.
build_preset() {
    local preset=$1
    shift
    if [[ ! -f build/$preset/build.ninja || CMakePresets.json -nt build/$preset/build.ninja ]]; then
        cmake --preset "$preset" || return
    fi
    cmake --build --preset "$preset" "$@"
}
