"""What is suggested at a place of an expression, by what is known of the engine."""

from __future__ import annotations

import pytest

from cockpit.metrics.breakdown import Label
from cockpit.metrics.catalogue import Metric
from cockpit.metrics.engine import QueryError
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.promql.completion import place_at
from cockpit.metrics.promql.local import evaluate_instant
from cockpit.tui.lookup import MOST_VALUES, Lookup
from cockpit.tui.suggestions import MOST_SHOWN, Known, Suggestion, at_once, opens, suggestions
from tests.metrics.promql.memory import MemoryStorage
from tests.tui.staged_editor import EvaluatedEngine

KNOWN = Known(
    (Metric("http_requests_total", MetricKind.COUNTER, "Requests so far."), Metric("up", MetricKind.GAUGE)),
    ("http_requests_total", "up", "a.b-c"),
    {
        "up": (Label("revision", (("r1", 2), ("r2", 1))), Label("odd name", (("x", 1),))),
        "": (Label("service", (("s", 3),)),),
    },
)


CROWD = [f"m{number}_total" for number in range(5000)]


def found(expression: str) -> list[Suggestion]:
    """What is suggested where "|" stands."""
    cursor = expression.index("|")
    place = place_at(expression.replace("|", ""), cursor)
    assert place is not None
    return [suggestion for suggestion, _ in suggestions(place, KNOWN).found]


@pytest.mark.parametrize(
    ("expression", "best", "before", "after"),
    [
        ("http|", "http_requests_total", "http_requests_total", ""),
        ("rat|", "rate", "rate(", ")"),
        ("tim|", "time", "time()", ""),
        ("su|", "sum", "sum(", ")"),
        ("sum b|", "by", "by (", ")"),
        ("up un|", "unless", "unless ", ""),
        ("up * ignor|", "ignoring", "ignoring (", ")"),
        ("sum by (|", "service", "service", ""),
        ("up{odd|", "odd name", '"odd name"', ""),
        ('up{revision="|', "r1", '"r1"', ""),
        ("up{revision=~`|", "r1", "`r1`", ""),
        ("rate(up[3|", "30s", "30s", ""),
    ],
)
def test_the_best_suggestion(expression: str, best: str, before: str, after: str) -> None:
    first = found(expression)[0]
    assert (first.text, first.before, first.after) == (best, before, after)


def test_a_name_that_needs_quotes_gets_them() -> None:
    assert next(each.before for each in found("a|") if each.text == "a.b-c") == '{"a.b-c"}'


def test_metrics_are_told_by_their_kind_and_help() -> None:
    first = found("http|")[0]
    assert (first.kind, first.about) == ("counter", "Requests so far.")


@pytest.mark.parametrize("value", ['a"b', "back\\slash", "two\nlines", "\x1b]0;x\x07", "\u202eabc", "\x85", "ü"])
@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_a_value_is_written_so_that_it_means_itself_and_shows_nothing_else(value: str, quote: str) -> None:
    known = Known(labels={"up": (Label("a", ((value, 1),)),)})
    place = place_at(f"up{{a={quote}", 6)
    assert place is not None
    written = suggestions(place, known).found[0][0].before
    assert written.isprintable()
    storage = MemoryStorage({(("__name__", "up"), ("a", value)): {0: 1.0}})
    assert len(evaluate_instant(f"up{{a={written}}}", storage, 0).samples) == 1


@pytest.mark.parametrize(
    ("expression", "opened"),
    [
        ("", False),
        ("r", True),
        ("up + 1", False),
        ("up ", False),
        ("up{", True),
        ("rate(up[", True),
        ("sum(", False),
    ],
)
def test_suggestions_come_by_themselves_only_where_they_help(expression: str, opened: bool) -> None:
    place = place_at(expression, len(expression))
    assert (place is not None and opens(place)) is opened


def test_no_more_are_shown_than_anybody_reads() -> None:
    place = place_at("m", 1)
    assert place is not None
    assert len(suggestions(place, Known(names=CROWD)).found) == MOST_SHOWN


def test_of_very_many_names_those_with_the_word_in_one_piece_are_found_at_once() -> None:
    known = Known(names=CROWD)
    place, rare = place_at("m7", 2), place_at("m9_9", 4)
    assert place is not None
    assert rare is not None
    answer = at_once(place, known)
    assert answer is not None
    assert answer.found[0][0].text == "m7_total"
    assert at_once(rare, known) is None
    assert suggestions(place_at("m99tl", 5) or rare, known).found[0][0].text == "m99_total"


class CrowdedEngine(EvaluatedEngine):
    """A metric with a value of its own for each of very many series."""

    async def series(self, metric: str) -> list[tuple[tuple[str, str], ...]]:
        """Twelve thousand of them."""
        self.looked_at.append(metric)
        return [(("__name__", metric), ("user", f"u{number}")) for number in range(12_000)]


async def test_labels_are_asked_for_once_and_kept_in_bounds() -> None:
    engine = CrowdedEngine()
    lookup = Lookup(engine)
    place = place_at("up{", 3)
    assert place is not None
    assert lookup.at_once(place) is None
    for _ in range(2):
        assert [each.text for each, _ in (await lookup.suggest(place)).found] == ["user"]
    assert engine.looked_at == ["up"]
    assert len(lookup.known.labels["up"][0].values) == MOST_VALUES


async def test_an_engine_that_does_not_tell_leaves_the_words_of_promql() -> None:
    engine = EvaluatedEngine()
    engine.refusal = QueryError("out of reach", "unreachable")
    lookup = Lookup(engine)
    await lookup.read(0)
    place = place_at("rat", 3)
    assert place is not None
    answer = lookup.at_once(place)
    assert answer is not None
    assert answer.found[0][0].text == "rate"
