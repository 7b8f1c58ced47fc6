"""What answers PromQL: the cockpit's own evaluator on its store, or any server with Prometheus' HTTP API."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels


_OF_ENGINE = frozenset({"unreachable", "denied", "throttled", "timeout"})


class ResultKind(Enum):
    """The types an expression can have, in the words of Prometheus' HTTP API."""

    SCALAR = "scalar"
    VECTOR = "vector"
    MATRIX = "matrix"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one series at the moment that was asked for."""

    labels: Labels
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One series over time: epoch milliseconds (int64, ascending) and values (float64), only where it has some."""

    labels: Labels
    times: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What an expression came to. A scalar is one sample without labels; a matrix, and every range, is `lines`.

    `notes` are warnings and hints, one line each, as Prometheus gives them beside an answer.
    """

    kind: ResultKind
    samples: tuple[Sample, ...] = ()
    lines: tuple[Line, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()


class QueryError(Exception):
    """An expression that has no answer. `str(error)` is one line; `mend` another, "" where there is none.

    `kind` is stable: "syntax", "type", "unsupported", "limit", "timeout", "evaluation", or for a remote engine
    "unreachable", "denied", "throttled". `position` is where in the expression, in characters from 0, None where
    unknown.
    """

    def __init__(self, message: str, kind: str, mend: str = "", position: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.mend = mend
        self.position = position

    @property
    def of_engine(self) -> bool:
        """Whether the engine itself failed, so that the next expression would meet the same."""
        return self.kind in _OF_ENGINE


class Engine(Protocol):
    """Answers PromQL. Times and steps are milliseconds, times since the epoch. Raises QueryError."""

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment."""
        ...

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values from `start` to `end`, both included, every `step`; a matrix."""
        ...

    async def families(self) -> Mapping[str, Family]:
        """Every metric that is known, by the name its metadata gives."""
        ...

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric now; of all where `metric` is ""."""
        ...
