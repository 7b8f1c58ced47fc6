"""What the cockpit reads of a log, in the command log, as gcloud reads it."""

from __future__ import annotations

import math
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cockpit.sources.cloudlogging import PAGE
from cockpit.sources.tail import TailMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.commands import CommandLog, Running
    from cockpit.release.service import ServiceRef
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.tail import TailPace, TailState


def tail_line(ref: ServiceRef, query: str) -> str:
    """The command that follows what matches, quoted for a shell."""
    return shlex.join(["gcloud", "beta", "logging", "tail", query, "--project", ref.project])


def read_line(ref: ServiceRef, query: str, *, limit: int, seconds: float | None = None) -> str:
    """The command that lists the newest entries that match, of the last so many seconds."""
    words = ["gcloud", "logging", "read", query, "--project", ref.project, f"--limit={limit}"]
    if seconds is not None:
        words.append(f"--freshness={math.ceil(seconds)}s")
    return shlex.join(words)


class Said:
    """Writes to the command log, where there is one."""

    def __init__(self, ref: ServiceRef, query: str, pace: TailPace, commands: CommandLog | None) -> None:
        self._ref = ref
        self._query = query
        self._pace = pace
        self._commands = commands
        self._backfill: Running | None = None
        self._tail: Running | None = None

    def begins(self) -> None:
        """The last minutes are listed, and what comes is followed."""
        if self._commands is not None:
            line = read_line(self._ref, self._query, limit=self._pace.start_most, seconds=self._pace.start)
            self._backfill = self._commands.run(line)
            self._tail = self._commands.run(tail_line(self._ref, self._query))

    def stands(self, state: TailState, entries: int) -> None:
        """How that goes: `entries` are at hand."""
        if self._tail is not None and state.mode is not TailMode.OPENING:
            self._tail.result(state.mode.value)
        if self._backfill is not None and state.mode in {TailMode.STREAMING, TailMode.POLLING}:
            self._backfill.result(f"{entries:,} entries")
            self._backfill = None

    @contextmanager
    def listing(self, query: str) -> Iterator[list[LogEntry]]:
        """Older entries are listed: the block puts what it finds into the list."""
        line = read_line(self._ref, query, limit=PAGE)
        running = self._commands.run(line) if self._commands is not None else None
        found: list[LogEntry] = []
        try:
            yield found
        finally:
            if running is not None:
                running.result(f"{len(found):,} entries")
