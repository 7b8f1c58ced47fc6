"""What draws lines takes a tenth of a second to load: in a thread, when the first chart is wanted."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from cockpit.text import clean

if TYPE_CHECKING:
    from cockpit.tui.charts.plotter import Plotter


class NoChartsError(Exception):
    """Lines cannot be drawn on this machine; the text is one clean line that says why."""


async def load_plotter() -> Plotter:
    """A plotter, once all that it and charts need is loaded. Raises NoChartsError."""
    try:
        await asyncio.to_thread(importlib.import_module, "cockpit.tui.charts.picture")
        from cockpit.tui.charts.plotter import Plotter
    except (ImportError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise NoChartsError(clean(f"charts cannot be drawn here: {reason}")) from error
    return Plotter()
