"""What a view sees of a log, whether it is followed live or read from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from cockpit.live.snapshot import Feed, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.logs.query.pushdown import Pushed
    from cockpit.logs.store import LogStore

NAME = "logs"


class Mode(Enum):
    """What is being done. A log is READING until all of a file is indexed, and DONE where nothing follows."""

    OPENING = "opening"
    STREAMING = "streaming"
    POLLING = "polling"
    WAITING = "waiting"
    READING = "reading"
    FOLLOWING = "following"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LogsState:
    """How a log stands.

    `feed` is its freshness, with the problem where there is one. `suppressed` counts what the other side left
    out, at least; `broken` the entries that could not be read; `progress` is the part of a file that is indexed,
    0 to 1, None where there is no such thing. `listing`: older entries are being asked for. `whole`: nothing
    older is there, of what was last asked for; `unlisted` is why what was last asked for could not be read.
    `source` names the log in the user's words: the service, or the file.
    """

    source: str
    mode: Mode = Mode.OPENING
    feed: Feed = field(default_factory=lambda: Feed(NAME))
    suppressed: int = 0
    broken: int = 0
    progress: float | None = None
    listing: bool = False
    whole: bool = False
    unlisted: Problem | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry that could not be read: `place` is where ("line 17"), `why` in words, `head` its beginning."""

    place: str
    why: str
    head: str


class Logs(Protocol):
    """A log at hand. Everything is called on the loop."""

    @property
    def store(self) -> LogStore:
        """The entries that are at hand, and change between two calls."""
        ...

    @property
    def state(self) -> LogsState: ...

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when the store or the state is another one, at most 30 times a second; returns the way to
        stop."""
        ...

    async def older(self, pushed: Pushed | None = None) -> int:
        """Ask for entries older than the oldest at hand, a page of those that match `pushed`; how many came.

        0 where there are none, or where they cannot be read: the state says which.
        """
        ...

    async def payload(self, row: int) -> Mapping[str, object]:
        """All that was logged of a row: Cloud Logging's JSON of a LogEntry, {"textPayload": …} of a plain line.

        Raises KeyError for a row that left, and SourceError where the file cannot be read any more.
        """
        ...

    def broken(self) -> Sequence[Broken]:
        """The latest entries that could not be read, a bounded number of them."""
        ...

    def command(self, pushed: Pushed | None = None) -> str:
        """What does the same elsewhere: a gcloud command for a service, "" where there is none."""
        ...
