"""Which signals can be, and what a wrong one is told."""

from __future__ import annotations

import re

import pytest

from cockpit.metrics.signals.signal import Better, Kind, Signal, SignalError, is_selector


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"id": "Errors"}, "lower-case"),
        ({"title": " "}, "title"),
        ({"source": ()}, "at least one metric"),
        ({"source": ("",)}, "at least one metric"),
        ({"source": ("sum(a)",)}, "'sum(a)' is no metric; write one as name"),
        ({"source": ("a[5m]",)}, "is no metric"),
        ({"total": ("b",)}, "this is a rate and it has a total"),
        ({"kind": Kind.RATIO}, "this is a ratio and it has no total"),
        ({"quantile": 0.5}, "a quantile between 0 and 1"),
        ({"kind": Kind.QUANTILE, "quantile": 95.0}, "as 0.95"),
        ({"kind": Kind.QUANTILE, "quantile": 0.95, "source": ("a", "b")}, "of one metric, and here are 2"),
        ({"kind": Kind.QUANTILE, "quantile": 0.9, "source": ("a_bucket",)}, "without _bucket, as a"),
        ({"kind": Kind.QUANTILE, "quantile": 0.9, "source": ('{__name__="a"}',)}, "name its histogram"),
        ({"better": Better.LOWER}, "follows the traffic split"),
        ({"tolerance": -1.0}, "0 or more"),
        ({"tolerance": float("nan")}, "0 or more"),
    ],
)
def test_a_signal_that_cannot_be_is_one_line_with_the_mend(fields: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"id": "load", "title": "load", "kind": Kind.RATE, "source": ("a_total",)}
    with pytest.raises(SignalError, match=re.escape(says)) as raised:
        Signal(**given | fields)  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("signal '")


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("http_requests_total", True),
        ('a:b{code=~"5..", path!="{x}"}', True),
        ("a{b='c', d=`e`}", True),
        (r'{__name__="a\"}"}', True),
        ("", False),
        ("a + b", False),
        ("rate(a[5m])", False),
        ('a{b="c}', False),
        ('a{b="c"} or d', False),
        ("a{" + 'b="c",' * 4000, False),
    ],
)
def test_a_selector_is_told_from_an_expression(text: str, one: bool) -> None:
    assert is_selector(text) is one
