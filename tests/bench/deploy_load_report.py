# SPDX-License-Identifier: Apache-2.0
"""What deploy_load_bench.py found, in words and as a table."""
import collections
import datetime

import load_lab

WORDS = {
    "file": "resource-manager, drain by `file`",
    "haproxy": "resource-manager, drain by `haproxy`",
    "wait": "resource-manager, drain by `wait`",
    "script": "scale up, wait healthy, stop the old",
    "recreate": "`docker-compose up -d --force-recreate`",
}
HEALTHY = "health_status: healthy"


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def share(values, part):
    """The value below which that part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def drain_of(way, timing):
    """As docs/traffic.md has it."""
    check = load_lab.CHECK
    learned = check["interval"] * check["retries"] + check["timeout"] if way == "file" else 0
    drain = max(timing["drain"], learned + timing["router_delay"] + timing["longest_request"])
    return drain + (load_lab.LINGER if way == "wait" else 0)  # which the container takes itself


class Overhead:
    """Of one deployment: its time, less what it had to wait for. Green's time to healthy begins when the engine has
    made the container, and ends with the engine's own word that it is healthy."""

    def __init__(self, about, way, timing):
        self.id, self.service, self.took = about["id"], about["service"], about["duration_seconds"]
        self.phases = collections.Counter()
        for phase in about["phases"]:
            self.phases[phase["phase"]] += phase["seconds"]
        replicas = about["green"]
        self.ending = sum((one["die"] or 0) - (one["kill"] or 0) for one in about["blue"])
        self.healthy = sum(one[HEALTHY] - one["create"] for one in replicas)
        self.started = sum(one["start"] - one["create"] for one in replicas)
        self.waited = self.healthy + len(replicas) * (drain_of(way, timing) + timing["observe"])
        self.own = self.took - self.waited
        self.each = self.own / len(replicas)

    def line(self):
        phases = ", ".join(f"{name} {seconds:.2f}" for name, seconds in self.phases.items())
        return f"    {self.id:3} {self.service:9} took {self.took:6.2f} s, had to wait {self.waited:6.2f} s (healthy " \
               f"{self.healthy:.2f}, of that {self.started:.2f} until started), own {self.own:5.2f} s, {self.each:5.2f} s a replica, " \
               f"of that {self.ending:.2f} until blue had ended: {phases}"


class Variant:
    def __init__(self, way, retries, requests, windows, deployments, timing, begun):
        self.way, self.retries, self.deployments = way, retries, deployments
        self.count, self.cutovers = len(requests), len(windows) * len(load_lab.SERVICES)
        self.seconds = max(due for due, *_ in requests) - begun
        self.lost = [one for one in requests if one[3]]
        self.why = collections.Counter(one[3] for one in self.lost)
        self.when = [sum(since <= due <= until for due, *_ in self.lost) for since, until in windows]
        during = [extra for due, extra, _, wrong in requests
                  if not wrong and any(since <= due <= until for since, until in windows)]
        first = windows[0][0] if windows else float("inf")
        calm = [extra for due, extra, _, wrong in requests if not wrong and begun + 3 <= due < first]
        self.calm = (share(calm, 0.5), share(calm, 0.99))
        self.during = (share(during, 0.5), share(during, 0.99))
        self.overheads = [Overhead(about, way, timing) for about in deployments if about["status"] == "succeeded"]
        self.unsuccessful = [about for about in deployments if about["status"] != "succeeded"]

    def is_good(self):
        return not self.lost and not self.unsuccessful

    def name(self):
        return f"{WORDS[self.way]}, retries {'on' if self.retries else 'off'}"

    def detail(self):
        lines = [f"{self.name()}: {len(self.lost)} of {self.count} requests lost in {self.cutovers} deployments, "
                 f"{self.count / self.seconds:.0f} a second"]
        lines += [f"    {count:6} {what}" for what, count in self.why.most_common()]
        if self.lost:
            lines.append(f"    lost in each round: {' '.join(map(str, self.when))}")
        lines += [f"    deployment {about['id']} of {about['service']} {about['status']}: {about['failure']}"
                  for about in self.unsuccessful]
        lines += [overhead.line() for overhead in self.overheads]
        if self.overheads:
            lines.append(f"    own overhead: median {share([one.own for one in self.overheads], 0.5):.2f} s, "
                         f"worst {max(one.own for one in self.overheads):.2f} s of a deployment, "
                         f"{max(one.each for one in self.overheads):.2f} s of a replica")
        return "\n".join(lines)

    def row(self):
        lost = f"{len(self.lost):,}" if self.lost else "**0**"
        milliseconds = [f"{value * 1000:.1f}" for value in (*self.calm, *self.during)]
        worst = f"{max(one.each for one in self.overheads):.2f} s" if self.overheads else "-"
        return f"| {WORDS[self.way]} | {'on' if self.retries else 'off'} | {self.cutovers} | {self.count:,} | {lost} | " \
               f"{len(self.lost) / self.count:.3%} | {' | '.join(milliseconds)} | {worst} |"


def table(variants):
    return "\n".join([
        "| how | balancer's retries | deployments | requests | lost | share | p50 calm | p99 calm | p50 deploying | "
        "p99 deploying | worst overhead |",
        "|---|---|---|---|---|---|---|---|---|---|---|", *(variant.row() for variant in variants)])
