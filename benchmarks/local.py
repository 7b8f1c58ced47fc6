"""The cockpit on a local Cloud Run, for the length of a benchmark."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.simulated import Local
from tests.terminal import Terminal


def configuration(state: Path, more: str = "") -> Path:
    """A configuration whose journal and log are in `state`; `more` is put below them."""
    config = state / "config.toml"
    journal, log = state / "journal.sqlite3", state / "cockpit.log"
    config.write_text(f'[journal]\npath = "{journal}"\n[log]\nfile = "{log}"\n{more}', encoding="utf-8")
    return config


def command(local: Local, state: Path, more: str = "") -> list[str]:
    """The command that opens the app on a simulator, with a configuration and a journal of its own."""
    where = ["--endpoint", local.endpoint, "--service", local.service]
    return [sys.executable, "-m", "cockpit", "--config", str(configuration(state, more)), *where]


@contextmanager
def cockpit(local: Local, *, columns: int = 120, rows: int = 40, more: str = "") -> Iterator[Terminal]:
    """The app in a pty, its service on the screen; `more` is what its configuration has besides."""
    with (
        tempfile.TemporaryDirectory() as state,
        Terminal(command(local, Path(state), more), columns=columns, rows=rows, coloured=True) as terminal,
    ):
        terminal.wait_text("READ-ONLY")
        terminal.wait_text("live")
        terminal.settle(0.5, 5.0)
        yield terminal
