"""What a command writes: lines for people, in colour only on a terminal, or one JSON value for scripts.

Everything passes `text.clean` here. A reader that went away (`| head`) ends the writing, never the command.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from cockpit.text import clean, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cockpit.cli.exits import CommandError

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


@dataclass(frozen=True, slots=True)
class Styled:
    """A piece of a line and its style: bold, dim, red, green, yellow."""

    text: str
    style: str


Piece = str | Styled


class Output:
    """Standard output for the answer, standard error for everything said on the way to it."""

    def __init__(self, *, as_json: bool = False, env: Mapping[str, str] = os.environ) -> None:
        self.as_json = as_json
        self.reader_left = False
        """Whether nobody reads the answer any more: what is written from then on goes nowhere."""
        self._plain = bool(env.get("NO_COLOR")) or env.get("TERM") == "dumb"

    def say(self, *pieces: Piece) -> None:
        """One line of the answer; nothing where JSON is wanted."""
        if not self.as_json:
            self._write(sys.stdout, pieces)

    def lines(self, lines: Iterable[Sequence[Piece]]) -> None:
        """Several lines of the answer, written at once; nothing where JSON is wanted."""
        if not self.as_json:
            coloured = self._is_coloured(sys.stdout)
            self._put(sys.stdout, "".join(_line(pieces, coloured) for pieces in lines))

    def note(self, *pieces: Piece) -> None:
        """One line on standard error: progress, questions."""
        self._write(sys.stderr, pieces)

    def warn(self, text: str, mend: str = "") -> None:
        """One line on standard error: what is amiss, and the mend where there is one."""
        self.note(Styled(f"! {text}", "yellow"), f"; {mend}" if mend else "")

    def prompt(self, question: str) -> None:
        """A question, with the cursor left behind it."""
        self._write(sys.stderr, (f"{question} ",), end="")

    def answer(self, value: object) -> None:
        """The answer for scripts; nothing where people read. ASCII alone: no text in it drives a terminal."""
        if self.as_json:
            self._put(sys.stdout, json.dumps(value, indent=2) + "\n")

    def answers(self, values: Iterable[object]) -> None:
        """Several answers for scripts, one JSON value a line, written at once; nothing where people read."""
        if self.as_json:
            self._put(sys.stdout, "".join(json.dumps(value, separators=(",", ":")) + "\n" for value in values))

    def error(self, error: CommandError) -> None:
        """What went wrong and the mend: lines on standard error, and with JSON an object `error` as the answer."""
        self.note("cockpit: ", Styled(str(error), "red"))
        for line in error.shown:
            self.note("  ", line)
        if error.mend:
            self.note("  mend: ", error.mend)
        said: dict[str, object] = {"kind": error.kind, "message": str(error), "mend": error.mend}
        if error.sides is not None:
            from cockpit.cli.as_json import sides

            said["sides"] = sides(error.sides)
        if error.position is not None:
            said["position"] = error.position
        self.answer({"error": said})

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Piece]], *, right: Sequence[int] = ()) -> None:
        """Aligned columns; those in `right` are set to the right, empty ones are left out."""
        body = [[_cleaned(cell) for cell in row] for row in rows]
        shown = [at for at in range(len(head)) if any(cell.text for cell in (row[at] for row in body))]
        lines = [[Styled(word, "dim") for word in head], *body]
        widths = {at: max(width(line[at].text) for line in lines) for at in shown}
        for line in lines:
            last = max((at for at in shown if line[at].text), default=-1)
            pieces: list[Piece] = []
            for at in (each for each in shown if each <= last):
                gap = " " * (widths[at] - width(line[at].text))
                pieces += [gap, line[at]] if at in right else [line[at], gap if at < last else ""]
                pieces.append("  " if at < last else "")
            self.say(*pieces)

    def _write(self, stream: TextIO, pieces: Sequence[Piece], end: str = "\n") -> None:
        self._put(stream, _line(pieces, self._is_coloured(stream), end))

    def _is_coloured(self, stream: TextIO) -> bool:
        return not self._plain and stream.isatty()

    def _put(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
            stream.flush()
        except BrokenPipeError:
            # The reader has gone: later lines, and Python's own flush at the end, go nowhere.
            self.reader_left = self.reader_left or stream is sys.stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _cleaned(cell: Piece) -> Styled:
    return Styled(clean(cell.text), cell.style) if isinstance(cell, Styled) else Styled(clean(cell), "")


def _line(pieces: Iterable[Piece], coloured: bool, end: str = "\n") -> str:
    if coloured:
        return "".join(map(_drawn, pieces)) + end
    return clean("".join(piece if isinstance(piece, str) else piece.text for piece in pieces)) + end


def _drawn(piece: Piece) -> str:
    if isinstance(piece, str):
        return clean(piece)
    code = _STYLES.get(piece.style, "")
    return f"\x1b[{code}m{clean(piece.text)}\x1b[0m" if code else clean(piece.text)
