"""What the views see of metrics: one immutable picture, a part of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.live.snapshot import Feed, Problem, Snapshot
    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.signals.reading import Reading

LOCAL = "local"


class Conduct(Enum):
    """What is done about one URL.

    RESTING: nobody has used it for a while, and a scrape would start an instance, so it is left alone until
    somebody does. OFF: settings say that it is not scraped.
    """

    SCRAPING = "scraping"
    RESTING = "resting"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class TargetPicture:
    """One URL that is scraped: of the service itself (tag and revision ""), or of a tag.

    `feed` tells how fresh it is and what went wrong; its problem's kind is "switched-off" where the endpoint
    itself says so, "unreadable" where the answer is something else than metrics. `seconds` is how long the last
    scrape took, `series` how many it gave, `path` where; of series that stood there more often than once
    `duplicates` were left out.
    """

    url: str
    tag: str
    revision: str
    feed: Feed
    conduct: Conduct = Conduct.SCRAPING
    path: str = ""
    seconds: float = 0.0
    series: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class InstancesPicture:
    """How much of a revision is seen: `tracked` instances of about `estimated`, `coverage` from 0 to 1.

    `watched` is for how many seconds of the signals' window samples have been taken. `separable` is False where
    nothing tells one process from another, so that the numbers may be nonsense.
    """

    revision: str
    tracked: int
    estimated: float
    coverage: float
    watched: float
    separable: bool = True


@dataclass(frozen=True, slots=True)
class MetricsPicture:
    """All that is known of metrics.

    `engine` is LOCAL or the URL of the one that answers; `window` the seconds that signals look back over, and
    `course_window` those of courses over time.
    `stable` and `canary` are the revisions compared unless somebody chooses others, "" where there is none.
    `read_at` is the moment of the last reading of signals that succeeded, which rules follow; `problem` is why
    there was no newer one of either. `full` is whether there is no room for more series, so that some are missing.
    `epoch` is when the snapshots' clock stood at 0, in epoch seconds, by the clock that stamps samples.
    """

    engine: str = LOCAL
    window: int = 60
    course_window: int = 60
    targets: tuple[TargetPicture, ...] = ()
    instances: tuple[InstancesPicture, ...] = ()
    readings: tuple[Reading, ...] = ()
    alerts: tuple[Alert, ...] = ()
    stable: str = ""
    canary: str = ""
    read_at: float | None = None
    problem: Problem | None = None
    full: bool = False
    epoch: float | None = None

    def seen(self, revision: str) -> InstancesPicture | None:
        """How much of a revision is seen, None where nothing is."""
        return next((each for each in self.instances if each.revision == revision), None)


def sample_time(snapshot: Snapshot) -> float:
    """The moment of a snapshot (epoch seconds) as samples are stamped, whatever was done to the wall clock."""
    metrics = snapshot.metrics
    if metrics is None or metrics.epoch is None:
        return snapshot.wall.timestamp()
    return metrics.epoch + snapshot.at
