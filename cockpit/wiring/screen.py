"""Settings → the terminal app. What the first paint does not need is imported after it, in a thread."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.live.saved_layout import LayoutFile
from cockpit.sources.target import Target
from cockpit.tui.app import CockpitApp
from cockpit.tui.keys import keymap
from cockpit.tui.themes import Shelf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.config import Settings
    from cockpit.live.session import Fleet, Session
    from cockpit.live.snapshot import Change
    from cockpit.wiring.outside import Wired


async def run_app(settings: Settings, *, fresh: bool = False) -> tuple[int, Change | None]:
    """Run the terminal app until the user or a signal ends it; the exit code, and a change left under way.

    `fresh`: it looks as at first, however it was left.
    """
    layout = LayoutFile(settings.layout_path, fresh=fresh) if settings.layout.remember else None
    async with app_of(settings, layout) as app:
        await app.run_async()
    change = app.session.snapshot.change if app.session else None
    return app.return_code or 0, change if change and change.id and change.outcome is None else None


@asynccontextmanager
async def app_of(settings: Settings, layout: LayoutFile | None = None) -> AsyncIterator[CockpitApp]:
    """The app on the service that is named, or on one that the user picks; what it opened is closed at the end.

    It looks as `layout` says that it was left, as far as settings do not say otherwise, and keeps it there.

    Raises ConfigError, and InvalidError for a project, region or endpoint that cannot be.
    """
    where = settings.service
    Target(where.project, where.region, where.endpoint)  # refused here, before there is a screen
    async with AsyncExitStack() as opened:

        async def connect() -> tuple[Session | None, Fleet]:
            outside = await asyncio.to_thread(importlib.import_module, "cockpit.wiring.outside")
            wired = await opened.enter_async_context(
                outside.wired(settings, metrics=True, logs=True, app=True, recording=True)
            )
            if settings.metrics.exporter.wanted:
                wired = await _exported(wired, opened, app)
            reading = await asyncio.to_thread(importlib.import_module, "cockpit.wiring.dashboards")
            app.sights, problems = await asyncio.to_thread(reading.read_dashboards, settings)
            for problem in problems:
                wired = wired.noting("dashboard", problem)
            return wired.session(where.name) if where.name else None, wired.fleet

        shelf = Shelf(settings.themes_folders)
        worn = layout.saved.theme if layout is not None and not settings.names("theme.name") else ""
        app = CockpitApp(
            connect,
            shelf=shelf,
            theme=worn if worn in shelf.names() else settings.theme.name,
            keymap=keymap(settings),
            notify=settings.metrics.notify,
            times=settings.logs.time,
            components=settings.logs.components,
            layout=layout,
            own_times=settings.names("logs.time"),
        )
        yield app


async def _exported(wired: Wired, opened: AsyncExitStack, app: CockpitApp) -> Wired:
    """Serve the cockpit's own metrics until it ends, and say where; why they are not is a notice, and no exit."""
    exporter = await asyncio.to_thread(importlib.import_module, "cockpit.wiring.exporter")
    try:
        url = await opened.enter_async_context(
            exporter.exporting(wired.settings, wired.telemetry, wired.outside.budget)
        )
    except ConfigError as error:
        return wired.noting("exporter", error)
    app.say(f"The cockpit's own metrics are at {url}")
    return wired
