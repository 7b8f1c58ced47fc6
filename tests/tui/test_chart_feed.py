"""What the chart is fed with: the chosen signal, another one, another service, and where nothing can be asked."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.snapshot import Snapshot
from cockpit.metrics.engine import Answer, QueryError
from cockpit.tui.screens.chart import ChartScreen
from tests.tui import staged
from tests.tui.staged import AT, CANARY, NOW, REF, STABLE, until
from tests.tui.staged_metrics import StagedEngine, ahead, measured
from tests.tui.staged_signals import READINGS, canary_trouble, with_metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.tui.app import CockpitApp

FIFTEEN_MINUTES = 15 * 60


class HeldEngine(StagedEngine):
    """Answers only once `held` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.held = asyncio.Event()

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """As its parent, later."""
        answer = await super().range(expression, start, end, step)
        await self.held.wait()
        return answer


@asynccontextmanager
async def fed(
    snapshot: Snapshot, engine: StagedEngine | None, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[None], CockpitApp]]:
    """The cockpit on a snapshot with an engine."""
    app = staged.cockpit(snapshot, engine=engine)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.main.revisions.rows))
        yield pilot, app


def put(app: CockpitApp, snapshot: Snapshot) -> None:
    """Publish a snapshot."""
    assert isinstance(app.session, staged.StagedSession)
    app.session.put(snapshot)


def said(app: CockpitApp) -> str:
    """What the chart pane says, wrapped words as one line."""
    chart = app.main.chart
    return " ".join(" ".join(chart.render_line(y).text for y in range(chart.size.height)).split())


def marked(app: CockpitApp) -> list[str]:
    """The signals that the signals pane marks as charted."""
    return [line.key for line in app.main.signals.lines if line.text.startswith("▸")]


async def test_errors_are_charted_unless_something_else_is_chosen() -> None:
    engine = StagedEngine()
    async with fed(measured(staged.healthy()), engine) as (pilot, app):
        await until(pilot, lambda: app.main.chart.frame is not None)
        assert app.main.chart.heading == "3 Chart · errors · 15 min"
        assert marked(app) == ["errors"]
        (asked,) = engine.asked
        assert "http_requests_total" in asked[0]
        assert asked[2] == pytest.approx(NOW.timestamp(), abs=2)
        assert asked[2] - asked[1] == pytest.approx(FIFTEEN_MINUTES, abs=2)


async def test_a_wall_clock_that_was_put_forward_moves_no_chart() -> None:
    engine = StagedEngine()
    async with fed(ahead(measured(staged.healthy()), 3600), engine) as (pilot, _app):
        await until(pilot, lambda: bool(engine.asked))
        assert engine.asked[0][2] == pytest.approx(NOW.timestamp() - 3600, abs=2)


async def test_without_errors_the_first_signal_is_charted() -> None:
    only = replace(
        measured(staged.healthy()), metrics=replace(canary_trouble("a", "b", "c"), readings=READINGS[2:4])
    )
    async with fed(only, StagedEngine()) as (pilot, app):
        await until(pilot, lambda: app.main.chart.heading == "3 Chart · P50 · 15 min")
        assert marked(app) == ["p50"]


async def test_another_signal_by_keys_in_turn_and_by_the_cursor_of_the_signals() -> None:
    async with fed(measured(staged.healthy()), StagedEngine()) as (pilot, app):
        for keys, title in (
            (["n"], "P50"),
            (["n", "n"], "P99"),
            (["N"], "P95"),
            (["2", "down"], "P99"),
            (["up", "up", "k"], "errors"),
            (["end"], "memory"),
            (["n"], "requests"),
            (["N"], "memory"),
            (["home", "up"], "requests"),
        ):
            await pilot.press(*keys)
            await until(pilot, lambda title=title: app.main.chart.heading == f"3 Chart · {title} · 15 min")  # type: ignore[misc]
            assert len(marked(app)) == 1


async def test_a_click_on_a_signal_charts_it() -> None:
    async with fed(measured(staged.healthy()), StagedEngine()) as (pilot, app):
        await pilot.click(app.main.signals, offset=(4, 6))
        assert marked(app) == ["p99"]
        await until(pilot, lambda: app.main.chart.heading == "3 Chart · P99 · 15 min")
        await pilot.click(app.main.signals, offset=(4, 1))
        assert marked(app) == ["p99"]


async def test_the_same_readings_are_asked_for_once() -> None:
    engine = StagedEngine()
    snapshot = measured(staged.healthy())
    async with fed(snapshot, engine) as (pilot, app):
        await until(pilot, lambda: app.main.chart.frame is not None)
        heard: list[float] = []
        app.snapshots.subscribe(app.main, lambda shown: heard.append(shown.at), immediate=True)
        put(app, replace(snapshot, at=AT + 1))
        await until(pilot, lambda: AT + 1 in heard)
        assert len(engine.asked) == 1
        assert snapshot.metrics is not None
        put(app, replace(snapshot, at=AT + 2, metrics=replace(snapshot.metrics, read_at=AT + 2)))
        await until(pilot, lambda: len(engine.asked) == 2)


async def test_the_whole_screen_is_fed_and_what_was_chosen_there_stays() -> None:
    engine = StagedEngine()
    async with fed(measured(staged.healthy()), engine) as (pilot, app):
        await until(pilot, lambda: app.main.chart.frame is not None)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, ChartScreen) and app.screen.chart.frame is not None)
        whole = app.screen
        assert isinstance(whole, ChartScreen)
        await pilot.press("minus")
        await until(pilot, lambda: engine.asked[-1][2] - engine.asked[-1][1] > 1.9 * FIFTEEN_MINUTES)
        await pilot.press("n")
        await until(pilot, lambda: str(whole.chart.border_title).startswith("P50"))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main)
        await until(pilot, lambda: app.main.chart.heading == "3 Chart · P50 · 15 min")


async def test_without_an_engine_nothing_is_asked_and_the_whole_screen_stays_shut() -> None:
    async with fed(measured(staged.healthy()), None) as (pilot, app):
        await pilot.press("n", "F")
        assert app.screen is app.main
        assert app.main.chart.data is None
        assert "the chart is coming" in said(app)


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (staged.empty(), "metrics wait for the service"),
        (staged.healthy(), "metrics are being loaded; the first scrape follows"),
        (
            with_metrics(
                replace(
                    canary_trouble(
                        "switched-off", "Metrics disabled. Set ENABLED=true", "turn it on where it runs"
                    ),
                    readings=(),
                )
            ),
            "Metrics disabled. Set ENABLED=true · turn it on where it runs",
        ),
    ],
    ids=["no service", "not loaded", "switched off"],
)
async def test_what_the_chart_waits_for_is_said_in_all_panes_of_metrics(snapshot: Snapshot, words: str) -> None:
    app = staged.cockpit(snapshot)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: words in said(app))
        signals = " ".join(" ".join(line.text.strip() for line in app.main.signals.lines).split())
        assert words in signals


async def test_what_the_engine_refuses_is_said_with_the_mend() -> None:
    engine = StagedEngine(QueryError("too many samples", "limit", "ask for less time"))
    async with fed(measured(staged.healthy()), engine) as (pilot, app):
        await until(pilot, lambda: "too many samples; ask for less time" in said(app))


async def test_another_service_does_not_show_the_first_ones_numbers() -> None:
    snapshot = measured(staged.healthy())
    engine = HeldEngine()
    async with fed(snapshot, engine) as (pilot, app):
        await until(pilot, lambda: len(engine.asked) == 1)
        other = replace(snapshot, ref=replace(REF, service="other"), metrics=None)
        put(app, other)
        await until(pilot, lambda: "metrics are being loaded" in said(app))
        engine.held.set()
        await app.workers.wait_for_complete([worker for worker in app.workers if worker.group == "chart"])
        assert app.main.chart.data is None
        assert app.main.chart.heading == "3 Chart"


async def test_the_newest_question_wins() -> None:
    engine = HeldEngine()
    async with fed(measured(staged.healthy()), engine) as (pilot, app):
        await until(pilot, lambda: len(engine.asked) == 1)
        await pilot.press("n")
        await until(pilot, lambda: len(engine.asked) == 2)
        engine.held.set()
        await until(pilot, lambda: app.main.chart.data is not None)
        assert app.main.chart.heading == "3 Chart · P50 · 15 min"


async def test_an_answer_that_takes_longer_than_the_next_reading_comes() -> None:
    engine = HeldEngine()
    snapshot = measured(staged.healthy())
    async with fed(snapshot, engine) as (pilot, app):
        await until(pilot, lambda: len(engine.asked) == 1)
        assert snapshot.metrics is not None
        for seconds in (5.0, 10.0):
            newer = replace(snapshot, metrics=replace(snapshot.metrics, read_at=AT + seconds))
            put(app, newer)
            app.chart_feed.follow(newer)
            await pilot.pause()
        assert len(engine.asked) == 1
        engine.held.set()
        await until(pilot, lambda: app.main.chart.data is not None)
        await until(pilot, lambda: len(engine.asked) == 2)


async def test_revisions_have_the_colours_they_have_everywhere() -> None:
    async with fed(measured(staged.healthy()), StagedEngine()) as (pilot, app):
        await until(pilot, lambda: app.main.chart.data is not None)
        data = app.main.chart.data
        assert data is not None
        slots = app.slots.give([STABLE, CANARY])
        assert [series.role for series in data.series] == [
            f"revision-{slots[name] + 1}" for name in (STABLE, CANARY)
        ]
