"""Remembers how the cockpit is looked at: puts it back at the start, and keeps it while it changes."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from cockpit.config.logs import Times
from cockpit.live.saved_layout import LogStyle, SavedLayout, ServiceLook
from cockpit.tui.charts.view import LEAST_SECONDS, MOST_SECONDS
from cockpit.tui.presets import BY_NAME, OVERVIEW
from cockpit.tui.views.log_look import Column, Look, in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.saved_layout import LayoutFile
    from cockpit.release.service import ServiceRef
    from cockpit.tui.app import CockpitApp

EVERY = 10.0
"""Seconds between two looks at whether there is something to keep."""

SCREEN_SECONDS = 20.0
"""How long after the start the screen that was left is waited for: what it shows may have to be loaded."""

SCREENS = frozenset({"fleet", "dashboards", "whole_chart", "whole_logs"})
"""The actions whose screens are opened again."""


class LayoutMemory:
    """The memory of one app. `file` is None where nothing is remembered, as in a replay.

    `own_times`: how the log writes moments is what config.toml says.
    """

    def __init__(
        self,
        app: CockpitApp,
        file: LayoutFile | None,
        *,
        own_times: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._file = file
        self._own_times = own_times
        self._clock = clock
        self._began = clock()
        self._kept_at = self._began
        self._ref: ServiceRef | None = None
        self._screen = ""
        self._wanted = ""
        self._told = ""
        self._keeping: asyncio.Future[None] | None = None

    def restore(self) -> None:
        """Before the first paint: arrange everything as it was left."""
        if self._file is None:
            return
        saved, main = self._file.saved, self._app.main
        main.arrangement.choose(BY_NAME.get(saved.preset, OVERVIEW), saved.pane)
        main.arrangement.zoomed = saved.zoomed
        main.revisions.unfolded = saved.unfolded
        self._app.log_feed.look = _look_of(saved.log, self._app.log_feed.look, own_times=self._own_times)
        self._wanted = saved.screen if saved.screen in SCREENS else ""

    def attend(self, ref: ServiceRef) -> None:
        """A service was opened: look at it as it was left."""
        if self._file is None:
            return
        self.note()
        self._ref = ref
        look = self._file.saved.services.get(ref.path, ServiceLook())
        app = self._app
        app.chart_feed.choose(look.signal)
        seconds = look.seconds
        if seconds is not None and math.isfinite(seconds):
            seconds = min(max(seconds, LEAST_SECONDS), MOST_SECONDS)
            app.main.chart.look(replace(app.main.chart.view, seconds=seconds))
        if app.sights is not None:
            titles = [sight.dashboard.title for sight in app.sights.all]
            app.sights.index = titles.index(look.dashboard) if look.dashboard in titles else app.sights.index

    def look(self) -> None:
        """Every second: open what is wanted still, keep what is another one, and say what stands in the way."""
        if self._file is None:
            return
        self._open_screen()
        self.note()
        if self._clock() >= self._kept_at + EVERY and (self._keeping is None or self._keeping.done()):
            self._keep()
        if self._file.notice != self._told:
            self._told = self._file.notice
            self._app.say(self._told, "warn")

    def note(self) -> None:
        """Note which screen is in view, while there is one."""
        app = self._app
        if app.is_running and app.screen_stack:
            names = (getattr(screen, "ACTION", "") for screen in app.screen_stack)
            self._screen = next((name for name in names if name in SCREENS), "")

    async def close(self) -> None:
        """Keep how all was left."""
        if self._keeping is not None:
            await asyncio.wait([self._keeping])
        self._keep()
        if self._keeping is not None:
            await asyncio.wait([self._keeping])

    def _keep(self) -> None:
        """Write how all is looked at now, in a thread: a disk may take its time. A browser's look is nobody's."""
        self._kept_at = self._clock()
        if self._file is not None and not self._app.is_web:
            # Until what was left is open again, it is what would be left.
            now = self._now(self._file.saved, self._wanted or self._screen)
            self._keeping = asyncio.ensure_future(asyncio.to_thread(self._file.write, now))

    def _now(self, saved: SavedLayout, screen: str) -> SavedLayout:
        app = self._app
        main, arrangement, look = app.main, app.main.arrangement, app.log_feed.look
        now = SavedLayout(
            preset=arrangement.preset.name,
            pane=arrangement.active,
            zoomed=arrangement.zoomed,
            screen=screen,
            theme=app.wardrobe.name,
            unfolded=main.revisions.unfolded,
            log=LogStyle(tuple(column.value for column in in_order(look.columns)), look.time, look.wrap),
            services=saved.services,
        )
        if self._ref is None:
            return now
        dashboard = app.sights.current.dashboard.title if app.sights is not None and app.sights.all else ""
        here = ServiceLook(app.chart_feed.signal, main.chart.view.seconds, dashboard)
        if saved.services.get(self._ref.path) == here:
            return now
        return now.with_service(self._ref.path, here)

    def _open_screen(self) -> None:
        """Open the screen that was left, as soon as it can be; not when the reader is somewhere else by then."""
        from cockpit.actions import BY_ID

        if not self._wanted:
            return
        app = self._app
        if app.screen is not app.main or self._clock() > self._began + SCREEN_SECONDS:
            self._wanted = ""
        elif not BY_ID[self._wanted].why_not(app.facts):
            wanted, self._wanted = self._wanted, ""
            app.action_take(wanted)


def _look_of(saved: LogStyle, at_first: Look, *, own_times: bool) -> Look:
    """The log's look as it was saved, as far as that can be."""
    known = {column.value: column for column in Column}
    columns = at_first.columns
    if saved.columns is not None:
        columns = frozenset(known[name] for name in saved.columns if name in known)
    times: tuple[Times, ...] = get_args(Times)
    written = next((each for each in times if each == saved.time and not own_times), at_first.time)
    return Look(columns, written, saved.wrap)
