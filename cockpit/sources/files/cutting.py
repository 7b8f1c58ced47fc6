"""Cutting a file's bytes into entries, however they come.

A cutter is fed bytes and hands out pieces: where each begins in the file, and its bytes. What does not end yet is
kept until it does. Nothing but white space and the punctuation between entries is left out.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Protocol

from cockpit.sources.files.shape import Form, Shape

Piece = tuple[int, bytes]

MOST_ENTRY = 1 << 24
"""Bytes; of what is longer only so much is handed out, and the rest left out."""

BETWEEN = b" \t\r\n,[]"
"""What may stand between the entries of an array."""

_CLOSE_TO_THE_END = 16


class Cutter(Protocol):
    """Cuts what it is fed.

    An entry is known by a mark, the line break before it: `lead` bytes before where it begins.
    """

    lead: int

    @property
    def pending(self) -> int:
        """Where in the file the next entry's mark is, or may be later."""
        ...

    @property
    def half(self) -> bytes:
        """What has not ended yet."""
        ...

    def feed(self, data: bytes) -> list[Piece]:
        """What ends in these bytes, which follow the last ones."""
        ...

    def end(self) -> list[Piece]:
        """What is left when no more bytes come."""
        ...


def cutter_of(shape: Shape, at: int, *, aligned: bool = True) -> Cutter:
    """A cutter for bytes from `at` on; without `aligned` what comes before the first mark is skipped."""
    if shape.form is Form.LINES:
        return Lines(at, aligned=aligned)
    if shape.form is Form.INDENTED:
        return Indented(at, shape.indent, aligned=aligned)
    return Scanned(at)


class Lines:
    """An entry a line."""

    lead = 1

    def __init__(self, at: int, *, aligned: bool = True) -> None:
        self._at = at
        self.half = b""
        self._aligned = aligned

    @property
    def pending(self) -> int:
        return self._at - 1 if self._aligned else self._at

    def feed(self, data: bytes) -> list[Piece]:
        if not self._aligned:
            skipped = data.find(b"\n") + 1
            self._aligned = skipped > 0
            self._at += skipped or len(data)
            data = data[skipped:] if skipped else b""
        data = self.half + data
        whole = data.rfind(b"\n") + 1
        if not whole and len(data) > MOST_ENTRY:
            whole, self._aligned = len(data), False
        lines = data[:whole].split(b"\n")
        starts = accumulate((len(line) + 1 for line in lines), initial=self._at)
        self._at += whole
        self.half = data[whole:]
        return [piece for piece in zip(starts, lines, strict=False) if piece[1]]

    def end(self) -> list[Piece]:
        rest, at = self.half, self._at
        self._at += len(rest)
        self.half = b""
        return [(at, rest)] if rest.strip() else []


class Indented:
    """Entries that begin and end at an indentation of their own, as those of an indented array do."""

    def __init__(self, at: int, indent: bytes, *, aligned: bool = True) -> None:
        self._opening = b"\n" + indent + b"{"
        self._closing = b"\n" + indent + b"}"
        self.lead = 1 + len(indent)
        self.half = b"\n" if aligned else b""
        self._at = at - len(self.half)
        self._aligned = aligned

    @property
    def pending(self) -> int:
        found = self.half.find(self._opening)
        return self._at + (found if found >= 0 else max(0, len(self.half) - len(self._opening) + 1))

    def feed(self, data: bytes) -> list[Piece]:
        data = self.half + data
        at, pieces = 0, list[Piece]()
        while (start := data.find(self._opening, at)) >= 0:
            if not self._aligned:
                at, self._aligned = start, True
            closed = data.find(self._closing, start + self.lead)
            if closed < 0:
                break
            if data[at:start] != b",":
                pieces += self._between(data, at, start)
            end = closed + len(self._closing)
            pieces.append((self._at + start + self.lead, data[start + self.lead : end]))
            at = end
        if not self._aligned:
            at = max(0, len(data) - len(self._opening) + 1)
        self._at += at
        self.half = data[at:]
        if len(self.half) > MOST_ENTRY:
            pieces += self.end()
            self._aligned = False
        return pieces

    def end(self) -> list[Piece]:
        rest = self.half
        self.half = b""
        pieces = self._between(rest, 0, len(rest)) if self._aligned else []
        self._at += len(rest)
        return pieces

    def _between(self, data: bytes, start: int, end: int) -> list[Piece]:
        odd = data[start:end].strip(BETWEEN)
        return [(self._at + data.index(odd, start), odd)] if odd else []


class Scanned:
    """Objects one after another, in an array or not, told apart by JSON's own syntax."""

    lead = 0

    def __init__(self, at: int) -> None:
        self._at = at
        self.half = b""
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self._structure = re.compile(r"[\s,\[\]]*")
        # Possessive, and never from within white space: however much of it there is, it is looked at once.
        self._next = re.compile(r'\}\s*+(?:,\s*+)?(?=\{\s*+")|(?<!\s)[^\S\r\n]*+[\r\n]\s*+(?=\{)')

    @property
    def pending(self) -> int:
        return self._at

    def feed(self, data: bytes) -> list[Piece]:
        return self._cut(data, last=False)

    def end(self) -> list[Piece]:
        return self._cut(b"", last=True)

    def _cut(self, data: bytes, *, last: bool) -> list[Piece]:
        data = self.half + data
        text = data.decode("latin-1")  # a character a byte: places in one are places in the other
        at, pieces = 0, list[Piece]()
        while True:
            found = self._structure.match(text, at)
            at = found.end() if found else at
            if at >= len(text):
                break
            end = self._end_of_entry(text, at, last=last)
            if end is None:
                break
            pieces.append((self._at + at, data[at:end]))
            at = end
        self._at += at
        self.half = data[at:]
        return pieces

    def _end_of_entry(self, text: str, at: int, *, last: bool) -> int | None:
        """Where the entry at `at` ends, be it broken; None where more bytes may tell."""
        try:
            return int(self._decode(text, at)[1])
        except json.JSONDecodeError as error:
            cut_short = error.msg.startswith("Unterminated") or error.pos >= len(text) - _CLOSE_TO_THE_END
        except RecursionError:
            cut_short = False
        if cut_short and not last and len(text) - at <= MOST_ENTRY:
            return None
        resumed = self._next.search(text, at + 1)
        if resumed:
            return resumed.end()
        return len(text) if last or len(text) - at > MOST_ENTRY else None
