#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh checkout to a running daemon: installs what is missing, builds a release, starts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy-scripts/steps.sh

usage() {
    cat <<'END'
Usage: deploy-scripts/quickstart.sh [--help] [-- DAEMON_ARGUMENTS...]

Installs the Debian packages that a build needs, builds a release, and starts the daemon in the foreground with
config/config.yml. Ctrl-C stops it. What stands after `--` goes to `resource-manager run`, such as:

  deploy-scripts/quickstart.sh -- --config my.yml

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

# The shipped configuration, unless the arguments name another.
configuration=(--config config/config.yml)
[[ " $* " != *" --config"* && " $* " != *" -c "* ]] || configuration=()

daemon=build/release/controller/resource-manager
step "Look for missing packages" deploy-scripts/setup.sh build
step "Build the release" build_preset release
say "==> Start the daemon, after $SECONDS s: $daemon run ${configuration[*]} $*"
say "    Ctrl-C stops it"
exec "$daemon" run "${configuration[@]}" "$@"
