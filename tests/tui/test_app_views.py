"""What the App pane says at a width: health, timelines, and everything that can be odd about them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Size

from cockpit.live.app.picture import AppPicture, Health, ProbePicture
from cockpit.live.snapshot import Problem
from cockpit.tui.charts.plotter import Plotter
from cockpit.tui.lines import cells_of
from cockpit.tui.views.app import app_lines, heading
from cockpit.tui.views.app_notices import app_notices, health_badge
from cockpit.tui.views.app_timeline import amount, change, timeline_lines
from tests.tui.staged import CANARY, empty, healthy
from tests.tui.staged_application import (
    ACTIVITY,
    COSTS,
    SICK,
    TOKENS,
    application,
    days,
    hostile_application,
    probe,
    timeline,
    unread,
    with_app,
)

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.lines import Line

WEEK = ("activity", "7d")
COST_ROWS = days(8, "cost")
SIZES = [(40, 9), (58, 17), (70, 12), (118, 30), (198, 50)]


@pytest.fixture(scope="module")
def plotter() -> Plotter:
    """What draws lines."""
    return Plotter()


def lines(
    snapshot: Snapshot,
    chosen: tuple[str, str] = WEEK,
    cells: int = 116,
    rows: int = 30,
    plotter: Plotter | None = None,
) -> list[Line]:
    """The pane's lines."""
    return app_lines(snapshot, chosen, {CANARY: 1}, Size(cells, rows), partial(timeline_lines, plotter=plotter))


def text(snapshot: Snapshot, chosen: tuple[str, str] = WEEK, cells: int = 116, rows: int = 30) -> str:
    """The pane's lines as one text with single spaces, so that what is wrapped is found."""
    return " ".join(" ".join(line.text for line in lines(snapshot, chosen, cells, rows)).split())


def costs(**more: object) -> Snapshot:
    """A snapshot with the costs alone, read from rows of the test's own."""
    return with_app(application(probe(), timelines=[timeline(COSTS, **more)]))  # type: ignore[arg-type]


@pytest.mark.parametrize(("cells", "rows"), SIZES)
@pytest.mark.parametrize("chosen", [WEEK, ("costs", "7d"), ("tokens", "7d"), ("activity", "1y"), ("", "")])
def test_no_line_is_wider_than_the_pane_and_a_chart_ends_where_it_does(
    chosen: tuple[str, str], cells: int, rows: int, plotter: Plotter
) -> None:
    app = application(
        timelines=[timeline(each) for each in (ACTIVITY, COSTS, TOKENS)] + [timeline(ACTIVITY, "1y")]
    )
    found = lines(with_app(app), chosen, cells, rows, plotter)
    assert max(cells_of(line.spans) for line in found) <= cells
    assert len(found) <= max(rows, 11)


@pytest.mark.parametrize(("cells", "rows"), SIZES)
def test_what_is_failing_and_why_is_there_at_every_size(cells: int, rows: int) -> None:
    said = text(with_app(), WEEK, cells, rows)
    assert "✗ failing" in said
    assert "canary" in said
    assert "it answers 503, not 200–299" in said
    assert "12 min 34 s" in said
    assert "✓ ok" in said


def test_a_wide_pane_has_latencies_over_the_window_and_their_course() -> None:
    head, first, second, *_ = (line.text.split() for line in lines(with_app()))
    assert head == ["health", "url", "revision", "path", "status", "now", "P50", "P95", "bad", "since"]
    assert " ".join(first) == "✓ ok service /api/health 200 3.1 ms 2.8 ms 9.3 ms ≥ 12 min 34 s ▃▃█▃▃▃"
    assert " ".join(second).endswith("3 of 60 12 min 34 s ▃▃█××▄")


def test_the_canary_has_the_colour_it_has_elsewhere() -> None:
    second = lines(with_app())[2]
    assert {span.role for span in second.spans if span.text.strip() == "canary"} == {"revision-2"}


@pytest.mark.parametrize(
    ("probes", "says"),
    [
        (probe(health=Health.DEGRADED, why="slow: 3.1 s, more than 2.0 s"), "◐ degraded service"),
        (probe(health=Health.UNKNOWN, why="it answers 401: nobody may look", status=401), "? unknown service"),
        (probe(health=Health.UNKNOWN, why="nobody uses it", resting=True), "◌ resting service"),
        (probe(health=Health.UNKNOWN, why="not probed yet", probes=0, status=0, seconds=None), "not probed yet"),
        (replace(SICK, status=0, seconds=None), "✗ failing canary 00279-kub /api/health –"),
    ],
)
def test_every_health_has_a_shape_a_word_and_a_reason(probes: ProbePicture, says: str) -> None:
    said = text(with_app(application(probes)))
    assert says in said
    assert probes.why in said


def test_what_is_chosen_stands_out_among_timelines_and_periods() -> None:
    head = next(line for line in lines(with_app()) if "costs" in line.text)
    chosen = [span.text.strip() for span in head.spans if "reverse" in span.role]
    assert chosen == ["activity", "7d"]
    assert head.text.split() == ["activity", "costs", "tokens", "7d", "30d", "90d", "1y"]


def test_totals_and_the_change_against_the_time_before() -> None:
    said = text(with_app())
    assert "messages 1,686 −2 % threads 187 −2 %" in said
    assert "7 days against the 7 before" in said


def test_every_value_has_bars_of_its_own_where_there_is_room() -> None:
    shown = [line.text for line in lines(with_app())]
    assert [line.strip() for line in shown if line.strip() in {"messages", "threads"}] == ["messages", "threads"]
    assert shown[-1].split()[:4] == ["14", "Nov", "15", "Nov"]
    small = [line.text.strip() for line in lines(with_app(), rows=12)]
    assert "threads" not in small


def test_a_missing_day_is_marked_and_not_drawn_as_none() -> None:
    shown = [line.text for line in lines(costs(rows=[*COST_ROWS[:2], *COST_ROWS[3:]]), ("costs", "7d"))]
    assert shown[-2].count("·") == 1
    zero = [
        line.text for line in lines(costs(rows=[{**COST_ROWS[0], "cost": 0}, *COST_ROWS[1:]]), ("costs", "7d"))
    ]
    assert zero[-2].count("·") == 0
    assert "▁" in zero[-2]


def test_more_days_than_columns_are_drawn_as_means_and_it_says_so() -> None:
    app = application(timelines=[timeline(COSTS), timeline(COSTS, "1y")])
    assert "each bar is the mean of about 3.4 values" in text(with_app(app), ("costs", "1y"))
    assert "each bar" not in text(with_app(app), ("costs", "7d"))


def test_lines_have_a_legend_and_wait_for_what_draws_them(plotter: Plotter) -> None:
    shown = "\n".join(line.text for line in lines(with_app(), ("tokens", "7d"), plotter=plotter))
    assert "━ total" in shown
    assert "━ output" in shown
    assert "the chart is coming" in text(with_app(), ("tokens", "7d"))


def test_negative_values_are_drawn_as_lines(plotter: Plotter) -> None:
    snapshot = costs(rows=[{**row, "cost": -1.0 - at} for at, row in enumerate(COST_ROWS)])
    shown = "\n".join(line.text for line in lines(snapshot, ("costs", "7d"), plotter=plotter))
    assert "█" not in shown.partition("costs")[2]
    assert "━ cost" in shown


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "✗ the answer is good, and has no rows at all: 8 were expected"),
        ([{**row, "cost": 0} for row in COST_ROWS], "✗ all 8 rows are 0"),
        (COST_ROWS[:3] + COST_ROWS[5:], "! 2 days are missing: 2026-11-17 to 2026-11-18"),
        (COST_ROWS[::-1], "· the rows are out of order from row 2 on: they are sorted here"),
        ([{**row, "cost": "1.5"} for row in COST_ROWS], "! cost is text, not a number, “1.5”: all 8 rows"),
        (COST_ROWS[:-1], "· nothing of 2026-11-21 yet"),
    ],
)
def test_what_is_odd_is_said_as_what_it_is(rows: list[dict[str, object]], says: str) -> None:
    for cells in (46, 116):
        assert says in text(costs(rows=rows), ("costs", "7d"), cells)


@pytest.mark.parametrize(
    ("kind", "said", "mend"),
    [
        ("unauthenticated", "emergence-app.a.run.app answers 401", "give it the header it wants"),
        ("not-found", "nothing at https://emergence-app.a.run.app/costs (404)", "check the path"),
        ("broken", "emergence-app.a.run.app answers 500", "its logs tell more"),
        ("too-large", "emergence-app.a.run.app answers with more than 4 MiB", "raise the limit"),
        ("unreadable", "the answer is not JSON: it begins with “<html>”", "a login page answers 200, too"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(kind: str, said: str, mend: str) -> None:
    snapshot = with_app(application(timelines=[unread(COSTS, kind, said, mend)]))
    shown = text(snapshot, ("costs", "7d"))
    assert f"✗ {said}" in shown
    assert mend in shown


def test_without_anything_it_says_what_is_missing() -> None:
    assert text(healthy()) == "the application is not asked yet"
    assert text(replace(empty(), app=application())) == "waiting for the service's URLs"
    broken = AppPicture(problem=Problem("config", "mine.toml:3: app.headers.A cannot be", "mend it"))
    assert text(with_app(broken)) == "mine.toml:3: app.headers.A cannot be mend it"
    said = text(with_app(AppPicture()))
    assert "no health checks: [[app.health.checks]]" in said
    assert "no timelines: [[app.timelines]]" in said


def test_bad_health_and_empty_timelines_are_said_everywhere() -> None:
    app = application(probe(), SICK, timelines=[timeline(COSTS, rows=[]), timeline(ACTIVITY, rows=[])])
    told = ["".join(span.text for span in spans) for spans in app_notices(with_app(app))]
    assert told[0].startswith("✗ canary /api/health failing 12 min 34 s: it answers 503, not 200–299")
    assert told[1].startswith("! timelines costs, activity: no rows at all")
    assert [span.text.strip() for span in health_badge(app)] == ["✗ canary failing"]
    assert heading(app) == "1 failing"
    both = application(SICK, replace(SICK, tag="blue"), timelines=[])
    assert [span.text.strip() for span in health_badge(both)] == ["✗ 2 failing"]
    assert "· 1 more" in "".join(span.text for spans in app_notices(with_app(both)) for span in spans)


def test_nothing_is_said_of_what_is_well_or_unknown() -> None:
    app = application(probe(), probe("canary", Health.UNKNOWN, why="nobody uses it", resting=True))
    assert list(app_notices(with_app(app))) == []
    assert health_badge(app) == health_badge(None) == ()
    assert heading(app) == heading(None) == ""
    assert list(app_notices(healthy())) == []


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(1460.0, "", "1,460"), (1.5, "", "1.5"), (2.5e6, "", "2.5 M"), (6.628, "$", "6.63 $"), (None, "$", "–")],
)
def test_amounts_are_written_as_people_read_them(value: float | None, unit: str, shown: str) -> None:
    assert amount(value, unit) == shown


@pytest.mark.parametrize(
    ("now", "then", "shown"),
    [(112, 100, "+12 %"), (88, 100, "−12 %"), (100, 100.2, "±0 %"), (5, 0, "0 before"), (0, 0, ""), (None, 3, "")],
)
def test_changes_have_a_sign(now: float | None, then: float | None, shown: str) -> None:
    assert change(replace(timeline(COSTS).values[0], now=now, then=then)) == shown


@pytest.mark.parametrize(
    "hostile", ["\x1b]0;pwned\x07", "[bold]x[/] [@click=app.exit]y[/]", "\u202egnp\n\x9b2J", "漢字" * 60]
)
def test_what_the_outside_says_reaches_no_line_as_it_is(hostile: str, plotter: Plotter) -> None:
    snapshot = with_app(hostile_application(hostile))
    told = [span.text for spans in app_notices(snapshot) for span in spans]
    for chosen in (WEEK, ("tokens", "7d")):
        for cells in (40, 116):
            found = lines(snapshot, chosen, cells, plotter=plotter)
            assert max(cells_of(line.spans) for line in found) <= cells
            told += [line.text for line in found]
    assert not any(control in each for each in told for control in "\x1b\x07\x9b\n\u202e")
