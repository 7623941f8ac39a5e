#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# deploy-scripts/setup.sh on a machine that is played: its packages are the lines of $lacking, its /etc is $machine.

# shellcheck disable=SC2154 # doubles.bash sets $tree, $doubles and $calls
load doubles

setup() {
    make_tree
    machine=$BATS_TEST_TMPDIR/machine
    lacking=$BATS_TEST_TMPDIR/lacking
    present=$BATS_TEST_TMPDIR/present
    policy=$machine/usr/sbin/policy-rc.d
    mkdir -p "$machine/etc"
    runs_on debian 12 'Debian GNU/Linux 12 (bookworm)'
    : >"$lacking"
    : >"$present"
    export RM_SETUP_ROOT=$machine lacking present

    # Knows every package but the lacking ones, and those that rule each other out only when told so.
    double dpkg-query <<'END'
for name in "$@"; do
    [[ $name == -* ]] && continue
    case $name in
        libboost1.74-dev | docker-ce | containerd) grep -qx "$name" "$present" || continue ;;
    esac
    grep -qx "$name" "$lacking" || echo "ii $name"
done
exit 1
END
    double id <<<'echo 0'
    double systemctl </dev/null
    double apt-get <<'END'
[[ $* == *install* ]] && : >"$lacking"
exit 0
END
}

runs_on() { printf 'ID=%s\nVERSION_ID="%s"\nPRETTY_NAME="%s"\n' "$@" >"$machine/etc/os-release"; }

lacks() { printf '%s\n' "$@" >"$lacking"; }

# An apt-get that first does what the test asks for, on the machine as it is during the installation.
apt_get_does() {
    double apt-get <<END
[[ \$* == *install* ]] || exit 0
$1
: >"\$lacking"
END
}

@test "with nothing missing it says nothing, and asks dpkg just once" {
    run deploy-scripts/setup.sh all
    [ "$status" -eq 0 ]
    [ "$output" = "" ]
    [ "$(wc -l <"$calls")" -eq 1 ]
}

@test "--check names each missing package with its reason, and installs nothing" {
    lacks cmake libsoci-dev
    run deploy-scripts/setup.sh --check
    [ "$status" -eq 1 ]
    [[ $output == *"Missing Debian packages (build): 2"* ]]
    [[ $output =~ cmake\ +configures\ the\ build ]]
    [[ $output =~ libsoci-dev\ +the\ SQL\ layer ]]
    [[ $output == *"deploy-scripts/setup.sh build"* ]]
    run grep apt-get "$calls"
    [ "$status" -eq 1 ]
}

@test "it looks only at the groups that were asked for" {
    lacks bats clang-19
    run deploy-scripts/setup.sh build --check
    [ "$status" -eq 0 ]
    run deploy-scripts/setup.sh test --check
    [[ $output == *bats* && $output != *clang-19* ]]
    run deploy-scripts/setup.sh all --check
    [[ $output == *bats* && $output == *clang-19* ]]
}

@test "Docker's own packages will do in the place of Debian's" {
    lacks docker.io
    echo docker-ce >"$present"
    run deploy-scripts/setup.sh test --check
    [ "$status" -eq 0 ]
}

@test "another system is refused by its name" {
    runs_on ubuntu 24.04 'Ubuntu 24.04 LTS'
    run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *"needs Debian 12"*"Ubuntu 24.04 LTS"* ]]
    runs_on debian 13 'Debian GNU/Linux 13 (trixie)'
    run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *trixie* ]]
}

@test "Debian's older Boost is explained before anything is changed" {
    lacks libboost1.81-dev
    echo libboost1.74-dev >"$present"
    run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *"libboost1.74-dev"*"excludes libboost1.81-dev"*"apt-get remove"* ]]
    run grep apt-get "$calls"
    [ "$status" -eq 1 ]
}

@test "missing packages are installed by name, with nothing recommended and nothing removed" {
    lacks cmake mold
    run deploy-scripts/setup.sh
    [ "$status" -eq 0 ]
    [[ $output == *"cmake"*"configures the build"*"All packages are installed"* ]]
    grep -q 'apt-get .*update' "$calls"
    grep -q 'apt-get .*--no-install-recommends --no-remove install cmake mold$' "$calls"
    grep -q 'apt-get .*DPkg::Lock::Timeout=120' "$calls"
}

@test "services are kept from starting during the installation, and only then" {
    lacks haproxy
    # shellcheck disable=SC2016 # for the double to expand
    apt_get_does 'cp "$RM_SETUP_ROOT/usr/sbin/policy-rc.d" "$present.policy"; sh "$present.policy"; echo "policy says $?" >>"$present"'
    run deploy-scripts/setup.sh test
    [ "$status" -eq 0 ]
    grep -qx 'policy says 101' "$present"
    [ ! -e "$policy" ]
    # Had the script been killed, what it left behind would allow services again.
    run sh "$present.policy"
    [ "$status" -eq 0 ]
}

@test "nothing of the tests' peers is left to start at boot" {
    mkdir -p "$machine/run/systemd/system"
    lacks haproxy docker.io
    run deploy-scripts/setup.sh test
    [[ $output == *"Left stopped"*"haproxy.service"* ]]
    grep -q '^systemctl --quiet disable docker.service docker.socket containerd.service haproxy.service$' "$calls"
}

@test "a policy of the machine's own is neither changed nor removed" {
    lacks haproxy
    mkdir -p "${policy%/*}"
    printf '#!/bin/sh\nexit 104\n' >"$policy"
    cp "$policy" "$policy.before"
    run deploy-scripts/setup.sh test
    [ "$status" -eq 0 ]
    cmp "$policy" "$policy.before"
}

@test "what a killed set-up left behind is cleared away by the next one" {
    lacks haproxy
    mkdir -p "${policy%/*}"
    printf '#!/bin/sh\n# resource-manager setup: left behind\nexit 0\n' >"$policy"
    run deploy-scripts/setup.sh test
    [ "$status" -eq 0 ]
    [ ! -e "$policy" ]
}

@test "an interruption leaves no policy behind" {
    lacks haproxy
    # shellcheck disable=SC2016 # for the double to expand
    apt_get_does 'test -e "$RM_SETUP_ROOT/usr/sbin/policy-rc.d" && echo held >>"$present"; kill -TERM $PPID; exit 1'
    run deploy-scripts/setup.sh test
    [ "$status" -eq 143 ]
    grep -qx held "$present"
    [ ! -e "$policy" ]
}

@test "PostgreSQL's server comes without a cluster of its own" {
    lacks postgresql-15
    rule=etc/postgresql-common/createcluster.d/resource-manager-setup.conf
    apt_get_does "cat '$machine/$rule' >>'$present'"
    run deploy-scripts/setup.sh test
    [ "$status" -eq 0 ]
    grep -qx 'create_main_cluster = false' "$present"
    [ ! -e "$machine/$rule" ]
}

@test "when apt-get fails, its last words are shown, and the network is suspected" {
    lacks cmake
    double apt-get <<<'echo "E: Temporary failure resolving deb.debian.org"; exit 100'
    run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *"Temporary failure resolving"*"could not install"*"offline"* ]]
    [ ! -e "$policy" ]
}

@test "a package that is still missing after a good installation is an error" {
    lacks cmake
    double apt-get </dev/null
    run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *"still missing"* ]]
}

@test "apt-get's progress is visible in tenths" {
    lacks cmake
    double apt-get <<'END'
printf '%s\n' dlstatus:1:3.0:x dlstatus:1:9.0:x dlstatus:2:55.5:x pmstatus:g++:99.1:x pmstatus:libc6:amd64:100.0:x >&3
: >"$lacking"
END
    run deploy-scripts/setup.sh
    [ "$status" -eq 0 ]
    [ "$(grep -c 'downloaded 0 %' <<<"$output")" -eq 2 ]
    [[ $output == *"downloaded 50 %"*"installed 90 %"*"installed 100 %"* ]]
}

@test "a user with sudo is handed over to it, with the same groups" {
    lacks cmake
    double id <<<'echo 1000'
    double sudo </dev/null
    run deploy-scripts/setup.sh build test
    [ "$status" -eq 0 ]
    grep -qx "sudo -- $tree/deploy-scripts/setup.sh build test" "$calls"
}

@test "without root and without sudo it says what to do" {
    lacks cmake
    double id <<<'echo 1000'
    for name in bash dirname cat grep; do
        ln -s "$(command -v $name)" "$doubles/$name"
    done
    PATH=$doubles run deploy-scripts/setup.sh
    [ "$status" -eq 1 ]
    [[ $output == *"cmake"*"as root, or install sudo"* ]]
}

@test "an unknown argument is answered with the usage" {
    run deploy-scripts/setup.sh --frobnicate
    [ "$status" -eq 2 ]
    [[ $output == *"unknown argument '--frobnicate'"*"Usage: deploy-scripts/setup.sh"* ]]
}

@test "--help tells the groups, on any system" {
    runs_on alpine 3 Alpine
    run deploy-scripts/setup.sh --help
    [ "$status" -eq 0 ]
    [[ $output == *"Usage:"*"--check"* ]]
}
