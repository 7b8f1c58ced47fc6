"""Panels that ask an engine while they are in view, and are drawn one at a time, so that no key waits for them."""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import getters, work
from textual.message import Message

from cockpit.metrics.dashboards.model import Kind
from cockpit.metrics.engine import Answer
from cockpit.text import clean
from cockpit.tui.app import CockpitApp
from cockpit.tui.lines import Line, Span, told
from cockpit.tui.panels.frame import Face, inside
from cockpit.tui.widgets.board import Board

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.worker import Worker

    from cockpit.metrics.dashboards.intervals import Window
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.charts.times import Frame
    from cockpit.tui.dashboard_feed import DashboardFeed
    from cockpit.tui.dashboard_sight import Sight
    from cockpit.tui.panels.arrangement import Item
    from cockpit.tui.panels.faces import Around
    from cockpit.tui.panels.outcome import Outcome
    from cockpit.tui.tiling import Place

    Plan = Callable[[int, int], tuple[list[Item], list[Place]]]

DRAWING = "cockpit.tui.panels.faces"
"""What draws panels: numpy comes with it, so it is loaded when the board is there, in a thread."""

_CHARTS = frozenset({Kind.TIMESERIES, Kind.HEATMAP})
"""Kinds that show a course with the cursor on it; others show how it was at that moment."""
_MOST_PLOTTERS = 48


class _Seat:
    """What a panel's questions came to last, whether that is drawn, and the question under way."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.asking: Worker[None] | None = None
        self.round = 0
        self.drawn = False
        self.plotter: Plotter | None = None
        self.frame: Frame | None = None

    @property
    def busy(self) -> bool:
        """Whether a question is under way."""
        return self.asking is not None and not self.asking.is_finished


class PanelBoard(Board):
    """Shows what `show` was last given.

    `alone` is whether one panel has all of it: then the keys move the cursor and its rows.
    """

    app = getters.app(CockpitApp)

    class Pointed(Message):
        """The cursor is to move along a panel that stands alone, by so many seconds."""

        def __init__(self, seconds: float) -> None:
            super().__init__()
            self.seconds = seconds

    class Turned(Message):
        """Another panel is to stand alone: so many further on."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Aged(Message):
        """An answer reaches farther back than any before: other times may be worth a look."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.alone = False
        self._top = self._last_top = 0
        self._look_around: Callable[[], Around | None] | None = None
        self._around: Around | None = None
        self._plan: Plan | None = None
        self._sight: Sight | None = None
        self._feed: DashboardFeed | None = None
        self._window: Window | None = None
        self._items: list[Item] = []
        self._seats: dict[tuple[int, int], _Seat] = {}
        self._round = 0
        self._pen = asyncio.Lock()
        self._loaded = asyncio.Event()
        self._trouble = ""

    def on_mount(self) -> None:
        """Load what draws."""
        self._load()

    @property
    def current(self) -> Item | None:
        """What is selected."""
        return self._items[self.selected] if self._items else None

    @property
    def settled(self) -> bool:
        """Whether all that is in view is answered and drawn."""
        seen = [self._items[number] for number in self.in_view]
        seats = [self._seat(item) for item in seen if item.panel is not None]
        return bool(seen) and all(seat.round and seat.drawn and not seat.busy for seat in seats)

    @property
    def frame(self) -> Frame | None:
        """Where the canvas of the selected panel lies."""
        item = self.current
        return self._seat(item).frame if item is not None else None

    @property
    def expressions(self) -> tuple[str, ...]:
        """The selected panel's PromQL: as it was asked last, or as it stands in the dashboard."""
        item = self.current
        if item is None or item.panel is None:
            return ()
        outcome = self._seat(item).outcome
        if outcome is not None and outcome.questions:
            return tuple(dict.fromkeys(question.expression for question in outcome.questions))
        return tuple(target.expression for target in item.panel.targets if target.expression)

    def show(self, sight: Sight, feed: DashboardFeed | None, plan: Plan) -> None:
        """Show the panels of a sight where a plan puts them; nothing is known of them before the next `ask`."""
        self._sight, self._feed, self._plan = sight, feed, plan
        for seat in self._seats.values():
            if seat.asking is not None:
                seat.asking.cancel()
        self._seats.clear()
        self.place()

    def place(self, selected: int | None = None) -> None:
        """Put the panels where the plan wants them at this size; what is known of them stays."""
        if self._plan is None or self._sight is None or not self.size:
            return
        self._items, places = self._plan(self.scrollable_content_region.width, self.size.height)
        self._top = 0
        self.lay_out(places, self.selected if selected is None else selected)
        for number, item in enumerate(self._items):
            seat = self._seat(item)
            seat.drawn = False
            if item.panel is None:
                self.put(number, self._sight.headline(item.row))
            elif seat.outcome is None:
                self.put(number, Face(clean(item.panel.title), (Line((Span(" ◌", "muted"),)),)))
        if selected is not None:
            self.show_selected()
        self.look()

    def ask(self, window: Window, look_around: Callable[[], Around | None], *, anew: bool = False) -> None:
        """Ask for what is in view over a window. A question that is under way is let come, unless `anew`.

        What is drawn from now on is drawn with what `look_around` gives: it is called once what draws is loaded.
        """
        self._window = window
        self._look_around, self._around = look_around, None
        self._round += 1
        if self._feed is not None:
            self._feed.forget()
        self.look(anew=anew)

    def redraw(self) -> None:
        """What panels are drawn with is other than it was."""
        for seat in self._seats.values():
            seat.drawn = False
        self.look()

    def look(self, *, anew: bool = False) -> None:
        """Ask for what is in view and was not asked in this round; draw what is not drawn."""
        seen = [self._items[number] for number in self.in_view]
        for item in seen:
            seat = self._seat(item)
            if item.panel is not None and seat.round != self._round and (anew or not seat.busy):
                seat.round = self._round
                name = f"panel {item.row} {item.number}"
                seat.asking = self.run_worker(partial(self._fill, item.panel, seat), group=name, exclusive=True)
        if any(item.panel is not None and not self._seat(item).drawn for item in seen):
            self._draw_seen()

    def action_go(self, side: str) -> None:
        """Select the panel on one side; alone, move the cursor, or the rows of a table."""
        if not self.alone:
            super().action_go(side)
        elif side in ("up", "down"):
            self._top = min(max(0, self._top + (1 if side == "down" else -1)), self._last_top)
            self.redraw()
        elif (frame := self.frame) is not None:
            column = frame.window.seconds / frame.columns
            self.post_message(self.Pointed(column if side == "right" else -column))

    def action_step(self, by: int) -> None:
        """The next panel, or the one before."""
        if self.alone:
            self.post_message(self.Turned(by))
        else:
            super().action_step(by)

    def on_board_moved(self, event: Message) -> None:
        """Others are in view."""
        event.stop()
        self.look()

    def on_board_resized(self, event: Message) -> None:
        """They have other places."""
        event.stop()
        self.place()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        try:
            await asyncio.to_thread(importlib.import_module, DRAWING)
        except (ImportError, OSError) as error:
            self._trouble = clean(f"panels cannot be drawn here: {str(error).partition(chr(10))[0]}")
        self._loaded.set()
        self.redraw()

    async def _fill(self, panel: Panel, seat: _Seat) -> None:
        """Ask a panel's questions, and draw what they came to."""
        if self._feed is None or self._sight is None or self._window is None:
            return
        sight = self._sight
        seat.outcome = await self._feed.outcome(sight, panel, self._window_of(panel, self._window))
        seat.drawn = False
        self._note_oldest(sight, seat.outcome)
        for number in self.in_view:
            if self._seat(self._items[number]) is seat:
                await self._draw(number, panel, seat)

    @work(exclusive=True, group="draw")
    async def _draw_seen(self) -> None:
        for number in self.in_view:
            item = self._items[number] if number < len(self._items) else None
            if item is not None and item.panel is not None and not (seat := self._seat(item)).drawn:
                await self._draw(number, item.panel, seat)

    async def _draw(self, number: int, panel: Panel, seat: _Seat) -> None:
        """Draw one panel, and let others at the loop before the next."""
        await self._loaded.wait()
        async with self._pen:
            if seat.outcome is not None and not seat.drawn and number < len(self.places):
                self.put(number, self._face(panel, seat, self.places[number]))
                seat.drawn = True
            await asyncio.sleep(0)

    def _face(self, panel: Panel, seat: _Seat, place: Place) -> Face:
        assert seat.outcome is not None
        if self._trouble:
            return Face(clean(panel.title), tuple(told([self._trouble], place.width)))
        from cockpit.tui.charts.graph import Paper
        from cockpit.tui.panels.faces import Around, drawn

        if seat.plotter is None:
            seat.plotter = self._new_plotter()
        cells, rows = inside(place)
        paper = Paper(max(1, cells), max(1, rows), colours=not self.app.no_color)
        if self._around is None and self._look_around is not None:
            self._around = self._look_around()
        around = replace(self._around or Around({}), top=self._top)
        made = drawn(panel, seat.outcome, around, paper, seat.plotter)
        seat.frame, self._last_top = made.frame, made.last_top if self.alone else 0
        return made.face

    def _new_plotter(self) -> Plotter:
        from cockpit.tui.charts.plotter import Plotter

        having = [seat for seat in self._seats.values() if seat.plotter is not None]
        if len(having) >= _MOST_PLOTTERS:
            for seat in having:
                seat.plotter = None
        return Plotter()

    def _window_of(self, panel: Panel, window: Window) -> Window:
        at = self.app.cursor.at
        return window if at is None or panel.kind in _CHARTS else replace(window, end=round(at * 1000))

    def _note_oldest(self, sight: Sight, outcome: Outcome) -> None:
        """How far back there is anything: no hour of nothing is shown."""
        firsts: Sequence[float] = [
            line.times[0] / 1000
            for answer in outcome.answers
            if isinstance(answer, Answer)
            for line in answer.lines
            if len(line.times)
        ]
        if firsts and sight.note_oldest(min(firsts)):
            self.post_message(self.Aged())

    def _seat(self, item: Item) -> _Seat:
        return self._seats.setdefault((item.row, item.number), _Seat())
