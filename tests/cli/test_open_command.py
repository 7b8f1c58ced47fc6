"""`cockpit open`: what is no log is refused before there is a screen; in a terminal it is all there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = [sys.executable, "-m", "cockpit", "open"]

CONTROLLED = """
import fcntl, os, sys, termios

fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp("sh", ["sh", "-c", sys.argv[1]])
"""
"""Runs a command with the terminal as the one that controls it, as a shell's own commands have it."""


def entries(count: int) -> str:
    """JSON lines, a second apart."""
    lines = (
        {
            "timestamp": f"2026-11-21T12:{at // 60:02}:{at % 60:02}Z",
            "severity": "ERROR" if at % 10 == 3 else "INFO",
            "textPayload": f"entry {at}",
            "resource": {"labels": {"revision_name": "api-00041-kux"}},
        }
        for at in range(count)
    )
    return "".join(f"{json.dumps(line)}\n" for line in lines)


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("gone.log", "gone.log is not there", 1),
        ("folder", "folder is a directory", 1),
        ("binary", "binary", 1),
        ("good.jsonl", "the terminal app needs a terminal", 2),
    ],
)
def test_what_cannot_be_shown_is_said_without_a_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str, code: int
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "good.jsonl").write_text(entries(3))
    assert run(["open", str(tmp_path / name)]) == code
    error = capsys.readouterr().err
    assert said in error
    assert "mend: " in error
    assert "\x1b[?1049h" not in error


def test_standard_input_can_be_read_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["open", "-", "-"]) == 2
    assert "can be read once" in capsys.readouterr().err


@pytest.mark.slow
def test_a_file_is_on_the_screen_filtered_and_written(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_text(entries(300))
    with Terminal([*PROGRAM, str(path)]) as terminal:
        terminal.wait_text("entry 299")
        terminal.press("/severity>=error")  # at once: what is typed ahead is not lost
        terminal.wait_text("30 of 300")
        terminal.press("enter")
        terminal.settle()
        terminal.press("enter")
        terminal.wait_text('"textPayload": "entry 293"')
        terminal.press("escape")
        with path.open("a") as grown:
            grown.write(entries(304).splitlines()[-1] + "\n")
        terminal.wait_text("of 301")
        terminal.press("q")
        assert terminal.wait_exit() == 0


@pytest.mark.slow
def test_a_pipe_is_shown_while_the_keys_are_read_from_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_text(entries(50))
    command = f"cat {path} | {subprocess.list2cmdline(PROGRAM)} -"
    with Terminal([sys.executable, "-c", CONTROLLED, command]) as terminal:
        terminal.wait_text("entry 49")
        terminal.press("q")
        assert terminal.wait_exit() == 0
