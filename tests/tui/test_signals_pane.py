"""The signals pane on a screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.screen import Screen

from cockpit.tui.widgets.signals import Signals
from tests.tui import staged_signals as staged
from tests.tui.shown import text_of
from tests.tui.staged import CANARY, STABLE, cockpit, healthy, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from cockpit.live.metrics.picture import MetricsPicture

SLOTS = {STABLE: 0, CANARY: 1}


class Alone(Screen[None]):
    """A screen with nothing but the pane."""

    DEFAULT_CSS = "Alone { background: $background; Signals { height: 1fr; } }"

    def compose(self) -> ComposeResult:
        yield Signals()


@asynccontextmanager
async def pane(
    picture: MetricsPicture | None, size: tuple[int, int], theme: str = "dark"
) -> AsyncIterator[tuple[Signals, Pilot[None]]]:
    """The pane with a picture, in a terminal of a size."""
    app = cockpit(healthy(), theme)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.push_screen(Alone())
        found = app.screen.query_one(Signals)
        found.picture(staged.with_metrics(picture), "", SLOTS)
        found.focus()
        await pilot.pause()
        yield found, pilot


@pytest.mark.parametrize(
    ("size", "theme"),
    [((60, 20), "dark"), ((80, 24), "light"), ((120, 12), "colour-blind"), ((200, 50), "high-contrast")],
)
async def test_the_pane_says_who_is_worse_at_every_size(size: tuple[int, int], theme: str) -> None:
    async with pane(staged.PICTURE, size, theme) as (found, pilot):
        said = text_of(pilot.app.screen)
        assert "2 Signals · 2 worse n=612 · coverage 100 %" in said
        assert "14.9 %" in said
        assert "✗" in said
        assert found.heading == "2 Signals · 2 worse"


async def test_without_colours_the_worst_still_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with pane(staged.PICTURE, (100, 20)) as (found, _):
        errors = next(index for index, line in enumerate(found.lines) if line.key == "errors")
        styles = {segment.text.strip(): segment.style for segment in found.render_line(errors)}
        worst = styles["14.9"]
        assert worst is not None
        assert worst.bold
        assert worst.color is None or worst.color.is_default


async def test_scrolling_keeps_the_heads_of_the_columns_and_says_where_it_is() -> None:
    async with pane(staged.PICTURE, (90, 7)) as (found, _):
        assert str(found.border_subtitle) == "n=612 · coverage 100 % · 1–5 of 9"
        found.scroll_by_wheel(3)
        assert str(found.border_subtitle) == "n=612 · coverage 100 % · 4–8 of 9"
        assert "stable" in found.render_line(0).text
        assert found.render_line(1).text.split()[0] == "P95"


async def test_a_new_picture_takes_the_place_of_the_old_one() -> None:
    async with pane(None, (90, 16)) as (found, pilot):
        assert "metrics are being loaded" in text_of(pilot.app.screen)
        found.picture(staged.with_metrics(staged.PICTURE), "", SLOTS)
        assert found.heading == "2 Signals · 2 worse"
        calm = replace(staged.PICTURE, readings=staged.READINGS[2:3])
        found.picture(staged.with_metrics(calm), "", SLOTS)
        await pilot.pause()
        assert found.heading == "2 Signals"
        assert [line.key for line in found.lines] == ["", "p50"]
        found.picture(staged.with_metrics(None))
        assert str(found.border_subtitle) == ""
        found.picture(staged.with_metrics(calm))
        assert [line.key for line in found.lines] == ["", "p50"]


async def test_only_rows_that_changed_are_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with pane(staged.PICTURE, (100, 20)) as (found, _):
        painted: list[int] = []
        monkeypatch.setattr(found, "paint", painted.append)
        found.picture(staged.with_metrics(staged.PICTURE), "", SLOTS)
        assert painted == []
        p50 = replace(
            staged.READINGS[2], estimates={**staged.READINGS[2].estimates, STABLE: staged.estimate(0.084)}
        )
        changed = (*staged.READINGS[:2], p50, *staged.READINGS[3:])
        found.picture(staged.with_metrics(replace(staged.PICTURE, readings=changed)), "", SLOTS)
        assert painted == [3]


async def test_the_cursor_is_marked_and_stays_in_view_with_the_reasons_above_the_first_signal() -> None:
    trouble = staged.canary_trouble("denied", "HTTP 403", "needs roles/run.invoker", 75)
    async with pane(trouble, (90, 7)) as (found, pilot):
        found.chart("p99")
        await pilot.pause()
        rows = [found.render_line(y).text for y in range(found.size.height)]
        assert "stable" in rows[0]
        assert rows[-1].startswith("▸P99")
        found.move(-99)
        await pilot.pause()
        rows = [found.render_line(y).text for y in range(found.size.height)]
        assert "HTTP 403" in "".join(rows)
        assert found.charted == "requests"
        found.move(99)
        assert found.charted == "memory"
        await pilot.pause()
        assert found.render_line(found.size.height - 1).text.startswith("▸memory")


async def test_without_the_focus_the_mark_stays_and_the_ground_goes() -> None:
    async with pane(staged.PICTURE, (90, 16)) as (found, pilot):
        found.chart("p95")

        def ground() -> object:
            return found.render_line(4)._segments[0].style.bgcolor  # type: ignore[union-attr]

        await pilot.pause()
        lit = ground()
        found.blur()
        await until(pilot, lambda: ground() != lit)
        assert found.render_line(4).text.startswith("▸P95")
