"""What the two formats share: the parts a line is taken apart into, and what a line that cannot be is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cockpit.metrics.exposed import Exemplar, MetricKind

# Quantifiers are possessive: no line, however long or hostile, is matched in more than linear time.
QUOTED = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
METRIC = rb"[a-zA-Z_:][a-zA-Z0-9_:]*+"
LABEL = rb"[a-zA-Z_][a-zA-Z0-9_]*+"
BRACES = rb'\{(?:[^"{}]|' + QUOTED + rb")*+\}"

_ESCAPE = re.compile(r'\\(["\\n])')
_STAMP_AT_MOST = 2**63 - 1


class MalformedError(ValueError):
    """A line that is not of the format; `str(error)` says what is wrong with it, without naming the line.

    `at` is the line's position from 0, None where none is to blame; `cut` says that more bytes could mend it.
    """

    def __init__(self, reason: str, *, at: int | None = None, cut: bool = False) -> None:
        super().__init__(reason)
        self.at = at
        self.cut = cut


class Sample(NamedTuple):
    """One line with a value, taken apart: `series` and `value` raw, `stamp` in epoch milliseconds."""

    series: bytes
    value: bytes
    stamp: int | None = None
    exemplar: Exemplar | None = None


class Remark(NamedTuple):
    """One line that starts with "#": `word` is HELP, TYPE or UNIT, or "" for a comment, which has no name.

    `kind` goes with TYPE only.
    """

    word: str
    name: str
    text: str
    kind: MetricKind | None = None


class Grammar(Protocol):
    """A text format, line by line. All but `lines` take one line without its break; all raise MalformedError."""

    @property
    def spaced(self) -> bool:
        """Whether blanks may stand between the parts of a label set, and commas be left out."""
        ...

    def lines(self, body: bytes) -> list[bytes]:
        """The lines of a body, without what ends it."""
        ...

    def rejoined(self, body: bytes) -> list[bytes]:
        """The lines again, where some of them broke off inside of quotes; the same as `lines` if none did."""
        ...

    def sample(self, line: bytes) -> Sample | None:
        """A line with a value; None for a blank one that the format lets pass."""
        ...

    def remark(self, line: bytes) -> Remark:
        """A line that starts with "#"."""
        ...


def decoded(raw: bytes) -> str:
    """The text behind bytes that must be UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise MalformedError("text that is not UTF-8") from None


def unescaped(raw: bytes) -> str:
    """What stands inside of quotes: `\\"`, `\\\\` and `\\n` mean a character, another backslash is itself."""
    text = decoded(raw)
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def name_of(raw: bytes) -> str:
    """A metric's name, plain or in quotes."""
    return unescaped(raw[1:-1]) if raw.startswith(b'"') else raw.decode()


def in_range(stamp: int) -> int:
    """Epoch milliseconds that fit the 64 bits everybody stores them in."""
    if abs(stamp) > _STAMP_AT_MOST:
        raise MalformedError("a timestamp out of range")
    return stamp


def _meant(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]
