"""How log lines look: which columns they have, how moments are written, and whether long ones are wrapped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, get_args

from cockpit.config.logs import Times

if TYPE_CHECKING:
    from collections.abc import Iterable


class Column(Enum):
    """What can stand before a line's text, in this order."""

    TIME = "time"
    LEVEL = "level"
    REVISION = "revision"
    INSTANCE = "instance"
    LOG = "log"


USUAL = frozenset({Column.TIME, Column.LEVEL, Column.REVISION})
_TIMES: tuple[Times, ...] = get_args(Times)


@dataclass(frozen=True, slots=True)
class Look:
    """How lines look. `time` is how moments are written."""

    columns: frozenset[Column] = USUAL
    time: Times = "local"
    wrap: bool = False

    def toggled(self, column: Column) -> Look:
        """The same with one column more, or less."""
        return replace(self, columns=self.columns ^ {column})

    def wrapped(self) -> Look:
        """The same, long lines wrapped or wrapped no more."""
        return replace(self, wrap=not self.wrap)

    def timed(self) -> Look:
        """The same with the next way to write moments."""
        return replace(self, time=_TIMES[(_TIMES.index(self.time) + 1) % len(_TIMES)])


def in_order(columns: Iterable[Column]) -> list[Column]:
    """Columns from left to right."""
    wanted = frozenset(columns)
    return [column for column in Column if column in wanted]
