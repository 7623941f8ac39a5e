#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/lint.sh, with doubles of the tools that look into the files.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    everything_is_installed
    double cmake <<'END'
mkdir -p build/tidy build/test/controller
printf '#!/bin/bash\n[[ $1 == config ]] && echo "$2 of all keys"\n' >build/test/controller/resource-manager
chmod +x build/test/controller/resource-manager
END
    for tool in clang-format-19 shfmt shellcheck; do
        double "$tool" </dev/null
    done
    mkdir -p controller build/test docs config
    echo 'reference of all keys' >docs/configuration.md
    echo 'schema of all keys' >config/schema.json
    printf '// SPDX-License-Identifier: Apache-2.0\n' | tee controller/a.cpp >controller/a.h
    echo 'no licence, but not ours' >build/test/generated.cpp
    : >.clang-tidy
}

@test "all checks run when none is named" {
    run deploy-scripts/lint.sh
    [ "$status" -eq 0 ]
    [[ $output == *"Licence lines: done"*"Formatting of C++: done"*"Scripts: done"*"Configuration reference and schema: done"*"clang-tidy: done"* ]]
}

@test "a file without its licence line is named" {
    echo 'int x;' >controller/bare.cpp
    run deploy-scripts/lint.sh spdx
    [ "$status" -eq 1 ]
    [[ $output == *"./controller/bare.cpp: its first two lines lack"* ]]
    [[ $output != *generated.cpp* ]]
}

@test "formatting covers sources and headers, and only ours" {
    run deploy-scripts/lint.sh format
    [ "$status" -eq 0 ]
    grep -qx 'clang-format-19 --dry-run -Werror ./controller/a.cpp ./controller/a.h' "$calls"
}

@test "what a tool finds fails the run" {
    double clang-format-19 <<<'exit 1'
    run deploy-scripts/lint.sh format
    [ "$status" -eq 1 ]
    double shfmt <<<'exit 1'
    run deploy-scripts/lint.sh scripts
    [ "$status" -eq 1 ]
    double cmake <<<'exit 1'
    run deploy-scripts/lint.sh tidy
    [ "$status" -eq 1 ]
}

@test "--fix writes instead of checking" {
    run deploy-scripts/lint.sh format scripts --fix
    [ "$status" -eq 0 ]
    grep -q 'clang-format-19 -i ' "$calls"
    grep -q 'shfmt .*--write ' "$calls"
}

@test "a reference or schema that is not what the program says is shown as a difference, and written by --fix" {
    for file in docs/configuration.md config/schema.json; do
        echo 'of some keys' >$file
        run deploy-scripts/lint.sh docs
        [ "$status" -eq 1 ]
        [[ $output == *"-of some keys"*"of all keys"*"--fix"* ]]
        run deploy-scripts/lint.sh docs --fix
        [ "$status" -eq 0 ]
        grep -q 'of all keys' $file
    done
}

@test "a check installs only what it needs" {
    run deploy-scripts/lint.sh spdx
    [ "$status" -eq 0 ]
    [ ! -s "$calls" ]
    run deploy-scripts/lint.sh format
    [ "$(head -n 1 "$calls")" = "setup.sh lint" ]
}

@test "clang-tidy starts over when its rules changed, and else looks only at changes" {
    run deploy-scripts/lint.sh tidy
    touch build/tidy/looked-at
    run deploy-scripts/lint.sh tidy
    [ -e build/tidy/looked-at ]
    echo 'Checks: other' >.clang-tidy
    run deploy-scripts/lint.sh tidy
    [ "$status" -eq 0 ]
    [ ! -e build/tidy/looked-at ]
}

@test "an unknown check is answered with the usage, --help with the usage alone" {
    run deploy-scripts/lint.sh frobnicate
    [ "$status" -eq 2 ]
    [[ $output == *"'frobnicate'"*"Usage:"* ]]
    run deploy-scripts/lint.sh --help
    [ "$status" -eq 0 ]
    [[ $output == Usage:* ]]
}
