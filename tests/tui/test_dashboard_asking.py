"""What panels ask, and how a dashboard is looked at: questions shared and refused, times, variables."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.metrics.dashboards.model import ALL
from cockpit.metrics.engine import QueryError
from cockpit.tui.dashboard_feed import AT_ONCE, DashboardFeed
from cockpit.tui.dashboard_sight import Sight
from tests.tui.staged_dashboards import BROKEN, MISSING, SIZE, dashboard, panel, row, variable
from tests.tui.staged_editor import NOW_MS, EvaluatedEngine

if TYPE_CHECKING:
    from cockpit.metrics.dashboards.intervals import Window
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.engine import Answer

NOW = NOW_MS / 1000


def sight_of(*expressions: str, **more: Any) -> tuple[Sight, Panel]:
    made = dashboard(panel("timeseries", "P", *expressions, at=(0, 0, 12, 8)), **more)
    return Sight(made), made.panels[0]


def window_of(sight: Sight, seconds: float = 900.0) -> Window:
    return sight.window((NOW - seconds, NOW), 240, 15.0)


async def test_the_same_question_has_one_answer_until_time_goes_on() -> None:
    engine = EvaluatedEngine()
    feed = DashboardFeed(engine)
    sight, shown = sight_of(SIZE, SIZE)
    first, second = await asyncio.gather(*(feed.outcome(sight, shown, window_of(sight)) for _ in range(2)))
    assert engine.asked == [SIZE]
    assert first.answers == second.answers
    assert len(first.answered) == 2
    feed.forget()
    await feed.outcome(sight, shown, window_of(sight))
    assert engine.asked == [SIZE, SIZE]


@pytest.mark.parametrize(("leaves", "asked"), [(0, 2), (1, 1)], ids=["its asker", "who waits for the answer"])
async def test_a_question_is_answered_to_who_stays(leaves: int, asked: int) -> None:
    engine = EvaluatedEngine()
    feed = DashboardFeed(engine)
    sight, shown = sight_of(SIZE)
    engine.gate.clear()
    both = [asyncio.create_task(feed.outcome(sight, shown, window_of(sight))) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone = both.pop(leaves)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    engine.gate.set()
    assert (await both[0]).answered
    assert feed.asked == asked


async def test_few_questions_are_asked_at_once() -> None:
    class Counting(EvaluatedEngine):
        most = now = 0

        async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0)
            self.now -= 1
            return await super().range(expression, start, end, step)

    engine = Counting()
    feed = DashboardFeed(engine)
    shown = [sight_of(f"vector({number})") for number in range(3 * AT_ONCE)]
    await asyncio.gather(*(feed.outcome(sight, each, window_of(sight)) for sight, each in shown))
    assert engine.most == AT_ONCE


async def test_what_has_no_answer_says_why() -> None:
    feed = DashboardFeed(EvaluatedEngine())
    sight, shown = sight_of(SIZE, BROKEN, MISSING, 'up{job="$job"}')
    found = await feed.outcome(sight, shown, window_of(sight))
    assert [question.target.ref for question, _ in found.answered] == ["A", "C"]
    assert [str(error) for _, error in found.refused] == [
        "unclosed left parenthesis",
        "no variable is called $job",
    ]
    assert found.unknown == {"no_such_thing_total"}


def test_zooming_goes_through_round_spans() -> None:
    sight, _ = sight_of(SIZE)
    assert sight.described(NOW) == "last 1 h"
    sight.zoom(1, NOW)
    assert sight.described(NOW) == "last 30 min"
    sight.zoom(-2, NOW)
    assert sight.described(NOW) == "last 3 h"
    sight.zoom(-99, NOW)
    assert sight.length(NOW) == 30 * 86400
    sight.zoom(99, NOW)
    assert sight.length(NOW) == 120


def test_no_hour_of_nothing_is_shown_unless_it_is_asked_for() -> None:
    sight, _ = sight_of(SIZE)
    assert sight.note_oldest(NOW - 200)
    assert not sight.note_oldest(NOW - 100)
    assert sight.described(NOW) == "last 5 min · all there is"
    assert sight.described(NOW + 400) == "last 15 min · all there is"
    sight.zoom(-1, NOW)
    assert sight.described(NOW) == "last 15 min"


def test_a_moment_that_is_looked_at_moves_nothing_while_it_is_in_view() -> None:
    sight, _ = sight_of(SIZE)
    live = sight.span(NOW, None)
    assert live == (NOW - 3600, NOW)
    assert sight.span(NOW, NOW - 1200) == live
    assert sight.span(NOW + 60, NOW - 3599) == live
    start, end = sight.span(NOW, NOW - 7200)
    assert start < NOW - 7200 < end
    assert sight.span(NOW, None) == live


@pytest.mark.parametrize(
    ("written", "seconds"), [("now-6h", 21_600), ("now-90s", 90), ("garbage", 3600), ("now-1h-30m", 5400)]
)
def test_the_dashboards_own_times_are_shown_at_first(written: str, seconds: float) -> None:
    sight, _ = sight_of(SIZE, time={"from": written, "to": "now"})
    assert sight.length(NOW) == seconds


async def test_options_of_a_variable_are_read_and_the_chosen_one_is_kept() -> None:
    listed = variable("revision", kind="query", includeAll=True) | {
        "query": "label_values(memory_analysis_cache_size, revision)",
        "current": {"text": "gone", "value": "gone"},
    }
    sight, shown = sight_of(f'{SIZE} > 0 or x{{r="$revision"}}', templating={"list": [listed]})
    await sight.read_options(EvaluatedEngine(), window_of(sight))
    (only,) = sight.choices
    assert [option.text for option in sight.offered(only)] == [
        "All",
        "emergence-app-00275-2jb",
        "emergence-app-00279-kub",
    ]
    assert sight.values(only) == (ALL,)
    assert sight.told(only) == "All"
    sight.chosen["revision"] = ("emergence-app-00279-kub",)
    (question,), _ = sight.questions(shown, window_of(sight))
    assert 'r="emergence-app-00279-kub"' in question.expression


async def test_an_engine_without_an_answer_leaves_a_variable_as_it_was() -> None:
    listed = variable("revision", "one", kind="query") | {"query": "label_values(x, revision)"}
    sight, _ = sight_of(SIZE, templating={"list": [listed]})
    engine = EvaluatedEngine()
    engine.refusal = QueryError("no answer", "unreachable", "is it running?")
    await sight.read_options(engine, window_of(sight))
    assert sight.problems == {"revision": "no answer; is it running?"}
    assert sight.values(sight.choices[0]) == ("one",)


def test_headlines_say_what_is_below_them() -> None:
    made = dashboard(
        row("Of $who", 0, panel("stat", "A", SIZE, at=(0, 1, 4, 4)), collapsed=True),
        templating={"list": [variable("who", "us", "them")]},
    )
    sight = Sight(made)
    sight.expand(window_of(sight))
    number = next(place for place, each in enumerate(sight.rows) if each.headed)
    assert sight.headline(number).lines[0].text == " ▸ Of us · 1 panel"
    sight.folded.clear()
    assert sight.headline(number).lines[0].text == " ▾ Of us · 1 panel"
