"""`python -m tests.tui.staged_app LOG [TEXT]`: the staged cockpit, TEXT wherever the outside puts words."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cockpit.tui.terminal import STDERR, own_screen
from tests.tui.staged import cockpit, healthy
from tests.tui.staged_hostile import HostileEngine, hostile


def main(log: str, *texts: str) -> int:
    """Run the app as the command line does; the exit code."""
    app = cockpit(hostile(texts[0]), engine=HostileEngine(texts[0])) if texts else cockpit(healthy())
    with own_screen(Path(log)):
        os.write(STDERR, b"noise from below Python\n")
        app.run()
    os.write(STDERR, b"back again\n")
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
