"""The terminal itself: who may write to it, and what never reaches it."""

from __future__ import annotations

import io
import logging
import os
import re
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.color import Color
    from typing_extensions import Buffer

STDIN, STDERR = 0, 2

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""C0, DEL, C1, line and paragraph separators, and everything that reorders a line (bidi)."""


class ControlFilter(LineFilter):
    """Deletes control characters from everything that is drawn.

    Text from outside is cleaned where it enters a view; this is the net under it.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments without control characters; the same list where there are none, as nearly always."""
        if not any(CONTROLS.search(segment.text) for segment in segments if not segment.control):
            return segments
        return [
            segment if segment.control else Segment(CONTROLS.sub("", segment.text), segment.style)
            for segment in segments
        ]


class TerminalFile(io.FileIO):
    """Bytes to a terminal, for as long as there is one: then they are dropped, and SIGHUP is sent.

    Textual's writing thread would die of the error, and whoever paints wait for it without end, deaf to the
    signal that a terminal sends when it goes.
    """

    gone = False

    def write(self, data: Buffer, /) -> int:
        """Write, or seem to: always all of it."""
        try:
            return super().write(data) or 0
        except OSError:
            if not self.gone:
                self.gone = True
                os.kill(os.getpid(), signal.SIGHUP)
            return memoryview(data).nbytes


@contextmanager
def own_keyboard() -> Iterator[None]:
    """Let Textual read the keys of the terminal where standard input is something else.

    Raises OSError where there is no terminal.
    """
    if os.isatty(STDIN):
        yield
        return
    kept = sys.__stdin__
    with io.TextIOWrapper(io.FileIO(os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC), "r")) as keys:
        sys.__stdin__ = keys  # type: ignore[misc]
        try:
            yield
        finally:
            sys.__stdin__ = kept  # type: ignore[misc]


@contextmanager
def own_screen(log: Path) -> Iterator[None]:
    """Keep the terminal for the app alone: what anyone logs or writes to file descriptor 2 goes to `log` instead.

    gRPC's C core writes there past Python, and would draw over the screen. Textual, which draws on
    `sys.__stderr__`, gets a duplicate of the terminal. Both are put back at the end. Raises OSError where the log
    cannot be opened.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    handler = logging.FileHandler(log, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    ours = logging.getLogger("cockpit")
    ours.setLevel(logging.INFO)
    terminal = io.BufferedWriter(TerminalFile(os.dup(STDERR), "w"))
    screen = io.TextIOWrapper(terminal, encoding="utf-8", errors="replace")
    kept = sys.stderr, sys.__stderr__
    sys.stderr.flush()
    os.dup2(file, STDERR)
    os.close(file)
    sys.stderr = sys.__stderr__ = screen  # type: ignore[misc]
    try:
        yield
    finally:
        ours.setLevel(logging.NOTSET)
        logging.getLogger().removeHandler(handler)
        handler.close()
        screen.flush()
        os.dup2(screen.fileno(), STDERR)
        sys.stderr, sys.__stderr__ = kept  # type: ignore[misc]
        screen.close()
