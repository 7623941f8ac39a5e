# SPDX-License-Identifier: Apache-2.0
"""Watches a server while attack.py attacks it: asks /health and reads the memory of its process.

Runs as a process of its own, so that the attacker's work does not count as the server's slowness.
"""
import contextlib
import http.client
import multiprocessing
import pathlib
import re
import threading
import time


def memory_kib(pid, figure):
    """A figure of /proc/PID/status, e.g. VmRSS; None when there is no such process."""
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(rf"^{figure}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else None


class Probe:
    """with Probe(...) as probe: attack(); then probe.health and probe.memory say how the server was."""

    def __init__(self, host, port, path, timeout, pid):
        self._target = (host, port, path, timeout)
        self._pid = pid
        self.health = {}
        self.memory = None

    def __enter__(self):
        self._before = None
        self._peak_is_new = False
        if self._pid:
            self._before = memory_kib(self._pid, "VmRSS")
            with contextlib.suppress(OSError):  # if we may not reset the peak, the samples have to do
                pathlib.Path(f"/proc/{self._pid}/clear_refs").write_text("5")
                self._peak_is_new = True
        self._ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_watch, args=(theirs, *self._target, self._pid), daemon=True)
        self._process.start()
        theirs.close()
        self._ours.recv()  # it has asked once
        return self

    def __exit__(self, *_):
        self._ours.send("stop")
        self.health, sampled = self._ours.recv()
        self._process.join()
        if self._pid:
            after = memory_kib(self._pid, "VmRSS")
            alive = self._before is not None and after is not None
            highest = memory_kib(self._pid, "VmHWM") if self._peak_is_new else 0
            peak = max(sampled, after, highest or 0) if alive else None
            self.memory = {"before": self._before, "peak": peak, "after": after,
                           "growth": peak - self._before if alive else None}


def _watch(pipe, host, port, path, timeout, pid):
    asked, failures, slowest = 0, [], 0.0
    peak = [0]
    stopped = threading.Event()
    if pid:
        threading.Thread(target=_sample, args=(pid, peak, stopped), daemon=True).start()
    while True:
        began = time.monotonic()
        problem = _ask(host, port, path, timeout)
        took = time.monotonic() - began
        asked += 1
        slowest = max(slowest, took)
        if problem:
            failures.append(f"{problem} after {took * 1000:.0f} ms")
        if asked == 1:
            pipe.send("asked")
        if pipe.poll(max(0.0, began + 0.1 - time.monotonic())):
            break
    stopped.set()
    health = {"asked": asked, "failed": len(failures), "slowest_ms": round(slowest * 1000, 1)}
    if failures:
        health["failures"] = failures[:5]
    pipe.send((health, peak[0]))


def _ask(host, port, path, timeout):
    """What is wrong with the answer; None if it is a 200."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return None if answer.status == 200 else f"status {answer.status}"
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()


def _sample(pid, peak, stopped):
    while not stopped.wait(0.02):
        peak[0] = max(peak[0], memory_kib(pid, "VmRSS") or 0)
