"""However a file's bytes come, the same entries are cut from them, and nothing is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sources.files import cutting
from cockpit.sources.files.cutting import Piece, cutter_of
from cockpit.sources.files.shape import Form, Shape, shape_of
from tests.sources.files.exports import FORMS, entries

if TYPE_CHECKING:
    from collections.abc import Sequence

HELD = entries(12)


def cut(data: bytes, borders: Sequence[int], shape: Shape | None = None) -> list[Piece]:
    """The pieces of bytes that come in these parts."""
    shape = shape or shape_of(data, "it", near=0)
    cutter = cutter_of(shape, shape.first)
    pieces = []
    for start, stop in zip([shape.first, *borders], [*borders, len(data)], strict=True):
        pieces += cutter.feed(data[start:stop])
    return pieces + cutter.end()


@pytest.mark.parametrize("form", FORMS)
@given(borders=st.lists(st.integers(0, 2400), max_size=8).map(sorted))
@settings(max_examples=30)
def test_it_does_not_matter_in_which_parts_bytes_come(form: str, borders: list[int]) -> None:
    data = FORMS[form](HELD)
    borders = [min(border, len(data)) for border in borders]
    pieces = cut(data, borders)
    assert pieces == cut(data, [])
    assert [data[at : at + len(raw)] for at, raw in pieces] == [raw for _, raw in pieces]
    assert len(pieces) == len(HELD)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "plain text"])
def test_pieces_are_entries(form: str) -> None:
    found = [json.loads(raw) for _, raw in cut(FORMS[form](HELD), [])]
    assert sorted(found, key=HELD.index) == HELD


@given(st.binary(max_size=300), st.sampled_from([*Form]))
def test_no_bytes_are_lost(data: bytes, form: Form) -> None:
    shape = Shape(form, b"  " if form is Form.INDENTED else b"", structured=True)
    pieces = cut(data, [], shape)
    kept = b"".join(raw for _, raw in pieces)
    left_out = b" \t\r\n\v\f,[]\x1c\x1d\x1e\x1f\x85\xa0"
    assert kept.translate(None, left_out) == data.translate(None, left_out)


def test_two_arrays_in_one_file_are_one_log() -> None:
    data = FORMS["gcloud's array"](HELD[:3]) + FORMS["gcloud's array"](HELD[3:6])
    assert len(cut(data, [])) == 6


def test_an_entry_that_breaks_off_is_handed_out_as_it_is() -> None:
    data = FORMS["gcloud's array"](HELD)
    pieces = cut(data[:-60], [])
    assert len(pieces) == len(HELD)
    assert pieces[-1][1].startswith(b'{\n    "insertId"')


def test_a_broken_entry_in_a_compact_array_costs_no_other() -> None:
    data = FORMS["compact array"](HELD).replace(b'"entry 5"', b'entry 5"')
    pieces = cut(data, [])
    assert len(pieces) == len(HELD)
    assert b"entry 5" in pieces[5][1]


@pytest.mark.parametrize("form", [*Form])
def test_what_never_ends_takes_bounded_memory(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_ENTRY", 1000)
    shape = Shape(form, structured=True)
    cutter = cutter_of(shape, 0)
    beginning = b'{\n "endless": "'
    pieces = cutter.feed(beginning)
    for _ in range(50):
        pieces += cutter.feed(b"x" * 100)
        assert len(cutter.half) <= 1100
    assert any(b"xxx" in raw for _, raw in pieces)
    assert b"y" in b"".join(raw for _, raw in cutter.feed(b'\n{"y": 1}\n{"z": 1}\n') + cutter.end())
