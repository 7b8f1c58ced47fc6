"""A signal: one number a revision is judged by, and what it is made of in PromQL's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_STRINGS = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`"
_SELECTOR = re.compile(rf"(?:[a-zA-Z_:][a-zA-Z0-9_:]*)?(?:\{{(?:[^{{}}\"'`]|{_STRINGS})*\}})?", re.DOTALL)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Kind(Enum):
    """What a signal is, which decides how it is estimated.

    RATE: events per second. RATIO: the share of `total` that the events are, from 0 to 1. QUANTILE: of a classic
    histogram. GAUGE: the mean over the instances of a value that each of them has.
    """

    RATE = "rate"
    RATIO = "ratio"
    QUANTILE = "quantile"
    GAUGE = "gauge"


class Better(Enum):
    """Which way is good. NEITHER: a difference is shown and never judged."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


TOLERANCE = {Kind.RATE: 0.0, Kind.RATIO: 0.005, Kind.QUANTILE: 0.1, Kind.GAUGE: 0.1}
"""The difference that does not matter: for a ratio as such (0.005 is half a point), else relative to stable."""


class SignalError(ValueError):
    """A signal that cannot be; `str(error)` is one line that says what to write instead."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. Raises SignalError for one that cannot be.

    `source` are selectors of counters that are added up (RATE, and the events of a RATIO), or one histogram by its
    name or selector, without `_bucket` (QUANTILE), or one expression (GAUGE), where `{window}` stands for the
    window; the series of one instance are added up. `total` are the counters that a RATIO's events are a share
    of, the events included. `unit` is what the value is counted in ("s", "bytes", "" for a plain number); a RATIO
    has none. `tolerance` is the difference that does not matter (see TOLERANCE); None takes the kind's.
    """

    id: str
    title: str
    kind: Kind
    source: tuple[str, ...]
    total: tuple[str, ...] = ()
    quantile: float = 0.0
    unit: str = ""
    better: Better = Better.NEITHER
    tolerance: float | None = None

    def __post_init__(self) -> None:
        for fault in (self._naming_fault(), self._source_fault(), self._judging_fault()):
            if fault:
                raise SignalError(f"signal {self.id or self.title!r}: {fault}")

    @property
    def trivial(self) -> float:
        """The difference that does not matter: its own, or its kind's."""
        return TOLERANCE[self.kind] if self.tolerance is None else self.tolerance

    def _naming_fault(self) -> str:
        if not _ID.fullmatch(self.id):
            return "its id must be lower-case letters, digits, - and _"
        return "" if self.title.strip() else "it needs a title"

    def _source_fault(self) -> str:
        if not self.source or not all(map(str.strip, self.source)):
            return f"a {self.kind.value} needs at least one metric"
        if self.kind in {Kind.QUANTILE, Kind.GAUGE} and len(self.source) > 1:
            return f"a {self.kind.value} is of one metric, and here are {len(self.source)}"
        if (self.kind is Kind.RATIO) is not bool(self.total):
            has = "it has a total" if self.total else "it has no total"
            return f"a ratio, and nothing else, is a share of a total; this is a {self.kind.value} and {has}"
        if (self.kind is Kind.QUANTILE) is not (0 < self.quantile < 1):
            return "a quantile, and nothing else, has a quantile between 0 and 1, as 0.95"
        name = self.source[0].partition("{")[0]
        if self.kind is Kind.QUANTILE and (not name or name.endswith("_bucket")):
            return f"name its histogram without _bucket, as {name.removesuffix('_bucket') or 'request_seconds'}"
        selectors = () if self.kind is Kind.GAUGE else (*self.source, *self.total)
        wrong = next((one for one in selectors if not is_selector(one)), None)
        return "" if wrong is None else f'{wrong!r} is no metric; write one as name or name{{label="value"}}'

    def _judging_fault(self) -> str:
        if self.kind is Kind.RATE and self.better is not Better.NEITHER:
            return "a rate follows the traffic split, so neither side is better; make it a share of a total"
        if self.tolerance is not None and not 0 <= self.tolerance < float("inf"):
            return "its tolerance must be 0 or more"
        return ""


def is_selector(text: str) -> bool:
    """Whether a text looks like one instant selector: `name`, `name{…}` or `{…}`."""
    return bool(text) and _SELECTOR.fullmatch(text) is not None
