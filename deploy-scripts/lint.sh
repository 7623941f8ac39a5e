#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks what a compiler does not: licence lines, formatting, scripts, the generated reference, clang-tidy's findings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

usage() {
    cat <<'END'
Usage: deploy-scripts/lint.sh [spdx|format|scripts|docs|tidy]... [--fix] [--help]

Runs the named checks, or all of them:

  spdx      every source file names its licence in the first two lines
  format    C++ is formatted as .clang-format says
  scripts   shell scripts pass shellcheck and shfmt
  docs      docs/configuration.md and config/schema.json are what the program's table of keys says
  tidy      clang-tidy finds nothing (minutes at first; later only what changed)
  --fix     writes the formatting and these two files instead of only checking them

Exit codes: 0 nothing found, 1 something found, 2 wrong usage.
END
}

checks=()
fix=false
for argument in "$@"; do
    case $argument in
        spdx | format | scripts | docs | tidy) checks+=("$argument") ;;
        --fix) fix=true ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown argument '$argument'" ;;
    esac
done
[[ ${#checks[@]} -gt 0 ]] || checks=(spdx format scripts docs tidy)

# Our files by name, whether or not this is a git checkout: sources NAME_PATTERN...
sources() {
    local -a names=()
    local pattern
    for pattern in "$@"; do
        names+=(-o -name "$pattern")
    done
    find . \( -path ./build -o -path ./.git -o -name node_modules \) -prune -o -type f \
        \( "${names[@]:1}" \) -print | sort
}

check_spdx() {
    local file bare=0
    while IFS= read -r file; do
        if ! head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0'; then
            complain "$file: its first two lines lack 'SPDX-License-Identifier: Apache-2.0'"
            bare=1
        fi
    done < <(echo ./.ci/run &&
        sources '*.cpp' '*.h' '*.cmake' CMakeLists.txt '*.sh' '*.bash' '*.bats' '*.py' '*.ts' '*.mjs')
    return "$bare"
}

check_format() {
    local -a options=(--dry-run -Werror)
    ! $fix || options=(-i)
    sources '*.cpp' '*.h' | xargs --no-run-if-empty --max-procs "$(nproc)" --max-args 8 clang-format-19 "${options[@]}"
}

check_scripts() {
    local mode=--diff
    local -a files
    ! $fix || mode=--write
    mapfile -t files < <(sources '*.sh' '*.bash' '*.bats' && echo ./.ci/run)
    shfmt --indent 4 --case-indent "$mode" "${files[@]}" && shellcheck --external-sources "${files[@]}"
}

# check_made COMMAND FILE: what `resource-manager config COMMAND` prints is what FILE says.
check_made() {
    local made=build/test/config-$1
    build/test/controller/resource-manager config "$1" >"$made" || return
    if $fix; then
        cp "$made" "$2"
    else
        diff --unified "$2" "$made"
    fi
}

check_docs() {
    build_preset test --target resource-manager &&
        check_made reference docs/configuration.md &&
        check_made schema config/schema.json
}

# Ninja runs it again only for what changed; when the rules changed, that is everything.
check_tidy() {
    local stamp=build/tidy/.clang-tidy-rules
    [[ ! -d build/tidy ]] || cmp --silent .clang-tidy "$stamp" || rm -rf build/tidy
    mkdir -p build/tidy && cp .clang-tidy "$stamp" && build_preset tidy
}

declare -A titles=([spdx]="Licence lines" [format]="Formatting of C++" [scripts]="Scripts"
    [docs]="Configuration reference and schema" [tidy]="clang-tidy")
declare -A needs=([format]="lint" [scripts]="lint" [docs]="build test" [tidy]="build test lint")
for check in "${checks[@]}"; do
    # shellcheck disable=SC2086 # one word or several
    [[ -z ${needs[$check]:-} ]] || deploy-scripts/setup.sh ${needs[$check]}
    step "${titles[$check]}" "check_$check" || {
        [[ $check != @(format|scripts|docs) ]] || complain "deploy-scripts/lint.sh $check --fix may repair it"
        exit 1
    }
done
