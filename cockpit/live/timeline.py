"""The past of one service, as a view sees it: what happened, what served, and how everything stood.

Times are epoch seconds (`Snapshot.time`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.events import Event


class Shares(NamedTuple):
    """What served from `since` until `until`: percent by revision, largest first.

    Where nobody looked there is no `Shares`: two of them need not touch.
    """

    since: float
    until: float
    percents: tuple[tuple[str, int], ...]


class Timeline(Protocol):
    """What happened, as far back as anything is kept."""

    @property
    def events(self) -> Sequence[Event]:
        """Every event at hand, oldest first; another sequence whenever there is another one."""
        ...

    @property
    def shares(self) -> Sequence[Shares]:
        """What served, oldest first; the last one lasts until the newest observation."""
        ...

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when events or shares are other ones; returns the way to stop."""
        ...

    def note(self, text: str, at: float | None = None) -> None:
        """Keep what the operator has to say, about now or about a time of before.

        Raises RefusedError where nothing can be kept: of a recording.
        """
        ...


class Memory(Protocol):
    """Snapshots of before."""

    @property
    def spans(self) -> Sequence[tuple[float, float]]:
        """From when until when somebody looked, oldest first, not overlapping."""
        ...

    async def snapshot(self, at: float) -> Snapshot | None:
        """How everything stood: the newest snapshot that was there at that time; None where nobody looked.

        Raises RecordingError (`live/recording/errors.py`) where what is kept cannot be read any more.
        """
        ...
