"""The choices of variables: what is asked for them, and what comes of the answer."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.metrics.dashboards.choices import (
    Ask,
    Wanted,
    ask,
    offered,
    options_from,
    options_of,
    options_of_series,
)
from cockpit.metrics.dashboards.choices import still_chosen as still
from cockpit.metrics.dashboards.interpolation import Bound
from cockpit.metrics.dashboards.intervals import Window
from cockpit.metrics.dashboards.model import ALL, Option, Sort, Variable, VariableKind
from cockpit.metrics.labels import labels_of
from tests.metrics.dashboards.written import AT, vector

WINDOW = Window(AT - 3_600_000, AT)
KNOWN = {"job": Bound((Option("a", "a"), Option("b", "b")), several=True)}
SETS = [
    labels_of({"__name__": "up", "job": "b", "pod": "p1"}),
    labels_of({"__name__": "up", "job": "a"}),
    labels_of({"__name__": "down", "job": "a", "zone": "z"}),
]


def variable(query: str = "", **more: Any) -> Variable:
    """A query variable."""
    return Variable("v", VariableKind.QUERY, query=query, **more)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("label_names()", Ask(Wanted.LABEL_NAMES)),
        ("label_names(up)", Ask(Wanted.LABEL_NAMES, "last_over_time(up[3600s])")),
        ("label_values(job)", Ask(Wanted.LABEL, "", "job")),
        ("label_values({}, job)", Ask(Wanted.LABEL, "", "job")),
        ("label_values(up, job)", Ask(Wanted.LABEL, "last_over_time(up[3600s])", "job")),
        (
            'label_values(up{job=~"$job", a="x,y"}, pod)',
            Ask(Wanted.LABEL, 'last_over_time(up{job=~"(a|b)", a="x,y"}[3600s])', "pod"),
        ),
        ("label_values(rate(up[5m]), job)", Ask(Wanted.LABEL, "rate(up[5m])", "job")),
        ("metrics(^node_)", Ask(Wanted.METRICS, name="^node_")),
        ("query_result(topk(3, up[$__range]))", Ask(Wanted.RESULT, "topk(3, up[3600s])")),
        ("up{a='b'}", Ask(Wanted.SERIES, "last_over_time(up{a='b'}[3600s])")),
        ("  ", None),
    ],
)
def test_what_is_asked(query: str, asked: Ask | None) -> None:
    known = {**KNOWN, "__range": Bound((Option("", "3600s"),), verbatim=True)}
    assert ask(variable(query), known, WINDOW) == asked


def test_only_query_variables_that_can_be_asked_are() -> None:
    assert ask(Variable("v", VariableKind.CUSTOM, query="a,b"), KNOWN, WINDOW) is None
    assert ask(variable("label_names()", missing="data from loki"), KNOWN, WINDOW) is None


def values(options: tuple[Option, ...]) -> list[str]:
    """What is put in."""
    return [option.value for option in options]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Ask(Wanted.LABEL, "", "job"), ["a", "b"]),
        (Ask(Wanted.LABEL, "", "none"), []),
        (Ask(Wanted.LABEL_NAMES), ["__name__", "job", "pod", "zone"]),
        (Ask(Wanted.METRICS, name="^u"), ["up"]),
        (Ask(Wanted.METRICS, name="("), []),
        (Ask(Wanted.SERIES), ['down{job="a", zone="z"}', 'up{job="a"}', 'up{job="b", pod="p1"}']),
    ],
)
def test_options_in_label_sets(asked: Ask, found: list[str]) -> None:
    assert values(options_of_series(variable(), asked, SETS)) == found
    answer = vector(*((dict(labels), 1.0) for labels in SETS))
    assert values(options_of(variable(), asked, answer)) == found


def test_the_result_of_a_query_is_written_for_patterns_to_pick_apart() -> None:
    answer = vector(({"__name__": "up", "job": "a"}, 1.0), ({"job": "b"}, 0.25))
    result = Ask(Wanted.RESULT, "up")
    assert values(options_of(variable(), result, answer)) == ['up{job="a"} 1 0', '{job="b"} 0.25 0']
    assert values(options_of(variable(regex='/job="([^"]+)"/'), result, answer)) == ["a", "b"]


@pytest.mark.parametrize(
    ("regex", "found"),
    [
        ("", [("a-1", "a-1"), ("a-2", "a-2"), ("b-1", "b-1")]),
        ("/^a/", [("a-1", "a-1"), ("a-2", "a-2")]),
        ("a.*", [("a-1", "a-1"), ("a-2", "a-2")]),
        ("/(\\w)-.*/", [("a", "a"), ("b", "b")]),
        ("/(?<text>\\w)-(?<value>\\d)/", [("b", "1"), ("a", "2")]),
        ("/(\\w)/g", [("a", "a"), ("1", "1"), ("2", "2"), ("b", "b")]),
        ("/A/i", [("a-1", "a-1"), ("a-2", "a-2")]),
        ("/(?!a)/", []),
        ("/nothing/", []),
    ],
)
def test_a_pattern_keeps_some_or_parts_of_them(regex: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(each) for each in options_from(variable(regex=regex), ["a-1", "a-2", "b-1"])] == found


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (Sort(), ["n10", "N9", "n1"]),
        (Sort("text"), ["N9", "n1", "n10"]),
        (Sort("text", True), ["n10", "n1", "N9"]),
        (Sort("number"), ["n1", "N9", "n10"]),
        (Sort("number", True), ["n10", "N9", "n1"]),
        (Sort("folded"), ["n1", "n10", "N9"]),
        (Sort("natural"), ["n1", "N9", "n10"]),
    ],
)
def test_the_order(sort: Sort, found: list[str]) -> None:
    assert values(options_from(variable(sort=sort), ["n10", "N9", "n1"])) == found


def test_what_is_offered() -> None:
    every = variable(include_all=True, auto=10)
    assert values(offered(every, [Option("a", "a")])) == [ALL, "$__auto_interval_v", "a"]


@pytest.mark.parametrize(
    ("more", "chosen", "found"),
    [
        ({}, ["b"], ("b",)),
        ({}, ["gone"], ("a",)),
        ({}, ["a", "b"], ("a",)),
        ({"multi": True}, ["a", "gone", "b"], ("a", "b")),
        ({"multi": True, "include_all": True}, ["a", ALL], (ALL,)),
        ({"include_all": True}, ["gone"], (ALL,)),
    ],
)
def test_what_stays_chosen(more: dict[str, Any], chosen: list[str], found: tuple[str, ...]) -> None:
    assert still(variable(**more), chosen, [Option("a", "a"), Option("b", "b")]) == found


def test_nothing_is_chosen_of_nothing_and_typed_text_stays() -> None:
    assert still(variable(), ["a"], []) == ()
    assert still(Variable("t", VariableKind.TEXTBOX), ["typed"], []) == ("typed",)
