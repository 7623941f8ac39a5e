#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian 12 packages that this project needs and that are missing, and nothing else. No service is
# started or left to start at boot, no installed package is removed or replaced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

# The tests set this to a folder of their own, so that they never touch the machine's /etc.
root=${RM_SETUP_ROOT:-}

# `su` without a dash leaves these out, and dpkg refuses to work without them.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

usage() {
    cat <<'END'
Usage: deploy-scripts/setup.sh [build|test|lint|all]... [--check] [--help]

Installs the missing Debian 12 packages, as root or with sudo. Says nothing when none is missing.

  build     what a release build needs (the default)
  test      what the tests need in addition: test libraries and the real peers (Docker Engine, Prometheus, ...)
  lint      what formatting, static analysis, sanitizers, fuzzing and benchmarks need
  all       all three
  --check   installs nothing, only reports what is missing; exit code 1 if something is

Exit codes: 0 everything is there, 1 something is missing or could not be installed, 2 wrong usage.
END
}

# group, package (or alternatives, the first of which is installed), why it is needed
read -r -d '' table <<'END' || true
build g++                        compiles the daemon
build cmake                      configures the build
build ninja-build                runs the build
build ccache                     makes a second build fast
build mold                       links in a fraction of the time
build ca-certificates            lets HTTPS peers be verified
build tzdata                     the time zones that a configuration can name
build libboost1.81-dev           the HTTP server (Asio, Beast) and subprocesses (Process)
build libboost-json1.81-dev      JSON
build libcurl4-openssl-dev       the HTTP client
build libyaml-cpp-dev            reads the configuration
build libspdlog-dev              logging
build libfmt-dev                 text formatting
build libcli11-dev               the command line
build libexpected-dev            errors as values
build libsoci-dev                the SQL layer
build libsqlite3-dev             the default store
build libpq-dev                  the PostgreSQL store
build libhowardhinnant-date-dev  local times: this compiler's library knows no time zones
build prometheus-cpp-dev         our own metrics
build libcivetweb-dev            prometheus-cpp's CMake package asks for it
build zlib1g-dev                 compressed pages
test  libgtest-dev               GoogleTest
test  libgmock-dev               GoogleMock
test  librapidcheck-dev          property tests
test  bats                       tests of the scripts
test  python3                    adds up the test results
test  python3-jsonschema         checks the configuration schema with an independent validator
test  fish                       tries the completions for fish
test  zsh                        tries the completions for zsh
test  openssl                    certificates for the TLS tests
test  procps                     looks at processes in the tests
test  iproute2                   networks of the test lab
test  iptables                   networks of the test lab
test  docker.io|docker-ce        the real Docker Engine, started by the tests in namespaces of its own
test  docker-compose             starts small projects in the lab
test  haproxy                    stands in the lab as the Docker socket proxy
test  prometheus                 the real Prometheus
test  prometheus-alertmanager    the real Alertmanager
test  postgresql-15              the real PostgreSQL
lint  clang-19                   the second compiler: sanitizers and fuzzing
lint  libclang-rt-19-dev         run-time libraries of the sanitizers and libFuzzer
lint  llvm-19                    readable stack traces in sanitizer reports
lint  clang-format-19            formatting of C++
lint  clang-tidy-19              static analysis of C++
lint  shellcheck                 static analysis of scripts
lint  shfmt                      formatting of scripts
lint  libbenchmark-dev           benchmarks
lint  gcovr                      line coverage
END

groups=()
check_only=false
for argument in "$@"; do
    case $argument in
        build | test | lint) groups+=("$argument") ;;
        all) groups+=(build test lint) ;;
        --check) check_only=true ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown argument '$argument'" ;;
    esac
done
[[ ${#groups[@]} -gt 0 ]] || groups=(build)

require_debian_12() {
    local ID=unknown VERSION_ID='' PRETTY_NAME='an unknown system'
    # shellcheck source=/dev/null
    [[ ! -r $root/etc/os-release ]] || source "$root/etc/os-release"
    [[ $ID == debian && $VERSION_ID == 12 ]] && return
    complain "this needs Debian 12 (bookworm), but this machine runs $PRETTY_NAME. The package names and versions" \
        "are Debian 12's: use a Debian 12 machine, virtual machine or container."
    exit 1
}

# Fills `missing` and `reasons` with what the chosen groups lack. One dpkg-query answers for everything.
find_missing() {
    local group alternatives reason name found
    local -a names=(libboost1.74-dev containerd)
    while read -r group alternatives reason; do
        IFS='|' read -r -a found <<<"$alternatives"
        names+=("${found[@]}")
    done <<<"$table"
    # It fails when a name is unknown to dpkg, which is just what we want to learn.
    installed=$(dpkg-query --show --showformat '${db:Status-Abbrev}${Package}\n' "${names[@]}" 2>/dev/null || true)
    installed=$'\n'$installed$'\n'

    missing=()
    reasons=()
    while read -r group alternatives reason; do
        [[ " ${groups[*]} " == *" $group "* ]] || continue
        IFS='|' read -r -a found <<<"$alternatives"
        for name in "${found[@]}"; do
            is_installed "$name" && continue 2
        done
        missing+=("${found[0]}")
        reasons+=("$reason")
    done <<<"$table"
}

# The middle letter of "ii " is the package's state; the first may be a hold.
is_installed() { [[ $installed == *$'\n'?"i $1"$'\n'* ]]; }

report_missing() {
    local index
    say "Missing Debian packages (${groups[*]}): ${#missing[@]}"
    for index in "${!missing[@]}"; do
        printf '  %-28s %s\n' "${missing[index]}" "${reasons[index]}"
    done
}

refuse_old_boost() {
    [[ " ${missing[*]} " == *" libboost1.81-dev "* ]] && is_installed libboost1.74-dev || return 0
    complain "libboost1.74-dev (Debian's libboost-dev) is installed and excludes libboost1.81-dev, which this project" \
        "needs. Nothing was changed. If nothing else here needs 1.74: apt-get remove libboost1.74-dev, then again."
    exit 1
}

# Some of the packages start a service when they are installed. This keeps them from it for as long as this script
# runs; the policy file itself asks whether it does, so that even a kill -9 leaves no policy behind that refuses.
hold_services() {
    policy=$root/usr/sbin/policy-rc.d
    if [[ -e $policy ]] && ! grep -q 'resource-manager setup' "$policy"; then
        say "Your own $policy decides whether installed services start."
        policy=
        return
    fi
    mkdir -p "${policy%/*}"
    printf '#!/bin/sh\n# resource-manager setup: services stay stopped while it installs\n%s\nexit 0\n' \
        "[ -d /proc/$$ ] && exit 101" >"$policy"
    chmod 755 "$policy"
}

# The tests start PostgreSQL servers of their own: the machine gets no "main" cluster from us.
hold_clusters() {
    [[ " ${missing[*]} " == *" postgresql-15 "* ]] || return 0
    cluster_rule=$root/etc/postgresql-common/createcluster.d/resource-manager-setup.conf
    mkdir -p "${cluster_rule%/*}"
    printf 'create_main_cluster = false\n' >"$cluster_rule"
}

policy=''
cluster_rule=''
log=''
let_go() {
    [[ -z $policy ]] || rm -f "$policy"
    [[ -z $cluster_rule ]] || rm -f "$cluster_rule"
    [[ -z $log ]] || rm -f "$log"
}

# What apt reports on its status channel becomes a line for every tenth; what it complains about is shown as it is;
# everything goes to the log.
show_progress() {
    local line phase news shown=''
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        if [[ $line =~ ^(dl|pm)status:[^:]*(:[a-z0-9]+)?:([0-9]+)\. ]]; then
            [[ ${BASH_REMATCH[1]} == dl ]] && phase=downloaded || phase=installed
            news="$phase $((BASH_REMATCH[3] / 10 * 10)) %"
        elif [[ $line =~ ^(E:|W:|Err:|Waiting) ]]; then
            news="apt: $line"
        else
            continue
        fi
        [[ $news == "$shown" ]] || say "  $news"
        shown=$news
    done
}

# The status channel is not descriptor 1 itself: apt closes it for the programs it runs.
run_apt() {
    apt-get -q -y -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=20 -o Dpkg::Options::=--force-confold "$@" </dev/null 2>&1 3>&1 | show_progress
}

install_missing() {
    local refreshed=true
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
    log=$(mktemp)
    trap let_go EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    hold_services
    hold_clusters

    say "Refreshing the package lists"
    run_apt -o APT::Update::Error-Mode=any update || refreshed=false
    say "Installing them and what they need"
    if ! run_apt --no-install-recommends --no-remove install "${missing[@]}"; then
        tail -n 15 "$log" >&2
        complain "apt-get could not install the packages; its last lines are above."
        $refreshed || complain "The package lists could not be refreshed either: is this machine offline, does it" \
            "need a proxy (Acquire::http::Proxy in /etc/apt/apt.conf.d), or is a source in /etc/apt broken?"
        exit 1
    fi
}

# What came with a service is for the tests, which start their own: nothing of it should come up at the next boot.
disable_services() {
    local name
    local -a units=()
    for name in "${missing[@]}"; do
        case $name in
            docker.io)
                units+=(docker.service docker.socket)
                is_installed containerd || units+=(containerd.service)
                ;;
            haproxy | prometheus | prometheus-alertmanager) units+=("$name.service") ;;
            postgresql-15) units+=(postgresql.service) ;;
        esac
    done
    ((${#units[@]} > 0)) || return 0
    [[ ! -d $root/run/systemd/system ]] || systemctl --quiet disable "${units[@]}" || true
    say "Left stopped, now and at boot (systemctl enable --now starts one): ${units[*]}"
}

require_debian_12
find_missing
[[ ${#missing[@]} -gt 0 ]] || exit 0

if $check_only; then
    report_missing
    say "To install them: deploy-scripts/setup.sh ${groups[*]}"
    exit 1
fi
refuse_old_boost
if [[ $(id -u) != 0 ]]; then
    if ! command -v sudo >/dev/null; then
        report_missing >&2
        complain "installing them needs root: run deploy-scripts/setup.sh ${groups[*]} as root, or install sudo."
        exit 1
    fi
    say "Installing packages needs root, so sudo may ask for your password."
    exec sudo -- "$PWD/deploy-scripts/setup.sh" "${groups[@]}"
fi
began=$SECONDS
report_missing
install_missing
disable_services
find_missing
if [[ ${#missing[@]} -gt 0 ]]; then
    report_missing >&2
    complain "apt-get ended well, but these are still missing."
    exit 1
fi
say "All packages are installed, after $((SECONDS - began)) s."
