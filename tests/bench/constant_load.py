#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Constant load for deploy_load_bench.py: so many requests a second, whatever becomes of the ones before.

Half of them open a connection of their own, half share connections that stay open; a small share asks for an answer
after up to five seconds. It ends with SIGTERM and then writes what became of each request, a JSON list each:

    [when it was due (wall clock), seconds more than the answer was asked to take, target, what went wrong or null]
"""
import argparse
import asyncio
import collections
import gc
import json
import random
import signal
import time

GIVE_UP_AFTER = 20  # seconds, far more than any answer takes
LATEST = 5.0  # seconds, the longest answer
HOLDERS = 200  # of connections that stay open, at most this many wait for their next request


class Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self):
        self.transport, self.answer, self.buffer = None, None, b""

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, request, loop):
        self.buffer = b""
        self.answer = loop.create_future()
        self.transport.write(request)
        return self.answer

    def data_received(self, data):
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or self.answer is None or self.answer.done():
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(body) >= length:
            self.answer.set_result(head[9:12].decode())

    def connection_lost(self, exc):
        self.transport = None
        if self.answer is not None and not self.answer.done():
            what = "cut short" if self.buffer else "closed without an answer"
            self.answer.set_exception(ConnectionError(f"{type(exc).__name__}, {what}" if exc else what))

    def alive(self):
        return self.transport is not None and not self.transport.is_closing()


class Load:
    def __init__(self, options):
        self.loop = asyncio.get_running_loop()
        self.targets = [(name, host, int(port)) for name, host, port in
                        (target.replace("=", ":").split(":") for target in options.target)]
        self.rate, self.slow_share = options.rate, options.slow
        self.chance = random.Random(options.seed)
        self.idle = collections.defaultdict(collections.deque)
        self.records, self.under_way = [], set()

    async def run(self, ended):
        begun, sent = time.time(), 0
        while not ended.is_set():
            due = int((time.time() - begun) * self.rate)
            for number in range(sent, due):
                task = self.loop.create_task(self.send(begun + number / self.rate))
                self.under_way.add(task)
                task.add_done_callback(self.under_way.discard)
            sent = max(sent, due)
            await asyncio.sleep(0.002)
        if self.under_way:
            await asyncio.wait(self.under_way)

    async def send(self, due):
        name, host, port = self.chance.choice(self.targets)
        lasting = self.chance.random() < 0.5
        delay = self.chance.uniform(0.5, LATEST) if self.chance.random() < self.slow_share else 0
        path = f"/?answer_delay={int(delay * 1000)}ms" if delay else "/"
        request = self.request(path, name, lasting)
        connection, wrong = None, None
        try:
            connection = await self.connection(name, host, port, lasting)
            answer = connection.ask(request, self.loop)
            limit = self.loop.call_later(GIVE_UP_AFTER, lambda: answer.done() or answer.cancel())
            try:
                status = await answer
            finally:
                limit.cancel()
            wrong = None if status == "200" else f"status {status}"
        except asyncio.CancelledError:
            wrong = f"no answer within {GIVE_UP_AFTER} s"
        except OSError as error:
            wrong = f"{'no connection' if connection is None else 'lost'}: {error}"
        self.records.append((round(due, 4), round(time.time() - due - delay, 5), name, wrong))
        self.put_away(connection, name, lasting and wrong is None)

    @staticmethod
    def request(path, name, lasting):
        last = "" if lasting else "Connection: close\r\n"
        return f"GET {path} HTTP/1.1\r\nHost: {name}\r\n{last}\r\n".encode()

    async def connection(self, name, host, port, lasting):
        while lasting and self.idle[name]:
            connection = self.idle[name].pop()
            if connection.alive():
                return connection
        return (await asyncio.wait_for(self.loop.create_connection(Connection, host, port), GIVE_UP_AFTER))[1]

    def put_away(self, connection, name, keep):
        if connection is None or not connection.alive():
            return
        if keep and len(self.idle[name]) < HOLDERS:
            self.idle[name].append(connection)
        else:
            connection.transport.close()


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", action="append", required=True, metavar="NAME=HOST:PORT")
    parser.add_argument("--rate", type=float, default=500, help="requests a second, of all targets together")
    parser.add_argument("--slow", type=float, default=0.01, help="the share that asks for a slow answer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", required=True, help="the file for what became of the requests")
    options = parser.parse_args()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    gc.disable()  # its pauses would be taken for the balancer's
    load = Load(options)
    await load.run(ended)
    with open(options.into, "w", encoding="utf-8") as file:
        json.dump(load.records, file)


if __name__ == "__main__":
    asyncio.run(main())
