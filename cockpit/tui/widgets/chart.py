"""A pane that shows series over time, and how it is looked at: cursor, zoom, fixed values, comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message

from cockpit.text import clean, duration
from cockpit.tui.charts.loading import NoChartsError, load_plotter
from cockpit.tui.charts.view import View, Window
from cockpit.tui.lines import told
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.picture import Frame
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.lines import Line

ZOOM_STEP = 0.5
"""Zooming in a step shows so much of the time."""
PAN_SHARE = 0.25
DEFAULT_SECONDS, DEFAULT_COLUMNS = 300.0, 100
"""What a step along a chart is reckoned by where none is drawn."""


class Chart(Pane):
    """Shows what `show` was last given. Drawing needs numpy and plotext: both are loaded at the first `show`.

    It draws only while it is in view, and only what changed. Subclasses have the pane's number and name.
    """

    class Wanted(Message):
        """Other times came into view: the feeder may give data from `start` to `end`, epoch seconds."""

        def __init__(self, chart: Chart, start: float, end: float) -> None:
            super().__init__()
            self.chart = chart
            self.start = start
            self.end = end

    class Moved(Message):
        """The reader went along it: so many seconds later than the moment that is shown, earlier if negative."""

        def __init__(self, seconds: float) -> None:
            super().__init__()
            self.seconds = seconds

    class Pointed(Message):
        """The reader chose a moment, epoch seconds."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    class LetGo(Message):
        """The reader wants to see what is newest."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._stood: float | None = None
        self.data: ChartData | None = None
        self.given: Window | None = None
        self.view = View()
        self.frame: Frame | None = None
        self._plotter: Plotter | None = None
        self._loading = False
        self._trouble = ""
        self._waits: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Say what it waits for, until there is something to show."""
        self._redraw()

    def show(self, data: ChartData, window: tuple[float, float]) -> None:
        """Show data, at the times of `window` (start and end, epoch seconds) unless the user looks elsewhere."""
        self.data, self.given = data, Window(*window)
        if self._plotter is None and not self._loading:
            self._loading = True
            self.run_worker(self._load())
        self._redraw()

    def look(self, view: View) -> None:
        """Look at the data in another way."""
        old, self.view = self.view, view
        if self.given is not None and _times(view, self.given) != _times(old, self.given):
            self._want()
        self._redraw()

    @property
    def span_seconds(self) -> float:
        """How much time is in view, or would be."""
        return DEFAULT_SECONDS if self.given is None else self.view.window(self.given).seconds

    @property
    def column_seconds(self) -> float:
        """How much of it one column has, or would have."""
        return self.span_seconds / (self.frame.columns if self.frame is not None else DEFAULT_COLUMNS)

    def stand(self, at: float | None) -> None:
        """Put the cursor at the moment that everything shows (epoch seconds); None follows what is newest."""
        self._stood = at
        self.look(self.view.standing(self.given, at))

    def move_cursor(self, columns: int) -> None:
        """Ask for the moment so many columns later."""
        self.post_message(self.Moved(columns * self.column_seconds))

    def zoom(self, steps: int) -> None:
        """Show less time, or more by a negative number; a moment that is looked at stays where it is."""
        if self.given is not None:
            self.look(self.view.zoomed(self.given, ZOOM_STEP**steps, self.view.cursor))

    def pan(self, steps: int) -> None:
        """Ask for the moment later by so many quarters of what is in view."""
        self.post_message(self.Moved(steps * PAN_SHARE * self.span_seconds))

    def page(self, pages: int) -> None:
        """Ask for the moment later by so many times what is in view."""
        self.pan(round(pages / PAN_SHARE))

    def toggle_fixed(self) -> None:
        """Keep the range of values as it is, or let it follow them again."""
        limits = self.frame.limits if self.view.limits is None and self.frame else None
        self.look(replace(self.view, limits=limits))

    def toggle_compare(self) -> None:
        """Show the same span before the last shift as well, dotted, or leave it."""
        self.look(replace(self.view, compare=not self.view.compare))

    def scroll_by_wheel(self, lines: int) -> None:
        """The wheel zooms."""
        self.zoom(-1 if lines > 0 else 1)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The values under the pointer are said; what everything shows stays."""
        self._hover(self._moment_at(event.x))

    def on_leave(self, _event: events.Leave) -> None:
        """No pointer: the values are those of the moment that everything shows."""
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        """A second click has everything show the moment under the pointer."""
        at = self._moment_at(event.x)
        if at is not None and event.chain == 2:
            self.post_message(self.Pointed(at))

    def wanted(self, given: Window) -> Window:
        """The times whose samples the view needs where the feeder's are `given`, those compared with included."""
        start, end = self.view.window(given)
        if self.view.compare and self.data is not None:
            from cockpit.tui.charts.data import last_shift

            shift = last_shift(self.data, end)
            start = start if shift is None else min(start, shift - (end - start))
        return Window(start, end)

    def wait(self, why: tuple[str, ...]) -> None:
        """Why there are no data yet, in clean text: said in their place."""
        if why != self._waits:
            self._waits = why
            if self.data is None:
                self._redraw()

    def clear(self) -> None:
        """Forget the data; how they were looked at stays."""
        self.data = self.given = None
        self.title()
        self._redraw()

    def _moment_at(self, x: int) -> float | None:
        """The moment of a column of the widget; None beside the canvas."""
        if self.frame is None:
            return None
        column = x - self.gutter.left - self.frame.left
        return self.frame.moment(column) if 0 <= column < self.frame.columns else None

    def _hover(self, at: float | None) -> None:
        cursor = self._stood if at is None else at
        if cursor != self.view.cursor:
            self.look(replace(self.view, cursor=cursor))

    def _want(self) -> None:
        """Ask for what the view needs."""
        if self.given is not None:
            self.post_message(self.Wanted(self, *self.wanted(self.given)))

    async def _load(self) -> None:
        """Load what draws, in a thread, so that no key waits for it."""
        try:
            self._plotter = await load_plotter()
        except NoChartsError as error:
            self._trouble = str(error)
        self._redraw()

    def _redraw(self) -> None:
        """Draw now if anybody sees it, else when somebody does."""
        self._entitle()
        self.draw_when_seen(self._lines)

    def _entitle(self) -> None:
        if self.data is not None and self.given is not None:
            parts = [clean(self.data.title), duration(self.view.window(self.given).seconds)]
            self.title(" · ".join(filter(None, parts)))

    def _lines(self, size: Size) -> Sequence[Line]:
        self.frame = None
        if self._trouble or self.data is None or self.given is None or self._plotter is None:
            return self._words(size.width)
        from cockpit.tui.charts.picture import Paper, picture

        paper = Paper(size.width, size.height, colours=not self.app.no_color)
        made = picture(self.data, self.view, self.given, paper, self._plotter)
        self.frame = made.frame
        return made.lines

    def _words(self, cells: int) -> list[Line]:
        """What is said where nothing can be drawn."""
        waits = self._waits if self.data is None else ()
        said = [self._trouble] if self._trouble else waits or ["the chart is coming"]
        return told(said, cells)


def _times(view: View, given: Window) -> tuple[Window, bool]:
    """What of a view decides which data it needs."""
    return view.window(given), view.compare
