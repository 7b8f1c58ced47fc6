"""Thirty kinds of hostile lines through every widget that shows log text, and the bytes that reach a terminal."""

from __future__ import annotations

import base64
import re
import sys
from typing import TYPE_CHECKING

import pytest

from cockpit.text import clean
from tests.terminal import Terminal
from tests.tui.staged_hostile_logs import HOSTILE, KINDS

if TYPE_CHECKING:
    from pathlib import Path

OURS = re.compile(
    "\x1b\\[[0-9;]*[mH]"  # colours and places
    "|\x1b\\[\\?[0-9;]+(?:[hl]|\\$p)|\x1b\\[[<>=]?[0-9;]*u"  # modes, and kitty's keyboard protocol
    "|\x1b\\]22;[a-z]+\x07|\x1b\\]52;c;[A-Za-z0-9+/=]*\x07"  # the pointer's shape; what was copied
    "|\r\n"
)
"""All that the cockpit itself has to say to a terminal beside text."""
COPIED = re.compile("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07")
TAKEN = ("[66;66H", "[66;67r", "[66;68H", "[?1337h", "[38;5;199m")
"""Parameters of KINDS that are the cockpit's own in form, and that it never has."""

WALK = (
    ("8", "8 Logs"),
    ("l", "esc back"),
    ("pageup", "esc back"),
    ("pageup", "esc back"),
    ("W", "esc back"),
    ("pagedown", "esc back"),
    ("W", "esc back"),
    ("c", "Columns of the log"),
    ("down", "Columns of the log"),
    ("down", "Columns of the log"),
    ("down", "Columns of the log"),
    ("space", "Columns of the log"),
    ("escape", "esc back"),
    ("y", "Copied: the entry"),
    ("up", "esc back"),
    ("enter", "Y copy all"),
    ("y", "Y copy all"),
    ("Y", "Copied"),
    ("down", "Y copy all"),
    ("space", "Y copy all"),
    ("N", "Y copy all"),
    ("N", "Y copy all"),
    ("F", ""),
    ("escape", "esc back"),
    ("i", "instance …"),
    ("escape", "esc back"),
    ("R", "esc back"),
    ("R", "esc back"),
    ("h", "a bar"),
    ("escape", "esc back"),
    ("w", "Write the log to a file"),
    ("escape", "esc back"),
    ("/", "enter keeps"),
    ("instance:", "instance:"),
    ("up", "instance:"),
    ("up", "instance:"),
    ("tab", "instance:"),
    ("escape", "esc back"),
    ("D", "Digest"),
    ("pagedown", "Digest"),
    ("s", "Digest"),
    ("pagedown", "Digest"),
    ("y", "Digest"),
    ("escape", "esc back"),
    ("l", "1 Revisions"),
)
"""Keys, and what is to be seen then: the pane, all of the log, wrapped and not, columns, entries, copies, the
histogram, the dialog that writes a file, the filter with what it offers, the digest."""


def test_there_are_thirty_kinds_and_each_is_told_from_what_is_clean() -> None:
    assert len(KINDS) >= 30
    harmless = {"markup", "wide and joined"}
    assert {kind for kind, text in KINDS.items() if clean(text) == text} <= harmless
    assert not [kind for kind, text in KINDS.items() if HOSTILE.search(clean(text))]


@pytest.mark.slow
def test_no_line_of_a_log_does_anything_to_the_terminal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.tui.staged_hostile_logs", str(tmp_path / "log")]
    with Terminal(command, columns=160, rows=45) as terminal:
        terminal.wait_text("00275-", timeout=60)
        for key, seen in WALK:
            terminal.press(key)
            terminal.wait_text(seen, timeout=60)
            terminal.settle()
        terminal.press("q")
        assert terminal.wait_exit() == 0
        sent = bytes(terminal.raw).decode(errors="surrogateescape")
    drawn = OURS.sub("", sent)
    assert [drawn[max(0, found.start() - 40) : found.end() + 9] for found in HOSTILE.finditer(drawn)] == []
    assert [each for each in TAKEN if f"\x1b{each}" in sent] == []
    copied = [base64.b64decode(each).decode() for each in COPIED.findall(sent)]
    assert len(copied) >= 3
    assert [text for text in copied if clean(text, newlines=True) != text] == []
    assert "[@click=app.exit]y[/]" in drawn, "markup is shown, and means nothing"
    assert len(sent) < 10_000_000
