"""Everything that is kept of one service's metrics: samples, instances and what the endpoints tell of them.

Used by the worker's thread alone, but for `families`, which is another mapping whenever it changes.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from cockpit.metrics import scraped
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.instances import Instances
from cockpit.metrics.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.metrics.exposed import Exposed, Family
    from cockpit.metrics.labels import Labels
    from cockpit.sources.scrape import Body

MILLISECONDS = 1000
MEBIBYTE = 1 << 20

MOST_FAMILIES = 20_000
"""Metrics that are remembered by name: an endpoint that makes up new ones all the time must not pile up."""


class Tap(Protocol):
    """Hears of all that is kept, in its order and in the worker's thread: a recording."""

    def scraped(self, target: TargetUrl, body: Body) -> None:
        """A body was read, with metrics or without."""
        ...

    def reached(self, target: TargetUrl, at: float, seconds: float, samples: int) -> None: ...
    def missed(self, target: TargetUrl, at: float) -> None: ...
    def served(self, at: float, percents: Mapping[str, int]) -> None: ...
    def ruled(self, at: int, group: str, samples: Sequence[tuple[Labels, float]]) -> None: ...


class Kept:
    """The samples of one service, for `minutes`, in at most `mebibytes`; coverage is of `window` seconds."""

    def __init__(
        self, service: str, *, minutes: float, mebibytes: int, window: int = 60, tap: Tap | None = None
    ) -> None:
        self.store = Store(round(minutes * 60 * MILLISECONDS), mebibytes * MEBIBYTE)
        self.instances = Instances(self.store, service, window_ms=window * MILLISECONDS)
        self.families: Mapping[str, Family] = MappingProxyType({})
        self._service = service
        self._tap = tap
        self._readers: defaultdict[str, Reader] = defaultdict(Reader)

    def take(self, target: TargetUrl, body: Body) -> Exposed:
        """Read one scrape and keep it. Raises ExpositionError."""
        exposed = self._readers[target.url].read(body.content, body.content_type)
        if self._tap is not None:
            self._tap.scraped(target, body)
        if exposed.ids.size:
            self.instances.saw(round(body.at * MILLISECONDS), exposed, revision=target.revision, tag=target.tag)
            self._learn(exposed.families)
        return exposed

    def took_none(self, target: TargetUrl, body: Body) -> None:
        """Learn from an answer without metrics whose the others are not."""
        if target.tag:
            self.instances.saw_none(round(body.at * MILLISECONDS), target.revision)

    def scrapes_only(self, urls: Collection[str]) -> None:
        """No other URLs are scraped any more: forget how their bodies read. What they brought stays its time."""
        for url in self._readers.keys() - urls:
            del self._readers[url]

    def reached(self, target: TargetUrl, at: float, seconds: float, samples: int) -> None:
        """A URL gave metrics at a moment (epoch seconds)."""
        if self._tap is not None:
            self._tap.reached(target, at, seconds, samples)
        self._tell(target, at, scraped.up(self._of(target), seconds, samples))

    def missed(self, target: TargetUrl, at: float) -> None:
        """A URL was asked at a moment (epoch seconds) and gave none."""
        if self._tap is not None:
            self._tap.missed(target, at)
        self._tell(target, at, scraped.down(self._of(target)))

    def served(self, at: float, percents: Mapping[str, int]) -> None:
        """Take the split that serves at a moment (epoch seconds): it decides whose a process may be."""
        if self._tap is not None:
            self._tap.served(at, percents)
        self.instances.serves(percents)

    def ruled(self, at: int, group: str, samples: Sequence[tuple[Labels, float]]) -> None:
        """Keep what the recording rules of a group made for a moment (epoch milliseconds)."""
        if self._tap is not None:
            self._tap.ruled(at, group, samples)
        self.store.append_samples(at, samples, group)

    def _of(self, target: TargetUrl) -> Mapping[str, str]:
        host = urlsplit(target.url).netloc
        return {"service": self._service, "revision": target.revision, "tag": target.tag, "instance": host}

    def _tell(self, target: TargetUrl, at: float, samples: list[tuple[Labels, float]]) -> None:
        self.store.append_samples(round(at * MILLISECONDS), samples, target.url)
        self._learn(scraped.FAMILIES)

    def _learn(self, families: Mapping[str, Family]) -> None:
        """Remember what is new. Revisions may describe a metric differently: the first to tell its type wins."""
        known = self.families
        new = {
            name: told
            for name, told in families.items()
            if name not in known or (known[name].kind is MetricKind.UNKNOWN is not told.kind)
        }
        if new:
            kept = known if len(known) < MOST_FAMILIES else families
            self.families = MappingProxyType({**kept, **new})
