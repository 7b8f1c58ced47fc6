"""How many entries there are along time, drawn: bars for all of them, and a row of its own for the bad ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cockpit.logs.moment import SECOND
from cockpit.text import duration
from cockpit.tui.lines import Line, Span, cells_of, crop, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.config.logs import Times

_MILLISECOND = SECOND // 1000
_MINUTE, _HOUR, _DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
_WIDTHS = (
    *(count * _MILLISECOND for count in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(count * SECOND for count in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(count * _MINUTE for count in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(count * _HOUR for count in (1, 2, 3, 6, 12)),
)
_BLOCKS = " ▁▂▃▄▅▆▇█"
_STEPS = len(_BLOCKS) - 1
_WITH_STRIP = 3
"""Rows from which on the bad ones have a row of their own, and there are words below."""


class Bucket(NamedTuple):
    """Entries of one span of time: all of them, and those that are warnings, and errors or worse."""

    total: int
    warnings: int
    errors: int


class Grid(NamedTuple):
    """Time in `spans` parts of `width` ns from `start` on (Unix ns); they begin at round moments."""

    start: int
    width: int
    spans: int

    @property
    def end(self) -> int:
        """Where the last span ends, exclusive."""
        return self.start + self.width * self.spans

    def at(self, time: int) -> int:
        """The span that a moment is in, or the nearest one."""
        return max(0, min((time - self.start) // self.width, self.spans - 1))

    def begin(self, index: int) -> int:
        """When a span begins."""
        return self.start + self.width * index


@dataclass(frozen=True, slots=True)
class Volume:
    """What is drawn. `seen` is the part of time that is in view in the log, `chosen` the part that is selected,
    both from a first moment to a last one, exclusive, None for none."""

    grid: Grid
    buckets: Sequence[Bucket]
    seen: tuple[int, int] | None = None
    chosen: tuple[int, int] | None = None
    times: Times = "local"


def grid(first: int, end: int, most: int) -> Grid:
    """At most `most` spans of a round length from the first moment until before the last."""
    most = max(2, most)
    width = next((each for each in _WIDTHS if _count(first, end, each) <= most), _DAY)
    while (count := _count(first, end, width)) > most:
        width *= 2
    return Grid(first // width * width, width, count)


def volume_lines(volume: Volume, cells: int, rows: int) -> list[Line]:
    """The drawing in so many cells and rows."""
    columns = [(index, volume.buckets[index]) for index in _columns(volume.grid.spans, cells)]
    peak = max((bucket.total for bucket in volume.buckets), default=0)
    roles = [_ground(volume, index) for index, _ in columns]
    if rows < _WITH_STRIP:
        marks = [(_block(bucket.total, peak, rows, 0), _worst(bucket)) for _, bucket in columns]
        return [_line(marks, roles)]
    bars = [
        _line(
            [(_block(bucket.total, peak, rows - 2, row), _seen(volume, index)) for index, bucket in columns], roles
        )
        for row in reversed(range(rows - 2))
    ]
    return [*bars, _line(_strip([bucket for _, bucket in columns]), roles), _words(volume, peak, cells)]


def index_at(volume: Volume, x: int, cells: int) -> int:
    """The span that is drawn in a column."""
    return max(0, min(x * volume.grid.spans // max(1, cells), volume.grid.spans - 1))


def _count(first: int, end: int, width: int) -> int:
    return max(1, -(-end // width) - first // width)


def _columns(count: int, cells: int) -> list[int]:
    return [x * count // cells for x in range(cells)] if count else []


def _block(value: int, peak: int, rows: int, row: int) -> str:
    """A bar's part in one row, 0 being the lowest; nothing but nothing is drawn as nothing."""
    steps = max(1, round(value * rows * _STEPS / peak)) if value else 0
    return _BLOCKS[max(0, min(steps - row * _STEPS, _STEPS))]


def _strip(buckets: Sequence[Bucket]) -> list[tuple[str, str]]:
    """The row of the bad ones, on scales of their own: one among ten thousand is seen."""
    errors = max((bucket.errors for bucket in buckets), default=0)
    warnings = max((bucket.warnings for bucket in buckets), default=0)
    return [
        (_block(bucket.errors, errors, 1, 0), "bad")
        if bucket.errors
        else (_block(bucket.warnings, warnings, 1, 0), "warn")
        for bucket in buckets
    ]


def _worst(bucket: Bucket) -> str:
    return "bad" if bucket.errors else "warn" if bucket.warnings else "muted"


def _seen(volume: Volume, index: int) -> str:
    return "accent" if _within(volume, volume.seen, index) else "muted"


def _ground(volume: Volume, index: int) -> str:
    return " cursor" if _within(volume, volume.chosen, index) else ""


def _within(volume: Volume, part: tuple[int, int] | None, index: int) -> bool:
    begin = volume.grid.begin(index)
    return part is not None and begin < part[1] and begin + volume.grid.width > part[0]


def _line(marks: Sequence[tuple[str, str]], grounds: Sequence[str]) -> Line:
    """Cells as few spans as they come to."""
    spans: list[Span] = []
    for (mark, role), ground in zip(marks, grounds, strict=True):
        whole = role + ground
        if spans and spans[-1].role == whole:
            spans[-1] = Span(spans[-1].text + mark, whole)
        else:
            spans.append(Span(mark, whole))
    return Line(tuple(spans))


def _words(volume: Volume, peak: int, cells: int) -> Line:
    """When it begins and ends, and what is in it, or in the part that is selected."""
    time, chosen = volume.grid, volume.chosen
    if chosen is not None:
        part = [b for at, b in enumerate(volume.buckets) if _within(volume, chosen, at)]
        span = f"{_moment(volume, chosen[0])} – {_moment(volume, chosen[1])}"
        said = (Span(span, "accent"), Span(f" · {_counted(part)} · ⏎ narrows", "muted"))
        return Line(crop(said, cells))
    start, end = (Span(_moment(volume, each), "muted") for each in (time.start, time.end))
    counted = _counted(volume.buckets)
    abouts = (
        f"{counted} · a bar {_length(time.width)} · highest {peak:,}",
        counted,
        counted.partition(", ")[0],
        "",
    )
    room = cells - cells_of((start, end)) - 2
    about = next((each for each in abouts if len(each) <= room), "")
    gap = Span(" " * ((room - len(about)) // 2 + 1))
    return Line(spread((start, gap, Span(about, "muted")) if about else (start,), (end,), cells))


def _counted(buckets: Sequence[Bucket]) -> str:
    total, _, errors = (sum(column) for column in zip(*buckets, strict=True)) if buckets else (0, 0, 0)
    return f"{total:,} {'entry' if total == 1 else 'entries'}, {errors:,} {'error' if errors == 1 else 'errors'}"


def _length(width: int) -> str:
    return f"{width // _MILLISECOND} ms" if width < SECOND else duration(width / SECOND).replace(".0", "")


def _moment(volume: Volume, time: int) -> str:
    zone = UTC if volume.times == "utc" else None
    moment = datetime.fromtimestamp(time // SECOND, zone)
    if volume.grid.end - volume.grid.start > _DAY:
        return f"{moment:%m-%d %H:%M}"
    fine = f".{time % SECOND // _MILLISECOND:03}" if volume.grid.width < SECOND else ""
    return f"{moment:%H:%M:%S}{fine}"
