"""The volume of the log along time: as lines, as words of the filter, and under the hands."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.screen import Screen

from cockpit.logs.entry import Severity
from cockpit.tui.log_reader import LogReader
from cockpit.tui.views.log_look import Look
from cockpit.tui.views.log_span import narrowed, widened
from cockpit.tui.views.log_volume import Bucket, Grid, Volume, grid, index_at, volume_lines
from cockpit.tui.widgets import log_histogram
from cockpit.tui.widgets.log_histogram import SECONDS, LogHistogram
from tests.tui import staged
from tests.tui.shown import Shown, shown
from tests.tui.staged_logs import NOW, SECOND, StagedLogs, entry, staged_logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import ComposeResult

NOON = 1_763_726_400 * SECOND
TEN = Grid(NOON, 60 * SECOND, 10)


def drawn(volume: Volume, cells: int = 10, rows: int = 5) -> list[str]:
    """The text of every row."""
    return [line.text for line in volume_lines(volume, cells, rows)]


def roles(volume: Volume, row: int, cells: int = 10, rows: int = 5) -> list[str]:
    """The role of every cell of a row."""
    return [span.role for span in volume_lines(volume, cells, rows)[row].spans for _ in span.text]


@given(st.integers(0, 1 << 60), st.integers(1, 1 << 58), st.integers(2, 400))
def test_spans_are_round_cover_all_and_are_not_too_many(first: int, length: int, most: int) -> None:
    made = grid(first, first + length, most)
    assert made.start <= first < first + length <= made.end
    assert made.spans <= most
    assert made.start % made.width == 0
    assert made.at(first) == 0
    assert made.at(first + length - 1) == made.spans - 1
    assert made.width == 1_000_000 or made.width >= length / most


def test_bars_stand_for_all_entries_and_a_row_of_its_own_for_the_bad_ones() -> None:
    buckets = [Bucket(0, 0, 0)] * 10
    buckets[2], buckets[4], buckets[6] = Bucket(10_000, 0, 0), Bucket(5_000, 3, 0), Bucket(1, 0, 1)
    volume = Volume(TEN, buckets, times="utc")
    top, middle, low, bad, _ = drawn(volume)
    assert (top, middle, low) == ("  █       ", "  █ ▄     ", "  █ █ ▁   ")
    assert bad == "    █ █   "
    assert roles(volume, 3)[4::2][:2] == ["warn", "bad"]
    assert drawn(volume, 20)[-1] == "12:00:00    12:10:00"
    assert drawn(volume, 40)[-1].split("  ")[0] == "12:00:00"
    assert "15,001 entries" in drawn(volume, 40)[-1]
    assert "15,001 entries, 1 error · a bar 1 min · highest 10,000" in drawn(volume, 100)[-1]
    assert drawn(volume, 100)[-1].endswith("12:10:00")


def test_one_row_has_the_worst_of_each_span() -> None:
    buckets = [Bucket(8, 0, 0), Bucket(8, 1, 0), Bucket(4, 1, 1), *[Bucket(0, 0, 0)] * 7]
    volume = Volume(TEN, buckets)
    assert drawn(volume, rows=1) == ["██▄       "]
    assert roles(volume, 0, rows=1)[:3] == ["muted", "warn", "bad"]


def test_what_is_selected_has_a_ground_and_is_counted() -> None:
    volume = Volume(TEN, [Bucket(2, 0, 1)] * 10, (TEN.begin(0), TEN.begin(2)), (TEN.begin(3), TEN.begin(5)), "utc")
    assert roles(volume, 0) == ["accent"] * 2 + ["muted"] + ["muted cursor"] * 2 + ["muted"] * 5
    assert drawn(volume, 80)[-1] == "12:03:00 – 12:05:00 · 4 entries, 2 errors · ⏎ narrows"


@given(st.integers(1, 300), st.integers(1, 12))
def test_every_size_is_filled_and_every_column_is_of_a_span(cells: int, rows: int) -> None:
    volume = Volume(TEN, [Bucket(at, at % 3, at % 2) for at in range(10)])
    lines = drawn(volume, cells, rows)
    assert len(lines) == (1 if rows < 3 else rows)
    assert {len(line) for line in lines[: max(1, rows - 1)]} == {cells}
    assert {index_at(volume, x, cells) for x in range(cells)} <= set(range(10))


@pytest.mark.parametrize("words", ["", "slow", "a or b", '"a b" severity>=ERROR', "(a or b) c"])
def test_a_span_comes_and_goes_in_the_words(words: str) -> None:
    once = narrowed(words, NOON, NOON + SECOND)
    assert once.endswith("after:2025-11-21T12:00:00Z before:2025-11-21T12:00:01Z")
    again = narrowed(once, NOON, NOON + 2 * SECOND)
    assert again.count("after:") == 1
    assert widened(once) == words
    assert widened(words) is None


class Harness(Screen[None]):
    """A screen with the histogram alone."""

    AUTO_FOCUS = "LogHistogram"
    DEFAULT_CSS: ClassVar[str] = "Harness LogHistogram { display: block; width: 60; }"

    def __init__(self, reader: LogReader) -> None:
        super().__init__()
        self.now = 0.0
        self.reader = reader
        self.histogram = LogHistogram(clock=lambda: self.now)
        self.let_go = 0

    def compose(self) -> ComposeResult:
        yield self.histogram

    def on_mount(self) -> None:
        self.reader.listen(lambda: self.histogram.picture(self.reader))

    def on_log_histogram_let_go(self) -> None:
        self.let_go += 1


@asynccontextmanager
async def opened(logs: StagedLogs) -> AsyncIterator[tuple[Shown, Harness]]:
    """The histogram of a log."""
    made: list[Harness] = []

    def screen(_session: staged.StagedSession) -> Harness:
        made.append(Harness(LogReader(logs, Look(time="utc"), wall=lambda: staged.NOW)))
        return made[0]

    async with shown(staged.healthy(), screen) as found:
        made[0].histogram.picture(made[0].reader)
        await found.pilot.pause()
        yield found, made[0]
        made[0].reader.close()


async def test_keys_choose_a_span_and_the_filter_narrows_to_it_and_back() -> None:
    async with opened(staged_logs(2000)) as (found, harness):
        assert "2,000 entries" in found.text
        await found.press("left", "left", "shift+left", "shift+left")
        assert "⏎ narrows" in found.text
        before = harness.reader.row
        assert before is not None
        assert before.time % (10 * SECOND) == 0
        await found.press("enter")
        assert harness.reader.scope.words == "after:2026-11-21T12:03:10Z before:2026-11-21T12:03:40Z"
        assert len(harness.reader.ids) == 120
        assert "120 entries" in found.text
        await found.press("escape")
        assert harness.reader.scope.words == ""
        assert "2,000 entries" in found.text
        assert not harness.let_go
        await found.press("escape")
        assert [harness.let_go] == [1]


async def test_escape_first_lets_go_of_what_is_chosen() -> None:
    async with opened(staged_logs(2000)) as (found, harness):
        await found.press("left", "escape")
        assert "narrows" not in found.text
        assert not harness.let_go


async def test_the_mouse_narrows_to_what_it_is_dragged_over_and_a_click_goes_there() -> None:
    async with opened(staged_logs(2000)) as (found, harness):
        await found.pilot.mouse_down(LogHistogram, offset=(10, 1))
        await found.pilot.hover(LogHistogram, offset=(20, 1))
        await found.pilot.mouse_up(LogHistogram, offset=(20, 1))
        await found.pilot.pause()
        assert harness.reader.scope.words.startswith("after:")
        assert 0 < len(harness.reader.ids) < 2000
        await found.press("escape")
        await found.pilot.click(LogHistogram, offset=(0, 0))
        assert harness.reader.index == 0
        assert harness.reader.scope.words == ""


async def test_what_comes_is_counted_once_a_second() -> None:
    logs = staged_logs(2000)
    async with opened(logs) as (found, harness):
        logs.put([entry(2001, 2001, severity=Severity.ERROR)])
        await found.pilot.pause(0.1)
        assert "2,000 entries" in found.text
        harness.now += SECONDS
        harness.histogram.picture(harness.reader)
        await found.pilot.pause()
        assert "2,001 entries" in found.text


async def test_many_are_counted_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_histogram, "AT_ONCE", 300)
    async with opened(staged_logs(2000)) as (found, _):
        await staged.until(found.pilot, lambda: "2,000 entries" in found.text)


async def test_a_log_without_entries_or_at_one_moment_is_drawn() -> None:
    async with opened(staged_logs(0)) as (found, harness):
        await found.press("left", "enter")
        assert harness.reader.scope.words == ""
        harness.reader.logs.put([entry(0, 0), entry(0, 0)])  # type: ignore[attr-defined]
        await staged.until(found.pilot, lambda: len(harness.reader.ids) == 2)
        harness.now += SECONDS
        harness.histogram.picture(harness.reader)
        await found.pilot.pause()
        assert "2 entries" in found.text
        assert harness.reader.row is not None
        assert harness.reader.row.time == NOW
