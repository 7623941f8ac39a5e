#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Gives one service other limits without an outage, by the running daemon: the calling form that other programs know.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy-scripts/steps.sh
source "$here/steps.sh"

log_file=${BLUE_GREEN_LOG:-/var/log/jacker/blue-green.log}

usage() {
    cat <<'END'
Usage: deploy-scripts/blue-green-deploy.sh [--help] SERVICE NEW_CPU NEW_MEMORY [OPTION...]

Tells the running daemon to give a service these limits, waits until that has ended, and writes what happens to a
log file as well. The daemon picks the strategy that the configuration names for the service.

  deploy-scripts/blue-green-deploy.sh grafana 1.5 768M

OPTIONs go to `resource-manager deploy`, such as --url, --token-file, --strategy or --dry-run.

Environment:
  BLUE_GREEN_LOG    the log file, usually /var/log/jacker/blue-green.log; one that can't be written is done without
  RESOURCE_MANAGER  the program, usually the one in PATH or else the release that was built here

It is no program for deployment.script: the daemon would wait for itself.

Exit codes: those of `resource-manager deploy --wait`: 0 done, 5 rolled back, 6 failed, 7 refused, 2 wrong usage.
END
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
    usage
    exit 0
fi
(($# >= 3)) || usage_error "a service, its new CPU and its new memory are needed"
for word in "$1" "$2" "$3"; do
    [[ -n $word && $word != -* ]] || usage_error "'$word' is not a service or an amount"
done
service=$1 cpu=$2 memory=$3
shift 3

program=${RESOURCE_MANAGER:-$(command -v resource-manager || true)}
: "${program:=$here/../build/release/controller/resource-manager}"
if ! command -v "$program" >/dev/null; then
    complain "there is no program resource-manager; name it with RESOURCE_MANAGER"
    exit 1
fi

if ! { mkdir -p "$(dirname "$log_file")" && : >>"$log_file"; } 2>/dev/null; then
    complain "$log_file can't be written; going on without a log file"
    log_file=/dev/null
fi

# Each line goes on as it is, and to the log with the time in front.
noted() {
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        printf '%s\n' "$line"
        printf '%(%Y-%m-%d %H:%M:%S)T [%s] %s\n' -1 "$service" "$line" >>"$log_file"
    done
}

status=0
{
    say "cpu $cpu, memory $memory are wanted"
    "$program" deploy "$service" --cpu "$cpu" --memory "$memory" --wait "$@" 2>&1 || status=$?
    say "ended with exit code $status"
    exit "$status"
} | noted || status=${PIPESTATUS[0]}
exit "$status"
