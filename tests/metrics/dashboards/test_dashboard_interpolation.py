"""Variables put into titles and PromQL."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.dashboards.interpolation import (
    LONGEST,
    Bound,
    bindings,
    expression,
    interpolated,
    references,
    verbatim,
)
from cockpit.metrics.dashboards.model import ALL, Option, Variable, VariableKind
from cockpit.metrics.matchers import Op
from cockpit.metrics.promql.nodes import VectorSelector
from cockpit.metrics.promql.parse import parse


def options(*values: str) -> tuple[Option, ...]:
    """Options whose texts are their values in capitals."""
    return tuple(Option(value.upper(), value) for value in values)


ONE, TWO = Bound(options("a")), Bound(options("a", "b.c"), several=True)
KNOWN = {"one": ONE, "two": TWO, "metric": Bound(options("up")), **verbatim({"__range": "60s", "all": ".*"})}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('up{a="$one"}', 'up{a="a"}'),
        ('up{a="${one}"}', 'up{a="a"}'),
        ('up{a="[[one]]"}', 'up{a="a"}'),
        ('up{a=~"$two"}', 'up{a=~"(a|b\\\\.c)"}'),
        ("up{a=~'$two'}", "up{a=~'(a|b\\\\.c)'}"),
        ("up{a=~`$two`}", "up{a=~`(a|b\\.c)`}"),
        ('up{a=~"$all"}', 'up{a=~".*"}'),
        ('up{a=~"${all:regex}"}', 'up{a=~".*"}'),
        ("rate($metric[$__range])", "rate(up[60s])"),
        ("rate(${metric}_total[${__range}])", "rate(up_total[60s])"),
        ('up{a="${two:csv}"}', 'up{a="a,b.c"}'),
        ('up{a=~"[[two:pipe]]"}', 'up{a=~"a|b.c"}'),
        ("$nope + $1 + $", "$nope + $1 + $"),
        ('label_replace(up, "a", "$1", "b", "(.*)$")', 'label_replace(up, "a", "$1", "b", "(.*)$")'),
        ('up # "$one\n+ x{a="#$two"}', 'up # "$one\n+ x{a="#(a|b\\\\.c)"}'),
        ('up{a="\\"$one"}', 'up{a="\\"a"}'),
    ],
)
def test_an_expression(template: str, text: str) -> None:
    assert expression(template, KNOWN) == text


@pytest.mark.parametrize("mark", ['"', "'"])
@settings(max_examples=20)
@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20))
def test_any_value_is_the_one_that_a_matcher_asks_for(mark: str, value: str) -> None:
    plain = {"v": Bound((Option("", value),))}
    node = parse(expression(f"up{{a={mark}$v{mark}}}", plain))
    assert isinstance(node, VectorSelector)
    assert [(each.op, each.value) for each in node.matchers[1:]] == [(Op.EQUAL, value)]


@settings(max_examples=20)
@given(
    values=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4, unique=True
    )
)
def test_several_values_match_themselves_and_nothing_else(values: list[str]) -> None:
    several = {"v": Bound(tuple(Option(value, value) for value in values), several=True)}
    node = parse(expression('up{a=~"$v"}', several))
    assert isinstance(node, VectorSelector)
    [matcher] = node.matchers[1:]
    assert all(matcher.accepts(value) for value in values)
    assert not matcher.accepts("".join(values) + "!")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("raw", "a,b.c"),
        ("csv", "a,b.c"),
        ("pipe", "a|b.c"),
        ("join:; ", "a; b.c"),
        ("regex", "(a|b\\.c)"),
        ("json", '["a", "b.c"]'),
        ("glob", "{a,b.c}"),
        ("lucene", '("a" OR "b.c")'),
        ("distributed", "a,two=b.c"),
        ("singlequote", "'a','b.c'"),
        ("doublequote", '"a","b.c"'),
        ("sqlstring", "'a','b.c'"),
        ("percentencode", "%7Ba%2Cb.c%7D"),
        ("queryparam", "var-two=a&var-two=b.c"),
        ("html", "a, b.c"),
        ("text", "A + B.C"),
        ("unheard", "{a,b.c}"),
    ],
)
def test_formats(form: str, text: str) -> None:
    assert interpolated(f"${{two:{form}}}", KNOWN) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("date", "2025-10-10T02:12:00.000Z"),
        ("date:iso", "2025-10-10T02:12:00.000Z"),
        ("date:seconds", "1760062320"),
        ("date:YYYY-MM-DD HH:mm", "2025-10-10 02:12"),
    ],
)
def test_moments(form: str, text: str) -> None:
    assert interpolated(f"${{__from:{form}}}", verbatim({"__from": "1760062320000"})) == text
    assert interpolated("${__from:date}", verbatim({"__from": "long ago"})) == "NaN"


def test_a_title_has_the_texts_that_people_chose_by() -> None:
    assert interpolated("CPU of $two on [[one]], $nope", KNOWN) == "CPU of A + B.C on A, $nope"
    assert interpolated("$every", {"every": Bound(options("a", "b"), several=True, text="All")}) == "All"


def test_references() -> None:
    assert references('$a{b="${c:csv}"}[[d]] $1 $a ${e.f}') == ("a", "c", "d", "e")


def variable(**more: object) -> Variable:
    """A query variable."""
    return Variable("v", VariableKind.QUERY, **more)  # type: ignore[arg-type]


def test_what_a_variable_is() -> None:
    known = options("x", "y")
    assert bindings([variable(current=("x",))], {}, {})["v"].options == (Option("x", "x"),)
    assert bindings([variable(current=("x",))], {"v": ["y"]}, {"v": known})["v"].options == (Option("Y", "y"),)
    every = variable(current=(ALL,), include_all=True)
    assert bindings([every], {}, {"v": known})["v"] == Bound(known, several=True, text="All")
    assert bindings([every], {}, {})["v"] == Bound((Option("All", ".*"),), several=True, verbatim=True)
    free = variable(current=(ALL,), include_all=True, all_value=".+")
    assert bindings([free], {}, {"v": known})["v"].verbatim
    inside = bindings([every], {}, {"v": known}, (("v", Option("Y", "y")),))
    assert inside["v"] == Bound((Option("Y", "y"),), several=True)


def test_what_would_have_no_end_is_cut() -> None:
    huge = {"v": Bound(tuple(Option(str(n), str(n) * 200) for n in range(1000)), several=True)}
    for put in (expression, interpolated):
        assert len(put("$v" * 1000, huge)) == LONGEST


def test_all_of_very_many_is_everything_unless_a_pattern_chose_them() -> None:
    many = options(*(f"pod-{n:05}" for n in range(1000)))
    every = variable(current=(ALL,), include_all=True)
    assert bindings([every], {}, {"v": many})["v"].options == (Option("All", ".+"),)
    chosen = variable(current=(ALL,), include_all=True, regex="/pod.*/")
    assert bindings([chosen], {}, {"v": many})["v"].options == many


@pytest.mark.parametrize("text", ["${a.", "[[a", "$", "#", "'#", "\\", "${a:"])
def test_beginnings_of_references_are_text(text: str) -> None:
    assert expression(text * 1_000, KNOWN) == interpolated(text * 1_000, KNOWN) == (text * 1_000)[:LONGEST]
