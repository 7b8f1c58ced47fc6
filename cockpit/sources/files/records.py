"""From pieces of a file to records: read, put in the order of time, tracebacks joined."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from cockpit.logs import plain, structured
from cockpit.logs.entry import NO_TIME
from cockpit.logs.joining import Joiner
from cockpit.logs.moment import SECOND
from cockpit.logs.structured import UnreadableError
from cockpit.sources.files.batch import Broken, Placed
from cockpit.sources.files.cutting import BETWEEN, MOST_ENTRY, Piece, Scanned
from cockpit.sources.files.shape import Form, Shape

_BRACE = ord("{")


class RecordReader:
    """Reads the pieces of a file of one shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.broken = Broken()
        self.moved: dict[int, int] = {}
        """Entries that begin elsewhere than their piece did, and where that did."""

    def read(self, pieces: Iterable[Piece]) -> list[Placed]:
        """Their records. What cannot be read is in `broken`."""
        read_json = structured.read
        placed: list[Placed] = []
        for at, raw in pieces:
            if raw[0] == _BRACE:
                try:
                    placed.append((read_json(raw), at))
                except UnreadableError as error:
                    placed += self._second_look(at, raw, str(error))
            else:
                placed += self._other(at, raw)
        return placed

    def _other(self, at: int, raw: bytes) -> list[Placed]:
        """What does not begin like JSON: a line of text, or an object behind white space or punctuation."""
        bare = raw.strip(BETWEEN) if self._shape.structured else raw.strip()
        if not bare:
            return []
        if bare[0] == _BRACE:
            start = at + raw.index(b"{")
            self.moved[start] = at
            return self.read([(start, bare)])
        if self._shape.form is Form.LINES:
            return [(plain.read(raw, near=self._shape.near), at)]
        self.broken.add(at, "no JSON object", raw)
        return []

    def _second_look(self, at: int, raw: bytes, why: str) -> list[Placed]:
        """An entry that is no JSON as it stands: a comma behind it, several in one, a line of text, or broken."""
        if not self._shape.structured:
            return [(plain.read(raw, near=self._shape.near), at)]
        if len(raw) > MOST_ENTRY:
            self.broken.add(at, f"larger than the {MOST_ENTRY >> 20} MiB that are read of an entry", raw)
            return []
        found: list[Placed] = []
        for start, part in _objects_in(at, raw):
            try:
                found.append((structured.read(part), start))
            except UnreadableError as error:
                self.broken.add(at, str(error) if found else why, raw[start - at :])
                break
            self.moved[start] = self.moved.get(at, at)
        return found

    def forget(self) -> None:
        """What was broken or moved was handed over."""
        self.broken = Broken()
        self.moved.clear()

    def piece_of(self, at: int) -> int:
        """Where the piece began in which the entry at `at` was."""
        return self.moved.get(at, at)


def _objects_in(at: int, raw: bytes) -> list[Piece]:
    """The objects of what was taken for one, longer than any being what it is."""
    scanner = Scanned(at)
    return scanner.feed(raw) + scanner.end()


def joined(joiner: Joiner[int], placed: Iterable[Placed], now: float | None = None) -> list[Placed]:
    """What is complete with these, which are in the order of time.

    `now` as Joiner has it; without, tracebacks end by the entries' own time.
    """
    complete: list[Placed] = []
    latest = NO_TIME
    for record, at in placed:
        latest = max(latest, record.time)
        complete += joiner.feed(record, at, latest / SECOND if now is None else now)
    return complete + joiner.flush(latest / SECOND if now is None else now)


def backwards(records: Iterable[Placed]) -> bool:
    """Whether these run from the newest to the oldest."""
    times = [record.time for record, _ in records if record.time != NO_TIME]
    down = sum(later < earlier for earlier, later in pairwise(times))
    up = sum(later > earlier for earlier, later in pairwise(times))
    return down > up
