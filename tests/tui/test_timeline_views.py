"""The timeline drawn: what served as a band, marks, bars of alerts, errors, and the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

import pytest

from cockpit.live.timeline import Shares
from cockpit.release.events import Event, EventKind, bounded
from cockpit.text import width
from cockpit.tui.charts.times import Frame
from cockpit.tui.charts.view import Window
from cockpit.tui.timeline_view import DAY, HOUR, SPANS, TimelineView
from cockpit.tui.views.timeline_alerts import alert_rows, bars
from cockpit.tui.views.timeline_band import band, mixes, served
from cockpit.tui.views.timeline_lanes import LABEL, allotted, lanes
from cockpit.tui.views.timeline_marks import MARKS
from cockpit.tui.views.timeline_scene import Scene
from cockpit.tui.views.timeline_table import listed, markdown, moment, plain, table
from cockpit.tui.widgets.event_facts import sections
from tests.tui.staged_hostile_logs import KINDS

NOW = 1_763_726_400.0
STABLE, CANARY = "app-00275-2jb", "app-00279-kub"
SLOTS = {STABLE: 0, CANARY: 1}
WINDOW = Window(0.0, 100.0)


def event(at: float, kind: EventKind = EventKind.NOTE, **given: object) -> Event:
    """An event."""
    return replace(Event(at, kind, "subject", f"text {at:g}", f"{kind.value}/{at}"), **given)  # type: ignore[arg-type]


class Counts:
    """As many errors in every part."""

    def __init__(self, *counts: int | None) -> None:
        self._counts = counts

    def along(self, start: float, end: float, parts: int) -> Sequence[int | None]:
        """The counts, one after the other, again and again."""
        assert start < end
        return [self._counts[part % len(self._counts)] for part in range(parts)]


def scene(*events: Event, **given: object) -> Scene:
    """An hour until now."""
    ordered = sorted(events, key=lambda each: each.at)
    made = Scene(ordered, (), Window(NOW - HOUR, NOW), NOW, "app", SLOTS, zone=UTC)
    return replace(made, **given)  # type: ignore[arg-type]


def drawn(made: Scene, cells: int = 80, height: int = 12) -> dict[str, str]:
    """The lanes by their names, the first row of each."""
    lines, _ = lanes(made, cells, height)
    return {line.text[1 : LABEL - 1].strip(): line.text[LABEL:] for line in reversed(lines)}


def test_a_column_has_what_served_in_it_and_nothing_where_nobody_looked() -> None:
    shares = [Shares(0, 20, ((STABLE, 100),)), Shares(50, 65, ((STABLE, 90), (CANARY, 10)))]
    found = mixes(shares, WINDOW, 10)
    both = {STABLE: 0.9, CANARY: 0.1}
    assert [None if each is None else dict(each) for each in found] == [
        *[{STABLE: 1.0}] * 3,
        *[None] * 2,
        *[both] * 3,  # what was read last serves on until the next read is due
        *[None] * 2,
    ]


def test_a_column_of_several_splits_has_their_average_by_time() -> None:
    shares = [Shares(0, 75, ((STABLE, 100),)), Shares(75, 100, ((CANARY, 100),))]
    [found] = mixes(shares, WINDOW, 1)
    assert dict(found or ()) == {STABLE: 0.75, CANARY: 0.25}


def test_what_lies_beside_the_window_is_left_out() -> None:
    shares = [Shares(-50, -10, ((STABLE, 100),)), Shares(110, 120, ((CANARY, 100),))]
    assert mixes(shares, WINDOW, 4) == [None] * 4
    assert served(shares, WINDOW, 8) == []


def rows_of(*mix: tuple[str, float], rows: int) -> str:
    """One column of a band, from the top."""
    made = band([mix], rows, SLOTS, "app")
    return "".join(made.cells[row][0][0] for row in range(rows))


@pytest.mark.parametrize(
    ("canary", "rows", "expected"),
    [
        (0.25, 4, "▒███"),
        (0.5, 4, "▒▒██"),
        (0.01, 4, "▒███"),
        (0.99, 4, "▒▒▒█"),
        (0.1, 10, "▒█████████"),
        (0.5, 1, "█"),
    ],
)
def test_a_column_is_filled_by_share_and_one_percent_is_seen(canary: float, rows: int, expected: str) -> None:
    found = rows_of((STABLE, 1 - canary), (CANARY, canary), rows=rows)
    assert len(found) == rows
    assert found == expected


def test_more_revisions_than_rows_leave_out_the_smallest() -> None:
    assert rows_of((STABLE, 0.4), (CANARY, 0.35), ("app-x", 0.25), rows=2) == "▒█"


def test_a_revision_s_name_stands_where_it_fits_and_one_without_a_colour_is_muted() -> None:
    made = band([((STABLE, 1.0),)] * 30, 2, SLOTS, "app")
    text = "".join(cell[0] for row in made.cells for cell in row)
    assert text.count(" 00275-2jb ") == 1
    assert band([(("old", 1.0),)], 1, SLOTS, "app").cells[0][0] == ("▒", "muted")


def test_a_gap_is_a_dot_and_not_a_share() -> None:
    assert band([None], 3, SLOTS, "app").cells == [[(" ", "")], [(" ", "")], [("·", "muted")]]


def test_every_kind_has_a_shape_of_its_own_one_cell_wide() -> None:
    assert set(MARKS) == set(EventKind)
    shapes = [mark.shape for mark in MARKS.values()]
    assert len(set(shapes)) == len(shapes)
    assert {width(shape) for shape in shapes} == {1}


def test_several_events_in_a_column_say_how_many_in_the_colour_of_the_gravest() -> None:
    made = scene(
        event(NOW - 1800),
        event(NOW - 600, EventKind.INSTANCE_STARTED),
        event(NOW - 600, EventKind.REVISION_FAILED),
        *(event(NOW - 1200, key=str(n)) for n in range(12)),
    )
    lines, _ = lanes(made, LABEL + 60, 12)
    marks = next(line for line in lines if line.text.startswith(" events"))
    assert [(span.text, span.role) for span in marks.spans if span.text.strip() and span.role != "muted"] == [
        ("¶", "accent bold"),
        ("+", "accent bold"),
        ("2", "bad bold"),
    ]


def test_the_selected_event_stands_out_and_the_cursor_goes_through_all_lanes() -> None:
    made = scene(event(NOW - 1800), selected=0, cursor=NOW - 900, now=NOW - 900)
    lines, _ = lanes(made, LABEL + 60, 12)
    assert any("reverse" in span.role for line in lines for span in line.spans)
    crossed = [line for line in lines if any("cursor" in span.role for span in line.spans)]
    assert len(crossed) == len(lines) - 1
    assert "11:45:00" in lines[-1].text


FIRED = event(20, EventKind.ALERT_FIRED, subject="Failing", key="alert-fired/x")
CLEARED = event(60, EventKind.ALERT_CLEARED, key="alert-cleared/x")


def test_an_alert_is_a_bar_until_it_cleared_or_as_long_as_somebody_looked() -> None:
    looked = [Shares(0, 50, ()), Shares(50, 80, ()), Shares(500, 600, ())]
    assert [(bar.start, bar.end, bar.cleared) for bar in bars([FIRED, CLEARED], looked)] == [(20, 60, True)]
    assert [(bar.start, bar.end, bar.cleared) for bar in bars([FIRED], looked)] == [(20, 80, False)]
    assert bars([CLEARED], looked) == []


def test_bars_have_their_rule_s_name_and_more_than_rows_are_counted() -> None:
    frame = Frame(0, 40, WINDOW, (0, 1))
    others = [replace(FIRED, key=f"alert-fired/{n}", subject=f"Rule {n}") for n in range(3)]
    found = bars(others, [Shares(0, 100, ())])
    [row] = alert_rows(found[:1], frame, 1).cells
    assert "━ Rule 0 ━" in "".join(cell[0] for cell in row)
    assert row[-1][0] == "▶", "it fires on"
    text = "".join(cell[0] for cell in alert_rows(found, frame, 2).cells[1])
    assert "2" in text, "two in the last row"


def test_errors_are_bars_and_what_nobody_knows_is_a_dot() -> None:
    found = drawn(scene(errors=Counts(None, 0, 1, 8)), LABEL + 8)["errors"]
    assert found == "· ▁█· ▁█"


@pytest.mark.parametrize("height", range(1, 40))
@pytest.mark.parametrize("alerts", [0, 1, 5])
def test_all_of_a_height_is_given_away_and_no_more(height: int, alerts: int) -> None:
    rows = allotted(height, alerts=alerts, errors=True)
    assert rows.band >= 1
    assert sum(rows) + 2 == max(height, rows.band + 2)
    made = scene(event(NOW - 60), errors=Counts(1))
    lines, left = lanes(made, 60, height)
    assert left >= 0
    assert all(width(line.text) <= 60 for line in [*lines, *listed(made, 60, left)])


def test_lanes_are_the_same_until_a_column_is_full_or_something_is_new() -> None:
    first = scene(event(NOW - 60), window=Window(NOW + 1 - HOUR, NOW + 1))
    later = replace(first, now=NOW + 2, window=Window(NOW + 2 - HOUR, NOW + 2))
    assert first.draws_as(later, 60)
    assert not first.draws_as(replace(later, window=Window(NOW + 90 - HOUR, NOW + 90)), 60)
    assert not first.draws_as(replace(later, cursor=NOW), 60)
    assert not first.draws_as(replace(later, events=[*first.events]), 60)


def test_the_last_event_that_is_not_in_the_future_is_told_of() -> None:
    made = scene(event(NOW - 60), event(NOW - 30), event(NOW + 30))
    assert made.told == 1
    [line] = listed(made, 100, 1)
    assert "text 1.76373e+09" in line.text
    assert "30s ago" in line.text
    assert replace(made, selected=2).told == 2
    assert "in 30s" in listed(replace(made, selected=2), 100, 1)[0].text
    assert scene().told is None
    assert "nothing" in listed(scene(), 100, 3)[0].text


def test_the_table_has_what_happened_in_view_and_says_where_that_is_nothing() -> None:
    made = scene(event(NOW - 2 * HOUR), *(event(NOW - 60 + at) for at in range(20)))
    lines = table(made, 100, 8)
    assert [line.key for line in lines] == [f"note/{NOW - 60 + at}" for at in range(12, 20)]
    chosen = table(replace(made, selected=5), 100, 8)
    assert "cursor" in {line.ground for line in chosen}
    calm = table(scene(event(NOW - 2 * HOUR)), 100, 8)
    assert "nothing is known to have happened in this time" in calm[0].text
    assert "2h ago" in calm[1].text


def test_a_narrow_table_keeps_time_and_text() -> None:
    [line] = listed(scene(event(NOW - 60, text="00279-kub created", who="ops@example.com")), 44, 1)
    assert "11:59:00" in line.text
    assert "00279-kub created" in line.text
    assert "ops" not in line.text


@pytest.mark.parametrize(
    ("ago", "expected"), [(60, "11:59:00"), (2 * DAY, "11-19 12:00"), (400 * DAY, "2024-10-17")]
)
def test_times_have_their_day_where_it_is_another(ago: float, expected: str) -> None:
    assert moment(NOW - ago, NOW, UTC) == expected


def test_the_table_is_copied_as_text_and_as_markdown_with_times_in_utc() -> None:
    made = [event(NOW, text="a | b *c*", who="ops@example.com"), event(NOW + 1, EventKind.ALERT_FIRED, text="x")]
    head, first, _ = plain(made).splitlines()
    assert head.split() == ["Time", "Action", "Notes", "By"]
    assert first.split() == ["2025-11-21", "12:00:00Z", "note", "a", "|", "b", "*c*", "ops@example.com"]
    lines = markdown(made).splitlines()
    assert lines[1] == "|---|---|---|---|"
    assert lines[2] == "| 2025-11-21 12:00:00Z | note | a \\| b \\*c\\* | ops@example.com |"


def test_hostile_texts_reach_no_line_no_copy_and_no_fact_as_they_are() -> None:
    for text in KINDS.values():
        names = dict.fromkeys(("subject", "text", "who", "revision", "key"), text)
        odd = bounded(event(NOW - 60, EventKind.ALERT_FIRED, details=((text, text),), **names))
        shares = [Shares(NOW - 600, NOW, ((text, 60), (STABLE, 40)))]
        made = scene(odd, shares=shares)
        lines, left = lanes(made, 100, 20)
        shown = "\n".join(line.text for line in [*lines, *listed(made, 100, left), *table(made, 100, 5)])
        known = [fact for section in sections(odd, NOW) for fact in section.facts]
        facts = "\n".join(f"{fact.label}{fact.value.plain}{fact.copy}" for fact in known)
        for said in (shown, facts, plain([odd]), markdown([odd])):
            assert all(letter == "\n" or letter.isprintable() for letter in said), repr(text)


def test_zooming_keeps_the_end_or_the_moment_that_is_looked_at() -> None:
    view = TimelineView()
    closer = view.zoomed(1, NOW, None)
    assert (closer.seconds, closer.end) == (1800, None)
    about = view.zoomed(1, NOW, NOW - 900)
    start, end = about.window(NOW)
    assert (NOW - 900 - start) / (end - start) == pytest.approx(0.75)
    assert view.zoomed(99, NOW, None).seconds == SPANS[0] == 60
    assert view.zoomed(-99, NOW, None).seconds == SPANS[-1] == 90 * DAY


def test_a_moment_comes_into_view_by_moving_no_more_than_it_takes() -> None:
    view = TimelineView()
    assert view.with_in_view(NOW - 60, NOW) is view
    moved = view.with_in_view(NOW - 3 * HOUR, NOW)
    assert moved.window(NOW) == (NOW - 3.5 * HOUR, NOW - 2.5 * HOUR)
    assert moved.with_in_view(NOW - 60, NOW).end is None
