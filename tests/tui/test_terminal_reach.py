"""What reaches a real terminal, what does not, and how it is left behind."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from cockpit.tui.terminal import CONTROLS, ControlFilter
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

BLACK = Color(0, 0, 0)
POINTER_SHAPE = re.compile("\x1b\\]22;[a-z]+\x07")
"""Textual's own: what the mouse pointer looks like over a widget."""

ESCAPES = {
    "title": "\x1b]0;pwned\x07",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "clear": "\x1b[2J\x1b[3J",
    "report": "\x1b[6n\x1bP$qm\x1b\\",
    "eight-bit": "\x9b2J\x9d0;pwned\x9c",
    "link": "\x1b]8;;file:///etc/passwd\x07x\x1b]8;;\x07",
    "bidi": "\u202egnp.exe\u2066\u2069\u200f",
    "lines": "one\ntwo\r\x85three\u2028four",
    "bells": "\x07\x08\x7f\x0c",
    "markup": "[bold red]x[/] [@click=app.exit]y[/]",
}

EVERYWHERE = (
    ("pagedown", "1 Revisions"),
    *((key, "1 Revisions") for key in "234567890"),
    ("3", "1 Revisions"),
    ("f", "esc back"),
    ("escape", "1 Revisions"),
    ("m", "type a few letters"),
    ("enter", "x copy"),
    ("e", "ctrl+t values"),
    ("enter", "2 series"),
    ("ctrl+t", "Values at"),
    ("escape", "type a few letters"),
    ("escape", ""),
    ("escape", "1 Revisions"),
    ("D", "fold"),
    ("enter", "next"),
    ("escape", "fold"),
    ("v", "applies"),
    ("escape", "fold"),
    ("d", "closes"),
    ("escape", "fold"),
    ("escape", "1 Revisions"),
)
"""Keys that bring every pane, the whole chart, the browser, the editor and a dashboard into view, and how one sees
it. The log's own screens have a walk of theirs (test_hostile_lines)."""

WALKS = (("title", "clipboard", "clear", "report", "eight-bit"), ("bells", "link", "bidi", "lines", "markup"))
"""Which of ESCAPES go through together, one behind the other."""


def staged(log: Path, *texts: str) -> list[str]:
    """The command that runs the staged cockpit."""
    return [sys.executable, "-m", "tests.tui.staged_app", str(log), *texts]


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_the_net_lets_no_control_character_through(text: str) -> None:
    bold = Style(bold=True)
    (caught,) = ControlFilter().apply([Segment(f"a{text}z", bold)], BLACK)
    assert CONTROLS.search(caught.text) is None
    assert (caught.text[0], caught.text[-1], caught.style) == ("a", "z", bold)


def test_the_net_costs_nothing_where_there_is_nothing_to_catch() -> None:
    segments = [Segment("emergence-app ≠ ▒ 日本"), Segment("", None, [])]
    assert ControlFilter().apply(segments, BLACK) is segments


@pytest.mark.slow
@pytest.mark.parametrize("names", WALKS, ids="-".join)
def test_text_from_outside_does_nothing_to_the_terminal(tmp_path: Path, names: tuple[str, ...]) -> None:
    text = "".join(ESCAPES[name] for name in names)
    with Terminal(staged(tmp_path / "log", text), columns=160, rows=45) as terminal:
        terminal.wait_text("00280-")
        for key, seen in EVERYWHERE:
            terminal.press(key)
            terminal.wait_text(seen)
            terminal.settle()
        sent = bytes(terminal.raw)
        assert "pwned" not in terminal.screen.title
        terminal.press("q")
        assert terminal.wait_exit() == 0
    drawn = POINTER_SHAPE.sub("", sent.decode("utf-8"))
    for vector in (
        "\x1b]0;",
        "\x1b]52;",
        "\x1b]8;",
        "\x1b[2J",
        "\x1b[3J",
        "\x1b[6n",
        "\x1bP",
        "\x07",
        "\x08",
        "\x7f",
    ):
        assert vector not in drawn
    assert not [character for character in drawn if "\x80" <= character <= "\x9f"]
    assert not [character for character in drawn if character in "\u202e\u2066\u2069\u200f\u2028"]


@pytest.mark.slow
def test_what_others_write_to_the_terminal_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "cockpit.log"
    with Terminal(staged(log)) as terminal:
        terminal.wait_text("00275-2jb")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert b"noise from below" not in terminal.raw
        assert b"back again" in terminal.raw
    assert log.read_text() == "noise from below Python\n"
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_leaves_in_order_and_the_terminal_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    with Terminal(staged(tmp_path / "log")) as terminal:
        terminal.wait_text("00275-2jb")
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == 128 + number
        assert_restored(bytes(terminal.raw))
        assert b"Traceback" not in terminal.raw
        assert not terminal.screen.cursor.hidden


@pytest.mark.slow
def test_a_change_of_size_is_followed_down_to_nothing_and_back(tmp_path: Path) -> None:
    with Terminal(staged(tmp_path / "log")) as terminal:
        terminal.wait_text("00275-2jb")
        terminal.resize(30, 5)
        terminal.wait_text("30×5: too small")
        terminal.resize(1, 1)
        terminal.resize(200, 50)
        terminal.wait_text("4 Alerts")
        terminal.press("q")
        assert terminal.wait_exit() == 0


CRASH = """
import sys
from pathlib import Path
from cockpit.tui.terminal import own_screen
from tests.tui.staged import cockpit, healthy

def broken(snapshot):
    token = "hunter" + "2"
    raise RuntimeError("a mistake")

app = cockpit(healthy())
app.main.picture = broken
with own_screen(Path(sys.argv[1])):
    app.run()
sys.exit(app.return_code)
"""


@pytest.mark.slow
def test_a_mistake_of_our_own_ends_in_one_line_without_any_variables(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Terminal([sys.executable, "-c", CRASH, str(log)]) as terminal:
        assert terminal.wait_exit() == 1
        assert_restored(bytes(terminal.raw))
        assert b"cockpit stopped by an error of its own, RuntimeError: the log has the rest." in terminal.raw
        assert b"hunter2" not in terminal.raw
    kept = log.read_text()
    assert "RuntimeError: a mistake" in kept
    assert "hunter2" not in kept


def assert_restored(sent: bytes) -> None:
    """Alternate screen left, cursor shown, mouse, focus reports and bracketed paste off: each after it was on."""
    for on, off in (
        (b"\x1b[?1049h", b"\x1b[?1049l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
        (b"\x1b[?1000h", b"\x1b[?1000l"),
        (b"\x1b[?1003h", b"\x1b[?1003l"),
        (b"\x1b[?1004h", b"\x1b[?1004l"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
    ):
        assert -1 < sent.rfind(on) < sent.rfind(off), off
