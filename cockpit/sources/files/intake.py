"""Entries of one file or pipe, taken in as its bytes come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.joining import Joiner
from cockpit.sources.files.batch import Batch, Placed, batch_of
from cockpit.sources.files.cutting import Piece, cutter_of
from cockpit.sources.files.records import RecordReader, backwards, joined
from cockpit.sources.files.shape import Shape

ROWS = 10_000
"""Entries of a batch, at most."""


class Intake:
    """Bytes in, batches out.

    `at` is where in the file the first bytes are from; without `aligned` what comes before an entry begins is left
    out. `keeps`: the payloads are handed over with the entries. `now` is in seconds of any clock: tracebacks end
    by waiting; give None throughout where they end by the entries' own time.
    """

    def __init__(self, shape: Shape, at: int, *, aligned: bool = True, keeps: bool = False) -> None:
        self._cutter = cutter_of(shape, at, aligned=aligned)
        self._reader = RecordReader(shape)
        self._joiner: Joiner[int] = Joiner()
        self._complete: list[Placed] = []
        self._keeps = keeps
        self._raws: dict[int, bytes] = {}
        self.held = 0
        """Bytes of the entries that were taken in and not handed over."""

    def __len__(self) -> int:
        """Entries that can be handed over."""
        return len(self._complete)

    @property
    def half(self) -> bytes:
        """The beginning of an entry that has not ended yet."""
        return self._cutter.half

    def feed(self, data: bytes, now: float | None) -> None:
        """Take in the bytes that follow the last ones."""
        self._take(self._cutter.feed(data), now)

    def flush(self, now: float) -> None:
        """Tracebacks that were waited for long enough are complete."""
        self._complete += self._joiner.flush(now)

    def end_half(self, now: float | None) -> None:
        """What has not ended is an entry as it stands."""
        self._take(self._cutter.end(), now)

    def end(self) -> None:
        """Nothing more comes: what has not ended is complete."""
        self.end_half(None)
        self._complete += self._joiner.close()

    def gap(self, text: str) -> None:
        """Say in its place that something is missing or begins anew."""
        self._complete += self._joiner.close()
        self._complete.append((Record(NO_TIME, text, Severity.WARNING, Flag.GAP), 0))

    def batches(self, *, read: int = 0, last: bool = False) -> Iterator[Batch]:
        """What is complete, handed over; nothing where there is nothing, but for the `last` one."""
        complete, self._complete, self.held = self._complete, [], 0
        broken = self._reader.broken
        if not (complete or broken.count or last):
            return
        for start in range(0, max(1, len(complete)), ROWS):
            is_last = start + ROWS >= len(complete)
            yield batch_of(
                complete[start : start + ROWS],
                pack=self._packed if self._keeps else None,
                read=read if is_last else 0,
                last=last and is_last,
                broken=broken if is_last else None,
            )
        self._reader.forget()
        if not len(self._joiner):
            self._raws.clear()

    def _take(self, pieces: Sequence[Piece], now: float | None) -> None:
        placed = self._reader.read(pieces)
        if self._keeps:
            self._raws.update(pieces)
        self.held += sum(len(raw) for _, raw in pieces)
        if backwards(placed):
            placed.reverse()
            self._complete += self._joiner.close()
        self._complete += joined(self._joiner, placed, now)

    def _packed(self, offsets: Iterable[int]) -> tuple[bytes, Sequence[int]]:
        """The payloads one behind the other, and where each begins."""
        payloads = [self._raws.get(self._reader.piece_of(at), b"") for at in offsets]
        return b"".join(payloads), list(accumulate(map(len, payloads), initial=0))[:-1]
