"""A live log: how soon a line is there, how many a second, and what that costs."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.figures import Figure, percentile
from benchmarks.local import cockpit
from cockpit.live.logs.reading import Mode
from cockpit.live.logs.service import LiveLogs
from tests.live.logs_local import followed
from tests.simulated import Local
from tests.sources.local import PROJECT, REF, REGION
from tests.terminal import Terminal

MARKS = 40
PRESSES = 60
BURST, BURST_RATE = 200_000, 50_000
SECONDS = 15
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Source:
    """A process that logs; see `benchmarks.log_source`."""

    process: subprocess.Popen[str]
    port: int

    def log(self, line: str) -> int:
        """Log a line; when that was, in Unix ns."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    @property
    def local(self) -> Local:
        """The same, as the app is pointed to it."""
        return Local(
            f"127.0.0.1:{self.port}", PROJECT, REGION, REF.service, "", {}, self.process.pid, "", self.process
        )


@contextmanager
def source(*words: object) -> Iterator[Source]:
    """A source while the block runs."""
    command = [sys.executable, "-m", "benchmarks.log_source", *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Source(process, int(process.stdout.readline()))
        finally:
            process.terminate()


def measure() -> list[Figure]:
    """Latency to the store and to the screen, a burst, and what following costs."""
    return [*to_the_store(), *a_burst(), *to_the_screen(), *under_load(), *following()]


def to_the_store() -> list[Figure]:
    """From an entry's write to its row, while nothing else is logged."""
    with source(20) as here:
        delays = asyncio.run(_store_delays(here))
    return [
        Figure("log entry written to in the store, median", statistics.median(delays), "ms", 150),
        Figure("log entry written to in the store, p95", percentile(delays, 0.95), "ms"),
    ]


async def _store_delays(here: Source) -> list[float]:
    delays = []
    async with followed(here.port) as logs:
        await _until(logs, lambda: logs.state.mode is Mode.STREAMING)
        for number in range(MARKS):
            line = f"mark {number}"
            written = await asyncio.to_thread(here.log, line)
            await _until(logs, lambda line=line: _has(logs, line))
            delays.append((time.time_ns() - written) / 1e6)
            await asyncio.sleep(0.05)
    return delays


def _has(logs: LiveLogs, line: str) -> bool:
    return any(logs.store.row(int(number)).text == line for number in logs.store.order[-40:])


async def _until(logs: LiveLogs, holds: object) -> None:
    """Wait until something holds, looking whenever the log changed."""
    changed = asyncio.Event()
    stop = logs.subscribe(changed.set)
    try:
        async with asyncio.timeout(PATIENCE):
            while not holds():  # type: ignore[operator]
                changed.clear()
                await changed.wait()
    finally:
        stop()


def a_burst() -> list[Figure]:
    """More than can be understood at once, over a real channel: what of it is there in the end."""
    with source("burst", BURST, BURST_RATE) as here:
        kept, gaps, seconds, longest = asyncio.run(_burst(here))
    sent = BURST / BURST_RATE
    return [
        Figure(f"lost of a burst of {BURST_RATE:,}/s", BURST - kept + gaps, "entries", 0, f"{sent:g} s of it"),
        Figure("the burst is in the store after", seconds, "s", note=f"{BURST / seconds:,.0f} entries/s"),
        Figure("loop held during the burst, p99", longest, "ms"),
    ]


async def _burst(here: Source) -> tuple[int, int, float, float]:
    async with followed(here.port, entries=1_000_000, memory_mib=512) as logs:
        await _until(logs, lambda: len(logs.store) > 0)
        begun = time.perf_counter()
        held = []
        while len(logs.store) < BURST and time.perf_counter() - begun < PATIENCE:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            held.append((time.perf_counter() - before - 0.002) * 1000)
        seconds = time.perf_counter() - begun
        return len(logs.store), logs.state.suppressed, seconds, percentile(held, 0.99)


def to_the_screen() -> list[Figure]:
    """From an entry's write to its line in the terminal."""
    delays = []
    with source(20) as here, _logs_shown(here) as terminal:
        for number in range(MARKS):
            line = f"mark-{number}-of-many"
            written = here.log(line)
            shown = terminal.wait_text(line, 10)
            delays.append((shown - time.perf_counter()) * 1000 + (time.time_ns() - written) / 1e6)
            terminal.settle(0.05, 0.2)
    return [
        Figure("log entry written to on the screen, median", statistics.median(delays), "ms", 150),
        Figure("log entry written to on the screen, p95", percentile(delays, 0.95), "ms"),
    ]


def under_load() -> list[Figure]:
    """Keys while 10,000 entries a second are followed: up leaves off following, end goes on."""
    delays = []
    with source(10_000) as here, _logs_shown(here) as terminal:
        for number in range(PRESSES):
            wanted = "paused" if number % 2 == 0 else "following"
            terminal.settle(0.05, 0.3)
            pressed = terminal.press("up" if number % 2 == 0 else "f")
            delays.append((terminal.wait(lambda lines, wanted=wanted: _said(lines, wanted), 10) - pressed) * 1000)  # type: ignore[misc]
    return [
        Figure("key to paint at 10,000 entries/s, p95", percentile(delays, 0.95), "ms", 60),
        Figure("key to paint at 10,000 entries/s, worst", max(delays), "ms"),
    ]


def _said(lines: list[str], word: str) -> bool:
    return any(word in line for line in lines[-3:])


def following() -> list[Figure]:
    """What following 1,000 entries a second costs, the pane on the whole screen."""
    with source(1000) as here, _logs_shown(here) as terminal:
        time.sleep(5)
        spent, sent, begun = terminal.cpu(), len(terminal.raw), time.perf_counter()
        while (left := begun + SECONDS - time.perf_counter()) > 0:
            terminal.settle(left, left)
        seconds = time.perf_counter() - begun
        share = (terminal.cpu() - spent) / seconds * 100
        written = (len(terminal.raw) - sent) / seconds / 1000
    return [
        Figure("following 1,000 entries/s, of a core", share, "%", 10),
        Figure("following 1,000 entries/s, to the terminal", written, "kB/s", 200),
    ]


@contextmanager
def _logs_shown(here: Source) -> Iterator[Terminal]:
    """The app with the log on its whole screen."""
    with cockpit(here.local) as terminal:
        terminal.press("l")
        terminal.wait_text("following")
        yield terminal
