"""Asks a memory how everything stood, one moment at a time: who holds a key down wishes faster than it answers."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.past_times import local, nobody_looked
from cockpit.live.recording.errors import RecordingError
from cockpit.live.snapshot import Problem, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.timeline import Memory

logger = logging.getLogger(__name__)

UNREADABLE = Problem("recording", "The past could not be read", "The log file has the details")


class Recalled(NamedTuple):
    """How everything stood at a moment (epoch seconds): no snapshot where nobody looked, or for a problem."""

    at: float
    snapshot: Snapshot | None
    problem: Problem | None = None


class Recall:
    """Of several wishes the newest is granted: `granted` is called with each answer, on the loop."""

    def __init__(self, granted: Callable[[Recalled], None]) -> None:
        self._granted = granted
        self._wish: tuple[Memory, float] | None = None
        self._granting: asyncio.Task[None] | None = None

    def wish(self, memory: Memory, at: float) -> None:
        """Ask for a moment, in place of those that still wait to be asked for."""
        self._wish = memory, at
        if self._granting is None or self._granting.done():
            self._granting = asyncio.create_task(self._grant())

    def drop(self) -> None:
        """Nothing is wished for any more; what was asked for is not told."""
        self._wish = None
        if self._granting is not None:
            self._granting.cancel()
            self._granting = None

    async def _grant(self) -> None:
        while self._wish is not None:
            (memory, at), self._wish = self._wish, None
            self._granted(await recalled(memory, at))


def nothing_at(at: float, like: Snapshot, spans: Sequence[tuple[float, float]], recalled: Recalled) -> Snapshot:
    """What is shown of a moment of which nothing is known: of the service that `like` is of, and why."""
    now = spans[-1][1] if spans else at
    why = recalled.problem or Problem("no-data", nobody_looked(spans, at, max(at, now)))
    return Snapshot(at - like.epoch, like.ref, local(at), notices=(why,), epoch=like.epoch)


async def recalled(memory: Memory, at: float) -> Recalled:
    """How everything stood at a moment; what goes wrong is said in it, and never raised."""
    try:
        return Recalled(at, await memory.snapshot(at))
    except RecordingError as error:
        return Recalled(at, None, Problem("recording", str(error), error.mend))
    except Exception:
        # The cursor goes on, and every pane says that it shows nothing: the rest of the cockpit is needed then.
        logger.exception("a moment could not be recalled")
        return Recalled(at, None, UNREADABLE)
