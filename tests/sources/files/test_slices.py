"""Parts of a file, read each for itself, are together what the file is: nothing twice, nothing missing."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Flag
from cockpit.logs.names import Names
from cockpit.sources.files import slices
from cockpit.sources.files.opening import opened
from cockpit.sources.files.segments import segment_of
from cockpit.sources.files.slices import Slice, batches
from tests.sources.files.exports import FORMS, entries, entry, json_lines, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cockpit.logs.segment import Segment
    from cockpit.sources.files.batch import Batch

SLICED = [form for form in FORMS if form != "compact array"]
FRAMES = [f'  File "app.py", line {number}, in f' for number in range(30)]
TRACEBACK = ("Traceback (most recent call last):", *FRAMES, "ValueError: no")


def parts_of(path: Path, borders: Sequence[int]) -> list[list[Batch]]:
    """The batches of each part between these borders."""
    file = opened(str(path))
    assert file.shape is not None
    try:
        bounds = [file.shape.first, *sorted({min(file.size, max(border, 1)) for border in borders}), file.size]
        return [list(batches(file.descriptor, file.shape, Slice(start, stop))) for start, stop in pairwise(bounds)]
    finally:
        file.close()


def texts_of(parts: Sequence[Sequence[Batch]]) -> list[str]:
    """All texts, in the order of the parts."""
    segments = [segment_of(batch, Names()) for part in parts for batch in part]
    return [segment.text(row) for segment in segments for row in range(len(segment))]


def segments_of(parts: Sequence[Sequence[Batch]]) -> list[Segment]:
    """A segment a batch."""
    return [segment_of(batch, Names()) for part in parts for batch in part if batch.rows]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.mark.parametrize("form", SLICED)
@given(borders=st.lists(st.integers(0, 9000), max_size=6))
@settings(max_examples=15)
def test_each_entry_belongs_to_one_part(form: str, folder: Path, borders: list[int]) -> None:
    path = folder / "app.log"
    path.write_bytes(FORMS[form](entries(20)))
    parts = parts_of(path, borders)
    assert sorted(numbers(texts_of(parts))) == list(range(20))
    for part in parts:
        assert [batch.last for batch in part] == [False] * (len(part) - 1) + [True]


@pytest.mark.parametrize("around", [2000, slices.AROUND])
@given(borders=st.lists(st.integers(0, 30_000), max_size=4))
@settings(max_examples=12)
def test_a_traceback_in_lines_is_one_entry_wherever_a_part_ends(
    around: int, folder: Path, borders: list[int]
) -> None:
    lines = [entry(0, textPayload="before"), *(entry(1, textPayload=line) for line in TRACEBACK), entry(1)]
    path = folder / "app.log"
    path.write_bytes(json_lines(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "AROUND", around)
        found = texts_of(parts_of(path, borders))
    assert found == ["before", "\n".join(TRACEBACK), "entry 1"]


def test_newest_first_is_turned_round_before_tracebacks_are_joined(tmp_path: Path) -> None:
    lines = [
        entry(0, timestamp=f"2025-10-10T02:12:27.{number:03}Z", textPayload=text)
        for number, text in enumerate(["before", *TRACEBACK, "after"])
    ]
    path = tmp_path / "export.json"
    path.write_bytes(FORMS["gcloud's array"](lines))
    (only,) = segments_of(parts_of(path, []))
    assert [only.text(row) for row in range(len(only))] == ["before", "\n".join(TRACEBACK), "after"]
    assert Flag(int(only.flags[1])) & Flag.TRACEBACK
    assert list(only.times) == sorted(only.times)


def test_broken_entries_are_counted_once_with_their_place(tmp_path: Path) -> None:
    data = json_lines(entries(30)).replace(b'"entry 7"', b'entry 7"').replace(b'"entry 20"', b'"entry 20')
    path = tmp_path / "app.jsonl"
    path.write_bytes(data)
    parts = parts_of(path, [3000, 6000])
    broken = [piece for part in parts for batch in part for piece in batch.broken]
    assert sum(batch.broken_count for part in parts for batch in part) == len(broken) == 2
    assert [piece.at for piece in broken] == [data.rindex(b"\n", 0, data.index(b'entry 7"')) + 1, broken[1].at]
    assert all(piece.why and piece.head.startswith(b'{"insertId"') for piece in broken)
    assert len(texts_of(parts)) == 28


def test_several_objects_on_one_line_and_commas_behind_are_read(tmp_path: Path) -> None:
    one, two, three = (json.dumps(entry(n)) for n in range(3))
    path = tmp_path / "app.jsonl"
    path.write_text(f"{one},\n  {two}{three}\n")
    parts = parts_of(path, [len(one) + 10])
    assert numbers(texts_of(parts)) == [0, 1, 2]
    assert not any(batch.broken_count for part in parts for batch in part)


def test_lines_of_text_among_json_are_entries(tmp_path: Path) -> None:
    path = tmp_path / "mixed.log"
    path.write_bytes(json_lines(entries(2)) + b"Container called exit(1).\n\n" + json_lines([entry(2)]))
    (only,) = segments_of(parts_of(path, []))
    assert [only.text(row) for row in range(len(only))] == [
        "entry 0",
        "entry 1",
        "Container called exit(1).",
        "entry 2",
    ]


def test_many_short_lines_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "ROWS", 100)
    path = tmp_path / "app.log"
    path.write_bytes(b"x\n" * 250)
    (part,) = parts_of(path, [])
    assert [batch.rows for batch in part] == [84, 84, 82]
    assert [batch.read for batch in part] == [0, 0, 500]
