#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the requests that are lost while services are deployed under constant load, on a real Docker Engine.

    sudo tests/bench/deploy_load_bench.py --quick                  # every way once, a few minutes
    sudo tests/bench/deploy_load_bench.py --way file --retries off # 30 deployments, about ten minutes
    sudo tests/bench/deploy_load_bench.py                          # everything, about an hour and a half

A compose project with a service of two replicas and one of one replica stands behind HAProxy, which finds them by
Docker's DNS. Constant load comes from connections that are used once and from lasting ones; one request in a hundred
asks for an answer after up to five seconds. Meanwhile the services get other CPU limits, again and again, by one of:

    file, haproxy, wait   resource-manager's blue-green deployment, with that value of `deployment.drain_by`
    script                scale to twice the replicas, wait until they are healthy, stop and remove the old ones
    recreate              docker-compose up -d --force-recreate

with the retries of HAProxy (`retries 3`, `option redispatch`) on and off. For resource-manager the bench also tells
what each deployment took beyond green's time to healthy, the drain and the observation, which is its own overhead.

It needs root, dockerd, docker-compose, haproxy, iptables, nsenter, and g++ for the test workload. All runs in
namespaces of their own; nothing is left of it when it ends, in whatever way. Exits with 1 when resource-manager lost
a request or a deployment of it did not succeed.
"""
import argparse
import concurrent.futures
import contextlib
import ctypes
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import deploy_load_report
import load_lab
from load_lab import Failed

OURS = ("file", "haproxy", "wait")
WAYS = (*OURS, "script", "recreate")
NEEDED = ("dockerd", "docker", "docker-compose", "haproxy", "iptables", "nsenter", "unshare", "tar")
PROGRAM = load_lab.ROOT / "build/release/controller/resource-manager"
LIMITS = ("1.0", "1.1")  # CPU, in turn
PREFIX = "rm-load-"


# Inside the namespaces.

def deploy_ours(lab, daemon, cpu):
    """Both services at once; what the API tells of each, with the moments that the engine tells."""
    def moments(containers, *names):
        return [{what: lab.moment(container, what) for what in names} for container in containers]

    def one(service):
        old = lab.containers(service)
        about = daemon.deploy(service, cpu)
        about["green"] = moments(lab.containers(service), "create", "start", "health_status: healthy")
        about["blue"] = moments(old, "kill", "die")
        return about
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return list(pool.map(one, load_lab.SERVICES))


def deploy_by_script(lab, cpu):
    """Scale to twice the replicas, wait, stop the old ones: as people do it without a tool."""
    lab.write_compose(cpu)
    old = {name: lab.containers(name) for name in load_lab.SERVICES}
    scales = [part for name, has in old.items() for part in ("--scale", f"{name}={2 * len(has)}")]
    lab.compose("up", "--detach", "--no-recreate", *scales, *old)
    for name in old:
        load_lab.wait_until(f"{name} is healthy", lambda name=name: lab.are_healthy(lab.containers(name)))
    leaving = [one for has in old.values() for one in has]
    lab.docker("stop", *leaving)
    lab.docker("rm", *leaving)
    return []


def recreate(lab, cpu):
    lab.write_compose(cpu)
    scales = [part for name, about in load_lab.SERVICES.items() for part in ("--scale", f"{name}={about['replicas']}")]
    lab.compose("up", "--detach", "--force-recreate", "--no-deps", *scales, *load_lab.SERVICES)
    return []


class Load:
    def __init__(self, lab, options):
        self.into = lab.folder / "requests.json"
        targets = [part for target in lab.targets() for part in ("--target", target)]
        self.process = lab.start("load", sys.executable, load_lab.ROOT / "tests/bench/constant_load.py", *targets,
                                 "--rate", options.rate, "--into", self.into)
        self.begun = time.time()

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=60) != 0:
            raise Failed("the load ended with a failure: see load.log with --keep")
        return json.loads(self.into.read_text())


def measure(lab, options, way, retries):
    """One variant, as a row of the table and the lines before it."""
    lab.bring_up(LIMITS[0], load_lab.LINGER if way == "wait" else 0, retries)
    daemon = load_lab.Daemon(lab, options.program, way, options.timing) if way in OURS else None
    begin = {"script": deploy_by_script, "recreate": recreate}.get(way)
    load, windows, deployments = Load(lab, options), [], []
    try:
        time.sleep(options.calm)
        rounds = -(-options.deployments // len(load_lab.SERVICES))
        lasts = options.requests / options.rate
        for number in range(rounds):
            due = load.begun + options.calm + number * (lasts - options.calm) / rounds
            time.sleep(max(0, due - time.time()))
            since, cpu = time.time(), LIMITS[(number + 1) % 2]
            deployments += deploy_ours(lab, daemon, cpu) if daemon else begin(lab, cpu)
            windows.append((since, time.time()))
            print(f"    {way}, retries {'on' if retries else 'off'}: {number + 1} of {rounds} rounds, "
                  f"{windows[-1][1] - since:.1f} s", file=sys.stderr, flush=True)
        time.sleep(max(3, load.begun + lasts - time.time()))
    finally:
        requests = load.stop()
        if daemon:
            daemon.stop()
        lab.take_down()
    return deploy_load_report.Variant(way, retries, requests, windows, deployments, options.timing, load.begun)


def run_inside(options):
    lab = load_lab.Lab(options.inside, options.workload)
    variants = []
    for way in options.way:
        for retries in options.retries:
            variant = measure(lab, options, way, retries)
            print(variant.detail(), flush=True)
            variants.append(variant)
            if options.keep:
                keep(options.inside, options.keep / f"{way}-retries-{'on' if retries else 'off'}")
    print(deploy_load_report.table(variants))
    return 0 if all(variant.is_good() for variant in variants if variant.way in OURS) else 1


def keep(folder, where):
    where.mkdir(parents=True, exist_ok=True)
    for pattern in ("*.log", "*.cfg", "*.yml", "requests.json"):
        for file in folder.glob(pattern):
            shutil.copy(file, where)


# Outside of them.

def remove_traces(folder):
    """What outlives the namespaces: a folder and control groups."""
    roots = [pathlib.Path("/sys/fs/cgroup"), *pathlib.Path("/sys/fs/cgroup").glob("*")]
    for group in (root / folder.name for root in roots):
        for path, _, _ in os.walk(group, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(path)
    shutil.rmtree(folder, ignore_errors=True)


def sweep():
    """Takes away what a run left that was killed: nobody holds the lock of its folder."""
    for folder in pathlib.Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with contextlib.suppress(OSError), open(folder / "lock", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_traces(folder)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def run_outside(options, arguments):
    """The same again in new namespaces; with their first process everything in them ends."""
    sweep()
    folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            workload = options.workload
            if workload is None:
                workload = folder / "w"
                load_lab.build_workload(workload)
            command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable,
                       __file__, *arguments, "--inside", folder / "lab", "--workload", workload]
            (folder / "lab").mkdir()
            with subprocess.Popen([str(part) for part in command], preexec_fn=die_with_parent) as inside:
                try:
                    return inside.wait()
                except BaseException:
                    inside.kill()
                    raise
        finally:
            remove_traces(folder)


def check(options):
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise Failed(f"these programs are needed and not there: {', '.join(missing)}")
    if os.geteuid() != 0:
        raise Failed("namespaces and the Docker Engine need root")
    if any(way in OURS for way in options.way) and not os.access(options.program, os.X_OK):
        raise Failed(f"there is no program {options.program}: build the preset release, or name one with --program")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0], epilog=__doc__.partition("\n\n")[2],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=PROGRAM, help="the optimised resource-manager")
    parser.add_argument("--way", action="append", choices=WAYS, help="may be given several times; all without it")
    parser.add_argument("--retries", choices=("on", "off", "both"), default="both", help="of the balancer")
    parser.add_argument("--rate", type=float, help="requests a second (500; with --quick 200)")
    parser.add_argument("--requests", type=int, help="at least, in each variant (210000; with --quick 10000)")
    parser.add_argument("--deployments", type=int, help="of both services together (30; with --quick 4)")
    parser.add_argument("--calm", type=float, help="seconds before the first deployment (45; with --quick 10)")
    parser.add_argument("--observe", type=int, default=3, help="deployment.observe, in seconds")
    parser.add_argument("--quick", action="store_true", help="one to two minutes for each variant")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for logs and what became of each request")
    parser.add_argument("--workload", type=pathlib.Path, help="the lab's rm_lab_workload; without it, it is compiled")
    parser.add_argument("--inside", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    usual = {"rate": 200, "requests": 10000, "deployments": 4, "calm": 10} if options.quick else \
            {"rate": 500, "requests": 210000, "deployments": 30, "calm": 45}
    for name, value in usual.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    options.way = options.way or list(WAYS)
    options.retries = {"on": [True], "off": [False], "both": [True, False]}[options.retries]
    options.program = options.program.resolve()
    if options.workload is not None:
        options.workload = options.workload.resolve()
    if options.keep is not None:
        options.keep = options.keep.resolve()
    options.timing = {"drain": 1, "router_delay": 2, "longest_request": 5, "observe": options.observe}
    return options


def main():
    options = read_options(sys.argv[1:])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    try:
        check(options)
        return run_inside(options) if options.inside else run_outside(options, sys.argv[1:])
    except Failed as failure:
        print(f"deploy_load_bench: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
