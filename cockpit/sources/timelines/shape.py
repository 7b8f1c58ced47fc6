"""What a timeline is: how its rows are written, what was read of them, and what was odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DAY = 86_400.0


class Flaw(Enum):
    """What can be odd about a timeline that was read. LATE: there is no row of the newest step yet."""

    EMPTY = "empty"
    ALL_ZERO = "all zero"
    WRONG_TYPE = "wrong type"
    MISSING = "missing"
    LATE = "late"
    OUT_OF_ORDER = "out of order"
    REPEATED = "repeated"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd, in one line of clean text, and the mend where there is one."""

    flaw: Flaw
    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one moment (epoch seconds), in the order of the shape's; None where there is none to use."""

    at: float
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows are written: the field with their moment, those with numbers, and how many seconds a row is about.

    `rows` is the dotted path to the list, "" where it is the whole answer. `inclusive`: the first step of a period
    counts, so that seven days have eight rows.
    """

    time: str
    values: tuple[str, ...]
    step: float = DAY
    rows: str = ""
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was read: rows by time, at most one a step; the moments where one was expected; and what is odd."""

    rows: tuple[Row, ...]
    slots: tuple[float, ...]
    findings: tuple[Finding, ...] = ()
