"""Which rows contain something: against looking at row after row, with Python's own regular expressions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Record
from cockpit.logs.finding import Finder
from cockpit.logs.names import Names
from cockpit.logs.query.error import QueryError
from tests.logs.logged import segment_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.logs.segment import Segment

TEXTS = st.text("abAB é\n\v\té0x:", max_size=12)
MANY = st.builds(
    list.__mul__,
    st.lists(TEXTS | st.sampled_from(["", "a", "ab ab", "xx\nab"]), max_size=8),
    st.sampled_from([1, 50]),
)
"""A few texts, or hundreds: beyond some matches rows are found in runs."""
WORDS = st.text("abAB é\n0", min_size=1, max_size=3)
EXPRESSIONS = (
    (r"a.*b", r"a.*b"),
    (r"^a", r"\Aa"),
    (r"b$", r"b\Z"),
    (r"^$", r"\A\Z"),
    (r"\Aab|0\z", r"\Aab|0\Z"),
    (r"a\sb", r"a\sb"),
    (r"\S\S\S", r"\S\S\S"),
    (r"[\sx]b", r"[\sx]b"),
    (r"a[^\S]", r"a[^\S]"),
    (r"x\na", r"x\va"),
    ("x\na+", r"x\va+"),
    (r"[\n]a", r"[\v]a"),
    (r"[^a]b", r"[^a]b"),
    (r"[[:space:]]a", r"\sa"),
    (r"[]:a]b", r"[\]:a]b"),
    (r"[^]a]b", r"[^\]a]b"),
    (r"[$^.]|é", r"[$^.]|é"),
    (r"\Q.\E|b\Q$", r"\.|b\$"),
    (r"(?i)É+a?", r"(?i)É+a?"),
    (r"(?-m)^b", r"\Ab"),
    (r"(a|b){2,3}", r"(a|b){2,3}"),
    (r"x*", r"x*"),
    (r".", r"."),
    (r"\bab\b", r"\bab\b"),
    (r"\p{Lu}", r"[ABÉ]"),
    (r"\x{e9}", r"é"),
)
"""For RE2, and what means the same to Python for the whole of a row with vertical tabs, `.` meaning all."""

AS_RE2 = re.ASCII | re.DOTALL


def segment(texts: Iterable[str]) -> Segment:
    return segment_of(Names(), [Record(1, text) for text in texts])


def line(text: str) -> str:
    return text.replace("\v", " ").replace("\n", "\v")


def pythons(pattern: str) -> re.Pattern[str]:
    """Case is ignored beyond ASCII, too."""
    return re.compile(pattern, re.DOTALL if "(?i)" in pattern else AS_RE2)


@given(MANY, WORDS)
def test_words_are_found_as_they_stand(texts: list[str], word: str) -> None:
    assert Finder(word).rows(segment(texts)).tolist() == [line(word) in line(text) for text in texts]


@given(MANY, WORDS)
def test_words_are_found_whatever_their_case(texts: list[str], word: str) -> None:
    found = Finder(word, ignore_case=True).rows(segment(texts)).tolist()
    assert found == [line(word).lower() in line(text).lower() for text in texts]


@settings(max_examples=300)
@given(st.sampled_from(EXPRESSIONS), MANY)
def test_an_expression_is_asked_of_every_row_alone(both: tuple[str, str], texts: list[str]) -> None:
    expression, of_python = both
    found = Finder(expression, regex=True).rows(segment(texts)).tolist()
    python = pythons(of_python)
    assert found == [python.search(line(text)) is not None for text in texts]


@settings(max_examples=200)
@given(st.sampled_from(EXPRESSIONS), TEXTS)
def test_marks_are_what_was_found(both: tuple[str, str], text: str) -> None:
    expression, of_python = both
    marks = Finder(expression, regex=True).marks(text)
    assert marks == [each.span() for each in pythons(of_python).finditer(line(text)) if each[0]]


@given(TEXTS, WORDS)
def test_marks_of_a_word_are_counted_in_characters(text: str, word: str) -> None:
    assert Finder(word).marks(text) == [each.span() for each in re.finditer(re.escape(line(word)), line(text))]


@given(MANY, st.sampled_from(["a", "é", r"a\s", "^b"]), st.data())
def test_only_the_rows_asked_for_are_found(texts: list[str], pattern: str, data: st.DataObject) -> None:
    rows, finder = segment(texts), Finder(pattern, regex=True, ignore_case=True)
    few = st.sets(st.integers(0, max(0, len(texts) - 1)), max_size=3)
    chosen = data.draw(few | st.just(set(range(len(texts)))))
    among = np.array([number in chosen for number in range(len(texts))], np.bool_)
    before = among.copy()
    assert finder.rows(rows, among).tolist() == (finder.rows(rows) & among).tolist()
    assert among.tolist() == before.tolist()


@pytest.mark.parametrize("regex", [False, True])
def test_nothing_is_in_every_text(regex: bool) -> None:
    finder = Finder("", regex=regex)
    assert finder.rows(segment(["a", "", "b"])).all()
    assert finder.rows(segment([])).tolist() == []
    assert finder.marks("abc") == []


def test_letters_beyond_ascii_have_cases_too() -> None:
    texts = ["Échec de l’envoi", "ÉCHEC", "İstanbul", "istanbul", "STRASSE", "straße"]

    def found(pattern: str) -> list[str]:
        rows = Finder(pattern, ignore_case=True).rows(segment(texts))
        return [text for text, row in zip(texts, rows, strict=True) if row]

    assert found("échec") == ["Échec de l’envoi", "ÉCHEC"]
    assert found("İ") == ["İstanbul"]
    assert found("istanbul") == ["istanbul"]
    assert found("ß") == ["straße"]
    assert Finder("échec", ignore_case=True).marks("zwei Échec") == [(5, 10)]


def test_a_word_with_special_characters_is_no_expression() -> None:
    assert Finder("é.\\E*(", ignore_case=True).rows(segment(["É.\\e*(", "éx"])).tolist() == [True, False]


def test_bytes_that_are_no_utf8_hide_no_rows() -> None:
    """Blocks should have none, but what other processes hand over is not looked at byte by byte."""
    rows = segment(["aXb", "X", "ab", "aXb X"] * 100)
    broken = replace(rows, block=rows.block.replace(b"b", b"\xff"))
    for finder in (Finder("X"), Finder("[X]", regex=True), Finder("x", ignore_case=True)):
        assert finder.rows(broken).tolist() == [True, True, False, True] * 100
    assert Finder("[X]", regex=True).marks("a\ufffdX\udc80X") == [(2, 3), (4, 5)]


def test_an_expression_that_would_keep_a_backtracking_engine_busy_for_ever() -> None:
    rows = segment(["x" * 5_000, "x" * 5_000 + "y"] * 3)
    assert Finder(r"(x+x+)+y", regex=True).rows(rows).tolist() == [False, True] * 3
    assert Finder(r"(?:(?:.?){50}y.){5}z", regex=True).rows(rows).any() == np.False_


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("(a", "missing ): (a"),
        ("[a", "missing ]: [a"),
        ("a**", "bad repetition operator: **"),
        (r"a(?=b)", "invalid perl operator: (?="),
        (r"\pL{500}", "pattern too large"),
    ],
)
def test_what_is_no_expression_is_said_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(QueryError, match=re.escape(reason)) as caught:
        Finder(expression, regex=True)
    assert (caught.value.position, caught.value.length) == (0, len(expression))


@given(st.text("ab[]()^$\\QEsSnAzC.*?+-|{}:p,1", max_size=8))
def test_any_text_is_an_expression_or_an_error_of_the_query(pattern: str) -> None:
    try:
        finder = Finder(pattern, regex=True)
    except QueryError:
        return
    found = finder.rows(segment(["ab", "", "a\nb"] * 50))
    assert len(found) == 150
    assert found[:3].tolist() == found[-3:].tolist()
