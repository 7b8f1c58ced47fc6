"""One running cockpit on one service: feeds fold into state, state is published as snapshots.

This is the face the terminal and the command line see of the live room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.live.app.picture import Application
    from cockpit.live.fleet.picture import FleetPicture
    from cockpit.live.logs.reading import Logs
    from cockpit.live.replay.player import Player
    from cockpit.live.snapshot import Change, Sides, Snapshot
    from cockpit.live.timeline import Memory, Timeline
    from cockpit.metrics.engine import Engine
    from cockpit.release.plan import Plan
    from cockpit.release.service import Service, ServiceRef


class RefusedError(Exception):
    """A change that is not made: `str(error)` is one line why, `mend` one line what to do about it.

    `kind` is stable for scripts. `sides` is set where somebody else's write is the reason.
    """

    def __init__(self, message: str, mend: str = "", *, kind: str = "refused", sides: Sides | None = None) -> None:
        super().__init__(message)
        self.mend = mend
        self.kind = kind
        self.sides = sides


class Door(Protocol):
    """The only way anything is changed (`live/controls.py`).

    The `plan_…` methods read nothing and write nothing: they work on the current snapshot, and raise
    RefusedError (one line why, one line mend) where there is nothing to plan.
    """

    def plan_shift(self, percents: Mapping[str, int]) -> Plan: ...
    def plan_promote(self, revision: str) -> Plan: ...
    def plan_rollback(self) -> Plan: ...
    def plan_undo(self) -> Plan: ...
    def plan_tag(self, tag: str, revision: str) -> Plan:
        """`revision` "" takes the tag away."""
        ...

    def arm(self) -> None:
        """Allow changes until the countdown ends; again while armed starts the countdown anew.

        Raises RefusedError where settings forbid it or the service's data is not fresh.
        """
        ...

    def disarm(self) -> None: ...

    async def apply(self, plan: Plan, confirmation: str = "") -> Change:
        """Check, re-read, save, write, follow, verify, journal. Returns the ended change; never raises a
        SourceError: a failure is an outcome. Progress shows as `Snapshot.change`.

        `confirmation` is what the user typed for a production service. Cancelling the caller does not stop a
        change that has begun: it is followed until it ends or the session stops.
        """
        ...


class Session(Protocol):
    """What a view needs."""

    @property
    def snapshot(self) -> Snapshot: ...
    @property
    def door(self) -> Door: ...
    @property
    def engine(self) -> Engine | None:
        """What answers PromQL about this service: the cockpit itself, or the engine that settings name.

        None until what metrics need is loaded.
        """
        ...

    @property
    def logs(self) -> Logs | None:
        """The service's log; None until what it needs is loaded."""
        ...

    @property
    def timeline(self) -> Timeline | None:
        """What happened to the service; None until what is kept has been opened."""
        ...

    @property
    def app(self) -> Application | None:
        """Who asks the application about itself; None until that is loaded, and where nobody asks."""
        ...

    @property
    def memory(self) -> Memory | None:
        """Snapshots of before; None until what is kept has been opened."""
        ...

    @property
    def player(self) -> Player | None:
        """What plays the recording that is shown; None for what is live."""
        ...

    def now(self) -> float:
        """This moment on the snapshots' clock, for ages and countdowns between two snapshots."""
        ...

    def subscribe(self, changed: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `changed` on the session's loop after every new snapshot; returns the way to stop."""
        ...

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def refresh(self) -> None:
        """Read now instead of at the next poll."""
        ...


class FleetWatch(Protocol):
    """A fleet while somebody looks at it (`live/fleet/watch.py`)."""

    @property
    def picture(self) -> FleetPicture:
        """How it stands now."""
        ...

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when something was read; returns the way to stop."""
        ...

    def refresh(self) -> None:
        """Read everything now."""
        ...

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class Fleet(Protocol):
    """Every service of a project and region, for the picker; with those of others, for the fleet's own screen."""

    @property
    def watch(self) -> FleetWatch: ...
    async def services(self) -> tuple[Service, ...]: ...
    def session(self, ref: ServiceRef) -> Session: ...
