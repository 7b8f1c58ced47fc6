"""One revision in full."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from cockpit.release.state import short_name
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.revision_facts import sections
from cockpit.tui.widgets.sheet import Fact, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Revision


class DetailScreen(Dialog[None]):
    """Conditions, template, URLs, and the difference against the revision that serves the most.

    It follows the snapshots; a revision that is gone stays as it was last seen, and says so.
    """

    DEFAULT_CSS = """
    DetailScreen { #frame { height: 100%; } VerticalScroll { height: 1fr; } }
    DetailScreen.-lofty #frame { height: 90%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", show=False),
        Binding("q,enter", "leave", show=False),
    ]
    AUTO_FOCUS = "VerticalScroll"
    app = getters.app(CockpitApp)

    def __init__(self, session: Session, revision: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(short_name(revision, session.snapshot.ref.service), clock=clock)
        self._session = session
        self._name = revision
        self._seen: Revision | None = None
        self._sections: tuple[Section, ...] = ()

    def content(self) -> ComposeResult:
        """One sheet."""
        with VerticalScroll():
            yield Sheet()

    def on_mount(self) -> None:
        """Follow the snapshots."""
        self.query_one("#frame").border_subtitle = Content("↑↓ scroll · c copies · esc closes")
        self.app.snapshots.subscribe(self, self._follow)
        self._follow(self.app.snapshot or self._session.snapshot)

    def action_copy(self) -> None:
        """Choose what to copy."""
        from cockpit.tui.screens.copy import CopyScreen

        facts = [fact for section in self._sections for fact in section.facts]
        if facts:
            self.app.push_screen(CopyScreen(facts))

    def _follow(self, snapshot: Snapshot) -> None:
        found = next((each for each in snapshot.revisions if each.name == self._name), None)
        self._seen = found or self._seen
        if self._seen is None:
            self._sections = (Section("Gone", (Fact("", Content("There is no such revision.")),)),)
        else:
            gone = (
                ()
                if found
                else (Section("Gone", (Fact("", Content("It is not among the revisions any more.")),)),)
            )
            self._sections = gone + sections(snapshot, self._seen)
        self.query_one(Sheet).show(self._sections)
