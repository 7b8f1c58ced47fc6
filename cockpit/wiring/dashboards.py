"""Settings → the dashboards that can be looked at, and why others cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.errors import DashboardError
from cockpit.metrics.dashboards.reading.dashboard import MOST_BYTES, read_dashboard
from cockpit.tui.dashboard_sight import Sights

if TYPE_CHECKING:
    from pathlib import Path

    from cockpit.config import ConfigError, Settings
    from cockpit.metrics.dashboards.model import Dashboard


def read_dashboards(settings: Settings) -> tuple[Sights, list[ConfigError]]:
    """The dashboards in the order they are named. Reads files: to be called in a thread."""
    found: list[Dashboard] = []
    problems: list[ConfigError] = []
    for path in settings.dashboard_files:
        try:
            found.append(read_dashboard(_content(path)))
        except DashboardError as error:
            problems.append(settings.error("dashboards.files", f"names {path}: {error}", error.mend))
        except OSError as error:
            why = f"names {path}, which cannot be read: {error.strerror or error}"
            problems.append(settings.error("dashboards.files", why, "correct the name, or take it out"))
    return Sights(found), problems


def _content(path: Path) -> bytes:
    """A file as far as a dashboard may be long, and a byte more."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
