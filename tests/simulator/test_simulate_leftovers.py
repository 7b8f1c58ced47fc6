"""What a simulator leaves on the disk: nothing, and nothing of those that were killed."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from cockpit.simulator.run import STATE_PREFIX, Options, simulate
from tests.simulated import alone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
async def test_the_state_of_killed_simulators_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    dead, living, foreign = (
        tmp_path / f"{STATE_PREFIX}{owner}-x" for owner in (ended.pid, os.getppid(), "somebody")
    )
    for directory in (dead, living, foreign):
        directory.mkdir()
    async with simulate(alone(minimum=0), Options(load=0)):
        during = names(tmp_path)
        assert dead.name not in during
        assert len(during) == 3
    assert names(tmp_path) == {living.name, foreign.name}


def names(directory: Path) -> set[str]:
    """What a directory holds."""
    return set(os.listdir(directory))
