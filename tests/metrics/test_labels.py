"""Label sets as people and PromQL write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cockpit.metrics.labels import NAME, labels_of, notation, quoted
from cockpit.metrics.promql.nodes import VectorSelector
from cockpit.metrics.promql.parse import parse
from cockpit.text import clean


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("café", '"café"'),
        ('a "b"\\c\n', r'"a \"b\"\\c\n"'),
        ("\x1b]0;x\x07", r'"\x1b]0;x\x07"'),
        ("\x9b2J", r'"\U0000009b2J"'),
        ("\u202egnp.exe", r'"\U0000202egnp.exe"'),
    ],
)
def test_a_string_drives_no_terminal(text: str, written: str) -> None:
    assert quoted(text) == written


@given(some.text(some.characters(exclude_categories=["Cs", "Mn", "Me"])))
def test_what_is_quoted_is_clean_and_read_as_it_was(text: str) -> None:
    selector = parse(f"x{{label={quoted(text)}}}")
    assert isinstance(selector, VectorSelector)
    assert selector.matchers[-1].value == text
    assert clean(quoted(text)) == quoted(text)


@pytest.mark.parametrize(
    ("labels", "written"),
    [
        ({}, "{}"),
        ({NAME: "up"}, "up"),
        ({NAME: "up", "job": "a"}, 'up{job="a"}'),
        ({NAME: "odd name", "a.b": "c"}, '{"odd name", "a.b"="c"}'),
    ],
)
def test_a_label_set_as_prometheus_writes_it(labels: dict[str, str], written: str) -> None:
    assert notation(labels_of(labels)) == written
