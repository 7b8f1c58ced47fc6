"""Which lines of which entries are in view, around the one that stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Place(NamedTuple):
    """A line in view: the entry by its position, and which of its lines."""

    entry: int
    part: int


def window(index: int, y: int, *, count: int, height: int, lines: Callable[[int], int]) -> tuple[int, list[Place]]:
    """The places of `height` rows or fewer, where entry `index` begins in row `y` as far as that can be.

    It is moved so that all of it is in view, if it fits, and no row is empty while there are entries to show in
    it. `lines` tells how many lines an entry has; it is asked for those in view and near by. Also gives the row
    where the entry begins: below 0 where its first lines are out of view.
    """
    own = lines(index)
    above = _reach(index - 1, -1, count, height + max(0, own - height), lines)
    below = _reach(index + 1, 1, count, height, lines)
    y = min(max(y, min(0, height - own)), max(0, height - own))
    y = min(max(y, height - own - below), above)
    places = [Place(index, part) for part in range(own)]
    at = index
    while len(places) - own < y:
        at -= 1
        places[:0] = [Place(at, part) for part in range(lines(at))]
    first = len(places) - own - y
    at = index
    while len(places) - first < height and at + 1 < count:
        at += 1
        places += [Place(at, part) for part in range(lines(at))]
    return y, places[first : first + height]


def _reach(start: int, step: int, count: int, most: int, lines: Callable[[int], int]) -> int:
    """How many lines the entries from `start` on have, `most` being enough."""
    total, at = 0, start
    while 0 <= at < count and total < most:
        total += lines(at)
        at += step
    return total
