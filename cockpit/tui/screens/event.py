"""One event in full: what happened, by whom, what was before and after."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from cockpit.text import clean
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.event_facts import sections
from cockpit.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.events import Event
    from cockpit.tui.timeline_feed import TimelineFeed

KEYS = "n p next, previous · t go to this time · c copies · esc closes"


class EventScreen(Dialog[None]):
    """An event of the timeline; the one that is selected there goes along with n and p."""

    DEAF_SECONDS: ClassVar[float] = 0.0
    DEFAULT_CSS: ClassVar[str] = """
    EventScreen { #frame { height: auto; max-height: 100%; } VerticalScroll { height: auto; max-height: 100%; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "leave", show=False),
        Binding("n,j,down", "step(1)", show=False),
        Binding("p,N,k,up", "step(-1)", show=False),
        Binding("t", "go", show=False),
        Binding("c,y", "copy", show=False),
    ]
    AUTO_FOCUS = "VerticalScroll"
    app = getters.app(CockpitApp)

    def __init__(self, feed: TimelineFeed, event: Event, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("Event", clock=clock)
        self._feed = feed
        self._event = event

    def content(self) -> ComposeResult:
        """One sheet."""
        with VerticalScroll():
            yield Sheet()

    def on_mount(self) -> None:
        """More may become known of it while it is looked at."""
        self.query_one("#frame").border_subtitle = Content(KEYS)
        self.app.snapshots.subscribe(self, self._follow)
        if (snapshot := self.app.snapshot) is not None:
            self._follow(snapshot)

    def action_step(self, steps: int) -> None:
        """The next event, or the one before."""
        found = self._feed.beside(self._event, steps)
        if found is None:
            self.notify(f"This is the {'newest' if steps > 0 else 'oldest'} event.", markup=False)
            return
        self._event = found
        self._feed.pane.select(found)
        if (snapshot := self.app.snapshot) is not None:
            self._follow(snapshot)

    def action_go(self) -> None:
        """Have everything show its moment."""
        self.dismiss(None)
        self.app.cursor.freeze(self._event.at)

    def action_copy(self) -> None:
        """Choose what to copy."""
        from cockpit.tui.screens.copy import CopyScreen

        shown = sections(self._event, self.app.cursor.now())
        self.app.push_screen(CopyScreen([fact for section in shown for fact in section.facts if fact.copy]))

    def _follow(self, snapshot: Snapshot) -> None:
        self._event = self._feed.newer(self._event)
        self.query_one("#frame").border_title = Content(f"Event · {clean(self._event.kind.value)}")
        self.query_one(Sheet).show(sections(self._event, snapshot.time))
