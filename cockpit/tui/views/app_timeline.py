"""One timeline over one period: which there are, what it comes to, what is odd, and its bars or lines."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from cockpit.live.snapshot import FeedState
from cockpit.sources.timelines.shape import Flaw
from cockpit.text import clean, duration, percent, shorten
from cockpit.tui.charts.units import formatted
from cockpit.tui.lines import Line, Span, cells_of, crop, join, spread, told
from cockpit.tui.views.app_bars import Bars, bar_charts
from cockpit.tui.views.header import FRESHNESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.app.picture import AppPicture, TimelinePicture, ValuePicture
    from cockpit.sources.timelines.shape import Finding
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.lines import Spans

MARKS = {
    Flaw.EMPTY: ("✗", "bad"),
    Flaw.ALL_ZERO: ("✗", "bad"),
    Flaw.WRONG_TYPE: ("!", "warn"),
    Flaw.MISSING: ("!", "warn"),
    Flaw.REPEATED: ("!", "warn"),
    Flaw.OUTSIDE: ("!", "warn"),
    Flaw.OUT_OF_ORDER: ("·", "muted"),
    Flaw.LATE: ("·", "muted"),
}
"""Shape and role by what is odd."""

LEAST_ROWS = 4
"""Rows of a chart, its times included; with fewer there is none."""
_ROWS_A_CHART = 6
"""Rows from which on another value gets a chart of its own."""
_ROOMY = 8
"""Rows from which on there is a line more for words."""
_EXACT_BELOW = 1e6
"""Whole numbers up to here are written out."""
_COMING = "the chart is coming"
_FRESH_SECONDS = 60.0


def choices(app: AppPicture, name: str, period: str, cells: int) -> Line:
    """The timelines there are and the periods of this one, those shown standing out."""
    titles = {each.name: clean(each.title) for each in app.timelines}
    periods = next((each.periods for each in app.timelines if each.name == name), ())
    start = join([(_choice(title, chosen=each == name),) for each, title in titles.items()])
    end = join([(_choice(clean(each), chosen=each == period),) for each in periods])
    return Line((Span(" "), *spread(start, (*end, Span(" ")), cells - 1)))


def timeline_lines(timeline: TimelinePicture, cells: int, rows: int, plotter: Plotter | None) -> list[Line]:
    """The totals, what is odd, and a chart in what is left of so many rows."""
    said = [
        *_totals(timeline, cells, brief=rows < _ROOMY),
        *_trouble(timeline, cells),
        *_oddities(timeline.findings, cells),
    ]
    left = rows - len(said)
    if left < LEAST_ROWS or not timeline.rows or not timeline.slots:
        return said
    return [*said, *_chart(timeline, cells, left, plotter)]


def has_bars(timeline: TimelinePicture) -> bool:
    """Whether it is drawn in bars: what is negative has none."""
    return timeline.bars and not any(
        value is not None and value < 0 for row in timeline.rows for value in row.values
    )


def read_ago(timeline: TimelinePicture, time: float) -> str:
    """How old what is shown is; "" while it is fresh or nothing was read."""
    if timeline.read_at is None or time - timeline.read_at < _FRESH_SECONDS:
        return ""
    return f"read {duration(time - timeline.read_at)} ago"


def amount(value: float | None, unit: str) -> str:
    """A total as people read it: whole numbers in full; a dash where it is not known."""
    if value is None:
        return "–"
    if abs(value) < _EXACT_BELOW and value == round(value) and not unit:
        return f"{value:,.0f}"
    return formatted(value, unit)


def change(value: ValuePicture) -> str:
    """How much more or less it is than before, as "+12 %"; "" where that is not known."""
    if value.change is None:
        return "0 before" if value.then == 0 and value.now else ""
    points = 100 * value.change
    sign = "+" if round(points) > 0 else "−" if round(points) < 0 else "±"
    return f"{sign}{percent(abs(round(points)))}"


def _choice(text: str, *, chosen: bool) -> Span:
    return Span(f" {text} ", "accent bold reverse") if chosen else Span(text, "muted")


def _totals(timeline: TimelinePicture, cells: int, *, brief: bool) -> list[Line]:
    """What each value comes to and how that has changed, and what is compared.

    In two lines where one is too short, and without what is compared where one is all there is.
    """
    if not timeline.rows:
        return []
    parts: list[Spans] = []
    for each in timeline.values:
        more = change(each)
        number = Span(amount(each.total, each.unit), "bold")
        parts.append((Span(f"{clean(each.title)} ", "muted"), number, Span(f" {more}" if more else "")))
    note = (Span(clean(timeline.compared), "muted"),)
    head = join(parts, "   ")
    if cells_of((*head, *note)) + 5 <= cells:
        return [Line((Span(" "), *spread(head, (*note, Span(" ")), cells - 1)))]
    return [Line((Span(" "), *crop(spans, cells - 2))) for spans in ((head,) if brief else (head, note))]


def _trouble(timeline: TimelinePicture, cells: int) -> list[Line]:
    """Why it could not be read, or that it has not been yet."""
    feed = timeline.feed
    if feed.problem is None:
        return told(["it is being read"], cells) if feed.state is FeedState.STARTING else []
    mark, role = FRESHNESS[feed.state]
    return _said(mark, role, feed.problem.text, feed.problem.mend, cells)


def _oddities(findings: Sequence[Finding], cells: int) -> list[Line]:
    """What is odd, the gravest first."""
    order = list(MARKS)
    lines: list[Line] = []
    for each in sorted(findings, key=lambda finding: order.index(finding.flaw)):
        lines += _said(*MARKS[each.flaw], each.text, each.mend, cells)
    return lines


def _said(mark: str, role: str, text: str, mend: str, cells: int) -> list[Line]:
    """A mark, a sentence and its mend: in one line, or wrapped."""
    what, how = clean(text), clean(mend)
    if len(what) + len(how) + 6 <= cells:
        tail = (Span(f" · {how}", "muted"),) if how else ()
        return [Line((Span(f" {mark} ", role), Span(what, role), *tail))]
    lines = told([what], cells - 2, role)
    first = Line((Span(f" {mark}", role), *lines[0].spans))
    rest = [*lines[1:], *(told([how], cells - 2) if how else ())]
    return [first, *(Line((Span("  "), *line.spans)) for line in rest)]


def _chart(timeline: TimelinePicture, cells: int, rows: int, plotter: Plotter | None) -> list[Line]:
    values = {row.at: row.values for row in timeline.rows}
    columns = [
        [values[at][place] if at in values else None for at in timeline.slots]
        for place in range(len(timeline.values))
    ]
    if has_bars(timeline):
        count = max(1, min(len(columns), rows // _ROWS_A_CHART))
        charts = [
            Bars(shorten(clean(each.title), cells), each.unit, column)
            for each, column in zip(timeline.values, columns, strict=True)
        ]
        return bar_charts(charts[:count], timeline.slots, timeline.step, cells, rows)
    if plotter is None:
        return told([_COMING], cells)
    return _curves(timeline, cells, rows, plotter)


def _curves(timeline: TimelinePicture, cells: int, rows: int, plotter: Plotter) -> list[Line]:
    """All values as lines in one chart, in days as the application cuts them."""
    import numpy as np

    from cockpit.tui.charts.data import ChartData, ChartSeries
    from cockpit.tui.charts.picture import Paper, picture
    from cockpit.tui.charts.view import View, Window

    times = np.array([row.at for row in timeline.rows])
    units = {each.unit for each in timeline.values}
    series = tuple(
        ChartSeries(
            each.title,
            f"revision-{place % 8 + 1}",
            times,
            np.array([np.nan if row.values[place] is None else row.values[place] for row in timeline.rows]),
            gap=1.5 * timeline.step,
        )
        for place, each in enumerate(timeline.values)
    )
    data = ChartData(series, unit=units.pop() if len(units) == 1 else "", why="no value can be drawn")
    half = timeline.step / 2
    window = Window(timeline.slots[0] - half, timeline.slots[-1] + half)
    return list(picture(data, View(), window, Paper(cells, rows, zone=UTC), plotter).lines)
