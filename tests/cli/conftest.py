"""What the tests of the command line start from."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.commands import CommandLine
from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def standing() -> Iterator[Local]:
    """One simulator for the tests of a file that only read, or that do not mind what the others changed."""
    with running_simulator("healthy") as local:
        yield local


@pytest.fixture
def cockpit(tmp_path: Path, standing: Local) -> CommandLine:
    """The command line at that simulator."""
    return CommandLine(tmp_path, standing.endpoint)


@pytest.fixture
def cockpit_at(tmp_path: Path) -> Callable[[str], CommandLine]:
    """The command line at another endpoint, or at none."""

    def command_line(endpoint: str) -> CommandLine:
        return CommandLine(tmp_path, endpoint)

    return command_line


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_put_away: None) -> Path:
    """A folder of recordings that the settings in c.toml beside it name, ten minutes after they began."""
    from tests.live.replay.recorded import BEGUN

    folder = tmp_path / "recordings"
    (tmp_path / "c.toml").write_text(
        f'[recording]\nfolder = "{folder}"\n[log]\nfile = "{tmp_path / "log"}"\n', encoding="utf-8"
    )
    for name in [each for each in os.environ if each.startswith(("COCKPIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("time.time", lambda: BEGUN + 600)
    return folder


@pytest.fixture
def log_put_away() -> Iterator[None]:
    """What a command run in this process logs to is closed after it."""
    kept = set(logging.getLogger().handlers)
    yield
    for handler in set(logging.getLogger().handlers) - kept:
        logging.getLogger().removeHandler(handler)
        handler.close()
