#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the daemon as a whole process: start to ready, memory and CPU while idle, SIGTERM to exit.

    tests/bench/daemon_bench.py [--program build/release/controller/resource-manager] [--idle 30] [--runs 5]

Starts a release build with the shipped configuration (its peers away, as on a bare machine) in a temporary
directory and on a free port, and prints one line per figure with the limit it has to stay under.
"""
import argparse
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Daemon:
    def __init__(self, program, directory):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "run", "--config", ROOT / "config/config.yml", "--set", "http.listen=127.0.0.1:0"],
            cwd=directory, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if re.search(r" ready\b", line):
                self.ready_after = time.monotonic() - self.started
                return
        sys.exit("the daemon ended before it was ready")

    def resident_bytes(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) * 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        if code != 0:
            sys.exit(f"the daemon exited with {code}")
        return time.monotonic() - asked


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "build/release/controller/resource-manager")
    parser.add_argument("--idle", type=float, default=30, help="seconds to watch the idle daemon")
    parser.add_argument("--runs", type=int, default=5, help="starts and stops to measure")
    options = parser.parse_args()

    ready, stopped = [], []
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(options.runs):
            daemon = Daemon(options.program, directory)
            ready.append(daemon.ready_after)
            stopped.append(daemon.stop())
        daemon = Daemon(options.program, directory)
        time.sleep(2)  # the first questions to the peers are over
        before = daemon.cpu_seconds()
        time.sleep(options.idle)
        share = (daemon.cpu_seconds() - before) / options.idle
        resident = daemon.resident_bytes()
        daemon.stop()

    figures = [
        ("start to ready, median", statistics.median(ready) * 1000, "ms", 300),
        ("start to ready, slowest", max(ready) * 1000, "ms", 300),
        ("SIGTERM to exit, slowest", max(stopped) * 1000, "ms", 1000),
        ("resident memory, idle", resident / 2**20, "MiB", 20),
        (f"CPU over {options.idle:g} s idle", share * 100, "% of a core", 0.2),
    ]
    for name, value, unit, limit in figures:
        verdict = "ok" if value < limit else "OVER THE LIMIT"
        print(f"{name:28} {value:8.2f} {unit:12} (limit {limit:g}) {verdict}")
    return 0 if all(value < limit for _, value, _, limit in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
