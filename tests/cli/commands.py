"""The command line as users run it: a process, what it wrote, and how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COCKPIT = (sys.executable, "-m", "cockpit")
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer with --json."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs commands at one endpoint, with a home of their own, apart from the user's settings and journal."""

    home: Path
    endpoint: str = ""

    @property
    def env(self) -> dict[str, str]:
        """The whole environment of a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COCKPIT_", "XDG_"))}
        for name in ("NO_COLOR", "FORCE_COLOR"):
            kept.pop(name, None)
        places = {
            f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")
        }
        return kept | places | {"HOME": str(self.home), "COCKPIT_ENDPOINT": self.endpoint, "COLUMNS": "100"}

    def config(self, text: str) -> None:
        """Give these commands a config.toml."""
        path = self.home / "cockpit.toml"
        path.write_text(text, encoding="utf-8")

    def words(self, *words: str) -> list[str]:
        """The whole command, with the config if there is one."""
        path = self.home / "cockpit.toml"
        return [*COCKPIT, *(["--config", str(path)] if path.exists() else []), *words]

    def run(self, *words: str, **env: str) -> Ended:
        """Run one command to its end, off a terminal."""
        done = subprocess.run(
            self.words(*words),
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start one command; whoever does ends and reaps it."""
        return subprocess.Popen(
            self.words(*words),
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
