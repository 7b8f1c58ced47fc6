"""Settings → the terminal app on logs in files. What the first paint does not need is imported after it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from cockpit.tui.file_app import FileApp
from cockpit.tui.keys import keymap
from cockpit.tui.themes import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.config import Settings
    from cockpit.tui.file_app import FileLog


async def run_files(settings: Settings, paths: Sequence[str]) -> int:
    """Run the app until the user or a signal ends it; the exit code. "-" is standard input.

    Raises ConfigError, and SourceError for a first file that cannot be read.
    """
    app = files_app(settings, paths)
    await app.run_async()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


def files_app(settings: Settings, paths: Sequence[str]) -> FileApp:
    """The app on some files, which are followed as they grow. Raises ConfigError."""

    async def open_log(path: str) -> FileLog:
        await asyncio.to_thread(importlib.import_module, "cockpit.live.logs.file")
        from cockpit.live.logs.file import FileLogs

        logs = FileLogs(path, settings.logs, follow=True)
        await logs.start()
        return logs

    return FileApp(
        paths,
        open_log,
        shelf=Shelf(settings.themes_folders),
        theme=settings.theme.name,
        keymap=keymap(settings),
        times=settings.logs.time,
        components=settings.logs.components,
    )
