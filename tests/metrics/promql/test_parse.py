"""Expressions as text, tree and text again, and the place of what is wrong with them."""

from __future__ import annotations

import threading

import pytest

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.matchers import Matcher, Op
from cockpit.metrics.promql.durations import duration
from cockpit.metrics.promql.nodes import (
    Aggregation,
    Binary,
    Call,
    Cardinality,
    Edge,
    Matching,
    MatrixSelector,
    Negation,
    Number,
    String,
    Subquery,
    VectorSelector,
)
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.promql.tokens import misplaced
from cockpit.metrics.promql.written import written

A = VectorSelector((Matcher("__name__", Op.EQUAL, "a"),))
B = VectorSelector((Matcher("__name__", Op.EQUAL, "b"),))


@pytest.mark.parametrize(
    ("expression", "node"),
    [
        ("a", A),
        ("(((a)))", A),
        ('{"a"}', A),
        ("a # why\n", A),
        ("1_000", Number(1000.0)),
        ("0x1_0", Number(16.0)),
        (r'"\xc3\xa9 \303\251 \u00e9 é"', String("é é é é")),
        (r'"\x22\\xc3" ', String('"\\xc3')),
        (r"`\xc3`", String(r"\xc3")),
        ("1h30m", Number(5400.0)),
        ("- -1", Number(1.0)),
        ("-a", Negation(A)),
        ("a[5m]", MatrixSelector(A, 300_000)),
        ("a offset -1m", VectorSelector(A.matchers, -60_000)),
        ("a @ 5.25 offset 1m", VectorSelector(A.matchers, 60_000, 5250)),
        ("a @ end()", VectorSelector(A.matchers, 0, Edge.END)),
        ("a @ 9e12", VectorSelector(A.matchers, 0, 9_000_000_000_000_000)),
        ("a[1h:30s] @ start()", Subquery(A, 3_600_000, 30_000, 0, Edge.START)),
        ("a[1h:]", Subquery(A, 3_600_000, None)),
        ("time()", Call("time", (), ResultKind.SCALAR)),
        ("sum(a)", Aggregation("sum", A)),
        ("sum by () (a)", Aggregation("sum", A, grouped=True)),
        (
            "topk without (x, y) (3, a)",
            Aggregation("topk", A, Number(3.0), ("x", "y"), True, True),
        ),
        ("a > bool 1", Binary(">", A, Number(1.0), None, gives_bool=True)),
        ("a + b", Binary("+", A, B, Matching())),
        ("a and b", Binary("and", A, B, Matching(Cardinality.MANY_TO_MANY))),
        (
            "a * on (x) group_left (y) b",
            Binary("*", A, B, Matching(Cardinality.MANY_TO_ONE, ("x",), on=True, include=("y",))),
        ),
        ("a / ignoring (x) b", Binary("/", A, B, Matching(labels=("x",)))),
    ],
)
def test_parse_makes_the_tree(expression: str, node: object) -> None:
    assert parse(expression) == node


@pytest.mark.parametrize(
    "expression",
    [
        'sum by (x, "é") (rate(a{b="c\\"\\n", d=~"e|f"}[5m] offset -1m))',
        "-(a ^ 2)",
        "(-a) ^ 2",
        "(-1) ^ 2",
        "2 ^ (3 ^ 2) ^ a",
        "(a - b) - (a - (b - a))",
        "max_over_time((rate(a[5m]) / 3)[1h:30s] @ start() offset 1ms)",
        'label_replace({__name__=~"a|b"}, "x", "$1", "y", "(.*)")',
        'count_values("x", a) > bool -Inf',
        "a / ignoring (x) group_right () b",
        "a unless on () b or NaN * a @ 5.250",
        "quantile without (x) (0.9, a)",
        '{"a.b", c!~"d"}',
        "vector(1e+100) + 0.1",
    ],
)
def test_written_parses_to_the_same(expression: str) -> None:
    node = parse(expression)
    # NaN is not itself, so trees are compared as they print.
    assert repr(parse(written(node))) == repr(node)
    assert "\n" not in written(node)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0s"), (1, "1ms"), (300_000, "5m"), (5_400_000, "1h30m"), (90_061_001, "1d1h1m1s1ms")],
)
def test_duration_is_written_as_promql_has_it(milliseconds: int, text: str) -> None:
    assert duration(milliseconds) == text


@pytest.mark.parametrize(
    ("expression", "kind", "position"),
    [
        ("", "syntax", 0),
        ("1 +", "syntax", 3),
        ("a b", "syntax", 2),
        ("a + * b", "syntax", 4),
        ("rate(a[5m]) rate(b[5m])", "syntax", 12),
        ("sum by (x) a", "syntax", 11),
        ("sum(a) by (b) c", "syntax", 14),
        ("a + on(x) group_left b c", "syntax", 23),
        ("sum(", "syntax", 3),
        ("(a", "syntax", 0),
        ("a)", "syntax", 1),
        ('a{b="c"', "syntax", 7),
        ("a{b=c}", "syntax", 4),
        ('a{b=~"("}', "syntax", 6),
        ("a + é", "syntax", 4),
        (r'a{b="c\xff"}', "syntax", 6),
        ("a[1.5m]", "syntax", 2),
        ("a[200y]", "syntax", None),
        ("a[1000000000y]", "syntax", None),
        ("a[1e20]", "syntax", 2),
        ("a[5m:1e+20]", "syntax", 2),
        ("a[ 99999999999999999999 ]", "syntax", 2),
        ("a[5m] offset # far\n - 1e20", "syntax", 22),
        ("a OFFSET Inf", "syntax", 9),
        ("a @ 5 offset NaN", "syntax", 13),
        ("(a) offset 1e20", "syntax", 11),
        ('"a" offset 1e20', "syntax", 11),
        ("a{} offset 1e400", "syntax", 11),
        ('{a="b" or c="d"}', "syntax", None),
        ("1 + nope(a)", "syntax", 4),
        ("1 + rate(a)", "type", 4),
        ("1 and 2", "type", 2),
        ("sum(info(a))", "unsupported", 4),
        ("holt_winters(a[5m], 1, 1)", "unsupported", 0),
        ("histogram_count(a)", "unsupported", 0),
        ("limitk(1, a)", "unsupported", None),
        ("a + fill_left(0) b", "unsupported", None),
    ],
)
def test_errors_name_their_kind_and_place(expression: str, kind: str, position: int | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(expression)
    assert (caught.value.kind, caught.value.position) == (kind, position)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_panic_of_the_parser_is_an_error_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.metrics.promql.parse.check_durations", lambda _expression: None)
    with pytest.raises(QueryError, match="gives up"):
        parse("a[1e20] # past what is known to panic")


def test_large_numbers_that_are_no_durations_are_taken() -> None:
    assert parse("a > 1e300").kind is ResultKind.VECTOR
    assert parse("offset - 1e300").kind is ResultKind.VECTOR
    assert parse('label_replace(a, "b", "offset 1e20", "c", "[1e20]")').kind is ResultKind.VECTOR


def test_a_metric_may_be_named_like_a_function_that_is_refused() -> None:
    assert parse("info") == VectorSelector((Matcher("__name__", Op.EQUAL, "info"),))


def test_what_nests_too_deeply_is_refused_before_the_parser_overruns_its_stack() -> None:
    for deep in ("(" * 100_000, "-" * 100_000 + "a", "+".join(["a"] * 10_000), "a" * 100_000):
        with pytest.raises(QueryError) as caught:
            parse(deep)
        assert caught.value.kind == "limit"


def test_what_may_nest_fits_the_stack_of_a_thread() -> None:
    deepest = [
        "(" * 249 + "a" + ")" * 249,
        "+".join(["a"] * 250),
        "^".join(["a"] * 250),
        "abs(" * 249 + "a" + ")" * 249,
    ]
    done: list[str] = []

    def work() -> None:
        for expression in deepest:
            parse(expression)
            done.append(expression)

    # macOS gives threads 512 KiB.
    before = threading.stack_size(512 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    threading.stack_size(before)
    assert done == deepest


@pytest.mark.parametrize(
    ("expression", "position"), [("sum(a) (b)", 7), ("a{x='y'} {z='w'}", 9), ("a[5m] anchored", 6), ("(a,)", 3)]
)
def test_misplaced_finds_the_piece_that_cannot_follow(expression: str, position: int) -> None:
    assert misplaced(expression) == position
