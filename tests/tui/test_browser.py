"""The metrics browser as a user meets it: finding, charting, splitting, and what it says when it cannot."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.metrics.picture import TargetPicture
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.metrics.catalogue import Metric
from cockpit.metrics.engine import QueryError
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.tui.past_expressions import PastExpressions
from cockpit.tui.screens.browser import BrowserScreen
from cockpit.tui.screens.editor import EditorScreen
from cockpit.tui.widgets.expression_chart import ExpressionChart
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_list import MetricList
from cockpit.tui.widgets.metric_search import MetricSearch
from tests.tui import staged
from tests.tui.shown import Shown, shown
from tests.tui.staged import until
from tests.tui.staged_catalogue import USERS, CatalogueEngine
from tests.tui.staged_metrics import measured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.labels import Labels

LOST = QueryError("the engine at http://prometheus:9090 does not answer", "unreachable", "is it running?")


def read(at: float = staged.AT) -> Snapshot:
    """A snapshot of metrics read at a moment; without signals, so that the main screen's chart asks nothing."""
    snapshot = measured(staged.healthy())
    assert snapshot.metrics is not None
    return replace(snapshot, metrics=replace(snapshot.metrics, readings=(), read_at=at))


class Browsing(Shown):
    """The browser, and what its engine was asked."""

    @property
    def names(self) -> list[str]:
        """The metrics in the list."""
        return [metric.name for metric, _ in self.app.screen.query_one(MetricList).items]

    @property
    def chart(self) -> ExpressionChart:
        """The chart beside the labels."""
        return self.app.screen.query_one(ExpressionChart)

    @property
    def lines(self) -> list[str]:
        """The names of the chart's lines."""
        return [series.label for series in self.chart.data.series] if self.chart.data else []

    async def until_says(self, *words: str) -> None:
        """Wait until all of this is on the screen."""
        await until(self.pilot, lambda: all(word in self.text for word in words))

    async def labelled(self, *names: str) -> None:
        """Wait until the labels of the metric under the cursor are these."""
        labels = self.app.screen.query_one(LabelList)
        await until(self.pilot, lambda: tuple(label.name for label in labels.items) == names)


@asynccontextmanager
async def browsing(
    engine: CatalogueEngine, *, size: tuple[int, int] = (120, 40), snapshot: Snapshot | None = None
) -> AsyncIterator[Browsing]:
    """The browser over the staged cockpit."""

    def on(session: staged.StagedSession) -> BrowserScreen:
        session.engine = engine
        return BrowserScreen(session, PastExpressions())

    async with shown(snapshot or read(), on, size=size) as view:
        yield Browsing(view.app, view.session, view.pilot)


def row(view: Browsing, name: str) -> list[str]:
    """The words of a metric's row."""
    return next(line for line in view.text.splitlines() if line.startswith(f" {name}")).split()


async def test_every_metric_is_listed_with_type_values_by_revision_and_help() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("Metrics · 8", "0.8")
        assert row(view, "memory_analysis_cache_size")[1:5] == ["gauge", "mean", "0.8", "5"]
        assert row(view, "memory_analysis_success_total")[1:7] == ["counter", "rate", "2", "/s", "12.5", "/s"]
        assert row(view, "memory_analysis_duration")[1:7] == ["histogram", "P95", "1.2", "s", "7.5", "s"]
        assert "Entries in the cache." in view.text
        assert "█ 00275" in view.text


async def test_what_was_told_of_and_never_sampled_says_so() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("never_incremented_total", "no series")
        assert row(view, "never_incremented_total")[1:5] == ["counter", "rate", "no", "series"]


async def test_a_few_letters_find_a_name_and_whole_words_find_a_help() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"memsucc")
        await view.until_says("1 of 8")
        assert view.names == ["memory_analysis_success_total"]
        await view.press("ctrl+u", *"platform")
        await until(view.pilot, lambda: view.names == ["python_info"])
        await view.press("ctrl+u", *"zzz")
        await view.until_says("No metric has these letters", "0 of 8")


async def test_enter_charts_by_revision_without_waiting_for_the_letters_to_be_looked_for() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8")
        await view.pilot.press(*"failure", "enter")
        await until(view.pilot, lambda: view.lines == ["00275-2jb", "00279-kub"])
        assert set(engine.asked) == {"sum by (revision) (rate(memory_analysis_failure_total[1m]))"}
        assert engine.asked[0] in view.text
        assert "a remark of the engine" in view.text
        assert view.focus == "labels"


async def test_space_splits_by_a_label_and_folds_it_again() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"failure", "enter")
        await view.labelled("revision", "error_type", "provider", "service")
        await view.press("down", "down", "space")
        await until(view.pilot, lambda: len(view.lines) == 4)
        assert view.lines[1] == "00275-2jb provider=sage"
        assert engine.asked[-1] == "sum by (revision, provider) (rate(memory_analysis_failure_total[1m]))"
        await view.press("home", "space")
        await until(view.pilot, lambda: len(view.lines) == 2)
        assert engine.asked[-1] == "sum by (provider) (rate(memory_analysis_failure_total[1m]))"
        await view.press("down", "down", "space")
        await until(view.pilot, lambda: len(view.lines) == 1)
        assert engine.asked[-1] == "sum(rate(memory_analysis_failure_total[1m]))"


async def test_a_split_is_of_the_metric_it_was_asked_for() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"failure")
        await view.labelled("revision", "error_type", "provider", "service")
        screen = view.app.screen
        assert isinstance(screen, BrowserScreen)
        screen.on_label_list_split(LabelList.Split(screen.query_one(LabelList).items[1]))
        screen.on_metric_search_moved(MetricSearch.Moved(Metric("another")))
        await until(view.pilot, lambda: not any(worker.group == "split" for worker in view.app.workers))
        assert view.chart.course is None


async def test_a_label_with_many_values_is_not_split_and_the_reason_is_said() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"concepts", "enter")
        await view.labelled("revision", "user_id_hash", "service")
        await view.press("down", "space")
        await view.until_says(f"not split: user_id_hash has {USERS} values")
        assert not any("user_id_hash" in expression for expression in engine.asked)


async def test_a_label_s_hostile_value_drives_nothing() -> None:
    async with browsing(CatalogueEngine(), size=(200, 55)) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"failure", "enter")
        await view.labelled("revision", "error_type", "provider", "service")
        await view.press("down", "space")
        await until(view.pilot, lambda: len(view.lines) == 6)
        await view.until_says("evil␛]0;gotcha␇[red]{user}")
        assert "\x1b" not in view.text


async def test_n_goes_through_the_measures_and_each_metric_keeps_its_own() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"duration", "enter", "n", "n")
        await until(
            view.pilot, lambda: engine.asked[-1].startswith("histogram_quantile(0.99, sum by (revision, le)")
        )
        await view.press("N")
        await until(view.pilot, lambda: engine.asked[-1].startswith("histogram_quantile(0.5,"))
        await view.press("escape", "ctrl+u", *"cache_size", "enter")
        await until(view.pilot, lambda: engine.asked[-1] == "avg by (revision) (memory_analysis_cache_size)")
        await view.press("escape", "ctrl+u", *"duration", "enter")
        await until(view.pilot, lambda: engine.asked[-1].startswith("histogram_quantile(0.5,"))


async def test_a_click_chooses_a_measure() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"duration")
        await view.until_says("P99")
        at = view.app.screen.query_one("#measures").render_line(0).text.index("rate")
        await view.pilot.click("#measures", offset=(at + 1, 0))
        await until(view.pilot, lambda: bool(engine.asked))
        assert set(engine.asked) == {"sum by (revision) (rate(memory_analysis_duration_seconds_count[1m]))"}


async def test_e_opens_the_editor_with_the_expression_and_x_copies_it() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"cache_size", "enter", "x")
        assert view.app.clipboard == "avg by (revision) (memory_analysis_cache_size)"
        await view.press("e")
        await until(view.pilot, lambda: isinstance(view.app.screen, EditorScreen))
        await view.until_says("avg by (revision) (memory_analysis_cache_size)")


async def test_escape_leads_back_step_by_step() -> None:
    async with browsing(CatalogueEngine()) as view:
        await view.until_says("Metrics · 8")
        await view.press(*"cache", "enter", "f")
        assert not view.app.screen.query_one(MetricList).is_on_screen
        assert view.focus == "chart"
        await view.press("escape")
        assert view.app.screen.query_one(MetricList).is_on_screen
        assert view.focus == "search"
        await view.press("escape")
        assert not isinstance(view.app.screen, BrowserScreen)


async def test_on_little_room_the_chart_has_the_screen() -> None:
    async with browsing(CatalogueEngine(), size=(60, 20)) as view:
        await view.until_says("Metrics · 8", "labels")
        assert not view.chart.is_on_screen
        await view.press(*"cache", "enter")
        await until(view.pilot, lambda: view.chart.is_on_screen)
        assert not view.app.screen.query_one(MetricList).is_on_screen
        await view.pilot.resize_terminal(120, 40)
        await until(view.pilot, lambda: view.app.screen.query_one(MetricList).is_on_screen)
        assert view.chart.is_on_screen


async def test_an_engine_that_fails_says_so_in_place_and_the_last_chart_stays_with_its_age() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8", "0.8")
        await view.press(*"cache", "enter")
        await until(view.pilot, lambda: len(view.lines) == 2)
        engine.refused = {"range": LOST, "values": LOST}
        await view.put(read(staged.AT + 5))
        await view.until_says(f"✗ {LOST}", "is it running?", "values are", "old")
        assert len(view.lines) == 2
        assert str(view.chart.border_subtitle).endswith("old")
        assert view.chart.shown is not None
        engine.refused = {}
        await view.put(read(staged.AT + 10))
        await until(view.pilot, lambda: str(LOST) not in view.text)
        assert not view.chart.border_subtitle


async def test_newer_samples_bring_newer_values_and_a_newer_chart() -> None:
    engine = CatalogueEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8", "0.8")
        await view.press(*"cache", "enter")
        await until(view.pilot, lambda: len(view.lines) == 2)
        glances, asked = len(engine.glances), len(engine.asked)
        await view.put(read(staged.AT + 5))
        await until(view.pilot, lambda: len(engine.glances) > glances and len(engine.asked) == asked + 1)


async def test_one_metric_without_an_answer_does_not_cost_the_others_their_values() -> None:
    engine = CatalogueEngine()
    engine.refused["memory_analysis_failure_total"] = QueryError("too many samples", "limit", "ask for less")
    async with browsing(engine) as view:
        await view.until_says("too many samples", "ask for less", "0.8")
        assert row(view, "memory_analysis_cache_size")[1:6] == ["gauge", "mean", "0.8", "5", "Entries"]
        assert row(view, "memory_analysis_failure_total")[1:4] == ["counter", "rate", "Analyses"]


async def test_metrics_that_cannot_be_read_are_not_none() -> None:
    engine = CatalogueEngine()
    engine.refused["families"] = LOST
    async with browsing(engine) as view:
        await view.until_says(f"✗ {LOST}", "is it running?")
        assert "Metrics ·" not in view.text
        engine.refused.clear()
        await view.press("ctrl+r")
        await view.until_says("Metrics · 8")


async def test_an_engine_that_cannot_count_series_still_has_its_metrics() -> None:
    engine = CatalogueEngine()
    engine.refused["counts"] = QueryError("over a million series", "limit", "name a metric")
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8", "over a million series")
        assert "no series" not in view.text


async def test_no_metric_names_the_reason() -> None:
    snapshot = read()
    assert snapshot.metrics is not None
    problem = Problem("switched-off", "# Metrics disabled.", "set METRICS_ENABLED=true")
    target = TargetPicture(
        "https://a.run.app", "", "", Feed("metrics", FeedState.FAILED, staged.AT, problem=problem)
    )
    empty = replace(snapshot, metrics=replace(snapshot.metrics, targets=(target,)))
    async with browsing(CatalogueEngine(()), snapshot=empty) as view:
        await view.until_says("No metric yet: # Metrics disabled.", "set METRICS_ENABLED=true")
        await view.press("enter", "e", "n", "space", "tab", "x", "e", "n", "f")
        assert isinstance(view.app.screen, BrowserScreen)


async def test_a_hostile_name_is_shown_clean_and_charted_by_its_own_name() -> None:
    engine = CatalogueEngine((Family('up\x1b[2J"{x}', MetricKind.GAUGE, "[red]bold[/]\x1b]0;x\x07"),))
    async with browsing(engine) as view:
        await view.until_says('up␛[2J"{x}', "[red]bold[/]␛]0;x␇")
        assert "\x1b" not in view.text


class LateEngine(CatalogueEngine):
    """Answers once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let: Callable[[], bool] = lambda: True

    async def instant(self, expression: str, at: int) -> Answer:
        """Values, when it is let."""
        await self._patience()
        return await super().instant(expression, at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """A chart, when it is let."""
        await self._patience()
        return await super().range(expression, start, end, step)

    async def series(self, metric: str) -> Sequence[Labels]:
        """Label sets, when it is let."""
        await self._patience()
        return await super().series(metric)

    async def _patience(self) -> None:
        while not self.let():  # noqa: ASYNC110 - that a widget leaves its screen is no event
            await asyncio.sleep(0)


async def test_answers_that_come_while_the_browser_is_left_do_no_harm() -> None:
    engine = LateEngine()
    async with browsing(engine) as view:
        await view.until_says("Metrics · 8", "0.8")
        leaving = view.app.screen.query_one(MetricList)
        engine.let = lambda: not leaving.is_attached
        await view.put(read(staged.AT + 5))
        await view.press("down", "enter", "escape", "escape")
        await until(view.pilot, lambda: not isinstance(view.app.screen, BrowserScreen))
        await view.press("j")
        assert view.app.is_running
