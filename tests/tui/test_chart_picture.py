"""A whole chart as text: what stands where, at every size, with every kind of value, and with hostile words."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.release.events import EventKind
from cockpit.text import width
from cockpit.tui.charts.data import ChartData, ChartEvent
from cockpit.tui.charts.picture import LEAST
from cockpit.tui.charts.plotter import Plotter
from cockpit.tui.charts.view import View, Window
from tests.tui.charted import HOUR, START, drawn, errors, event, series, text

NAN, INF = math.nan, math.inf
BRAILLE = re.compile("[\u2801-\u28ff]")
HOSTILE = "\x1b[2J\x9b0m\u202e[red]x[/]\nnext"


def roles_of(made: object, character: str) -> set[str]:
    """The roles of the spans that hold a character."""
    lines = getattr(made, "lines", ())
    return {span.role for line in lines for span in line.spans if character in span.text}


def test_a_chart_says_what_it_shows() -> None:
    first, marks, *body, times = text(drawn(errors())).split("\n")
    assert first.strip() == "━ 00275-2jb 0.378 %   ━ 00279-kub 14.9 %"
    assert re.search(r"00279 deployed ▲ +▼ 10 % +.*ratio > 10 % !", marks)
    assert [line.split(" ┈")[0].strip() for line in body if "%" in line] == ["20 %", "15 %", "10 %", "5 %", "0 %"]
    assert times.split() == ["12:10", "12:20", "12:30", "12:40", "12:50", "13:00"]
    assert sum("┊" in line for line in body) > 15


@pytest.mark.parametrize("cells", range(1, 130, 3))
@pytest.mark.parametrize("rows", [1, 2, 5, 6, 7, 12, 40])
def test_it_fits_every_size_and_fills_those_it_has_room_in(cells: int, rows: int) -> None:
    made = drawn(errors(), View(cursor=START + 2000, compare=True), cells=cells, rows=rows)
    assert len(made.lines) <= rows
    if cells >= LEAST[0] and rows >= LEAST[1]:
        assert len(made.lines) == rows
        assert made.frame is not None
        assert {width(line.text) for line in made.lines[made.frame.left > 0 :]} <= {*range(cells + 1)}
        assert all(width(line.text) == cells for line in made.lines[-3:])
    else:
        assert made.frame is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([5.0], "•"),
        ([0.0] * 5, "0.0"),
        ([-3.0] * 5, "−3.0"),
        ([-5.0, -1.0, -3.0], "−5"),
        ([1e-9, 7e-9, 3e-9], "8 n"),
        ([2e14, 5e14, 1e14], "500 T"),
        ([-1e308, 1e308, 0.0], "1e300"),
        ([5e-324, 1e-320, 0.0], "1.0"),
        ([1e6, 1e6 + 0.001, 1e6 + 0.003], "1000000.000"),
        ([NAN, 1.0, INF, 2.0, -INF, NAN, 4.0], "4"),
    ],
)
def test_every_kind_of_value_is_drawn(values: list[float], says: str) -> None:
    times = list(np.linspace(60, 3500, len(values)))
    shown = text(drawn(ChartData((series(values, times=times),))))
    assert says in shown
    assert "•" in shown or BRAILLE.search(shown)


finite = st.floats(allow_nan=True, allow_infinity=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(finite, min_size=1, max_size=40), st.integers(30, 90), st.integers(6, 30))
def test_no_values_at_all_can_break_it(values: list[float], cells: int, rows: int) -> None:
    made = drawn(ChartData((series(values),)), cells=cells, rows=rows, plotter=PLOTTER)
    assert len(made.lines) <= rows
    assert all(width(line.text) <= cells for line in made.lines)


PLOTTER = Plotter()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ChartData(), "no samples between 12:00 and 13:00"),
        (ChartData((series([1, 2], times=[-90, -60]),)), "no samples between 12:00 and 13:00"),
        (ChartData((series([NAN, INF]),)), "every value between 12:00 and 13:00 is NaN or infinite"),
        (ChartData(why="not scraped: needs roles/run.invoker"), "not scraped: needs roles/run.invoker"),
    ],
)
def test_without_anything_to_draw_it_says_why_and_draws_no_axis(data: ChartData, reason: str) -> None:
    made = drawn(data)
    assert text(made).strip() == reason
    assert made.frame is None


def test_a_reason_wraps_where_it_does_not_fit() -> None:
    made = drawn(ChartData(why="not scraped: needs roles/run.invoker"), cells=20, rows=4)
    assert " ".join(text(made).split()) == "not scraped: needs roles/run.invoker"


def test_a_gap_is_a_gap() -> None:
    gone = [1.0] * 20 + [NAN] * 20 + [1.0] * 20
    canvas = text(drawn(ChartData((series(gone),)), cells=70)).split("\n")
    (line,) = [row for row in canvas if BRAILLE.search(row)]
    assert re.search("[\u2801-\u28ff]{15,} {15,}[\u2801-\u28ff]{15,}", line)


def test_the_cursor_has_the_values_where_it_stands() -> None:
    made = drawn(errors(), View(cursor=START + 3000))
    first, times = made.lines[0].text, made.lines[-1].text
    assert first.startswith(" 12:50:00   ━ 00275-2jb")
    assert "━ 00279-kub 14.9 %" in first
    assert "12:50:00" in times
    assert "12:50 " not in times
    assert roles_of(made, "│") == {"accent cursor"}
    assert made.frame is not None
    assert made.frame.column(START + 3000) == pytest.approx(made.frame.columns * 3000 / 3600, abs=2)


def test_a_cursor_that_is_not_in_view_is_not_drawn() -> None:
    shown = text(drawn(errors(), View(cursor=START - 3000)))
    assert "│" not in shown


def test_fixed_values_stay_and_the_chart_says_so() -> None:
    data = ChartData((series([1, 5, 9]),))
    auto = drawn(data)
    assert auto.frame is not None
    assert auto.frame.limits == (0, 10)
    fixed = drawn(ChartData((series([1, 500, 9]),)), View(limits=(0, 10)))
    assert fixed.frame is not None
    assert fixed.frame.limits == (0, 10)
    assert "y fixed" in fixed.lines[0].text
    assert "10 ┈" in text(fixed)


def test_a_view_of_the_past_says_until_when() -> None:
    assert "until 12:45:00" in drawn(errors(), View(end=START + 2700)).lines[0].text


def test_comparing_shows_the_same_span_before_the_last_shift_dotted_and_dim() -> None:
    long = series([1.0] * 240 + [2.0] * 240, times=list(np.linspace(-3600, 3600, 480)))
    data = ChartData((long,), (event(-20, "5 %"), event(0, "10 %"), event(70, "later")))
    made = drawn(data, View(compare=True))
    assert "dotted 11:00–12:00" in made.lines[0].text
    dotted = [span.text for line in made.lines for span in line.spans if span.role == "revision-1 dim"]
    assert len("".join(dotted)) > 80
    assert roles_of(made, "┈") == {"border"}
    without = drawn(ChartData((long,)), View(compare=True))
    assert "no shift to compare" in without.lines[0].text


def test_the_comparison_is_in_range() -> None:
    higher = series([50.0] * 240 + [2.0] * 240, times=list(np.linspace(-3600, 3600, 480)))
    made = drawn(ChartData((higher,), (event(0, "10 %"),)), View(compare=True))
    assert made.frame is not None
    assert made.frame.limits[1] >= 50


def test_without_colours_lines_carry_shapes_and_there_is_no_grid() -> None:
    made = drawn(errors(), View(cursor=START + 600), colours=False)
    first, *rest = text(made).split("\n")
    assert "● 00275-2jb" in first
    assert "▲ 00279-kub" in first
    assert sum(line.count("●") for line in rest) >= 4
    assert sum(line.count("▲") for line in rest[1:]) >= 2
    assert "┈" not in text(made)
    assert roles_of(made, "│") == {"accent"}


def test_in_little_room_there_is_a_sparkline_a_series() -> None:
    made = drawn(errors(), cells=28, rows=3)
    assert [line.text.split()[0] for line in made.lines] == ["00275-2jb", "00279-kub"]
    assert made.lines[0].text.rstrip().endswith("0.378 %")
    assert re.search("[▁▂▃▄▅▆▇█]{4}", made.lines[0].text)
    assert len(drawn(errors(), cells=28, rows=1).lines) == 1


def test_many_series_take_some_lines_and_the_rest_is_counted() -> None:
    data = ChartData(tuple(series([1, 2], label=f"0027{number}-abc", slot=number % 8 + 1) for number in range(20)))
    made = drawn(data, cells=80, rows=24)
    said = "\n".join(line.text for line in made.lines[:3])
    shown = len(re.findall("━", said))
    assert 6 < shown < 20
    assert f"+{20 - shown}" in said


@pytest.mark.parametrize("cells", [30, 60, 100])
def test_events_close_together_never_write_over_each_other(cells: int) -> None:
    happened = tuple(event(minute, f"event {minute}") for minute in (0, 1, 2, 30, 31, 58, 59, 60))
    made = drawn(ChartData((series([1, 2]),), happened), cells=cells)
    marks = made.lines[1].text
    assert width(marks) == cells
    assert 3 <= marks.count("▼") <= len(happened)


def test_a_label_stands_left_of_its_mark_where_there_is_more_room() -> None:
    marks = drawn(ChartData((series([1, 2]),), (event(59, "rolled back"),))).lines[1].text
    assert "rolled back ▼" in marks


@pytest.mark.parametrize("cells", [12, 40, 100])
def test_words_from_outside_do_nothing(cells: int) -> None:
    data = ChartData(
        (replace(series([1, 2]), label=HOSTILE),),
        (ChartEvent(START + 1800, HOSTILE, kind=EventKind.REVISION_CREATED),),
        unit=HOSTILE,
        title=HOSTILE,
        why=HOSTILE,
    )
    for made in (drawn(data, cells=cells), drawn(ChartData(why=HOSTILE), cells=cells)):
        shown = "".join(line.text for line in made.lines)
        assert shown.isprintable()
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_what_did_not_change_is_not_drawn_again() -> None:
    plotter, data = Plotter(), errors()
    for view in (View(), View(cursor=START + 60), View(cursor=START + 900)):
        drawn(data, view, plotter=plotter)
    assert plotter.drawn == 1
    drawn(data, plotter=plotter, window=Window(HOUR.start + 1, HOUR.end + 1))
    again = plotter.drawn
    drawn(data, plotter=plotter, window=Window(HOUR.start + 2, HOUR.end + 2))
    assert plotter.drawn == again
    drawn(errors(), plotter=plotter, window=Window(HOUR.start + 2, HOUR.end + 2))
    assert plotter.drawn == again + 1


def test_where_now_and_before_meet_the_colour_is_that_of_now() -> None:
    steady = series([1.0] * 240, times=list(np.linspace(-3600, 3600, 240)))
    made = drawn(ChartData((steady,), (event(0, "10 %"),)), View(compare=True))
    assert "dotted" in made.lines[0].text
    dim = [span.text for line in made.lines for span in line.spans if span.role == "revision-1 dim"]
    assert len("".join(dim)) <= 1  # the newest column may have no sample of now yet
