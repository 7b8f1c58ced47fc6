"""What a chart sends to a real terminal."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

HOSTILE = "\x1b]0;pwned\x07\x1b[2J\x9b6n\u202e[@click=app.exit]x[/]\ny"
BRAILLE = re.compile("[\u2801-\u28ff]{5}")


def charted(log: Path, *texts: str) -> list[str]:
    """The command that shows a chart."""
    return [sys.executable, "-m", "tests.tui.chart_app", str(log), *texts]


def test_a_chart_is_seen_and_answers_to_keys(tmp_path: Path) -> None:
    with Terminal(charted(tmp_path / "log"), columns=100, rows=30, env={"TZ": "UTC"}) as terminal:
        terminal.wait_text("00279-kub 14.9 %")
        terminal.wait(lambda lines: any(BRAILLE.search(line) for line in lines))
        terminal.press("left")
        terminal.wait_text("12:03:")  # a column before the present of the staged service
        terminal.press("+")
        terminal.wait_text("30 min")
        terminal.resize(60, 20)
        terminal.wait(lambda lines: lines[0].rstrip().endswith("┓"))
        terminal.press("escape")
        terminal.wait_text("READ-ONLY")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0


def test_words_from_outside_do_nothing_to_the_terminal(tmp_path: Path) -> None:
    with Terminal(charted(tmp_path / "log", HOSTILE), columns=140, rows=40) as terminal:
        terminal.wait(lambda lines: any(BRAILLE.search(line) for line in lines))
        terminal.settle()
        sent = terminal.raw.decode("utf-8")
        assert "pwned" in "".join(terminal.lines)
        assert "pwned" not in terminal.screen.title
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    for vector in ("\x1b]0;", "\x1b[2J", "\x9b", "\u202e"):
        assert vector not in sent
