"""Functions of instant vectors: arithmetic, dates, labels."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import labels_of
from cockpit.metrics.promql.functions import INSTANT, RANGE
from cockpit.metrics.promql.functions.unsupported import EXPERIMENTAL, NATIVE, refuse_unsupported
from tests.metrics.promql.windows import apply, cells, vector

ONE = labels_of({"__name__": "x", "a": "server-17:9090", "b": "ü"})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("abs", -2.5, 2.5),
        ("acos", 0.5, math.acos(0.5)),
        ("acosh", 2, math.acosh(2)),
        ("asin", 0.5, math.asin(0.5)),
        ("asinh", 2, math.asinh(2)),
        ("atan", 2, math.atan(2)),
        ("atanh", 0.5, math.atanh(0.5)),
        ("ceil", -1.5, -1),
        ("cos", 2, math.cos(2)),
        ("cosh", 2, math.cosh(2)),
        ("deg", math.pi, 180),
        ("exp", 2, math.exp(2)),
        ("exp", 1000, math.inf),
        ("floor", -1.5, -2),
        ("ln", 0, -math.inf),
        ("ln", -1, math.nan),
        ("log10", 1000, 3),
        ("log2", 8, 3),
        ("rad", 180, math.pi),
        ("sgn", -3, -1),
        ("sgn", 0, 0),
        ("sgn", math.nan, math.nan),
        ("sin", 2, math.sin(2)),
        ("sinh", 2, math.sinh(2)),
        ("sqrt", -1, math.nan),
        ("tan", 2, math.tan(2)),
        ("tanh", 2, math.tanh(2)),
    ],
)
def test_each_value_by_itself(name: str, value: float, expected: float) -> None:
    found = apply(name, vector([(ONE, [value, None])]))
    assert found.labels == (labels_of({"a": "server-17:9090", "b": "ü"}),), "the name is dropped, labels are kept"
    assert cells(found) == [[pytest.approx(expected, nan_ok=True), None]]


def test_rounding_halves_goes_up_and_takes_a_step() -> None:
    values = vector({"": [2.5, -2.5, 0.123, None]})
    assert cells(apply("round", values)) == [[3, -2, 0, None]]
    assert cells(apply("round", values, np.full(4, 0.1))) == [[2.5, -2.5, pytest.approx(0.1), None]]


def test_bounds() -> None:
    values = vector({"": [-5.0, 0.0, 5.0]})
    assert cells(apply("clamp", values, np.full(3, -1.0), np.full(3, 1.0))) == [[-1, 0, 1]]
    assert cells(apply("clamp_min", values, np.full(3, 1.0))) == [[1, 1, 5]]
    assert cells(apply("clamp_max", values, np.full(3, 1.0))) == [[-5, 0, 1]]
    crossed = apply("clamp", values, np.array([-1.0, 2.0, -1.0]), np.full(3, 1.0))
    assert cells(crossed) == [[-1, None, 1]], "nothing lies between bounds that cross"


def test_bounds_of_what_is_no_number() -> None:
    values = vector({"": [math.nan]})
    for name, bound, expected in (
        ("clamp_min", 1, "nan"),
        ("clamp_max", 1, "nan"),
        ("clamp_min", math.inf, "inf"),
    ):
        assert str(cells(apply(name, values, np.full(1, float(bound))))[0][0]) == expected
    assert cells(apply("clamp_max", values, np.full(1, -math.inf))) == [[-math.inf]]


DATED: dict[str, Callable[[datetime], int]] = {
    "day_of_month": lambda date: date.day,
    "day_of_week": lambda date: date.isoweekday() % 7,
    "day_of_year": lambda date: date.timetuple().tm_yday,
    "days_in_month": lambda date: monthrange(date.year, date.month)[1],
    "hour": lambda date: date.hour,
    "minute": lambda date: date.minute,
    "month": lambda date: date.month,
    "year": lambda date: date.year,
}


@pytest.mark.parametrize("name", DATED)
@given(seconds=st.integers(-62_135_596_800, 253_402_300_799))
def test_dates_are_those_of_the_calendar(name: str, seconds: int) -> None:
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert cells(apply(name, vector({"": [float(seconds)]}))) == [[DATED[name](date)]]


def test_dates_of_the_step_and_of_what_is_none() -> None:
    now = apply("year", at=[0, 1_785_000_000_123])
    assert (now.labels, cells(now)) == (((),), [[1970, 2026]])
    assert cells(apply("minute", vector({"": [math.nan, math.inf, 1e300, 119.9]}))) == [
        [pytest.approx(math.nan, nan_ok=True)] * 3 + [1]
    ]


@pytest.mark.parametrize(
    ("template", "regex", "expected"),
    [
        ("$1", "(.*):.*", "server-17"),
        ("${1}-x", "(.*):.*", "server-17-x"),
        ("$1x", "(.*):.*", None),
        ("$" + "9" * 5000, "(.*):.*", None),
        ("$name", "(?P<name>[a-z]+).*", "server"),
        ("${name}$$1", "(?P<name>[a-z]+).*", "server$1"),
        ("$2", "(.*)(nothing)?", None),
        ("$7", "(.*)", None),
        ("costs $ 5", ".*", "costs $ 5"),
        ("whole", "server", "unchanged"),
        ("$0", ".*", "server-17:9090"),
    ],
)
def test_a_label_is_replaced_as_go_expands_it(template: str, regex: str, expected: str | None) -> None:
    labels = labels_of({**dict(ONE), "to": "unchanged"})
    [found] = apply("label_replace", vector([(labels, [1.0])]), "to", template, "a", regex).labels
    assert dict(found).get("to") == expected
    assert dict(found)["__name__"] == "x"


def test_labels_are_joined() -> None:
    [found] = apply("label_join", vector([(ONE, [1.0])]), "to", "/", "a", "none", "b").labels
    assert dict(found)["to"] == "server-17:9090//ü"
    [emptied] = apply("label_join", vector([(ONE, [1.0])]), "a", "/").labels
    assert "a" not in dict(emptied), "an empty value is no label"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("label_replace", ("to", "", "a", "("), "regular expression"),
        ("label_replace", ("", "", "a", ""), "destination label"),
        ("label_join", ("", "-", "a"), "destination label"),
        ("label_join", ("to", "-", ""), "source label"),
    ],
)
def test_labels_that_cannot_be(name: str, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(QueryError, match=said) as refused:
        apply(name, vector([(ONE, [1.0])]), *arguments)
    assert refused.value.kind == "evaluation"


@pytest.mark.parametrize("name", sorted(EXPERIMENTAL | NATIVE))
def test_what_is_not_here_is_refused_by_name(name: str) -> None:
    with pytest.raises(QueryError) as refused:
        refuse_unsupported(name)
    assert (refused.value.kind, f"{name}()" in str(refused.value)) == ("unsupported", True)
    assert refused.value.mend


def test_what_is_here_is_not_refused() -> None:
    for name in (*RANGE, *INSTANT):
        refuse_unsupported(name)
