"""A local Cloud Run for the length of a benchmark, and the cockpit on it in a pty."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Local:
    """A running simulator: where it is and what it said when it was ready."""

    endpoint: str
    ready: dict[str, Any]

    def cockpit(self, state: Path) -> list[str]:
        """The command that opens the app on it, with a configuration and a journal of its own."""
        config = state / "config.toml"
        config.write_text(
            f'[journal]\npath = "{state / "journal.sqlite3"}"\n[log]\nfile = "{state / "cockpit.log"}"\n',
            encoding="utf-8",
        )
        service = str(self.ready["service"])
        return [
            sys.executable,
            "-m",
            "cockpit",
            "--config",
            str(config),
            "--endpoint",
            self.endpoint,
            "--service",
            service,
        ]


@contextmanager
def simulator(scenario: str = "healthy") -> Iterator[Local]:
    """Start a scenario and wait for its ready line; it ends with its standard input, however we end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cockpit", "simulate", scenario, "--port", "0", "--until-eof"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        ready = json.loads(process.stdout.readline())
        yield Local(ready["endpoint"], ready)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


@contextmanager
def cockpit(local: Local, *, columns: int = 120, rows: int = 40) -> Iterator[Terminal]:
    """The app on a running simulator, its service on the screen."""
    with (
        tempfile.TemporaryDirectory() as state,
        Terminal(local.cockpit(Path(state)), columns=columns, rows=rows, env=dict(os.environ)) as terminal,
    ):
        terminal.wait_text("READ-ONLY")
        terminal.wait_text("live")
        terminal.settle(0.5, 5.0)
        yield terminal
