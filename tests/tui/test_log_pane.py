"""The log pane under somebody's hands, over a real store whose entries are put there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cockpit.live.logs.reading import Mode
from cockpit.logs.entry import Severity
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.screens.log_columns import LogColumnsScreen
from cockpit.tui.screens.logs import LogsScreen
from tests.tui import staged
from tests.tui.staged_logs import NOW, SECOND, StagedLogs, entries, entry, staged_logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.logs.entry import Row
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.widgets.log_pane import LogPane

pytestmark = pytest.mark.usefixtures("in_utc")


@dataclass(frozen=True, slots=True)
class Reading:
    """The app with the focus in its log pane."""

    app: CockpitApp
    logs: StagedLogs
    pilot: Pilot[None]

    @property
    def pane(self) -> LogPane:
        """The pane in view."""
        screen = self.app.screen
        return screen.pane if isinstance(screen, LogsScreen) else self.app.main.logs

    @property
    def is_whole(self) -> bool:
        """Whether the log has the whole screen."""
        return isinstance(self.app.screen, LogsScreen)

    @property
    def reader(self) -> LogReader:
        """Who reads."""
        assert self.pane.reader is not None
        return self.pane.reader

    @property
    def row(self) -> Row:
        """The entry one stands on."""
        row = self.reader.row
        assert row is not None
        return row

    @property
    def lines(self) -> list[str]:
        """What the rows say."""
        rows = self.pane.rows
        return [rows.render_line(y).text.strip() for y in range(rows.size.height)]

    @property
    def says(self) -> str:
        """The frame."""
        return f"{self.pane.border_title} | {self.pane.border_subtitle}"

    @property
    def here(self) -> int:
        """The id of the entry one stands on."""
        return self.row.id

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, words: str) -> None:
        """Wait until the frame says something."""
        await staged.until(self.pilot, lambda: words in self.says)

    async def filter(self, words: str) -> None:
        """Type a filter, which is looked for as far as there is anything."""
        await self.pilot.press("slash", *words)
        await staged.until(self.pilot, lambda: not self.reader.searching)


@asynccontextmanager
async def reading(
    logs: StagedLogs | None = None, size: tuple[int, int] = (120, 40), key: str = "8"
) -> AsyncIterator[Reading]:
    """The cockpit over a log, a key pressed."""
    logs = logs or staged_logs()
    app = staged.cockpit(staged.healthy(), logs=logs)
    async with app.run_test(size=size) as pilot:
        await staged.until(pilot, lambda: app.main.logs.reader is not None)
        await pilot.press(key)
        await pilot.pause()
        yield Reading(app, logs, pilot)


async def test_it_follows_what_comes() -> None:
    async with reading() as view:
        assert view.says == "8 Logs | 2,000 · following"
        assert view.lines[-1] == "12:03:43.750  I  00275-2jb  analysed thread 1999 in 19 ms"
        view.logs.put([entry(0, 0, text="newest")])
        await view.until("2,001 · following")
        assert view.lines[-1].endswith("newest")


async def test_scrolling_up_pauses_and_new_entries_are_counted() -> None:
    async with reading() as view:
        await view.press("up", "up")
        before = view.lines
        assert "paused" in view.says
        view.logs.put([entry(number, 0, time=NOW + number) for number in range(214)])
        await view.until("2,214 · paused · 214 new")
        assert view.lines == before
        await view.press("f")
        assert "2,214 · following" in view.says
        assert view.lines != before
        await view.press("f", "end")
        assert view.reader.following


async def test_late_entries_and_such_that_leave_do_not_move_what_one_reads() -> None:
    logs = staged_logs(0, most=1_000)
    for start in range(0, 1_000, 250):
        logs.put(entries(1_000)[start : start + 250])
    async with reading(logs) as view:
        await view.press("pageup", "pageup")
        before, stood_on = view.lines, view.here
        logs.put([entry(10, 1_000, text="late")])
        logs.put([entry(number, 0, time=NOW + number) for number in range(250)])
        await view.until("oldest dropped")
        assert view.lines == before
        assert view.here == stood_on


async def test_a_place_that_has_left_is_where_the_oldest_ones_are() -> None:
    logs = staged_logs(250, most=500)
    async with reading(logs) as view:
        await view.press("home")
        for batch in range(1, 6):
            logs.put([entry(number, 0, time=NOW + batch * SECOND + number) for number in range(250)])
        await view.until("oldest dropped")
        await view.press("down", "up")
        assert view.reader.index == 0
        assert view.row.id == logs.store.order[0]


async def test_beyond_the_oldest_older_ones_are_asked_for() -> None:
    older = [entry(number, 0, time=NOW - 3_600 * SECOND + number, text=f"older {number}") for number in range(9)]
    async with reading(staged_logs(100, older_ones=older)) as view:
        await view.press("home")
        stood_on = view.here
        await view.press("up")
        await view.until("109 · ")
        assert view.here == stood_on
        assert view.logs.asked == [""]
        await view.press("home")
        await view.until("the beginning")
        assert "older 0" in view.lines[0]
        await view.press("up")
        assert view.logs.asked == [""]


async def test_a_filter_is_shown_and_counted_while_one_types() -> None:
    async with reading() as view:
        await view.filter("provider slow")
        assert "8 Logs · provider slow" in view.says
        assert "60 of 2,000" in view.says
        assert all("provider is slow" in line for line in view.lines if line)
        await view.press("enter")
        assert view.app.focused is view.pane.rows
        await view.press("escape")
        assert view.says.startswith("8 Logs · marking provider slow | 2,000")
        await view.press("N")
        assert view.row.text.startswith("provider is slow")
        await view.press("escape")
        assert view.says.startswith("8 Logs | 2,000")


async def test_an_error_stands_under_its_place_and_the_last_good_filter_holds() -> None:
    async with reading() as view:
        await view.filter("slow severity>=nonsense")
        told = view.pane.query_one("#told").render_line(0).text
        assert told.index("↑") == 1 + len("slow severity>=")
        assert "there is no severity 'nonsense'" in told
        await view.press("enter")
        assert view.pane.filter.is_open
        await view.press("ctrl+c")
        assert not view.pane.filter.is_open
        assert view.says.startswith("8 Logs | 2,000")


async def test_tab_completes_what_is_typed() -> None:
    async with reading() as view:
        await view.filter("sever")
        await view.press("tab", *"ERR", "tab")
        await view.press("enter")
        await staged.until(view.pilot, lambda: not view.reader.searching)
        assert view.reader.scope.words == "severity>=ERROR"
        assert {view.reader.row_at(at).severity for at in range(len(view.reader.ids))} == {Severity.ERROR}  # type: ignore[union-attr]


async def test_errors_are_gone_through_both_ways() -> None:
    async with reading() as view:
        await view.press("e")
        newest = view.row
        assert newest.severity is Severity.ERROR
        await view.press("E")
        assert view.row.severity is Severity.ERROR
        assert view.row.time < newest.time
        await view.press("e")
        assert view.here == newest.id
        await view.press("e")
        assert view.here == newest.id
        assert "no later error" in view.app.main.footer.render_line(0).text


async def test_a_trace_and_an_instance_are_shown_whole_and_escape_leads_back() -> None:
    async with reading() as view:
        await view.filter("provider")
        await view.press("enter", "up", "up")
        stood_on = view.row
        await view.press("t")
        assert "8 Logs · trace 0000" in view.says
        traced = [view.reader.row_at(at) for at in range(len(view.reader.ids))]
        assert {each.trace for each in traced if each} == {stood_on.trace}
        assert len(traced) == 4
        assert view.here == stood_on.id
        await view.press("i")
        assert "instance …" in view.says
        await view.press("escape", "escape")
        assert view.reader.scope.words == "provider"
        assert view.here == stood_on.id
        assert not view.reader.following


async def test_bookmarks_are_gone_through() -> None:
    async with reading() as view:
        await view.press("up", "m")
        later = view.here
        await view.press("pageup", "m")
        earlier = view.here
        assert any(line.startswith("▸") for line in view.lines)
        await view.press("apostrophe")
        assert view.here == later
        await view.press("right_square_bracket")
        assert view.here == earlier
        await view.press("m", "left_square_bracket", "left_square_bracket")
        assert view.here == later


async def test_a_line_is_copied_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    async with reading() as view:
        view.logs.put([entry(0, 0, text="\x1b]52;c;x\x07", severity=Severity.ERROR)])
        monkeypatch.setattr(view.app, "copy_to_clipboard", copied.append)
        await view.until("2,001")
        await view.press("y")
        assert copied == ["2026-11-21T12:03:44.000Z ERROR emergence-app-00279-kub ␛]52;c;x␇"]


async def test_lines_wrap_and_columns_and_clocks_change() -> None:
    async with reading() as view:
        await view.filter("timeout")
        await view.press("enter", "W")
        assert "TimeoutError: provider timeout" in view.lines
        await view.press("W", "z")
        assert view.lines[0].split()[0].endswith("Z")
        await view.press("z", "c")
        assert isinstance(view.app.screen, LogColumnsScreen)
        await view.press("enter", "escape")
        assert view.lines[0].startswith("E  00279-kub  TimeoutError")


async def test_a_chosen_revision_narrows_and_a_key_lets_all_be_seen_again() -> None:
    async with reading(size=(200, 55), key="1") as view:
        assert view.reader.scope.revision == ""
        await view.press("down")
        await view.until("8 Logs · 00279-kub")
        await staged.until(view.pilot, lambda: len(view.reader.ids) == 400)
        await view.press("8", "R")
        assert view.says.startswith("8 Logs |")
        await view.press("R")
        await view.until("8 Logs · 00279-kub")
        await view.press("escape")
        assert view.says.startswith("8 Logs |")


async def test_the_whole_screen_has_the_same_place_and_leads_back() -> None:
    async with reading() as view:
        await view.press("E", "l")
        assert view.is_whole
        there = view.row
        await view.press("up", "up")
        assert view.row.time < there.time
        stood_on = view.here
        await view.filter("slow")
        await view.press("enter", "escape", "escape", "escape")
        assert not view.is_whole
        assert view.here == stood_on
        for key in ("l", "q"):
            await view.press("l")
            assert view.is_whole
            await view.press(key)
            assert not view.is_whole
        assert view.app.is_running


async def test_the_mouse_selects_scrolls_and_jumps() -> None:
    async with reading() as view:
        rows = view.pane.rows
        await view.pilot.click(rows, offset=(5, 3))
        assert view.reader.index == 2_000 - rows.size.height + 3
        top = view.lines[0]
        view.pane.scroll_by_wheel(-1)
        assert view.lines[3] == top
        view.pane.scroll_by_wheel(1)
        view.pane.scroll_by_wheel(1)
        assert view.reader.following
        await view.pilot.click(view.pane.query_one("LogMinimap"), offset=(0, 0))
        assert view.reader.index == 0


async def test_before_a_log_is_loaded_and_where_there_is_nothing_it_says_so() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("8", "e")
        await pilot.pause()
        assert "the log is not loaded yet" in app.main.logs.rows.render_line(0).text
        app.action_take("whole_logs")
        assert app.screen is app.main
    async with reading(staged_logs(0)) as view:
        assert view.lines[0] == "no entries yet"
        await view.press("up", "e", "n", "t", "i", "m", "y", "home", "W", "end")
        view.logs.put(entries(3))
        await view.until("3 · the beginning · following")
        await view.filter("nowhere to be found")
        assert "none of 3 entries match" in view.lines[0]


async def test_trouble_is_said_in_the_frame() -> None:
    async with reading() as view:
        view.logs.stand(mode=Mode.POLLING, suppressed=120, broken=2)
        await view.until("polling · 120 left out · 2 broken · 2,000 · following")


async def test_a_flood_is_drawn_ten_times_a_second_and_keeps_every_entry() -> None:
    async with reading() as view:
        drawn: list[int] = []
        draw = view.pane.rows.picture
        view.pane.rows.picture = lambda *given: (drawn.append(1), draw(*given))[1]  # type: ignore[method-assign,func-returns-value]
        for batch in range(200):
            view.logs.put([entry(number, 0, time=NOW + batch * SECOND + number) for number in range(50)])
        await view.until("12,000 · following")
        assert len(drawn) < 20


async def test_a_session_that_ends_is_left_in_peace() -> None:
    async with reading() as view:
        await view.press("l")
        logs = view.logs
    assert logs.watched == 0


def test_every_key_of_the_pane_is_its_own_within_it() -> None:
    assert DEFAULT_KEYMAP.shown("log_trace") == DEFAULT_KEYMAP.shown("tags") == "t"
