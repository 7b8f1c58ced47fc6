"""What really happened to requests: the share each revision answered over the last minute."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One line of the request log. `at` in epoch seconds, `latency` in seconds, tag "" for the service's URL."""

    at: float
    revision: str
    instance: str
    status: int
    latency: float
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """Requests of the last `window` seconds that came by the service's URL, counted by revision.

    Tagged requests are counted apart: they say nothing about the split. `instances` holds, by revision, how many
    distinct instances answered in the window; `errors` how many requests, tagged ones included, ended in 5xx.
    """

    window: float
    total: int
    by_revision: tuple[tuple[str, int], ...]
    tagged: tuple[tuple[str, int], ...] = ()
    instances: tuple[tuple[str, int], ...] = ()
    errors: tuple[tuple[str, int], ...] = ()

    def share(self, revision: str) -> float | None:
        """Percent of the untagged requests that the revision answered; None when there were none at all."""
        return 100.0 * dict(self.by_revision).get(revision, 0) / self.total if self.total else None

    def error_share(self, revision: str) -> float | None:
        """Percent of the revision's requests, tagged ones included, that ended in 5xx; None when it had none."""
        requests = dict(self.by_revision).get(revision, 0) + dict(self.tagged).get(revision, 0)
        return 100.0 * dict(self.errors).get(revision, 0) / requests if requests else None

    def instances_of(self, revision: str) -> int:
        """Distinct instances of the revision that answered in the window."""
        return dict(self.instances).get(revision, 0)


@dataclass(slots=True)
class _Slice:
    """What one slice of time saw, by revision."""

    untagged: Counter[str] = field(default_factory=Counter)
    tagged: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    instances: set[tuple[str, str]] = field(default_factory=set)


class Window:
    """A sliding count of requests, in any order, at the same small cost for each.

    Time is cut into `SLICES` slices a window; what is older leaves a slice at a time, so the count spans between
    one window and one window less a slice. Memory is bounded by the slices and what they name, not by requests.
    """

    SLICES = 60

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._length = seconds / self.SLICES
        self._slices: dict[int, _Slice] = {}

    def add(self, seen: RequestSeen) -> None:
        """Count one request."""
        number = int(seen.at // self._length)
        current = self._slices.get(number)
        if current is None:
            current = self._slices[number] = _Slice()
            self._forget_old()
        (current.tagged if seen.tag else current.untagged)[seen.revision] += 1
        if seen.status >= 500:
            current.errors[seen.revision] += 1
        if seen.instance:
            current.instances.add((seen.revision, seen.instance))

    def observed(self, now: float) -> Observed:
        """The window that ends at `now` (epoch seconds).

        A log whose clock runs up to a window ahead of ours moves the end to its newest request; what lies
        further ahead is left out until its time comes.
        """
        last = self._last(int(now // self._length))
        inside = [found for number, found in self._slices.items() if last - self.SLICES < number <= last]
        untagged = _sum(found.untagged for found in inside)
        instances = Counter(revision for revision, _ in set().union(*(found.instances for found in inside)))
        return Observed(
            window=self.seconds,
            total=untagged.total(),
            by_revision=_pairs(untagged),
            tagged=_pairs(_sum(found.tagged for found in inside)),
            instances=_pairs(instances),
            errors=_pairs(_sum(found.errors for found in inside)),
        )

    def _last(self, now: int) -> int:
        ahead = (number for number in self._slices if now < number <= now + self.SLICES)
        return max(ahead, default=now)

    def _forget_old(self) -> None:
        if len(self._slices) > 3 * self.SLICES:
            for number in sorted(self._slices)[: -2 * self.SLICES]:
                del self._slices[number]


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _pairs(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items()))
