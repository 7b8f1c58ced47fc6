"""The timeline pane: what happened and what served, as lanes on one axis of time or as a table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.message import Message

from cockpit.text import duration
from cockpit.tui.keys import bindings
from cockpit.tui.layout import TIMELINE
from cockpit.tui.lines import told
from cockpit.tui.timeline_view import TimelineView
from cockpit.tui.widgets.chart import Chart
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from cockpit.live.timeline import Shares
    from cockpit.release.events import Event
    from cockpit.tui.charts.times import Frame
    from cockpit.tui.lines import Line
    from cockpit.tui.views.timeline_scene import Scene, Volume

NOT_LOADED = "the timeline is not loaded yet"
MOST_COLOURED = 8
"""Revisions of before that are given colours: there are no more."""
NEAR = 2
"""Columns beside a click in which an event is meant."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What there is to show. All times are epoch seconds: `newest` is where the axis ends, `at` where everything
    stands that is looked back at, None for the present. `version` is another one whenever `errors` are."""

    events: Sequence[Event]
    shares: Sequence[Shares]
    newest: float
    service: str = ""
    slots: Callable[[Sequence[str]], Mapping[str, int]] = field(default=lambda _: {})
    at: float | None = None
    errors: Volume | None = None
    version: int = 0
    zone: tzinfo | None = None


class TimelinePane(Pane):
    """Shows what `show` was last given; draws only while it is in view, and the lanes only when they change."""

    NUMBER: ClassVar[int] = TIMELINE
    NAME: ClassVar[str] = "Timeline"
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        (
            "event_open",
            "event_time",
            "timeline_zoom_in",
            "timeline_zoom_out",
            "timeline_form",
            "timeline_copy",
            "timeline_markdown",
        )
    )

    class Opened(Message):
        """All of the selected event is wanted."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.view = TimelineView()
        self._given: Given | None = None
        self._made: Scene | None = None
        self._drawn: _Drawn | None = None

    @property
    def scene(self) -> Scene | None:
        """What is looked at."""
        given = self._given
        if given is None or self._made is not None:
            return self._made
        from cockpit.tui.views.timeline_band import served
        from cockpit.tui.views.timeline_scene import Scene

        window = self.view.window(given.newest)
        self._made = Scene(
            given.events,
            given.shares,
            window,
            given.newest if given.at is None else given.at,
            given.service,
            given.slots(served(given.shares, window, MOST_COLOURED)),
            given.at,
            _place(given.events, self.view.selected),
            given.errors,
            given.version,
            given.zone,
        )
        return self._made

    @property
    def event(self) -> Event | None:
        """The event that is told of."""
        scene = self.scene
        return scene.events[scene.told] if scene is not None and scene.told is not None else None

    @property
    def in_view(self) -> Sequence[Event]:
        """The events of the time that is in view, oldest first."""
        scene = self.scene
        if scene is None:
            return ()
        places = scene.within(scene.window.start, scene.window.end + 1)
        return scene.events[places.start : places.stop]

    @property
    def span_seconds(self) -> float:
        """How much time is in view."""
        return self.view.seconds

    @property
    def column_seconds(self) -> float:
        """How much of it one column has."""
        from cockpit.tui.views.timeline_lanes import LABEL

        return self.view.seconds / max(1, self.size.width - LABEL)

    def on_mount(self) -> None:
        """Say that there is nothing yet."""
        self._redraw()

    def show(self, given: Given | None) -> None:
        """Show what there is now; None before there is anything."""
        before, self._given = self._given, given
        if given is not None and given.at is not None:
            looks_back = before is not None and before.at is not None
            view = self.view if looks_back else self.view.held(given.newest)
            moved = before is None or before.at != given.at
            self.view = view.with_in_view(given.at, given.newest) if moved else view
        elif before is not None and before.at is not None and not self.view.selected:
            self.view = replace(self.view, end=None)
        self._redraw()

    def zoom(self, steps: int) -> None:
        """Show less time, or more by a negative number."""
        given, event = self._given, self.event
        if given is not None:
            about = given.at if given.at is not None else event.at if event and self.view.selected else None
            self.view = self.view.zoomed(steps, given.newest, about)
            self._redraw()

    def change_form(self) -> None:
        """From lanes to a table, and back."""
        self.view = replace(self.view, table=not self.is_table)
        self._redraw()

    @property
    def is_table(self) -> bool:
        """Whether it is a table, by choice or for want of room."""
        from cockpit.tui.views.timeline_lanes import LEAST

        return self.size.width < LEAST if self.view.table is None else self.view.table

    def move(self, lines: int) -> None:
        """Select the event so many later, earlier by a negative number; the first time the one that is told of."""
        scene = self.scene
        if scene is None or scene.told is None:
            return
        place = scene.told if scene.selected is None else scene.told + lines
        self.select(scene.events[max(0, min(place, len(scene.events) - 1))])

    def move_to_end(self, direction: int) -> None:
        """Select the oldest event for -1; for 1 follow what is newest."""
        given = self._given
        if given is not None and direction < 0 and given.events:
            self.select(given.events[0])
        else:
            self.view = replace(self.view, selected="", end=None)
            self._redraw()

    def select(self, event: Event) -> None:
        """Select an event, and have it in view."""
        if self._given is not None:
            self.view = replace(self.view, selected=event.key).with_in_view(event.at, self._given.newest)
            self._redraw()

    def page(self, pages: int) -> None:
        """Ask for the moment later by so many times what is in view."""
        self.post_message(Chart.Moved(pages * self.view.seconds))

    def scroll_by_wheel(self, lines: int) -> None:
        """The wheel zooms."""
        self.zoom(-1 if lines > 0 else 1)

    def on_click(self, event: events.Click) -> None:
        """A click selects the nearest event; a second one opens it."""
        if event.chain > 1 and self.view.selected:
            self.post_message(self.Opened())
            return
        found = self._event_at(event.x - self.gutter.left, event.y - self.gutter.top)
        if found is not None:
            self.select(found)

    def note_place(self) -> None:
        """Say in the lower edge how much happened in the time that is in view."""
        count = len(self.in_view)
        self.say_below(f"{count:,} event{'' if count == 1 else 's'}" if self._given is not None else "")

    def forget(self) -> None:
        """Nothing painted so far holds any more."""
        super().forget()
        self._drawn = None

    def _event_at(self, column: int, row: int) -> Event | None:
        scene, frame = self.scene, self.frame
        if scene is None:
            return None
        if self.is_table or frame is None:
            key = self.lines[row].key if 0 <= row < len(self.lines) else ""
            return next((each for each in reversed(scene.events) if each.key == key), None)
        at = frame.moment(column - frame.left)
        near = [scene.events[place] for place in scene.within(*frame.window)]
        nearest = min(near, key=lambda each: abs(each.at - at), default=None)
        beside = nearest is not None and abs(frame.column(nearest.at) - (column - frame.left)) <= NEAR
        return nearest if beside else None

    @property
    def frame(self) -> Frame | None:
        """Where the lanes lie."""
        scene = self.scene
        if scene is None:
            return None
        from cockpit.tui.views.timeline_lanes import frame_of

        return frame_of(scene, self.size.width)

    def _redraw(self) -> None:
        self._made = None
        self.title(duration(self.view.seconds) if self._given is not None else "")
        self.draw_when_seen(self._lines)
        if self.is_on_screen:
            self.note_place()

    def _lines(self, size: Size) -> Sequence[Line]:
        scene, drawn = self.scene, self._drawn
        if scene is None:
            return told([NOT_LOADED], size.width)
        from cockpit.tui.views.timeline_lanes import lanes
        from cockpit.tui.views.timeline_table import listed, table

        if self.is_table:
            return table(scene, size.width, size.height)
        if drawn is None or drawn.size != size or not scene.draws_as(drawn.scene, size.width):
            drawn = self._drawn = _Drawn(scene, size, *lanes(scene, size.width, size.height))
        return [*drawn.lines, *listed(scene, size.width, drawn.left)][: size.height]


class _Drawn(NamedTuple):
    """Lanes that were drawn, of what, and how many rows are left below them."""

    scene: Scene
    size: Size
    lines: list[Line]
    left: int


def _place(found: Sequence[Event], key: str) -> int | None:
    """Where the event of a key is."""
    if not key:
        return None
    return next((place for place in range(len(found) - 1, -1, -1) if found[place].key == key), None)
