"""What an expression is evaluated on and for: samples, steps, and how much of both one query may take."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.engine import QueryError

if TYPE_CHECKING:
    from cockpit.metrics.promql.frames import Frame, Indexes
    from cockpit.metrics.promql.nodes import Node
    from cockpit.metrics.series import Storage

LOOKBACK = 300_000
"""Milliseconds for which a sample stands for its series, as Prometheus has it."""

SUBQUERY_STEP = 60_000
"""Milliseconds between the steps of a subquery that names none: Prometheus' default evaluation interval."""

FARTHEST = 10**16
"""Milliseconds from the epoch, 300,000 years, up to which there are moments: sums of some fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take.

    `max_samples` counts what is read and what every part of the expression comes to. `max_series` bounds the
    series of any one part, `max_label_sets` those of all parts together, `max_characters` the labels that
    functions write. `max_visits` is how often range functions look at a sample, once for each window it is in.
    `max_steps` is Prometheus' own, `max_substeps` that of a subquery.
    """

    max_samples: int = 50_000_000
    max_series: int = 200_000
    max_label_sets: int = 2_000_000
    max_characters: int = 5_000_000
    max_steps: int = 11_000
    max_substeps: int = 100_000
    max_visits: int = 500_000_000


@dataclass(slots=True)
class Budget:
    """What is left of a query's limits. It is asked before anything of that size is made."""

    limits: Limits
    samples: int = field(init=False)
    label_sets: int = field(init=False)
    characters: int = field(init=False)
    visits: int = field(init=False)

    def __post_init__(self) -> None:
        self.samples, self.visits = self.limits.max_samples, self.limits.max_visits
        self.label_sets, self.characters = self.limits.max_label_sets, self.limits.max_characters

    def take(self, series: int, points: int) -> None:
        """Account for that many series of that many points each. Raises QueryError("limit")."""
        self._check_series(series)
        self.samples -= series * points
        if self.samples < 0:
            message = f"the expression takes more than {self.limits.max_samples:,} samples"
            raise QueryError(message, "limit", "name more labels, a shorter range or a longer step")

    def name(self, series: int) -> None:
        """Account for a part of the expression that comes to that many series. Raises QueryError("limit")."""
        self._check_series(series)
        self.label_sets -= series
        if self.label_sets < 0:
            message = f"the expression's parts come to more than {self.limits.max_label_sets:,} series together"
            raise QueryError(message, "limit", "name more labels, or aggregate first")

    def write(self, characters: int) -> None:
        """Account for a label's value that a function makes. Raises QueryError("limit")."""
        self.characters -= characters
        if self.characters < 0:
            message = f"the expression writes labels of more than {self.limits.max_characters:,} characters"
            raise QueryError(message, "limit", "make fewer labels of others, or shorter ones")

    def visit(self, samples: int) -> None:
        """Account for a range function that looks at so many samples. Raises QueryError("limit")."""
        self.visits -= samples
        if self.visits < 0:
            message = f"range functions would look at more than {self.limits.max_visits:,} samples"
            raise QueryError(message, "limit", "use a shorter range in brackets or a longer step")

    def _check_series(self, series: int) -> None:
        if series > self.limits.max_series:
            message = f"the expression comes to {series:,} series, more than {self.limits.max_series:,}"
            raise QueryError(message, "limit", "name the metric and more labels")

    def check_substeps(self, steps: int) -> None:
        """Raise QueryError("limit") for a subquery of too many steps."""
        if steps > self.limits.max_substeps:
            message = f"a subquery has {steps:,} steps, more than {self.limits.max_substeps:,}"
            raise QueryError(message, "limit", "give it a shorter range or a longer step")


def moment(milliseconds: int) -> int:
    """A moment that a query names. Raises QueryError("limit") for one that is none."""
    if abs(milliseconds) > FARTHEST:
        raise QueryError("a moment is too far away", "limit", "give it in seconds since 1970")
    return milliseconds


class Rolled(NamedTuple):
    """What a range function came to, which nobody may write to, and its notes."""

    frame: Frame
    notes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """One query, and the steps at which a part of it is evaluated.

    `start` and `end` are the query's own (epoch milliseconds), `steps` (int64) those of the part: inside a
    subquery they are others. `instant` is whether the query asks for one moment, where a vector has an order.
    `rolled` is what range functions came to at these steps: what stands in an expression twice is done once.
    """

    storage: Storage
    start: int
    end: int
    steps: Indexes
    lookback: int
    budget: Budget
    notes: set[str]
    instant: bool
    rolled: dict[Node, Rolled]

    def at(self, steps: Indexes) -> Scope:
        """The same query at other steps."""
        return replace(self, steps=steps, instant=False, rolled={})
