"""`cockpit replay` in a real terminal: it plays, stands, and leaves nothing behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.live.replay.recorded import write
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

HOSTILE = "a\x1b]0;owned\x07\u202e.cockpit"


def test_a_replay_plays_stands_and_goes(tmp_path: Path) -> None:
    file = write(tmp_path).rename(tmp_path / HOSTILE)
    config = tmp_path / "config.toml"
    config.write_text(f'[log]\nfile = "{tmp_path / "log"}"\n[journal]\npath = "{tmp_path / "journal"}"\n')
    command = [sys.executable, "-m", "cockpit", "replay", str(file), "--speed", "100", "--config", str(config)]
    home = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    with Terminal(command, columns=160, rows=40, env=home) as terminal:
        terminal.wait_text("REPLAY ended 2026-11-21")
        terminal.press("space")
        terminal.wait_text("REPLAY ×100")
        terminal.press("@")
        terminal.wait_text("goes there")
        terminal.press("12:04:00", "enter")
        terminal.wait_text("REPLAY 2026-11-21 12:04:00")
        terminal.wait_text("second 15")
        terminal.press("a")
        terminal.wait_text("this is a recording, of 2026-11-21 12:04:00")
        assert not psutil.Process(terminal.process.pid).children(recursive=True)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert b"owned\x07" not in terminal.raw
        assert "\u202e".encode() not in terminal.raw
    assert sorted(each.name for each in tmp_path.glob("*.cockpit*")) == [HOSTILE]
