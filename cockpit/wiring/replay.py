"""Settings and a recording → the terminal app on it. No network is touched."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from cockpit.live.clock import Clock
from cockpit.live.recording.reading import Recording
from cockpit.live.replay.session import RecordedSession, ReplayHabits
from cockpit.tui.app import CockpitApp
from cockpit.tui.keys import keymap
from cockpit.tui.themes import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.config import Settings


def opened(settings: Settings, path: Path, clock: Clock | None = None) -> RecordedSession:
    """A session that shows a recording, its play head standing at the beginning. Raises RecordingError."""
    recording = Recording.open(path)
    try:
        return RecordedSession(
            recording, ReplayHabits(settings.metrics.memory_mib, settings.logs, clock or Clock())
        )
    except BaseException:
        recording.close()
        raise


async def run_replay(settings: Settings, session: RecordedSession) -> int:
    """Run the terminal app on a recording until it is left or ended; the exit code. Raises ConfigError."""
    app = replay_app(settings, session)
    await app.run_async()
    return app.return_code or 0


def replay_app(settings: Settings, session: RecordedSession) -> CockpitApp:
    """The app on a recording, which it starts and stops. Nothing rings: what fired is over. Raises ConfigError."""

    async def connect() -> tuple[RecordedSession, None]:
        reading = await asyncio.to_thread(importlib.import_module, "cockpit.wiring.dashboards")
        app.sights, problems = await asyncio.to_thread(reading.read_dashboards, settings)
        for problem in problems:
            app.say(str(problem), "warn")
        return session, None

    app = CockpitApp(
        connect,
        shelf=Shelf(settings.themes_folders),
        theme=settings.theme.name,
        keymap=keymap(settings),
        times=settings.logs.time,
        components=settings.logs.components,
        wall=session.wall,
    )
    return app
