#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks an HTTP server on this machine and tells how it held.

    tests/e2e/attack.py HOST:PORT [MODE...] [--pid PID] [options]

Modes (default: all of them, in this order):
    headers     one request with 200,000 headers
    chunked     a chunked body of 300 MB
    bad-chunks  malformed chunk sizes, extensions and trailers
    smuggling   ambiguous lengths, odd line ends, odd targets
    garbage     10,000 connections that send noise
    slowloris   500 connections that send a byte of a header each second

Each mode prints one line of JSON: how many requests were refused (by status), closed without an answer, not answered
in time, accepted although they must not be, or accepted as they may; and how /health and, given --pid, the memory of
the server were meanwhile. Exit code 0: no attack was accepted, /health never failed, memory grew by less than
--max-growth-mib. 1: not so. 2: wrong usage. Every mode ends by itself after --time-limit at the latest.
"""
import argparse
import asyncio
import collections
import json
import os
import re
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays clean

import attack_cases  # noqa: E402
from attack_probe import Probe  # noqa: E402

ANSWER_KEPT = 1 << 20


class Conversation(asyncio.Protocol):
    """One connection: what was heard so far, whether the peer has closed, flow control for what is sent."""

    def __init__(self):
        self.heard = bytearray()
        self.closed = asyncio.Event()
        self._news = asyncio.Event()
        self._writable = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport
        self._writable.set()

    def data_received(self, data):
        self.heard += data[:ANSWER_KEPT - len(self.heard)]
        self._news.set()

    def pause_writing(self):
        self._writable.clear()

    def resume_writing(self):
        self._writable.set()

    def connection_lost(self, _):
        # When sending failed asyncio doesn't read what the peer said before it hung up.
        try:
            while data := os.read(self.transport.get_extra_info("socket").fileno(), 65_536):
                self.data_received(data)
        except OSError:
            pass
        self.closed.set()
        self._news.set()
        self._writable.set()

    async def send(self, data):
        """Sends unless the peer has closed; false if it has."""
        if self.closed.is_set() or self.transport.is_closing():
            return False
        self.transport.write(data)
        await self._writable.wait()
        return not self.closed.is_set()

    async def listen(self, timeout, quiet=0.5):
        """Waits for an answer, and after it until the peer closes or has been quiet for a while."""
        until = time.monotonic() + timeout
        while not self.closed.is_set() and time.monotonic() < until:
            left = until - time.monotonic()
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(quiet, left) if self.heard else left)
            except asyncio.TimeoutError:
                return

    def half_close(self):
        try:
            self.transport.write_eof()
        except OSError:
            pass  # the peer was faster

    def reset(self):
        """Closes with a RST."""
        ours = self.transport.get_extra_info("socket")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def end(self):
        if not self.closed.is_set():  # a transport that is closed already cannot be aborted
            self.transport.abort()

    def verdict(self):
        """("refused", status), ("accepted", status), ("closed", None) or ("timed_out", None)."""
        statuses = [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})\b", self.heard)]
        final = [status for status in statuses if status >= 200]
        for status in final:
            if status < 300:
                return "accepted", status
        if final:
            return "refused", final[0]
        if self.heard and not statuses:
            return "accepted", "without a status line"
        return ("closed" if self.closed.is_set() else "timed_out"), None


class Tally:
    """Counts how the requests of one mode ended."""

    def __init__(self):
        self.counts = collections.Counter()
        self.refused = collections.Counter()
        self.findings = []
        self.notes = {}

    def add(self, conversation, name, must_refuse=True):
        verdict, status = conversation.verdict() if conversation else ("not_connected", None)
        if verdict == "refused":
            self.refused[str(status)] += 1
        elif verdict == "accepted" and not must_refuse:
            self.counts["allowed"] += 1
        else:
            self.counts[verdict] += 1
            if verdict == "accepted":
                self.findings.append(f"{name}: {status}")

    def report(self):
        names = ("closed", "timed_out", "accepted", "allowed", "not_connected")
        report = {"requests": self.counts.total() + self.refused.total(), "refused": dict(sorted(self.refused.items()))}
        report |= {name: self.counts[name] for name in names} | self.notes
        if self.findings:
            report["findings"] = self.findings[:20]
        return report


class Attack:
    def __init__(self, options):
        self.options = options
        self.path = options.path.encode()
        self.tally = Tally()

    async def connect(self):
        """A new conversation; None if the server takes none."""
        loop = asyncio.get_running_loop()
        try:
            connecting = loop.create_connection(Conversation, self.options.host, self.options.port)
            _, conversation = await asyncio.wait_for(connecting, self.options.answer_timeout)
            return conversation
        except (OSError, asyncio.TimeoutError):
            return None

    async def converse(self, name, pieces, must_refuse=True, last=None):
        """Sends `pieces` and counts the answer; `last` is called when all is sent. Returns how much was sent."""
        conversation = await self.connect()
        sent = 0
        if conversation:
            try:
                async with asyncio.timeout(self.options.answer_timeout):
                    for piece in pieces:
                        if not await conversation.send(piece):
                            break
                        sent += len(piece)
            except TimeoutError:
                pass  # it has stopped reading
            if last and not conversation.closed.is_set():
                last(conversation)
            await conversation.listen(self.options.answer_timeout)
        self.tally.add(conversation, name, must_refuse)
        if conversation:
            conversation.end()
        return sent

    async def all_of(self, jobs, at_once):
        """Runs the coroutines that `jobs` yields, a few at a time."""
        running = set()
        for job in jobs:
            running.add(asyncio.create_task(job))
            if len(running) >= at_once:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.gather(*done)
        await asyncio.gather(*running)

    async def table(self, cases):
        await self.all_of((self.converse(name, [data], must_refuse) for name, data, must_refuse in cases), 8)

    async def headers(self):
        def pieces():
            yield attack_cases.head(self.path)[:-2]
            for first in range(0, self.options.headers, 1000):
                yield b"".join(b"X-Attack-%06d: %06d\r\n" % (i, i) for i in range(first, first + 1000))
            yield b"\r\n"
        self.tally.notes["sent_bytes"] = await self.converse("headers", pieces())

    async def chunked(self):
        def pieces():
            yield attack_cases.head(self.path, b"Transfer-Encoding: chunked")
            chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
            for _ in range(self.options.body_mb * 16):
                yield chunk
            yield b"0\r\n\r\n"
        self.tally.notes["sent_bytes"] = await self.converse("chunked", pieces())

    async def bad_chunks(self):
        await self.table(attack_cases.bad_chunks(self.path))

    async def smuggling(self):
        await self.table(attack_cases.smuggling(self.path))

    async def garbage(self):
        def endings():
            while True:
                yield from [Conversation.half_close] * 9  # most say that they are done,
                yield Conversation.reset  # some are gone
        texts = attack_cases.garbage(self.path, self.options.garbage, self.options.seed)
        jobs = (self.converse(f"garbage {i}", [text], last=last)
                for i, (text, last) in enumerate(zip(texts, endings())))
        await self.all_of(jobs, 50)

    async def slowloris(self):
        until = time.monotonic() + self.options.seconds
        connections = self.options.connections

        async def one():
            # Who is thrown out comes back a little later, as attackers do.
            while time.monotonic() < until:
                conversation = await self.connect()
                if conversation:
                    await drip(conversation)
                self.tally.add(conversation, "slowloris")
                if conversation:
                    conversation.end()
                if time.monotonic() < until:
                    await asyncio.sleep(1)

        async def drip(conversation):
            alive = await conversation.send(b"GET " + self.path + b" HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            while alive and time.monotonic() < until:
                alive = await conversation.send(b"a")
                try:
                    await asyncio.wait_for(conversation.closed.wait(), 1)
                except asyncio.TimeoutError:
                    pass

        await self.all_of((one() for _ in range(connections)), connections + 1)

    async def run(self, mode):
        try:
            async with asyncio.timeout(self.options.time_limit):
                await getattr(self, mode.replace("-", "_"))()
            return True
        except TimeoutError:
            return False


MODES = ("headers", "chunked", "bad-chunks", "smuggling", "garbage", "slowloris")


def attack(mode, options):
    """Runs one mode and prints its line; whether the server held."""
    job = Attack(options)
    began = time.monotonic()
    with Probe(options.host, options.port, options.health_path, options.health_timeout, options.pid) as probe:
        in_time = asyncio.run(job.run(mode))
    report = {"mode": mode, **job.tally.report(), "health": probe.health}
    wrong = []
    if not in_time:
        wrong.append(f"not finished within {options.time_limit:g} s")
    if job.tally.counts["accepted"]:
        wrong.append("an attack was accepted")
    if probe.health["failed"]:
        wrong.append(f"{options.health_path} failed")
    if probe.memory:
        report["rss_kib"] = probe.memory
        growth = probe.memory["growth"]
        if growth is None:
            wrong.append(f"process {options.pid} is gone")
        elif growth >= options.max_growth_mib * 1024:
            wrong.append(f"memory grew by {growth} KiB")
    report |= {"seconds": round(time.monotonic() - began, 1), "wrong": wrong, "ok": not wrong}
    print(json.dumps(report), flush=True)
    return not wrong


def parse(arguments):
    parser = argparse.ArgumentParser(description="Attacks an HTTP server and tells how it held.")
    parser.add_argument("server", metavar="HOST:PORT")
    parser.add_argument("modes", metavar="MODE", nargs="*", help=", ".join(MODES) + " (default: all)")
    parser.add_argument("--pid", type=int, help="the server's process, whose memory is watched")
    parser.add_argument("--path", default="/health", help="where requests go that would be in order otherwise")
    parser.add_argument("--health-path", default="/health")
    parser.add_argument("--health-timeout", type=float, default=2, help="seconds after which it has failed")
    parser.add_argument("--max-growth-mib", type=float, default=20)
    parser.add_argument("--answer-timeout", type=float, default=20, help="seconds to wait for an answer")
    parser.add_argument("--time-limit", type=float, default=240, help="seconds for a mode")
    parser.add_argument("--headers", type=int, default=200_000)
    parser.add_argument("--body-mb", type=int, default=300)
    parser.add_argument("--connections", type=int, default=500, help="of slowloris")
    parser.add_argument("--seconds", type=float, default=20, help="of slowloris")
    parser.add_argument("--garbage", type=int, default=10_000, help="connections of garbage")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.host, _, port = options.server.rpartition(":")
    if not options.host or not port.isdigit():
        parser.error(f"{options.server!r} is not HOST:PORT")
    options.port = int(port)
    for mode in options.modes:
        if mode not in MODES:
            parser.error(f"{mode!r} is not a mode: {', '.join(MODES)}")
    return options


def main():
    options = parse(sys.argv[1:])
    held = [attack(mode, options) for mode in options.modes or MODES]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
