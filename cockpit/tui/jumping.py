"""Where a letter can lead to: panes, rows, tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LETTERS = "asdfghjklqwertyuiopzxcvbnm1234567890ASDFGHJKLQWERTYUIOPZXCVBNM"
"""Those that lie under the fingers first."""


class Spot(NamedTuple):
    """A place on the screen, in cells, and the way there."""

    x: int
    y: int
    go: Callable[[], object]


@runtime_checkable
class HasSpots(Protocol):
    """A screen with places worth jumping to."""

    def spots(self) -> Iterable[Spot]:
        """The most important first."""
        ...


def lettered(spots: Iterable[Spot]) -> Iterator[tuple[str, Spot]]:
    """A letter for each spot, as long as there are letters: the most important spots come first."""
    return zip(LETTERS, spots, strict=False)
