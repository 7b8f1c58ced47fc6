"""The share of traffic of each revision along time, as a stacked band: gaps where nobody looked stay gaps."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from cockpit.release.state import short_name
from cockpit.text import clean, shorten, width
from cockpit.tui.charts.raster import Raster
from cockpit.tui.colours import FILLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.timeline import Shares
    from cockpit.tui.charts.view import Window

Mix = tuple[tuple[str, float], ...]
"""Revisions by name, each with its part of the traffic, adding up to 1."""

NOBODY = "·"
OTHER = "▒"
"""The fill of a revision that has no colour of its own: there are more than there are colours."""

LASTS = 10.0
"""Seconds for which what was read last is taken to serve on: the next read is due by then."""

_LEAST_NAME = 6
_ROUNDED = 3


def mixes(shares: Sequence[Shares], window: Window, columns: int) -> list[Mix | None]:
    """What served in each column of a window: of several splits their average, None where nobody looked."""
    length = window.seconds / columns
    weights: list[dict[str, float] | None] = [None] * columns
    first = max(0, bisect_right(shares, window.start, key=lambda span: span.since) - 1)
    for span in shares[first:]:
        if span.since >= window.end:
            break
        lasts = LASTS if span is shares[-1] else 0.0
        since, until = max(span.since, window.start), min(span.until + lasts, window.end)
        if until < since or not span.percents:
            continue
        begin, last = int((since - window.start) / length), int((until - window.start) / length)
        for column in range(begin, min(last, columns - 1) + 1):
            left = window.start + column * length
            part = max(min(until, left + length) - max(since, left), length * 1e-6)
            column_weights = weights[column]
            if column_weights is None:
                column_weights = weights[column] = {}
            for revision, percent in span.percents:
                column_weights[revision] = column_weights.get(revision, 0.0) + percent * part
    return [None if each is None else _mix(tuple(each.items())) for each in weights]


def served(shares: Sequence[Shares], window: Window, most: int) -> list[str]:
    """The revisions that served in a window, the latest first, at most so many."""
    names: dict[str, None] = {}
    for span in reversed(shares):
        if span.until < window.start or len(names) >= most:
            break
        if span.since <= window.end:
            names.update(dict.fromkeys(name for name, _ in span.percents))
    return list(names)[:most]


def band(found: Sequence[Mix | None], rows: int, slots: Mapping[str, int], service: str) -> Raster:
    """The band in so many rows: revisions by name, the oldest at the bottom, each with its name where it fits."""
    raster = Raster(len(found), [[]] * rows)
    fills = {name: _fill(name, slots) for mix in set(found) if mix is not None for name, _ in mix}
    places: list[Sequence[str]] = [() if mix is None else _stacked(mix, rows) for mix in found]
    for column, stack in enumerate(places):
        if not stack:
            raster.put(rows - 1, column, NOBODY, "muted")
        for row, name in zip(reversed(raster.cells), stack, strict=False):
            row[column] = fills[name]
    _name(raster, places, rows, slots, service)
    return raster


@lru_cache(maxsize=4096)
def _mix(weights: Mix) -> Mix:
    """Weights as parts of their sum, by name."""
    total = sum(weight for _, weight in weights) or 1.0
    return tuple(sorted((name, round(weight / total, _ROUNDED)) for name, weight in weights if weight))


@lru_cache(maxsize=4096)
def _stacked(mix: Mix, rows: int) -> tuple[str, ...]:
    """Which revision each row of a column has, from the bottom: by largest remainder, and one for the smallest."""
    most = sorted(mix, key=itemgetter(1), reverse=True)[:rows]
    given = {name: max(1, int(part * rows)) for name, part in most}
    by_need = sorted(most, key=lambda pair: pair[1] * rows - given[pair[0]])
    while (spare := rows - sum(given.values())) != 0:
        name = by_need[-1][0] if spare > 0 else max(given, key=given.__getitem__)
        given[name] += 1 if spare > 0 else -1
        by_need.sort(key=lambda pair: pair[1] * rows - given[pair[0]])
    return tuple(name for name in sorted(given) for _ in range(given[name]))


def _fill(name: str, slots: Mapping[str, int]) -> tuple[str, str]:
    slot = slots.get(name)
    return (OTHER, "muted") if slot is None else (FILLS[slot], f"revision-{slot + 1}")


def _name(
    raster: Raster, places: Sequence[Sequence[str]], rows: int, slots: Mapping[str, int], service: str
) -> None:
    """Write each revision's name once, where it has most room."""
    longest: dict[str, tuple[int, int, int]] = {}
    for height in range(rows):
        line = (stack[height] if height < len(stack) else "" for stack in places)
        start = 0
        for name, run in groupby(line):
            length = sum(1 for _ in run)
            if name and length > longest.get(name, (0, 0, 0))[0]:
                longest[name] = length, height, start
            start += length
    for name, (length, height, start) in longest.items():
        words = f" {shorten(clean(short_name(name, service)), length - 4)} "
        if width(words) >= _LEAST_NAME and len(words) == width(words):
            raster.put(rows - 1 - height, start + 1, words, f"{_fill(name, slots)[1]} bold")
