# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of our scripts share: a copy of the scripts in a tree of its own, and doubles of the programs they
# call, in a folder that comes first in PATH. Each call of a double is a line in $calls.

project=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# An empty project with our scripts in it, so that nothing builds or writes in the real one.
make_tree() {
    tree=$BATS_TEST_TMPDIR/tree
    doubles=$BATS_TEST_TMPDIR/doubles
    calls=$BATS_TEST_TMPDIR/calls
    mkdir -p "$tree/.ci" "$doubles"
    cp -r "$project/deploy-scripts" "$tree/"
    cp "$project/.ci/run" "$tree/.ci/"
    : >"$calls"
    PATH="$doubles:$PATH"
    unset CI
    cd "$tree" || return
}

# double PROGRAM < BODY: a shell script that notes its call and then does as BODY says.
double() {
    {
        printf '#!/bin/bash\necho "%s $*" >>"%s"\n' "$1" "$calls"
        cat
    } >"$doubles/$1"
    chmod +x "$doubles/$1"
}

# The set-up is another test's subject: here everything is installed.
everything_is_installed() {
    printf '#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\necho "setup.sh $*" >>"%s"\n' "$calls" \
        >"$tree/deploy-scripts/setup.sh"
}

# A CMake that builds a daemon which only tells how it was called.
double_cmake() {
    double cmake <<'END'
[[ $* == --build* ]] || exit 0
mkdir -p build/release/controller
printf '#!/bin/bash\necho "daemon: $*"\nexit 7\n' >build/release/controller/resource-manager
chmod +x build/release/controller/resource-manager
END
}
