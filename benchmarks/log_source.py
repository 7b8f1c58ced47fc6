"""A local Cloud Run whose service logs as fast as it is told to, as a process of its own.

`python -m benchmarks.log_source RATE` says its port and then, for every line on standard input, logs that line as
well and answers with the moment (Unix ns) at which it did. RATE is in entries a second. Ends with its input.

`python -m benchmarks.log_source burst COUNT RATE` has COUNT entries ready instead, and streams them at RATE to the
first who asks, past the local Cloud Logging, which could not make so many.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.cloud.logging_v2.types import ListLogEntriesResponse, TailLogEntriesResponse

from tests.live.logs_local import entry_of
from tests.sources.local import CANARY, STABLE, serving

TICK = 0.02
A_RESPONSE = 500
SERVICE = "google.logging.v2.LoggingServiceV2"


async def steady(rate: float) -> None:
    """Log at a rate until standard input ends."""
    async with serving() as cloud:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        say(cloud.port)
        logging = asyncio.create_task(log_at(rate, cloud.logs))
        while line := (await reader.readline()).decode().strip():
            entry = entry_of(line, revision=CANARY)
            cloud.logs.write(entry)
            say(entry.timestamp.ToNanoseconds())
        logging.cancel()


async def log_at(rate: float, store: Any) -> None:
    """Log lines as an application does."""
    begun, made = time.perf_counter(), 0
    while True:
        while made < (time.perf_counter() - begun) * rate:
            store.write(entry_of(line_of(made), revision=CANARY if made % 10 == 0 else STABLE))
            made += 1
        await asyncio.sleep(TICK)


def line_of(number: int) -> str:
    """What an application says."""
    return f"INFO [backend.memory] analysis {number} by neo_analysis took {number % 700} ms for user {number % 97}"


async def burst(count: int, rate: float) -> None:
    """Stream entries that are ready, once."""
    ready = [responses(first) for first in range(0, count, A_RESPONSE)]

    async def tail(requests: AsyncIterator[Any], _: Any) -> AsyncIterator[bytes]:
        await anext(requests)
        async for response in paced(ready, rate):
            yield response
        ready.clear()
        async for _ in requests:
            continue

    async def nothing(*_: Any) -> bytes:
        return bytes(ListLogEntriesResponse.serialize(ListLogEntriesResponse()))

    handlers = {
        "TailLogEntries": grpc.stream_stream_rpc_method_handler(tail),
        "ListLogEntries": grpc.unary_unary_rpc_method_handler(nothing),
    }
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    say(port)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(None)


def responses(first: int) -> bytes:
    """A serialized response."""
    response = TailLogEntriesResponse.pb()()
    for number in range(first, first + A_RESPONSE):
        entry = entry_of(line_of(number), number * 1e-6, insert_id=f"burst-{number:09}")
        response.entries.add().ParseFromString(entry.SerializeToString())
    return bytes(response.SerializeToString())


async def paced(ready: list[bytes], rate: float) -> AsyncIterator[bytes]:
    """Every response when its time has come."""
    begun = time.perf_counter()
    for number, response in enumerate(ready):
        await asyncio.sleep(max(0.0, begun + number * A_RESPONSE / rate - time.perf_counter()))
        yield response


def say(number: int) -> None:
    """A line for who started this."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "burst":
        asyncio.run(burst(int(sys.argv[2]), float(sys.argv[3])))
    else:
        asyncio.run(steady(float(sys.argv[1])))
