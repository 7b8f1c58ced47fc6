"""Our labels under the names of another engine, in expressions and in answers."""

from __future__ import annotations

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.sources.prometheus.labels import LabelNames

NAMES = LabelNames({"service": "service_name", "revision": "revision_name", "tag": "tag"})

CASES = [
    ("up", "up"),
    ("revision", "revision"),
    ('up{revision="a"}', 'up{revision_name="a"}'),
    ('up{ revision =~ "a|b" , tag!="x",service!~"y"}', 'up{ revision_name =~ "a|b" , tag!="x",service_name!~"y"}'),
    ('{"revision", "revision"="revision"}', '{"revision", "revision_name"="revision"}'),
    ("{'revision'=`revision`}", "{'revision_name'=`revision`}"),
    ('{__name__="revision"}', '{__name__="revision"}'),
    ("sum by (revision) (up)", "sum by (revision_name) (up)"),
    ("sum(up) BY(service, revision,)", "sum(up) BY(service_name, revision_name,)"),
    ('sum without ("revision", le) (up)', 'sum without ("revision_name", le) (up)'),
    ("sum(revision) by (le)", "sum(revision) by (le)"),
    (
        "a / on (revision) group_left (service, x) b",
        "a / on (revision_name) group_left (service_name, x) b",
    ),
    (
        "a * ignoring(revision) group_right b{revision='x'}",
        "a * ignoring(revision_name) group_right b{revision_name='x'}",
    ),
    ("a and on () b or ignoring (service) c", "a and on () b or ignoring (service_name) c"),
    (
        'label_replace(up{revision="a"}, "revision", "$1-revision", "service", "revision(.*)")',
        'label_replace(up{revision_name="a"}, "revision_name", "$1-revision", "service_name", "revision(.*)")',
    ),
    (
        "label_join(sum by (revision, x) (up), 'tag', 'revision', 'x', 'revision')",
        "label_join(sum by (revision_name, x) (up), 'tag', 'revision', 'x', 'revision_name')",
    ),
    ('count_values("revision", up)', 'count_values("revision_name", up)'),
    ('count_values by (revision) ("service", up)', 'count_values by (revision_name) ("service_name", up)'),
    ('sort_by_label(up, "revision", "x")', 'sort_by_label(up, "revision_name", "x")'),
    (
        'max_over_time(rate(x{revision="a"}[1m])[1h:5m] offset 5m) # by (revision)\n + y',
        'max_over_time(rate(x{revision_name="a"}[1m])[1h:5m] offset 5m) # by (revision)\n + y',
    ),
    ('"revision"', '"revision"'),
    (r'up{x="\"} by (revision)"}', r'up{x="\"} by (revision)"}'),
    (
        "revision:rate5m{revision='a'} @ 1609746000 > bool 1e3",
        "revision:rate5m{revision_name='a'} @ 1609746000 > bool 1e3",
    ),
    ("sum by (revision", "sum by (revision_name"),
    (")))revision{revision=", ")))revision{revision_name="),
    ("", ""),
]


@pytest.mark.parametrize(("ours", "theirs"), CASES)
def test_names_of_labels_and_nothing_else(ours: str, theirs: str) -> None:
    assert NAMES.asked(ours) == theirs


@pytest.mark.parametrize("ours", [case[0] for case in CASES if case[0]])
def test_the_parser_finds_the_same_names(ours: str) -> None:
    """What the Rust parser makes of the expression and of its translation differs by these names alone."""
    swapped = LabelNames({"revision": "revision_z", "service": "service_z"})
    try:
        before = promql_parser.parse(ours).prettify()
    except ValueError:
        pytest.skip("it is no whole expression, or of another PromQL")
    after = promql_parser.parse(swapped.asked(ours)).prettify()
    assert LabelNames({"revision_z": "revision", "service_z": "service"}).asked(after) == before


def test_a_name_that_needs_quotes_gets_them() -> None:
    names = LabelNames({"service": "service.name"})
    assert names.asked('sum by (service) (up{service="a"})') == 'sum by ("service.name") (up{"service.name"="a"})'


def test_without_names_nothing_is_touched() -> None:
    assert LabelNames().asked("sum by (revision) (up)") == "sum by (revision) (up)"
    assert LabelNames().answered({"revision": "a", "x": ""}) == (("revision", "a"),)


def test_labels_come_back_under_our_names() -> None:
    found = NAMES.answered({"__name__": "up", "revision_name": "a", "service_name": "s", "tag": "t", "x": "y"})
    assert found == (("__name__", "up"), ("revision", "a"), ("service", "s"), ("tag", "t"), ("x", "y"))


def test_a_label_that_only_bears_our_name_is_told_apart() -> None:
    assert NAMES.answered({"revision": "other", "revision_name": "a"}) == (
        ("exported_revision", "other"),
        ("revision", "a"),
    )
    swapped = LabelNames({"tag": "revision", "revision": "tag"})
    assert swapped.answered({"tag": "a", "revision": "b"}) == (("revision", "a"), ("tag", "b"))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("", 0), ("sum by ", 7), ("sum by (", 8), ("sum by (revision_na", 8), ("sum by (revision_name", 16)],
)
def test_a_place_in_their_expression_is_found_in_ours(theirs: str, ours: int) -> None:
    assert NAMES.place("sum by (revision) (up{service='a'} foo", len(theirs)) == ours


def test_a_place_behind_several_names() -> None:
    ours = "sum by (revision) (up{service='a'} foo)"
    theirs = NAMES.asked(ours)
    assert NAMES.place(ours, theirs.index("foo")) == ours.index("foo")
    assert NAMES.place(ours, len(theirs)) == len(ours)
    assert NAMES.place(ours, 10_000) == len(ours)


PIECES = (*"(){}[],=~!\"'`\\ab#\n ", "by", "on", "revision", "label_replace", "count_values", "1m", "=~")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_anything_at_all_is_passed_on(expression: str) -> None:
    """No input makes it fail, and what is not one of our names stays as it is."""
    assert NAMES.asked(expression).replace("revision_name", "revision") == expression
    assert 0 <= NAMES.place(expression, 3) <= len(expression)
