"""Our expressions as another engine is asked them: its names for our labels, and matchers in every selector."""

from __future__ import annotations

import re

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.promql.describe import nodes
from cockpit.metrics.promql.nodes import VectorSelector
from cockpit.metrics.promql.parse import parse
from cockpit.sources.prometheus.template import Template

NAMES = Template({"service": "service_name", "revision": "revision_name", "tag": "tag"})

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
    swapped = Template({"revision": "revision_z", "service": "service_z"})
    try:
        before = promql_parser.parse(ours).prettify()
    except ValueError:
        pytest.skip("it is no whole expression, or of another PromQL")
    after = promql_parser.parse(swapped.asked(ours)).prettify()
    assert Template({"revision_z": "revision", "service_z": "service"}).asked(after) == before


def test_a_name_that_needs_quotes_gets_them() -> None:
    names = Template({"service": "service.name"})
    assert names.asked('sum by (service) (up{service="a"})') == 'sum by ("service.name") (up{"service.name"="a"})'


def test_without_names_nothing_is_touched() -> None:
    assert Template().asked("sum by (revision) (up)") == "sum by (revision) (up)"
    assert Template().answered({"revision": "a", "x": ""}) == (("revision", "a"),)


def test_labels_come_back_under_our_names() -> None:
    found = NAMES.answered({"__name__": "up", "revision_name": "a", "service_name": "s", "tag": "t", "x": "y"})
    assert found == (("__name__", "up"), ("revision", "a"), ("service", "s"), ("tag", "t"), ("x", "y"))


def test_a_label_that_only_bears_our_name_is_told_apart() -> None:
    assert NAMES.answered({"revision": "other", "revision_name": "a"}) == (
        ("exported_revision", "other"),
        ("revision", "a"),
    )
    swapped = Template({"tag": "revision", "revision": "tag"})
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


OF_ONE = Template({"service": "job"}, 'service=~"app|", zone!="b"')

NARROWED = [
    ("up", 'up{job=~"app|", zone!="b"}'),
    ("up{}", 'up{job=~"app|", zone!="b"}'),
    ('{"up"}', '{job=~"app|", zone!="b","up"}'),
    ('up { service = "x" }', 'up {job=~"app|", zone!="b", job = "x" }'),
    (
        "rate(a[5m:1m] offset -1h30m) / ignoring(x) group_left b @ end()",
        'rate(a{job=~"app|", zone!="b"}[5m:1m] offset -1h30m)'
        ' / ignoring(x) group_left b{job=~"app|", zone!="b"} @ end()',
    ),
    ("1 + Inf > bool 0x1F", "1 + Inf > bool 0x1F"),
    ("vector(1) or time() # up", "vector(1) or time() # up"),
    ('label_replace(vector(1), "up", "up", "", "")', 'label_replace(vector(1), "up", "up", "", "")'),
]


@pytest.mark.parametrize(("ours", "theirs"), NARROWED)
def test_matchers_go_into_every_selector_and_nowhere_else(ours: str, theirs: str) -> None:
    assert OF_ONE.asked(ours) == theirs


SELECTING = [
    "up",
    '{__name__=~".+"}',
    "-sum(-up)",
    "sum by (up) (up)",
    "sum without (up) (rate(up[5m]))",
    "sum(up) by (up)",
    "COUNT(up) BY (x) AND ON (x) up UNLESS up",
    "up and on () up or ignoring (up) up",
    "up * on (job, instance) group_left (version) build_info",
    "up * ignoring (x) group_right () up",
    "up >= bool up == bool 1",
    "topk(3, up) or bottomk(1, up)",
    "quantile by (up) (0.9, up)",
    'count_values("up", up)',
    'count_values without (up) ("up", up)',
    "max_over_time(rate(up[1m])[1h:5m])",
    "up @ start() - up @ 1609746000 offset 5m - (up offset 1w)",
    "count(count by (job) (up)) / scalar(max(max))",
    "inf + nan + up:rate5m + :up",
    "absent(up{job='x'}) unless absent_over_time(up[5m])",
    "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m]))) > 10",
    "((up))",
    "up ^ up % up atan2 up",
    "start + end + group",
    "up # offset up\n + up",
]


@pytest.mark.parametrize("ours", SELECTING)
def test_the_parser_finds_the_matchers_in_every_selector(ours: str) -> None:
    """Our own parser and the Rust one, which know selectors by grammar, are the judges."""
    asked = Template({}, 'zone="b"').asked(ours)
    assert asked.replace('{zone="b"}', "").replace('zone="b",', "") == ours
    promql_parser.parse(asked)
    found = [node for node in nodes(parse(asked)) if isinstance(node, VectorSelector)]
    assert len(found) == len([node for node in nodes(parse(ours)) if isinstance(node, VectorSelector)]) > 0
    assert all([each.value for each in node.matchers if each.name == "zone"] == ["b"] for node in found)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ('up{a="1" or b="2"}', 'up{zone="b",a="1" or zone="b", b="2"}'),
        ("sum(up) by (x) limit 5", 'sum(up{zone="b"}) by (x) limit 5'),
        ("rate(up) keep_metric_names > 1Ki", 'rate(up{zone="b"}) keep_metric_names > 1Ki'),
        ("up if up default 0", 'up{zone="b"} if up{zone="b"} default 0'),
        ("up[step():5i]", 'up{zone="b"}[step():5i]'),
    ],
)
def test_what_only_victoriametrics_knows_is_narrowed_too(ours: str, theirs: str) -> None:
    assert Template({}, 'zone="b"').asked(ours) == theirs


def test_a_place_behind_matchers() -> None:
    ours = "sum by (service) (up) foo"
    theirs = OF_ONE.asked(ours)
    assert OF_ONE.place(ours, theirs.index("foo")) == ours.index("foo")
    assert OF_ONE.place(ours, theirs.index("zone")) == ours.index(") foo")
    assert OF_ONE.place(ours, theirs.index("job")) == ours.index("service")


PIECES = (*"(){}[],=~!\"'`\\ab#\n ", "by", "on", "revision", "label_replace", "count_values", "1m", "=~")


def bare(text: str) -> str:
    """Without empty braces: a name and one in empty braces are narrowed to the same."""
    while "{}" in text:
        text = text.replace("{}", "")
    return text


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_anything_at_all_is_passed_on(expression: str) -> None:
    """No input makes it fail, and what is not one of our names stays as it is."""
    assert NAMES.asked(expression).replace("revision_name", "revision") == expression
    narrow = Template({}, "@@")
    assert bare(re.sub(r"\{@@\}| ?@@,|@@", "", narrow.asked(expression))) == bare(expression)
    for template in (NAMES, narrow):
        assert 0 <= template.place(expression, 3) <= len(expression)
