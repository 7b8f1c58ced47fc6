"""The terminal app: it keeps one session, publishes its snapshots to the views, and takes actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding
from textual.signal import Signal

from cockpit.tui.keys import DEFAULT_KEYMAP

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType
    from textual.screen import Screen

    from cockpit.live.session import Fleet, Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.keys import Keymap

FRAME = 0.1


def local_now() -> datetime:
    """The wall clock in the user's time zone."""
    return datetime.now(UTC).astimezone()


class CockpitApp(App[None], inherit_bindings=False):
    """The cockpit on one session, or on a service picked from a fleet.

    `snapshots` publishes the newest snapshot, retimed to now: at most ten times a second as they come, and once a
    second so that ages move. The session is started after the first paint and stopped on the way out.
    """

    TITLE = "cockpit"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "take('quit')", show=False)]

    def __init__(
        self,
        session: Session | None = None,
        fleet: Fleet | None = None,
        *,
        keymap: Keymap = DEFAULT_KEYMAP,
        wall: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__()
        self.session = session
        self.fleet = fleet
        self.keymap = keymap
        self.snapshots: Signal[Snapshot] = Signal(self, "snapshots")
        self._wall = wall
        self._unsubscribe: Callable[[], None] | None = None
        self._frame_due = False

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot, retimed to now; None before a service is chosen."""
        if self.session is None:
            return None
        return replace(self.session.snapshot, at=self.session.now(), wall=self._wall())

    def get_default_screen(self) -> Screen[None]:
        """The cockpit itself."""
        from cockpit.tui.screens.main import MainScreen

        return MainScreen(id="_default")

    def on_mount(self) -> None:
        """Take the user's keys."""
        self.set_keymap(self.keymap.textual())

    async def on_ready(self) -> None:
        """The first paint is out: now the session may load what it needs."""
        self.set_interval(1.0, self._publish)
        if self.session is not None:
            await self.open(self.session)

    async def open(self, session: Session) -> None:
        """Leave the session at hand for another one."""
        await self._leave()
        self.session = session
        self._unsubscribe = session.subscribe(self._changed)
        self._publish()
        self.run_worker(session.start(), group="session", exclusive=True)

    async def on_unmount(self) -> None:
        """Stop what was started."""
        await self._leave()

    async def _leave(self) -> None:
        if self._unsubscribe is None or self.session is None:
            return
        self._unsubscribe()
        self._unsubscribe = None
        await self.session.stop()

    def _changed(self, _snapshot: Snapshot) -> None:
        if not self._frame_due:
            self._frame_due = True
            self.set_timer(FRAME, self._publish)

    def _publish(self) -> None:
        self._frame_due = False
        if (snapshot := self.snapshot) is not None:
            self.snapshots.publish(snapshot)
