"""What can be typed where, in expressions that are being written: | is the cursor."""

from __future__ import annotations

import pytest

from cockpit.metrics.promql.calls import SPECIAL
from cockpit.metrics.promql.completion import Place, Wanted, metrics_in, place_at
from cockpit.metrics.promql.functions import INSTANT, RANGE
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.promql.vocabulary import AGGREGATIONS, FUNCTIONS


def at(marked: str) -> Place | None:
    """The place of the cursor."""
    before, _, after = marked.partition("|")
    return place_at(before + after, len(before))


def test_every_function_that_is_evaluated_has_words_and_no_other() -> None:
    assert FUNCTIONS.keys() == {*INSTANT, *RANGE, *SPECIAL}


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_every_aggregation_is_one(name: str) -> None:
    first = {"count_values": '"v", ', "quantile": "0.9, ", "topk": "1, ", "bottomk": "1, "}.get(name, "")
    parse(f"{name} by (revision) ({first}x)")


@pytest.mark.parametrize(
    ("marked", "wanted", "typed"),
    [
        ("|", Wanted.OPERAND, ""),
        ("ra|", Wanted.OPERAND, "ra"),
        ("rate(|", Wanted.OPERAND, ""),
        ("rate(req|", Wanted.OPERAND, "req"),
        ("clamp(x, |", Wanted.OPERAND, ""),
        ("x + |", Wanted.OPERAND, ""),
        ("x and y|", Wanted.OPERAND, "y"),
        ("x * on (a) |", Wanted.OPERAND, ""),
        ("x == bool |", Wanted.OPERAND, ""),
        ("x |", Wanted.OPERATOR, ""),
        ("x of|", Wanted.OPERATOR, "of"),
        ("rate(x[1m]) |", Wanted.OPERATOR, ""),
        ("sum(x) by (a) |", Wanted.OPERATOR, ""),
        ("1 |", Wanted.OPERATOR, ""),
        ('x{a="b"} |', Wanted.OPERATOR, ""),
        ("sum b|", Wanted.GROUPING, "b"),
        ("sum |", Wanted.GROUPING, ""),
        ("x[|", Wanted.DURATION, ""),
        ("x[5|", Wanted.DURATION, "5"),
        ("x[5m:|", Wanted.DURATION, ""),
        ("x[5m:1|]", Wanted.DURATION, "1"),
        ("x offset |", Wanted.DURATION, ""),
        ("x offset 1|", Wanted.DURATION, "1"),
        ("sum by (|", Wanted.LABEL, ""),
        ("sum by (a, re|", Wanted.LABEL, "re"),
        ("x{|", Wanted.LABEL, ""),
        ('x{a="b", re|', Wanted.LABEL, "re"),
        ("x{a=|", Wanted.VALUE, ""),
        ('x{a="b|', Wanted.VALUE, "b"),
        ("x{a=~'b|", Wanted.VALUE, "b"),
        ('x{"a.b"="c|', Wanted.VALUE, "c"),
    ],
)
def test_a_place_wants_what_the_grammar_allows(marked: str, wanted: Wanted, typed: str) -> None:
    place = at(marked)
    assert place is not None
    assert (place.wanted, place.typed) == (wanted, typed)


@pytest.mark.parametrize(
    "marked",
    [
        "x # a comm|",
        'label_replace(x, "a|',
        '"a|',
        "x @ |",
        "sum by |",
        "sum by (a) |",
        "x{a |",
        "rate |",
        "by |",
        "x 1|",
        "x[1m] 5|",
        "x{]|",
    ],
)
def test_where_nothing_can_be_said_nothing_is_suggested(marked: str) -> None:
    assert at(marked) is None


def test_a_place_knows_whose_labels_and_values_are_meant() -> None:
    braces, value, listed = at("sum(x{re|})"), at('x{revision="a|"} / y'), at("sum by (|) (rate(x[1m]) / y)")
    assert braces is not None
    assert value is not None
    assert listed is not None
    assert braces.metrics == value.metrics == ("x",)
    assert value.label == "revision"
    assert listed.metrics == ("x", "y")
    nameless = at("{re|")
    assert nameless is not None
    assert nameless.metrics == ()


@pytest.mark.parametrize(
    ("marked", "given", "whole"),
    [
        ("sum(ra|)", "rate(", "sum(rate()"),
        ("ra|te", "rate", "rate"),
        ('x{a="b|"}', '"bc"', 'x{a="bc"}'),
        ('x{a="b|x"}', '"bc"', 'x{a="bc"}'),
        ('x{a="b|', '"bc"', 'x{a="bc"'),
        ('x{a="b|, c="d"}', '"bc"', 'x{a="bc", c="d"}'),
        ("x{a=|}", '"b"', 'x{a="b"}'),
        ("x[5|]", "5m", "x[5m]"),
        ("x[|", "5m", "x[5m"),
    ],
)
def test_what_is_taken_replaces_the_word_it_stands_for(marked: str, given: str, whole: str) -> None:
    place, expression = at(marked), marked.replace("|", "")
    assert place is not None
    assert expression[: place.start] + given + expression[place.end :] == whole


def test_metrics_are_told_from_functions_labels_and_operators() -> None:
    expression = 'sum by (a) (rate(x{b="c"}[1m])) / on (a) group_left (d) y offset 5m unless z'
    assert metrics_in(expression) == ("x", "y", "z")
    assert metrics_in("x + x") == ("x",)
    assert metrics_in(")]} x") == ("x",)
