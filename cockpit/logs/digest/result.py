"""What a digest comes to: frozen, in plain numbers and words, for whoever shows it.

Moments are Unix nanoseconds and latencies seconds, `example` is the id of a row in the store, texts are as they
were logged and not cleaned. What is told by revision is pairs of a revision's full name, "" where entries had
none, and a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from cockpit.logs.entry import Severity

T = TypeVar("T")

ByRevision = tuple[tuple[str, T], ...]


def of(pairs: ByRevision[T], revision: str) -> T | None:
    """What there is of one revision, or None."""
    return next((value for name, value in pairs if name == revision), None)


@dataclass(frozen=True, slots=True)
class Latency:
    """Latencies of `count` requests that had one, seconds. Quantiles are exact, interpolated where need be."""

    count: int
    average: float
    minimum: float
    p50: float
    p95: float
    p99: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Answers:
    """How `count` requests were answered.

    `classes[n]` of them had a status of n hundred; `classes[0]` had none, or none that means anything.
    """

    count: int
    classes: tuple[int, int, int, int, int, int]
    latency: Latency | None

    def share(self, hundreds: int) -> float:
        """The part, 0 to 1, that was answered with a status of so many hundred."""
        return self.classes[hundreds] / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Requests of one method to one path, ids and hashes in it folded."""

    method: str
    path: str
    total: Answers
    by_revision: ByRevision[Answers]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`listed` are the endpoints, those with the most requests first, and `total` sums up all requests.

    `absent` sums up the paths that were never answered but with 404 or 405: `absent_paths` paths that are not
    there. `rest` are requests to endpoints beyond those that are told apart; `rest_paths` is how many there are
    of those, at least.
    """

    listed: tuple[Endpoint, ...]
    total: Answers
    by_revision: ByRevision[Answers]
    absent: Answers
    absent_paths: int
    rest: Answers
    rest_paths: int


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of error: what its messages have in common, with marks like <num> where they differ.

    `frame` is where in the service's own code it came from, "" where nothing says. `new` is whether the canary has
    it and stable never had, `gone` the opposite.
    """

    text: str
    frame: str
    severity: Severity
    count: int
    by_revision: ByRevision[int]
    first: int
    last: int
    example: int
    new: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """Templates, the new ones first, then the most frequent; `rest` entries are of kinds too many to list."""

    templates: tuple[Template, ...]
    count: int
    by_revision: ByRevision[int]
    rest: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Probes of one path that were answered as if there were something."""

    method: str
    path: str
    status: int
    count: int
    example: int


@dataclass(frozen=True, slots=True)
class Probes:
    """Requests of one kind that only scanners make.

    `statuses` and `origins` are pairs with counts, the most frequent first; there were `origin_count` origins, or
    more. `answered` had something else than 4xx: `answered_count` requests, of which the most frequent are listed.
    """

    kind: str
    count: int
    by_revision: ByRevision[int]
    statuses: tuple[tuple[int, int], ...]
    origins: tuple[tuple[str, int], ...]
    origin_count: int
    answered: tuple[Answered, ...]
    answered_count: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of which the log says something. What is not known is None or "".

    `ready_after` and `answered_after` are seconds from its start until its start-up probe succeeded, and until its
    first request had been answered. `end` is how its container ended unasked.
    """

    revision: str
    instance: str
    started: int | None
    reason: str
    ready_after: float | None
    answered_after: float | None
    end: str
    tracebacks: int
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Some durations, seconds."""

    count: int
    minimum: float
    median: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Fleet:
    """The instances of one revision.

    `instances` is how many wrote anything at all. `starts` were begun, `failed` of which never became ready;
    `crashes` are ends that nobody asked for, and `restarts` starts that followed one. `components` are those that
    announced themselves, each with how many instances did.
    """

    instances: int
    starts: int
    failed: int
    crashes: int
    restarts: int
    tracebacks: int
    ready_after: Spread | None
    answered_after: Spread | None
    components: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Instances:
    """The fleets, and the instances with a story: they started, ended or failed; `rest` more are not listed."""

    by_revision: ByRevision[Fleet]
    listed: tuple[Instance, ...]
    rest: int


@dataclass(frozen=True, slots=True)
class Pair:
    """The two revisions that are compared, full names."""

    stable: str
    canary: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What the chosen rows say.

    `rows` of them there were, of `first` to `last`; `gaps` places in between say that entries are missing.
    `revisions` has each with its rows, the compared ones first.
    """

    rows: int
    first: int | None
    last: int | None
    gaps: int
    revisions: ByRevision[int]
    compared: Pair | None
    endpoints: Endpoints
    errors: Errors
    probes: tuple[Probes, ...]
    instances: Instances
