"""Settings of the application: what ships, and those that cannot be, each in one line with its place and mend."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from cockpit import config
from cockpit.config import ConfigError
from cockpit.simulator.app.timelines import DAYS, Timelines, create
from cockpit.sources.timelines.reading import read_timeline
from cockpit.wiring import metrics
from cockpit.wiring.app import habits_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cockpit.config import Settings

    Load = Callable[[str], Settings]

TIMELINE = (
    "[[app.timelines]]\nname = 'queue'\npath = '/q?p={period}'\nperiods = ['7d']\nvalues = [{field = 'n'}]\n"
)
CHECK = "[[app.health.checks]]\npath = '/ready'\n"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Settings of a file that says this."""

    def read(text: str) -> Settings:
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return config.load(path, {})

    return read


def test_emergence_apps_health_and_timelines_ship(load: Load) -> None:
    habits = habits_of(load(""))
    assert [each.name for each in habits.timelines] == ["activity", "costs", "tokens"]
    assert all(list(each.periods) == ["7d", "30d", "90d", "1y"] for each in habits.timelines)
    assert {name for each in habits.timelines for name, _ in each.headers} == {"x-dev-bypass", "x-user-id"}
    assert [each.shape.values for each in habits.timelines] == [
        ("messages", "threads"), ("cost",), ("total", "input", "output"),
    ]  # fmt: skip
    assert habits.timelines[0].path_of("30d") == "/api/dashboard/timeline/activity?period=30d"
    assert [each.longer("7d") for each in habits.timelines] == ["30d"] * 3
    (check,) = habits.probes.checks
    assert (check.path, check.expected.field, check.expected.equals) == ("/api/health", "status", "ok")
    assert check.assumed


def test_every_timeline_that_ships_is_the_one_that_the_application_answers(load: Load, tmp_path: Path) -> None:
    today = date(2026, 11, 21)
    create(tmp_path / "days.sqlite3", 7, today)
    answering = Timelines(tmp_path / "days.sqlite3", today=lambda: today)
    now = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
    for each in habits_of(load("")).timelines:
        for period, seconds in each.periods.items():
            body = msgspec.json.encode(answering.read(each.name, period))
            found = read_timeline(body, each.shape, seconds, now)
            assert len(found.rows) == len(found.slots) == DAYS[period] + 1
            assert all(value is not None for row in found.rows for value in row.values)
            assert found.findings == ()


def test_ones_own_take_the_place_of_what_ships(load: Load) -> None:
    habits = habits_of(load(f"[app.headers]\nA = {{ value = 'all' }}\n{CHECK}status = '204'\n{TIMELINE}"))
    (check,), (timeline,) = habits.probes.checks, habits.timelines
    assert (check.path, check.expected.first, check.expected.last) == ("/ready", 204, 204)
    assert not check.assumed
    assert [name for name, _ in timeline.headers] == ["A"]
    assert (timeline.title, timeline.values[0].title, timeline.shape.step) == ("queue", "n", 86400.0)


def test_a_header_of_one_timeline_wins_over_that_of_all(load: Load) -> None:
    own = f"[app.headers]\nX-Team = {{ value = 'all' }}\nB = {{ value = 'b' }}\n{TIMELINE}"
    (timeline,) = habits_of(load(f"{own}headers = {{ x-team = {{ value = 'own' }} }}\n")).timelines
    assert [(name, value.value) for name, value in timeline.headers] == [("x-team", "own"), ("B", "b")]


def test_nothing_need_be_asked(load: Load) -> None:
    habits = habits_of(load("[app]\ntimelines = []\n[app.health]\nchecks = []\n"))
    assert (habits.probes.checks, habits.timelines) == ((), ())


def test_requests_that_the_cockpit_makes_are_no_traffic_in_the_signals(load: Load) -> None:
    """Else a canary that nobody uses would look well: its health checks are answered."""
    paths = metrics.habits_of(load("")).paths
    assert {"/api/health", "/api/dashboard/timeline/costs", "/api/metrics"} <= paths


BAD = [
    ("[app]\nintervall_seconds = 1\n", ":2: app.intervall_seconds is no setting", "interval_seconds"),
    ("[app.health]\ninterval = 1\n", "app.health.interval is no setting of the cockpit", "interval_seconds"),
    (f"{TIMELINE}unit = 's'\n", ":6: app.timelines[0].unit is no setting", "known here: name"),
    ("[[app.timelines]]\nname = 'a'\n", "app.timelines[0] lacks path", "known here"),
    (TIMELINE.replace("{period}", "7d"), ":3: app.timelines[0].path", "as it ships"),
    (TIMELINE.replace("['7d']", "[]"), "app.timelines[0].periods", "as it ships"),
    (TIMELINE.replace("7d", "a week"), ":4: app.timelines[0].periods holds what is none", "write it like 30s"),
    (TIMELINE.replace("7d", "6h"), "app.timelines[0].periods has '6h', which is shorter than a step", ""),
    (f"{TIMELINE}step = '5s'\n", ":6: app.timelines[0].step is less than a minute: '5s'", "1d or 1h"),
    (f"{TIMELINE}kind = 'pie'\n", "app.timelines[0].kind is none of its values: 'pie'", '"bars", "lines"'),
    (TIMELINE + TIMELINE, ":7: app.timelines[1].name is queue, as one above is", "a name of its own"),
    (f"{TIMELINE}headers = {{ A = {{}} }}\n", "app.timelines[0].headers.A cannot be", "write it like"),
    ("[app.headers]\nCookie = { value = 'a' }\n", "app.headers.Cookie cannot be", "leave it out"),
    (f"{CHECK}status = '2xx'\n", ":3: app.health.checks[0].status", ""),
    (f"{CHECK}status = '299-200'\n", ":3: app.health.checks[0].status ends before it begins", "200-299"),
    (
        f"{CHECK}body = {{ text = 'a', regex = 'b' }}\n",
        "app.health.checks[0].body looks for text and regex",
        "keep",
    ),
    (f"{CHECK}body = {{ equals = 'ok' }}\n", "app.health.checks[0].body says what equals, and not which", "field"),
    (f"{CHECK}body = {{ regex = '(' }}\n", "app.health.checks[0].body.regex is no regular expression", "mend it"),
    ("[[app.health.checks]]\npath = 'ready'\n", ":2: app.health.checks[0].path", ""),
]


@pytest.mark.parametrize(("text", "says", "mend"), BAD, ids=[case[1][:60] for case in BAD])
def test_what_cannot_be_is_one_line_with_its_place(load: Load, text: str, says: str, mend: str) -> None:
    with pytest.raises(ConfigError) as refused:
        habits_of(load(text))
    assert says in str(refused.value)
    assert "mine.toml:" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert mend in refused.value.mend
    assert refused.value.mend
