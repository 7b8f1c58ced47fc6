"""The load on a service, as a process: `python -m cockpit.simulator.callers --target 127.0.0.1:PORT --host HOST`.

It leaves when the simulator does. Requests come at random, at a bounded mean rate, and no more than a bounded
number is under way: a slow service is not buried, and what it cannot take is not sent.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from random import Random

import httpx

from cockpit.simulator import lifeline
from cockpit.simulator.load import Crowd, Visit
from cockpit.simulator.scenarios import HIGHEST_RATE

MOST_UNDER_WAY = 200
TIMEOUT_SECONDS = 60.0


async def call(target: str, host: str, rate: float, seed: int) -> None:
    """Send requests for ever, `rate` a second on average, to `target` for the service called `host`."""
    rng = Random(seed)
    loop = asyncio.get_running_loop()
    limits = httpx.Limits(max_connections=MOST_UNDER_WAY)
    under_way: set[asyncio.Task[None]] = set()
    async with httpx.AsyncHTTPTransport(limits=limits, trust_env=False) as transport:
        due = loop.time()
        for visit in Crowd(seed).visits():
            # A machine that slept does not make up for it.
            due = max(due, loop.time() - 1.0) + rng.expovariate(rate)
            await asyncio.sleep(due - loop.time())
            if len(under_way) < MOST_UNDER_WAY:
                task = asyncio.create_task(_send(transport, _request(visit, target, host)))
                under_way.add(task)
                task.add_done_callback(under_way.discard)


def _request(visit: Visit, target: str, host: str) -> httpx.Request:
    headers = {"host": host, "user-agent": visit.agent, "x-forwarded-for": visit.address, **visit.headers}
    return httpx.Request(visit.method, f"http://{target}{visit.path}", headers=headers, json=visit.json)


async def _send(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> None:
    """One request; a service that is down or slow is what users meet too, so errors are not ours to report."""
    with contextlib.suppress(httpx.TransportError, TimeoutError):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            response = await transport.handle_async_request(request)
            await response.aread()


def main() -> None:
    """Call until the simulator ends."""
    parser = argparse.ArgumentParser(prog="python -m cockpit.simulator.callers")
    parser.add_argument("--target", required=True, help="HOST:PORT of the simulator")
    parser.add_argument("--host", required=True, help="the Host header, which names the service")
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    lifeline.hold()
    asyncio.run(call(arguments.target, arguments.host, min(arguments.rate, HIGHEST_RATE), arguments.seed))


if __name__ == "__main__":
    main()
