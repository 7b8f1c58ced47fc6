"""What was scraped, fed to a store as it was live: the same PromQL has the same answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cockpit.live.metrics.kept import Kept
from cockpit.live.metrics.local import LocalEngine
from cockpit.live.metrics.picture import LOCAL
from cockpit.live.metrics.worker import Worker
from cockpit.live.recording.streams import Missed, Reached, Ruled, Scraped, Served
from cockpit.metrics.engine import QueryError
from cockpit.metrics.exposed import ExpositionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cockpit.live.recording.reading import About, Recording
    from cockpit.live.recording.streams import Scrape
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels

SLICE = 0.05
"""Seconds of reading between two questions that may be answered."""

_SPARE_MINUTES = 5.0
"""What stays at hand beyond the recording's length, so that nothing leaves at its edge."""


class Samples:
    """The samples of a recording, in at most `mebibytes`: `engine` answers from what was read so far."""

    def __init__(self, about: About, mebibytes: int) -> None:
        self._about = about
        minutes = (about.ended - about.begun + about.lead_in) / 60 + _SPARE_MINUTES
        self._kept = Kept(about.ref.service, minutes=minutes, mebibytes=mebibytes)
        self._worker = Worker()
        self.engine = LocalEngine(self._kept, self._worker)

    async def read(self, recording: Recording, told: Callable[[float], None]) -> None:
        """Read all of them; `told` hears the part that was, 0 to 1. Raises RecordingError."""
        scrapes = recording.scrapes()
        length = max(1e-9, self._about.ended - self._about.begun)
        while (at := await self._worker.do(self._take_some, scrapes)) is not None:
            told(min(1.0, max(0.0, at - self._about.begun) / length))
        told(1.0)

    def close(self) -> None:
        """Answer nothing any more."""
        self._worker.close()

    def _take_some(self, scrapes: Iterator[Scrape]) -> float | None:
        """In the worker's thread: take scrapes for a while; the time of the last one, None after all."""
        end = time.monotonic() + SLICE
        for scrape in scrapes:
            self._take(scrape)
            if time.monotonic() >= end:
                return scrape.at
        return None

    def _take(self, scrape: Scrape) -> None:
        kept = self._kept
        match scrape:
            case Scraped(target, body):
                try:
                    exposed = kept.take(target, body)
                except ExpositionError:
                    return  # it was none live, either: `Missed` follows
                if not exposed.ids.size:
                    kept.took_none(target, body)
            case Reached(target, at, seconds, samples):
                kept.reached(target, at, seconds, samples)
            case Missed(target, at):
                kept.missed(target, at)
            case Served(at, percents):
                kept.served(at, percents)
            case Ruled(at_ms, group, samples):
                kept.ruled(at_ms, group, samples)


class NoSamples:
    """An `Engine` in the place of another one that answered when this was recorded."""

    def __init__(self, engine: str) -> None:
        self._error = QueryError(
            f"the recording has no samples: {engine} answered then", "unreachable", "ask that engine"
        )

    async def instant(self, expression: str, at: int) -> Answer:  # noqa: ARG002 - an Engine's own
        """Raises QueryError."""
        raise self._error

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:  # noqa: ARG002 - as above
        """Raises QueryError."""
        raise self._error

    async def families(self) -> Mapping[str, Family]:
        """Raises QueryError."""
        raise self._error

    async def series(self, metric: str) -> Sequence[Labels]:  # noqa: ARG002 - an Engine's own
        """Raises QueryError."""
        raise self._error


def has_samples(about: About) -> bool:
    """Whether the cockpit itself answered when this was recorded."""
    return about.engine == LOCAL
