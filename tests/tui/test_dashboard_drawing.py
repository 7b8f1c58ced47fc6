"""Panels as lines: they fit every size, and say what they are given."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.dashboards.model import Grid
from cockpit.text import width
from cockpit.tui.charts.data import ChartSeries
from cockpit.tui.charts.graph import Level, Paper
from cockpit.tui.charts.plotter import Plotter
from cockpit.tui.lines import Line
from cockpit.tui.panels.arc import Zone, arc, size_of
from cockpit.tui.panels.axes import Scale
from cockpit.tui.panels.bargauge import bars
from cockpit.tui.panels.bars import area, bar, share_of
from cockpit.tui.panels.big import big
from cockpit.tui.panels.columns import samples
from cockpit.tui.panels.frame import Face, framed
from cockpit.tui.panels.gauge import gauge
from cockpit.tui.panels.heatmap import Heat, heatmap
from cockpit.tui.panels.legends import Entry, listed, tabled
from cockpit.tui.panels.numbers import Number
from cockpit.tui.panels.paint import series_role, state_role
from cockpit.tui.panels.places import Box, bottom, on_grid, scale, stacked
from cockpit.tui.panels.prose import prose
from cockpit.tui.panels.stat import Look, stat
from cockpit.tui.panels.table import Column, table
from cockpit.tui.panels.timeseries import Chart, LegendStyle, timeseries
from cockpit.tui.panels.traces import Trace
from cockpit.tui.tiling import Place
from tests.tui.charted import HOUR, START

SIZES = [(1, 1), (7, 2), (12, 3), (22, 5), (30, 8), (60, 14), (118, 30)]


def write(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2g} s"


def trace(name: str, height: float, **more: object) -> Trace:
    times = START + np.arange(0, 3600, 15.0)
    made = Trace(name, "revision-1", times, height + 0.1 * np.sin(times / 300), write, ("0.1 s", "0.4 s"), 22.5)
    return replace(made, **more)  # type: ignore[arg-type]


def chart(*traces: Trace, **more: object) -> Chart:
    legend = LegendStyle(headings=("last", "max"))
    return replace(Chart(traces, HOUR, Scale(write), legend=legend), **more)  # type: ignore[arg-type]


def said(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def drawn(shown: Chart, cells: int = 60, rows: int = 14, *, colours: bool = True) -> str:
    made = timeseries(shown, Paper(cells, rows, colours, UTC), Plotter())
    assert made is not None
    return said(made.lines)


THREE = (trace("P50", 0.2), trace("P95", 0.5), trace("P99", 0.9))
CHARTS = {
    "lines": chart(*THREE),
    "stack": chart(*(replace(each, stack="normal", filled=True) for each in THREE)),
    "percent": chart(*(replace(each, stack="percent", filled=True) for each in THREE)),
    "bars": chart(replace(THREE[0], draw="bars"), replace(THREE[1], draw="bars", negative=True)),
    "points": chart(replace(THREE[0], draw="points")),
    "logarithmic": chart(*THREE, scale=Scale(write, log_base=10)),
    "right axis": chart(THREE[0], replace(THREE[1], right=True), right=Scale(lambda value: f"{value:.0f} %")),
    "table beside": chart(*THREE, legend=LegendStyle(table=True, right=True, headings=("last", "max"))),
    "fixed ends": chart(*THREE, scale=Scale(write, low=0.0, high=2.0), levels=(Level(0.5, "bad"),)),
    "cursor": chart(*THREE, cursor=START + 1000),
}


@pytest.mark.parametrize("shown", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize("colours", [True, False])
def test_every_chart_fits_every_size(shown: Chart, colours: bool) -> None:
    for cells, rows in SIZES:
        made = timeseries(shown, Paper(cells, rows, colours, UTC), Plotter())
        assert made is not None
        assert len(made.lines) <= rows
        assert all(width(line.text) <= max(cells, 8) for line in made.lines)
        assert made.frame is None or len(made.lines) == rows


def test_a_legend_says_what_was_reduced_or_the_values_at_the_cursor() -> None:
    assert "━ P50 last 0.1 s max 0.4 s" in drawn(CHARTS["lines"], 110)
    assert "12:16:40" in drawn(CHARTS["cursor"])
    assert "0.1 s max" not in drawn(CHARTS["cursor"])
    assert "⇥ 0 %–1 %" in drawn(CHARTS["right axis"], 110)


def test_what_is_stacked_stands_on_what_is_below_it_without_gaps() -> None:
    rows = drawn(CHARTS["percent"], 60, 12).split("\n")[1:-1]
    columns = list(zip(*(row.ljust(60)[8:58] for row in rows), strict=True))
    assert all(" " not in column[1:] for column in columns)


@pytest.mark.parametrize(
    ("ends", "span", "ticks"),
    [
        ((None, None), (0.475, 0.6), (0.4, 0.6)),
        ((0.0, None), (0.475, 0.6), (0.0, 1.0)),
        ((0.0, 1.0), (0.2, 0.3), (0.0, 1.0)),
        ((None, 0.5), (0.1, 0.9), (0.0, 0.5)),
        ((5.0, None), (0.1, 0.9), (5.0, 6.0)),
    ],
)
def test_an_axis_ends_where_it_is_told_to(
    ends: tuple[float | None, float | None], span: tuple[float, float], ticks: tuple[float, ...]
) -> None:
    axis = Scale(write, low=ends[0], high=ends[1]).axis(span, 2)
    assert axis.ticks == pytest.approx(ticks)
    assert axis.low <= axis.ticks[0] < axis.ticks[-1] <= axis.high


def test_a_long_unit_leaves_the_graph_its_room() -> None:
    wordy = Scale(lambda value: f"{value} of a unit without end and measure")
    made = timeseries(chart(*THREE, scale=wordy), Paper(24, 8, zone=UTC), Plotter())
    assert made is not None
    assert made.frame is not None
    assert made.frame.columns >= 10


def test_nothing_finite_is_nothing_to_draw() -> None:
    empty = replace(THREE[0], values=np.full(THREE[0].times.size, np.nan))
    assert timeseries(chart(empty), Paper(60, 14), Plotter()) is None
    assert timeseries(chart(), Paper(60, 14), Plotter()) is None


def test_bars_are_as_wide_as_their_step_and_show_the_largest_of_many() -> None:
    series = CHARTS["lines"].traces[0]
    few = replace(series, times=series.times[::60], values=np.array([1.0, 2.0, 3.0, 4.0]), gap=1350.0)
    assert samples(_series(few), HOUR, 8).tolist() == [0, 1, 1, 2, 2, 3, 3, 3]
    many = replace(series, values=np.where(np.arange(series.times.size) == 100, 9.0, 1.0))
    assert 100 in samples(_series(many), HOUR, 10)


def _series(each: Trace) -> ChartSeries:
    return ChartSeries(each.name, each.role, each.times, each.values, each.gap)


NUMBER = Number("Success rate", "99.2 %", "good", 0.992, (Zone(0.8, "bad"), Zone(1.0, "good")), (0.9, 0.95, 0.992))
BAD = replace(NUMBER, name="canary", text="71.3 %", role="bad", share=0.713)


@pytest.mark.parametrize("numbers", [[NUMBER], [NUMBER, BAD], [NUMBER, BAD] * 9], ids=["one", "two", "eighteen"])
def test_values_fit_every_size(numbers: list[Number]) -> None:
    for cells, rows in SIZES:
        for lines in (
            stat(numbers, Look(names=True), cells, rows),
            stat(numbers, Look(ground=True), cells, rows),
            gauge(numbers, cells, rows, named=True),
            bars(numbers, cells, rows),
        ):
            assert len(lines) <= rows
            assert all(width(line.text) <= max(cells, 16) for line in lines)


def test_a_state_is_a_shape_first() -> None:
    assert "✗" in said(stat([BAD], Look(), 30, 1))
    assert "✗" in said(gauge([BAD], 40, 8, named=False))
    assert "✗" not in said(stat([replace(BAD, marked=False)], Look(), 30, 1))


def test_what_finds_no_room_is_counted() -> None:
    assert "+16" in said(stat([NUMBER] * 18, Look(), 26, 1))
    assert "+17" in said(bars([NUMBER] * 18, 30, 2))
    assert "+8 rows" in said(table([Column("a", (("1", ""),) * 10)], 20, 4))


def test_large_numbers_keep_their_unit_beside_them() -> None:
    rows = big("−1.5 kB")
    assert len({width(row) for row in rows}) == 1
    assert rows[2].endswith(" kB")
    assert "┏" in rows[0] + rows[1]


@given(st.floats(0, 1), st.integers(1, 40))
def test_a_bar_is_as_long_as_its_share(share: float, cells: int) -> None:
    made = bar(share, cells)
    assert len(made) == cells
    assert abs(made.count("█") - share * cells) <= 1
    assert bool(made.strip()) is (share > 0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1e308, 0.0])
def test_no_value_is_beyond_a_bar(value: float) -> None:
    assert 0 <= share_of(value, -1e308, 1e308) <= 1
    assert share_of(value, 1.0, 1.0) == 0


def test_an_area_fills_its_width_and_leaves_gaps_where_values_are_missing() -> None:
    assert area([0, 1, math.nan, 1], 8, 1, (0, 1)) == ["▁▁██  ██"]
    assert area([0, 8], 2, 2, (0, 8)) == [" █", "▁█"]


@pytest.mark.parametrize("rows", range(1, 12))
def test_half_a_ring_fills_from_the_left(rows: int) -> None:
    empty, full = (said([Line(spans) for spans in arc(share, rows, "good")]) for share in (0.0, 1.0))
    assert empty == full
    half = arc(0.5, rows, "good", [Zone(0.3, "bad"), Zone(1, "good")])
    filled = [span.text.strip() for spans in half for span in spans if span.role == "good"]
    assert "".join(filled)
    assert size_of(4 * rows, 99) == (4 * rows, rows)


boxes = st.builds(
    Box,
    st.builds(Grid, st.integers(0, 23), st.integers(0, 60), st.integers(1, 24), st.integers(1, 12)),
    st.integers(3, 9),
    st.integers(3, 12),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=12), st.integers(80, 200), st.floats(1, 2.6))
def test_panels_never_lie_over_one_another(given_boxes: list[Box], cells: int, rows_each: float) -> None:
    for places in (on_grid(given_boxes, cells, rows_each), stacked(given_boxes, cells)):
        assert all(place.x >= 0 and place.x + place.width <= cells for place in places)
        assert all(not _overlap(one, other) for one, other in combinations(places, 2))
    placed = on_grid(given_boxes, cells, rows_each)
    assert all(place.height >= box.least for place, box in zip(placed, given_boxes, strict=True))


def _overlap(one: Place, other: Place) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def test_a_dashboard_fills_the_screen_where_it_fits() -> None:
    half = [Box(Grid(x, y, 12, 8), 3, 8) for y in (0, 8) for x in (0, 12)]
    places = on_grid(half, 120, scale(16, 37))
    assert places[0] == Place(0, 0, 60, 18)
    assert bottom(places) == 37
    assert scale(200, 37) == pytest.approx(37 / 26)
    assert scale(200, 12) == pytest.approx(1.3)


def test_panels_move_up_into_gaps() -> None:
    gap = [Box(Grid(0, 0, 12, 4), 3, 8), Box(Grid(0, 40, 12, 4), 3, 8), Box(Grid(12, 90, 12, 4), 3, 8)]
    assert [place.y for place in on_grid(gap, 120, 2.0)] == [0, 8, 0]


@pytest.mark.parametrize(("cells", "rows"), SIZES)
def test_frames_are_exactly_as_large_as_their_place(cells: int, rows: int) -> None:
    for face in (Face("a title", note="a note that is longer than there is room"), Face("", bare=True)):
        lines = framed(face, Place(0, 0, cells, rows), selected=True)
        assert len(lines) == rows
        if cells >= 2:
            assert {width(line.text) for line in lines} == {cells}


ENTRIES = [Entry(number, f"series {number}", f"revision-{number + 1}", ("1 s", "20 s")) for number in range(6)]


def test_a_legend_gives_up_values_before_names() -> None:
    headings = ("last", "max")
    assert "last 1 s max 20 s" in said(listed(ENTRIES[:2], headings, 80, 1, colours=True))
    short = said(listed(ENTRIES[:4], headings, 80, 1, colours=True))
    assert "+" not in short
    assert "max" not in short
    assert "+" in said(listed(ENTRIES, headings, 40, 1, colours=False))
    rows = tabled(ENTRIES, headings, 30, 5, colours=True)
    assert [line.text.split()[0] for line in rows] == ["last", "━", "━", "━", "+3"]
    assert all(width(line.text) <= 30 for line in rows)


def test_a_table_gives_room_to_what_needs_it_and_drops_the_last_columns() -> None:
    columns = [
        Column("name", (("a long text of many words", ""),)),
        Column("n", (("1,234", "bad"),), numbers=True),
    ]
    assert [line.text for line in table(columns, 20, 2)] == [" name              n", " a long text…  1,234"]
    assert "+1 columns" in table([*columns, columns[0]], 14, 2)[0].text


def test_a_heatmap_has_a_row_a_bucket_and_shades() -> None:
    times = START + np.arange(0, 3600, 60.0)
    values = np.array([np.zeros(60), np.linspace(0, 9, 60), np.full(60, np.nan)])
    lines, frame = heatmap(Heat(("0.5", "1", "+Inf"), times, values, HOUR, START + 1800), Paper(66, 7, zone=UTC))
    assert [line.text.split(" ")[0] or line.text[:4].strip() for line in lines[1::2]][:3] == ["+Inf", "1", "0.5"]
    assert "█" in lines[3].text
    assert "12:30" in lines[-1].text
    assert frame.columns == 61


def test_many_buckets_share_rows() -> None:
    times = START + np.array([0.0, 1800.0])
    lines, _ = heatmap(Heat([str(n) for n in range(40)], times, np.ones((40, 2)), HOUR), Paper(40, 9, zone=UTC))
    assert len(lines) == 9


@pytest.mark.parametrize(
    ("content", "mode", "lines"),
    [
        ("# Head\nSome *bold* `code`", "markdown", ["Head", "Some bold code"]),
        ("[a](https://x.y)", "markdown", ["a (https://x.y)"]),
        ("- one\n- two\n  - sub", "markdown", ["• one", "• two", "  • sub"]),
        ("3. a\n4. b", "markdown", ["3. a", "4. b"]),
        ("|a|b|\n|-|-|\n|1|2|", "markdown", ["a  b", "1  2"]),
        ("<h1>T</h1><p>a &amp; b</p><script>x()</script>", "html", ["T", "a & b"]),
        ("<b>x</b>", "code", ["<b>x</b>"]),
        ("a\x1b[2Jb <i>c</i>", "markdown", ["a␛[2Jb c"]),
    ],
)
def test_texts_are_plain_lines(content: str, mode: str, lines: list[str]) -> None:
    assert [line.text for line in prose(content, mode, 60)] == lines


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=200), st.sampled_from(["markdown", "html", "code"]), st.integers(1, 40))
def test_no_text_breaks_a_panel(content: str, mode: str, cells: int) -> None:
    for line in prose(content, mode, cells):
        assert "\n" not in line.text
        assert "\x1b" not in line.text


@pytest.mark.parametrize(
    ("colour", "state", "series"),
    [
        ("green", "good", "good"),
        ("semi-dark-orange", "warn", "revision-2"),
        ("#F2495C", "bad", "bad"),
        ("rgba(50, 172, 45, 0.97)", "good", "good"),
        ("#5794F2", "revision-1", "revision-1"),
        ("#808080", "", ""),
        ("text", "", ""),
        ("transparent", "", ""),
        ("", "", ""),
        ("\x1b]0;x\x07", "", ""),
    ],
)
def test_colours_mean_what_they_mean_in_grafana(colour: str, state: str, series: str) -> None:
    assert (state_role(colour), series_role(colour)) == (state, series)
