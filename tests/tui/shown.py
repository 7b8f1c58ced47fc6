"""A screen opened over the staged cockpit, as a test sees it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from cockpit.tui.app import CockpitApp
from tests.tui.staged import StagedSession, cockpit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

    from cockpit.live.snapshot import Snapshot


def strides() -> Callable[[], float]:
    """A clock that is a second further at every look, so that no dialog is deaf."""
    ticks = count()
    return lambda: float(next(ticks))


@dataclass(frozen=True, slots=True)
class Shown:
    """The app, its staged session, and the hand on the keyboard."""

    app: CockpitApp
    session: StagedSession
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def put(self, snapshot: Snapshot) -> None:
        """Publish a snapshot and wait until the screens have heard of it."""
        self.session.put(snapshot)
        self.app.snapshots.publish(snapshot)
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """What the top screen says, widget by widget."""
        return text_of(self.app.screen)

    @property
    def focus(self) -> str:
        """The id or class of the widget that has the focus."""
        focused = self.app.focused
        return "" if focused is None else focused.id or type(focused).__name__


def text_of(screen: Screen[Any]) -> str:
    """The text of every visible widget that holds no others, line by line."""
    leaves = [widget for widget in screen.query(Widget) if widget.display and not widget.children]
    titles = [f"{widget.border_title or ''} {widget.border_subtitle or ''}" for widget in screen.query(Widget)]
    lines = [widget.render_line(y).text.rstrip() for widget in leaves for y in range(widget.size.height)]
    return "\n".join([*filter(str.strip, titles), *lines])


@asynccontextmanager
async def shown(
    snapshot: Snapshot,
    screen: Callable[[StagedSession], Screen[Any]],
    *,
    size: tuple[int, int] = (100, 40),
    theme: str = "dark",
) -> AsyncIterator[Shown]:
    """The cockpit on a snapshot with a screen over it."""
    app = cockpit(snapshot, theme)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        session = app.session
        assert isinstance(session, StagedSession)
        await app.push_screen(screen(session))
        await pilot.pause()
        yield Shown(app, session, pilot)
