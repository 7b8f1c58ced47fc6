"""Keeps the timeline fed: what happened, what served, errors, and the moment that everything shows."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from cockpit.live.session import RefusedError
from cockpit.tui import openings
from cockpit.tui.colours import REVISION_COLOURS
from cockpit.tui.layout import TIMELINE
from cockpit.tui.widgets.timeline_pane import Given, TimelinePane

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.live.logs.reading import Logs
    from cockpit.live.snapshot import Snapshot
    from cockpit.live.timeline import Timeline
    from cockpit.logs.error_volume import ErrorVolume
    from cockpit.release.events import Event
    from cockpit.tui.app import CockpitApp

COUNT_EVERY = 1.0
"""Seconds between two countings of errors."""

_place = attrgetter("at", "key")


class TimelineFeed:
    """What the session's timeline has, for the pane, the screen of one event, and the chart."""

    def __init__(self, app: CockpitApp) -> None:
        self._app = app
        self._logs: Logs | None = None
        self._errors: ErrorVolume | None = None
        self._version = 0
        self._counted = 0.0
        self._deeds: dict[str, Callable[[], None]] = {
            "event_open": self.open,
            "event_time": self.go,
            "timeline_zoom_in": lambda: self.pane.zoom(1),
            "timeline_zoom_out": lambda: self.pane.zoom(-1),
            "timeline_form": self._change_form,
            "timeline_copy": lambda: self._copy(as_markdown=False),
            "timeline_markdown": lambda: self._copy(as_markdown=True),
        }

    @property
    def pane(self) -> TimelinePane:
        """The pane."""
        return self._app.main.timeline

    @property
    def timeline(self) -> Timeline | None:
        """The session's."""
        return self._app.session.timeline if self._app.session is not None else None

    def follow(self, snapshot: Snapshot) -> None:
        """A newer snapshot, or another moment."""
        timeline = self.timeline
        if timeline is None:
            self.pane.show(None)
            return
        self._count()
        given = Given(
            timeline.events,
            timeline.shares,
            self._app.cursor.newest,
            snapshot.ref.service,
            lambda names: self._slots(snapshot, names),
            self._app.cursor.at,
            self._errors,
            self._version,
        )
        self.pane.show(given)

    def take(self, action: str) -> None:
        """Take an action of the pane, which comes into view for it."""
        if self._app.screen is self._app.main:
            self._app.main.show_pane(TIMELINE)
        self._deeds[action]()

    def note(self) -> None:
        """Let the user write a note about the moment that is shown."""
        app, at = self._app, self._app.cursor.at
        if self.timeline is None or app.screen.query("EntryBar"):
            return
        openings.note_bar(self._keep, at).open_on(app.screen)

    def go(self) -> None:
        """Have everything show the moment of the event that is told of."""
        event = self.pane.event
        if event is None:
            raise RefusedError("nothing has happened yet that one could go to")
        self._app.cursor.freeze(event.at)

    def open(self) -> None:
        """The event that is told of, in full."""
        event = self.pane.event
        if event is None:
            raise RefusedError("nothing has happened yet that could be opened")
        self.pane.select(event)
        self._app.push_screen(openings.event(self, event))

    def beside(self, event: Event, steps: int) -> Event | None:
        """The event so many later, earlier by a negative number; None where there is none."""
        found = self.timeline.events if self.timeline is not None else ()
        place = bisect_left(found, _place(event), key=_place) + steps
        return found[place] if 0 <= place < len(found) else None

    def newer(self, event: Event) -> Event:
        """The same event, with what has become known of it since."""
        found = self.timeline.events if self.timeline is not None else ()
        return next((each for each in reversed(found) if each.key == event.key), event)

    def _change_form(self) -> None:
        self.pane.change_form()

    def _keep(self, text: str) -> None:
        timeline = self.timeline
        if timeline is None:
            raise RefusedError("there is no timeline yet that could keep it")
        timeline.note(text, self._app.cursor.at)
        self._app.say("Noted.", "good")

    def _copy(self, *, as_markdown: bool) -> None:
        from cockpit.tui.views.timeline_table import markdown, plain

        found = self.pane.in_view
        if not found:
            raise RefusedError("nothing happened in the time that is in view", "[ looks at more of it")
        self._app.copy_to_clipboard(markdown(found) if as_markdown else plain(found))
        count = f"{len(found):,} event{'' if len(found) == 1 else 's'}"
        self._app.say(f"Copied {count} as {'Markdown' if as_markdown else 'text'}.", "good")

    def _count(self) -> None:
        """Count the errors that came, once a second: of another log from the start."""
        logs = self._app.session.logs if self._app.session is not None else None
        now = self._app.now()
        if logs is not self._logs:
            self._logs, self._errors, self._counted = logs, None, now - COUNT_EVERY
        if logs is None or now < self._counted + COUNT_EVERY:
            return
        if self._errors is None:
            from cockpit.logs.error_volume import ErrorVolume

            self._errors = ErrorVolume(logs.store)
        self._counted = now
        self._version += self._errors.look()

    def _slots(self, snapshot: Snapshot, names: Sequence[str]) -> Mapping[str, int]:
        """The colours of revisions: first of those in use, then of those that served, while there are some."""
        from cockpit.tui.views.traffic import active

        wanted = list(dict.fromkeys((*active(snapshot), *names)))
        return self._app.slots.give(wanted[:REVISION_COLOURS])
