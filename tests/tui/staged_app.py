"""`python -m tests.tui.staged_app LOG [TEXT]`: the staged cockpit, TEXT wherever the outside puts words."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cockpit.tui.dashboard_sight import Sights
from cockpit.tui.terminal import STDERR, own_screen
from tests.tui import staged_dashboards
from tests.tui.staged import cockpit, healthy
from tests.tui.staged_hostile import HostileEngine, hostile
from tests.tui.staged_logs import hostile_logs


def main(log: str, *texts: str) -> int:
    """Run the app as the command line does; the exit code."""
    app = cockpit(healthy())
    if texts:
        logs = hostile_logs(texts[0])
        app = cockpit(hostile(texts[0]), engine=HostileEngine(texts[0]), logs=logs)
        app.sights = Sights([staged_dashboards.hostile(texts[0])] * 2)
    with own_screen(Path(log)):
        os.write(STDERR, b"noise from below Python\n")
        app.run()
    os.write(STDERR, b"back again\n")
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
