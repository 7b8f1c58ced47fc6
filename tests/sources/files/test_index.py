"""The newest entries are read first, and all others once, from the oldest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.sources.files import index
from cockpit.sources.files.index import Plan, planned
from cockpit.sources.files.opening import opened
from cockpit.sources.files.slices import batches
from tests.sources.files.exports import FORMS, entries, json_lines, numbers
from tests.sources.files.test_slices import segments_of

if TYPE_CHECKING:
    from pathlib import Path


def planned_and_read(path: Path, data: bytes, *, grows: bool = False) -> tuple[Plan, list[int], list[int]]:
    """The plan, and the numbers of the entries on the screen and in the parts."""
    path.write_bytes(data)
    file = opened(str(path))
    assert file.shape is not None
    try:
        plan = planned(file.descriptor, file.shape, file.size, grows=grows)
        shape, descriptor = file.shape, file.descriptor
        segments = [segments_of([list(batches(descriptor, shape, part))]) for part in (plan.screen, *plan.parts)]
    finally:
        file.close()
    read = [[each.text(row) for each in part for row in range(len(each))] for part in segments]
    return plan, numbers(read[0]), numbers(text for part in read[1:] for text in part)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FIRST", 2000)
    monkeypatch.setattr(index, "_SMALLEST", 1000)


@pytest.mark.parametrize(
    "form", ["json lines", "gcloud's array", "indented array", "pretty objects", "plain text"]
)
@pytest.mark.parametrize("grows", [False, True])
def test_the_screen_has_the_newest_and_the_parts_the_rest_in_order(form: str, grows: bool, tmp_path: Path) -> None:
    plan, screen, rest = planned_and_read(tmp_path / "app.log", FORMS[form](entries(200)), grows=grows)
    assert rest + screen == list(range(200))
    assert screen
    assert len(plan.parts) > 1
    assert screen[0] % 3 == 0, "three entries have the same time: they are not torn apart"


def test_a_small_file_is_all_on_the_screen(tmp_path: Path) -> None:
    plan, screen, rest = planned_and_read(tmp_path / "app.log", json_lines(entries(3)))
    assert (screen, rest, plan.processes) == ([0, 1, 2], [], 0)


def test_without_times_everything_is_read_in_its_order(tmp_path: Path) -> None:
    data = b"".join(b"entry %d\n" % number for number in range(1000))
    _, screen, rest = planned_and_read(tmp_path / "app.log", data)
    assert (screen, rest) == ([], list(range(1000)))


@pytest.mark.parametrize("form", ["json lines", "plain text"])
@pytest.mark.parametrize("count", [1, 3, 200])
def test_of_a_file_that_grows_the_half_line_is_left(form: str, count: int, tmp_path: Path) -> None:
    data = FORMS[form](entries(count))
    plan, screen, rest = planned_and_read(tmp_path / "app.log", data + data[:40], grows=True)
    assert rest + screen == list(range(count))
    assert plan.end == len(data) - 1


def test_the_half_line_of_one_that_does_not_is_the_last_entry(tmp_path: Path) -> None:
    data = FORMS["plain text"](entries(200))
    _, screen, rest = planned_and_read(tmp_path / "app.log", data[:-1])
    assert rest + screen == list(range(200))
