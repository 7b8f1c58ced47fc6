"""What the log pane is made of: which lines are in view, and what each of them says."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.live.logs.reading import LogsState, Mode
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.logs.entry import Flag, Row, Severity
from cockpit.logs.moment import SECOND
from cockpit.logs.query.error import QueryError
from cockpit.text import width
from cockpit.tui.lines import cells_of
from cockpit.tui.log_scope import Scope
from cockpit.tui.terminal import CONTROLS
from cockpit.tui.views.log_filter import POINTER, complaint
from cockpit.tui.views.log_frame import Count, below, title
from cockpit.tui.views.log_line import LogLines
from cockpit.tui.views.log_look import Column, Look
from cockpit.tui.views.log_names import as_copied, short_names
from cockpit.tui.views.log_text import MOST_LINES
from cockpit.tui.views.log_times import TimeColumn
from cockpit.tui.views.log_window import Place, window

NOON = 1_795_262_400 * SECOND
"""2026-11-21 12:00:00 UTC."""
TEXT_ONLY = Look(columns=frozenset())


def row(text: str = "all is well", **changes: object) -> Row:
    """An entry of the stable revision."""
    made = Row(
        7, NOON, text, Severity.INFO, Flag.NONE, "app-00275-2jb", "0069c7aa", "stderr", 0, 0, "", math.nan, ""
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def said(entry: Row, cells: int = 80, look: Look = TEXT_ONLY) -> list[str]:
    """The lines of an entry."""
    made = LogLines(look, cells, names=short_names([entry.revision], "app"))
    when = made.when(entry, now=NOON, before=None)
    return [made.line(entry, part, when).text.strip() for part in range(made.count(entry))]


@given(st.data())
def test_a_window_is_full_and_keeps_its_entry_in_view(data: st.DataObject) -> None:
    heights = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=30))
    index = data.draw(st.integers(0, len(heights) - 1))
    y, height = data.draw(st.integers(-20, 40)), data.draw(st.integers(1, 12))
    began, places = window(index, y, count=len(heights), height=height, lines=heights.__getitem__)
    every = [Place(entry, part) for entry, lines in enumerate(heights) for part in range(lines)]
    first = every.index(places[0])
    assert places == every[first : first + height]
    assert len(places) == min(height, len(every))
    assert began == every.index(Place(index, 0)) - first
    if heights[index] <= height:
        assert 0 <= began <= height - heights[index]
    elif len(every) >= height:
        assert height - heights[index] <= began <= 0


def test_a_window_leaves_an_entry_where_it_was_as_far_as_it_can() -> None:
    assert window(50, 3, count=100, height=10, lines=lambda _: 1) == (3, [Place(at, 0) for at in range(47, 57)])
    assert window(1, 5, count=100, height=10, lines=lambda _: 1)[0] == 1
    assert window(99, 2, count=100, height=10, lines=lambda _: 1)[0] == 9


def test_columns_stand_before_the_text_in_order() -> None:
    look = Look(columns=frozenset(Column), time="utc")
    (line,) = said(row(severity=Severity.ERROR), 100, look)
    assert line == "12:00:00.000Z  E  00275-2jb  69c7aa  stderr    all is well"
    (narrow,) = said(row(severity=Severity.ERROR), 60, Look(time="utc"))
    assert narrow == "12:00:00Z E 00275 all is well"


def test_a_request_says_its_method_status_and_latency_first() -> None:
    request = row("/api/x?y=1 203.0.113.9", method="POST", status=500, latency=1.234, log="requests")
    assert said(request) == ["POST 500  1.2 s  /api/x?y=1 203.0.113.9"]
    assert said(request._replace(status=0, latency=0.0132)) == ["POST   –  13 ms  /api/x?y=1 203.0.113.9"]


def test_of_several_lines_the_first_is_shown_and_all_of_them_are_when_wrapped() -> None:
    several = row("one\n  two\nthree")
    assert said(several) == ["one ⏎ 3 lines"]
    assert said(several, look=replace(TEXT_ONLY, wrap=True)) == ["one", "two", "three"]
    assert said(row("x" * 30), 11, replace(TEXT_ONLY, wrap=True)) == ["x" * 10] * 3


def test_a_traceback_says_its_end() -> None:
    text = "Traceback (most recent call last):\n  File x\nKeyError: 'a'"
    assert said(row(text, flags=Flag.TRACEBACK)) == ["KeyError: 'a' ⏎ 3 lines"]
    assert said(row(f"request failed\n{text}", flags=Flag.TRACEBACK)) == ["request failed ⏎ 4 lines KeyError: 'a'"]


def test_what_is_looked_for_is_marked_and_nothing_else() -> None:
    made = LogLines(TEXT_ONLY, 40, marks=lambda text: [(text.index("is"), text.index("is") + 2)])
    line = made.line(row(), 0, "")
    assert [span.text for span in line.spans if "reverse" in span.role] == ["is"]
    assert line.text.strip() == "all is well"


@given(st.text(max_size=400), st.integers(1, 50), st.booleans())
def test_no_text_is_wider_than_its_room_or_moves_the_cursor(text: str, cells: int, wrap: bool) -> None:
    made = LogLines(replace(TEXT_ONLY, wrap=wrap), cells + 1)
    entry = row(text, severity=Severity.ERROR)
    for part in range(made.count(entry)):
        line = made.line(entry, part, "")
        assert CONTROLS.search(line.text) is None
        assert cells_of(line.spans) <= cells + 1 or cells == 1


def test_paint_of_a_program_is_left_out_and_other_controls_are_shown() -> None:
    assert said(row("\x1b[32mINFO\x1b[0m: \x1b]0;owned\x07")) == ["INFO: ␛]0;owned␇"]


def test_a_gigantic_text_takes_a_bounded_number_of_lines() -> None:
    wrapped = said(row("word " * 400_000), 80, replace(TEXT_ONLY, wrap=True))
    assert len(wrapped) == MOST_LINES
    assert wrapped[-1] == "… the entry has the rest"


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize(
    ("column", "says"),
    [
        (TimeColumn("local"), "12:00:00.120"),
        (TimeColumn("local", dated=True), "11-21 12:00:00.120"),
        (TimeColumn("utc", fine=False), "12:00:00Z"),
        (TimeColumn("relative"), "   3m"),
        (TimeColumn("delta"), "+120 ms"),
    ],
    ids=str,
)
def test_moments(column: TimeColumn, says: str) -> None:
    moment = NOON + SECOND * 12 // 100
    assert column.text(moment, now=NOON + 200 * SECOND, before=NOON) == says
    assert len(says) == column.cells


def test_deltas_have_signs_and_one_unit() -> None:
    column = TimeColumn("delta")
    steps = (-SECOND // 2, 0, 3 * SECOND, 400 * SECOND, 3 * 86_400 * SECOND)
    assert [column.text(NOON + step, now=NOON, before=NOON).strip() for step in steps] == [
        "−500 ms", "+0 ms", "+3.0 s", "+6m", "+3d"
    ]  # fmt: skip
    assert column.text(NOON, now=NOON, before=None) == " " * column.cells


def test_names_lose_what_they_have_in_common() -> None:
    assert short_names(["", "app-00275-2jb"], "app") == {"app-00275-2jb": "00275-2jb"}
    assert short_names(["api-00041-kux"], "") == {"api-00041-kux": "00041-kux"}
    assert set(short_names(["api-00041-kux", "web-00117-bim"], "").values()) == {"api-00041-kux", "web-00117-bim"}


def test_what_is_copied_says_when_how_bad_and_where() -> None:
    entry = row("/x 203.0.113.9", severity=Severity.ERROR, method="GET", status=502, latency=0.5)
    assert as_copied(entry) == "2026-11-21T12:00:00.000Z ERROR app-00275-2jb GET 502 500 ms /x 203.0.113.9"


def test_the_title_says_what_is_shown() -> None:
    assert title(Scope(), str.upper) == ""
    assert title(Scope("status>=500", revision="app-1"), str.upper) == "APP-1 · status>=500"
    assert title(Scope("slow", hiding=False, trace=0xABC << 40), str) == "trace 000abc00 · marking slow"


def test_the_lower_edge_says_how_much_and_how_it_stands() -> None:
    state = LogsState("app", Mode.STREAMING, Feed("logs", FeedState.LIVE, 10.0))
    assert below(state, Count(5, 5), 11.0, at_oldest=False) == "5 · following"
    paused = Count(1318, 52110, dropped=2000, new=214, following=False)
    assert below(state, paused, 11.0, at_oldest=False) == (
        "1,318 of 52,110 · 2,000 oldest dropped · paused · 214 new"
    )
    failed = replace(state, feed=Feed("logs", FeedState.STALE, 10.0, Problem("x", "no \x1banswer")), suppressed=9)
    assert (
        below(failed, Count(5, 5), 52.0, at_oldest=False) == "✗ 42s old: no ␛answer · 9 left out · 5 · following"
    )
    assert below(replace(state, whole=True), Count(0, 0), 1.0, at_oldest=True) == "0 · the beginning · following"
    reading = replace(state, mode=Mode.READING, progress=0.43, broken=3)
    assert below(reading, Count(1, 9, searching=True), 11.0, at_oldest=False) == (
        "reading 43 % · 3 broken · 1 … of 9 · following"
    )
    assert below(replace(state, mode=Mode.DONE), Count(5, 5), 1.0, at_oldest=False) == "5"
    unlisted = replace(state, unlisted=Problem("throttled", "too many\x1b reads"))
    assert below(unlisted, Count(5, 5), 11.0, at_oldest=True) == (
        "✗ older ones not read: too many␛ reads · 5 · following"
    )


@pytest.mark.parametrize(("position", "says"), [(0, "↑ wrong"), (60, "wrong ↑")])
def test_an_error_points_at_its_place(position: int, says: str) -> None:
    text = complaint(QueryError("very " * 4 + "wrong", position), position, 64).text
    assert says in text.replace("very ", "")
    assert text.index(POINTER) == position
    assert width(text) <= 64


@pytest.mark.parametrize(
    ("scope", "query"),
    [
        (Scope(), ""),
        (Scope("a or b", revision="app-1"), 'revision="app-1" (a or b)'),
        (Scope(trace=0xAB), "trace:00000000000000ab"),
        (Scope(instance='od"d'), 'instance="od\\"d"'),
    ],
)
def test_a_scope_is_a_query(scope: Scope, query: str) -> None:
    assert scope.shown == scope.sought == query


def test_words_that_only_mark_hide_nothing() -> None:
    scope = Scope("slow", hiding=False, revision="app-1")
    assert (scope.shown, scope.sought) == ('revision="app-1"', 'revision="app-1" (slow)')
