"""A terminal that goes away under the cockpit: the connection broke, the window was closed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

GONE = """
import os, pty, signal, sys
from pathlib import Path
from cockpit.tui.terminal import STDERR, own_screen

heard = []
signal.signal(signal.SIGHUP, lambda number, frame: heard.append(number))
master, slave = pty.openpty()
os.dup2(slave, STDERR)
os.close(slave)
with own_screen(Path(sys.argv[1])):
    os.close(master)
    for _ in range(3):
        print("painted" * 10_000, file=sys.__stderr__, flush=True)
print(len(heard))
"""


@pytest.mark.slow
def test_painting_goes_on_into_nothing_and_the_signal_is_heard_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GONE, str(tmp_path / "log")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "1\n"
