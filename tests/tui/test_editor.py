"""PromQL written in the terminal: what is suggested, what is wrong with it, and what it comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.tui.screens.editor import EditorScreen
from tests.tui.edited import edited
from tests.tui.staged import AT, NOW, healthy
from tests.tui.staged_catalogue import HOSTILE
from tests.tui.staged_editor import EvaluatedEngine
from tests.tui.staged_metrics import ahead, measured

FAILURES = "sum by (revision) (rate(memory_analysis_failure_total[1m]))"


async def test_an_expression_is_typed_with_completion_and_charted() -> None:
    async with edited() as view:
        await view.type("sum by (rev")
        await view.until(lambda: view.suggested == ["revision"])
        await view.press("tab", "right")
        await view.type(" (rate(mem_fail")
        assert view.suggested == ["memory_analysis_failure_total"]
        await view.press("enter")
        await view.type("[1m")
        await view.press("enter")
        assert view.written == FAILURES
        await view.until_said("2 series")
        assert view.engine.asked[-1] == FAILURES
        await view.until_said("00279-kub")


async def test_labels_and_values_are_those_of_the_metric_that_is_written() -> None:
    async with edited() as view:
        await view.type("memory_analysis_failure_total{pro")
        await view.until(lambda: view.suggested == ["provider"])
        assert view.engine.looked_at == ["memory_analysis_failure_total"]
        await view.press("tab", "=")
        assert view.suggested == ["neo", "sage"]
        await view.press("down", "tab")
        assert view.written == 'memory_analysis_failure_total{provider="sage"}'
        await view.type(',error_type="')
        assert view.engine.looked_at == ["memory_analysis_failure_total"]
        assert set(view.suggested) == {"timeout", "invalid_json", HOSTILE}


async def test_what_a_value_must_not_contain_reaches_no_cell() -> None:
    async with edited() as view:
        await view.type("memory_analysis_failure_total{error_type=")
        await view.until(lambda: HOSTILE in view.suggested)
        assert "\x1b" not in view.text
        assert "␛" in view.text
        await view.type('"evil')
        await view.press("tab")
        assert "\x1b" not in view.written
        assert "\\x1b]0;gotcha\\x07" in view.written
        await view.press("enter")
        await view.until_said("4 series")


async def test_enter_asks_where_the_word_is_whole_already() -> None:
    async with edited() as view:
        await view.type("memory_analysis_cache_size")
        assert view.suggested[0] == "memory_analysis_cache_size"
        await view.press("enter")
        await view.until_said("2 series")
        assert view.suggested == []
        assert view.written == "memory_analysis_cache_size"


async def test_escape_hides_the_suggestions_first_and_then_leaves() -> None:
    async with edited() as view:
        await view.type("rat")
        assert view.suggested[0] == "rate"
        await view.press("escape")
        assert view.suggested == []
        assert view.app.screen is view.screen
        await view.press("escape")
        assert not isinstance(view.app.screen, EditorScreen)


async def test_suggestions_are_there_for_the_asking_and_go_with_the_cursor() -> None:
    async with edited() as view:
        assert view.suggested == []
        await view.press("ctrl+@")
        assert "memory_analysis_cache_size" in view.suggested
        await view.type("rat")
        assert view.suggested[0] == "rate"
        await view.press("home")
        assert view.suggested == []


async def test_what_is_wrong_is_said_and_underlined_while_it_is_typed() -> None:
    async with edited() as view:
        await view.type("vector(1) + fooo(x)")
        await view.until_said("unknown function with name 'fooo'")
        assert view.underlined == "fooo"
        await view.press("ctrl+u")
        await view.until_said("type an expression")
        assert view.underlined == ""


async def test_what_is_only_unfinished_is_no_fault_yet() -> None:
    async with edited() as view:
        await view.type("up +")
        await view.until_said("… unexpected end")
        assert "✗" not in view.text


async def test_a_mend_stands_below_its_error() -> None:
    async with edited() as view:
        await view.type("holt_winters(up[5m], 1, 1)")
        await view.until_said("experimental in Prometheus")
        lines = view.text.splitlines()
        told = next(number for number, line in enumerate(lines) if "experimental" in line)
        assert "query an engine that has it enabled" in lines[told + 1]


async def test_what_the_engine_refuses_leaves_the_last_chart_with_its_age() -> None:
    async with edited(FAILURES) as view:
        await view.until_said("2 series")
        shown = view.screen.chart.data
        view.engine.refusal = QueryError("it would look at too many samples", "limit", "ask for less")
        await view.press("enter")
        await view.until_said("it would look at too many samples")
        assert "ask for less" in view.text
        assert view.screen.chart.data is shown
        assert "old" in view.text
        view.engine.refusal = None
        await view.press("enter")
        await view.until_said("2 series")
        assert "too many" not in view.text


async def test_an_error_of_the_engine_stands_at_its_place_until_the_text_is_another() -> None:
    async with edited() as view:
        view.engine.refusal = QueryError("this engine has no such thing", "evaluation", position=4)
        await view.type("1 + 2 + 3")
        await view.press("enter")
        await view.until_said("no such thing")
        assert view.underlined == "2"
        await view.type("0")
        await view.until_said("enter asks")
        assert view.underlined == ""


async def test_a_newer_question_wins() -> None:
    async with edited("vector(1)") as view:
        await view.until_said("1 series")
        view.engine.gate.clear()
        await view.press("ctrl+t", "enter")
        await view.type(" * 0 + 7")
        await view.press("enter")
        view.engine.gate.set()
        await view.until(lambda: " 7" in view.screen.values.lines[0].text if view.screen.values.lines else False)
        assert view.past.newest == "vector(1) * 0 + 7"


async def test_an_answer_that_takes_longer_than_the_next_reading_comes() -> None:
    async with edited("memory_analysis_cache_size") as view:
        await view.until_said("2 series")
        view.engine.gate.clear()
        await view.press("ctrl+t")
        asked = len(view.engine.asked)
        for seconds in (5.0, 10.0):
            snapshot = measured(healthy())
            assert snapshot.metrics is not None
            newer = replace(snapshot, metrics=replace(snapshot.metrics, read_at=AT + seconds))
            view.app.snapshots.publish(newer)
            await view.pilot.pause()
        assert len(view.engine.asked) == asked
        view.engine.gate.set()
        await view.until_said("Values at")


async def test_what_is_asked_for_is_now_on_the_clock_of_the_samples() -> None:
    now = NOW.timestamp() - 600
    async with edited("time()", snapshot=ahead(measured(healthy()), 600)) as view:
        await view.until_said("1 series")
        data = view.screen.chart.data
        assert data is not None
        assert data.series[0].times[-1] == pytest.approx(now, abs=2)
        await view.press("ctrl+t")
        await view.until(lambda: f"{now:.0f}" in view.text)


async def test_metrics_that_could_not_be_had_at_first_are_completed_after_a_later_reading() -> None:
    engine = EvaluatedEngine([])
    engine.refusal = QueryError("the engine does not answer", "unreachable")
    async with edited(engine=engine) as view:
        await view.type("memory_analysis_cache")
        assert view.suggested == []
        engine.families_given, engine.refusal = EvaluatedEngine().families_given, None
        snapshot = measured(healthy())
        assert snapshot.metrics is not None
        later = replace(snapshot, metrics=replace(snapshot.metrics, read_at=AT + 5))
        view.app.snapshots.publish(later)
        await view.pilot.pause()
        await view.until(lambda: not any(worker.group == "prepare" for worker in view.app.workers))
        await view.type("_")
        await view.until(lambda: view.suggested == ["memory_analysis_cache_size"])


async def test_values_are_listed_with_their_series() -> None:
    async with edited("memory_analysis_cache_size") as view:
        await view.until_said("2 series")
        await view.press("ctrl+t")
        await view.until_said('120 ▒ memory_analysis_cache_size{provider="neo"')
        assert "Values at 12:03:44" in view.text
        await view.press("ctrl+t")
        await view.until(lambda: view.screen.chart.display)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [("memory_analysis_cache_size[1m]", "120 the newest of 4"), ('"a word"', "a word")],
)
async def test_what_cannot_be_charted_is_listed(expression: str, shown: str) -> None:
    async with edited() as view:
        view.screen.expression.write(expression)
        await view.press("enter")
        await view.until_said(shown)


async def test_notes_of_the_engine_are_shown() -> None:
    async with edited("rate(memory_analysis_cache_size[1m])") as view:
        await view.until_said("metric might not be a counter")


async def test_past_expressions_come_back_with_up_and_what_was_written_with_down() -> None:
    async with edited("vector(3)", past=("vector(1)", "vector(2)")) as view:
        await view.type(" + 1")
        await view.press("up")
        assert view.written == "vector(3)"
        await view.press("up", "up")
        assert view.written == "vector(1)"
        await view.press("up")
        assert view.written == "vector(1)"
        assert view.suggested == []
        await view.press("down", "down", "down")
        assert view.written == "vector(3) + 1"
        await view.press("ctrl+z")
        assert view.written == "vector(3)"


async def test_it_begins_with_the_last_expression_and_asks_for_it() -> None:
    async with edited(past=("vector(1)", "vector(2)")) as view:
        assert view.written == "vector(2)"
        await view.until_said("1 series")
        assert view.engine.asked[-1] == "vector(2)"


async def test_the_expression_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    async with edited("vector(1)") as view:
        await view.press("ctrl+y")
        assert view.app.clipboard == "vector(1)"
        await view.type(" + 1")
        await view.press("tab", "x")
        assert view.app.clipboard == "vector(1) + 1"


async def test_ten_thousand_metrics_hold_up_no_key() -> None:
    families = tuple(Family(f"metric_{number}_total", MetricKind.COUNTER) for number in range(10_000))
    engine = EvaluatedEngine(families)
    engine.refusal = QueryError("too many series to count", "limit")
    async with edited(engine=engine) as view:
        await view.type("metric_777")
        await view.until(lambda: bool(view.suggested) and view.suggested[0] == "metric_777_total")
        assert len(view.suggested) <= 200
        await view.press("tab")
        assert view.written == "metric_777_total"
