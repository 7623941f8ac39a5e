#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the daemon as a whole process: start to ready, memory and CPU while idle, SIGTERM to exit.

    tests/bench/daemon_bench.py [--program build/release/controller/resource-manager] [--idle 30] [--runs 5]

Starts a release build with the shipped configuration (its peers away, as on a bare machine) in a temporary
directory and on a free port, and prints one line per figure with the limit it has to stay under.

    tests/bench/daemon_bench.py --services 50 [--minutes 10] [--interval 5m]

Measures the daemon at work instead: so many services on an engine and a Prometheus that are stand-ins in this
process, asked over HTTP, with /metrics scraped every 15 s. With a shorter interval than the usual one the figures
come sooner; what they would be at 5m is told as well, from the difference to a daemon that makes no checks.
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
import urllib.request

import stand_in_peers

ROOT = pathlib.Path(__file__).resolve().parents[2]
USUAL_INTERVAL = 300  # seconds
SCRAPE_EVERY = 15
UNITS = {"s": 1, "m": 60, "h": 3600}


class Daemon:
    def __init__(self, program, directory, *settings):
        self.started = time.monotonic()
        command = [program, "run", "--config", ROOT / "config/config.yml", "--set", "http.listen=127.0.0.1:0"]
        for setting in settings:
            command += ["--set", setting]
        self.process = subprocess.Popen(command, cwd=directory, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"http://[^ \"]+:(\d+)", line):
                self.url = f"http://127.0.0.1:{found[1]}"
            if re.search(r" ready\b", line):
                self.ready_after = time.monotonic() - self.started
                os.set_blocking(self.process.stderr.fileno(), False)
                return
        sys.exit("the daemon ended before it was ready")

    def status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) * 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def metric(self, name):
        with urllib.request.urlopen(self.url + "/metrics") as answer:
            text = answer.read().decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])

    def cpu_share(self, seconds, scraped=False):
        """Of one core, over that time from now."""
        begin, before = time.monotonic(), self.cpu_seconds()
        while (left := begin + seconds - time.monotonic()) > 0:
            time.sleep(min(left, SCRAPE_EVERY if scraped else left))
            self.read_log()
            if scraped:
                self.metric("process_open_fds")
        return (self.cpu_seconds() - before) / (time.monotonic() - begin)

    def read_log(self):
        """So that the log has a reader: what stands in the pipe is dropped."""
        try:
            while os.read(self.process.stderr.fileno(), 1 << 16):
                pass
        except BlockingIOError:
            pass

    def stop(self):
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        if code != 0:
            sys.exit(f"the daemon exited with {code}")
        return time.monotonic() - asked


def idle_figures(options):
    ready, stopped = [], []
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(options.runs):
            daemon = Daemon(options.program, directory)
            ready.append(daemon.ready_after)
            stopped.append(daemon.stop())
        daemon = Daemon(options.program, directory)
        time.sleep(2)  # the first questions to the peers are over
        share = daemon.cpu_share(options.idle)
        resident = daemon.status("VmRSS")
        daemon.stop()
    return [
        ("start to ready, median", statistics.median(ready) * 1000, "ms", 300),
        ("start to ready, slowest", max(ready) * 1000, "ms", 300),
        ("SIGTERM to exit, slowest", max(stopped) * 1000, "ms", 1000),
        ("resident memory, idle", resident / 2**20, "MiB", 20),
        (f"CPU over {options.idle:g} s idle", share * 100, "% of a core", 0.2),
    ]


def watched(options, peers, directory, interval, minutes):
    """CPU share, checks, and memory in use and at its peak, of a daemon that checks every `interval` seconds."""
    docker, prometheus = peers
    daemon = Daemon(options.program, directory, f"docker.host={docker}", f"prometheus.url={prometheus}",
                    "monitoring.source=prometheus", f"monitoring.check_interval={interval}s",
                    "monitoring.dry_run=true")
    time.sleep(2)  # the first look is over
    checks = daemon.metric("resource_manager_checks_total")
    share = daemon.cpu_share(minutes * 60, scraped=True)
    checks = daemon.metric("resource_manager_checks_total") - checks
    if daemon.metric("resource_manager_checks_failed_total") > 0:
        sys.exit("checks failed: this measured nothing")
    resident, peak = daemon.status("VmRSS"), daemon.status("VmHWM")
    daemon.stop()
    return share, checks, resident, peak


def busy_figures(options):
    interval = int(options.interval[:-1]) * UNITS[options.interval[-1]]
    with tempfile.TemporaryDirectory() as directory:
        peers = stand_in_peers.start(options.services, pathlib.Path(directory) / "docker.sock")
        share, checks, resident, peak = watched(options, peers, directory, interval, options.minutes)
        print(f"{options.services} services, {options.minutes:g} min, {checks:g} checks, one every {options.interval}")
        figures = [("resident memory", resident / 2**20, "MiB", 25), ("resident memory, highest", peak / 2**20, "MiB", 25)]
        if interval == USUAL_INTERVAL:
            return figures + [("CPU", share * 100, "% of a core", 0.1)]
        if checks == 0:
            sys.exit("no check was made: this measured nothing")
        base = watched(options, peers, directory, 3600, options.minutes)[0]
        per_check = (share - base) * interval
        usual = base + per_check / USUAL_INTERVAL
    print(f"CPU {share * 100:.3f}% of a core at {options.interval}, {base * 100:.3f}% without checks, "
          f"{per_check * 1000:.1f} ms a check")
    return figures + [("CPU, computed for one every 5m", usual * 100, "% of a core", 0.1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / "build/release/controller/resource-manager")
    parser.add_argument("--idle", type=float, default=30, help="seconds to watch the idle daemon")
    parser.add_argument("--runs", type=int, default=5, help="starts and stops to measure")
    parser.add_argument("--services", type=int, help="measure the daemon at work on so many services")
    parser.add_argument("--minutes", type=float, default=10, help="how long to watch it at work")
    parser.add_argument("--interval", default="5m", help="between two checks, like 10s")
    options = parser.parse_args()

    figures = busy_figures(options) if options.services else idle_figures(options)
    for name, value, unit, limit in figures:
        verdict = "ok" if value < limit else "OVER THE LIMIT"
        print(f"{name:32} {value:8.3f} {unit:12} (limit {limit:g}) {verdict}")
    return 0 if all(value < limit for _, value, _, limit in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
