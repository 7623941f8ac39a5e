#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh checkout to a running daemon: installs what is missing, builds a release, starts it.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

usage() {
    cat <<'END'
Usage: deploy-scripts/quickstart.sh [--help] [-- DAEMON_ARGUMENTS...]

Installs the Debian packages that a build needs, builds a release, and starts the daemon in the foreground with
config/config.yml and what it finds: Docker and Prometheus if they answer, Docker alone, or else a simulation. On a
real host it only tells what it would do. Ctrl-C stops it. What stands after `--` goes to `resource-manager run`, such as:

  deploy-scripts/quickstart.sh -- --config my.yml
  deploy-scripts/quickstart.sh -- --set monitoring.dry_run=false    # it acts

The daemon runs in the folder you call from, so that relative paths mean what they mean to you; the store's
data/ comes there too, unless the configuration has it elsewhere (store.url).

Exit codes: 1 the set-up or the build failed, 2 wrong usage; otherwise the daemon's.
END
}

while (($# > 0)); do
    case $1 in
        --)
            shift
            break
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown argument '$1' (the daemon's own arguments stand after --)" ;;
    esac
done

root=$PWD
# The shipped configuration, unless the arguments name another.
configuration=(--config "$root/config/config.yml" --detect)
for argument; do
    [[ $argument != --simulate ]] || unset 'configuration[2]'
    [[ $argument != -c* && $argument != --config && $argument != --config=* ]] || configuration=()
done

daemon=$root/build/release/controller/resource-manager
step "Look for missing packages" deploy-scripts/setup.sh build
step "Build the release" build_preset release
say "==> Start the daemon, after $SECONDS s: $daemon run ${configuration[*]} $*"
say "    Ctrl-C stops it"
cd "$caller"
exec "$daemon" run "${configuration[@]}" "$@"
