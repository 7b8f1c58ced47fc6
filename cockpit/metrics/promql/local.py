"""PromQL answered from samples at hand: the evaluator's face."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cockpit.metrics.engine import Answer, Line, QueryError, ResultKind, Sample
from cockpit.metrics.labels import NOTHING
from cockpit.metrics.promql.evaluate import evaluate, ranges
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.promql.scope import LOOKBACK, Budget, Limits, Scope, moment
from cockpit.metrics.promql.shapes import single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cockpit.metrics.promql.frames import Indexes
    from cockpit.metrics.promql.nodes import Node
    from cockpit.metrics.promql.scope import Rolled
    from cockpit.metrics.series import Storage

T = TypeVar("T")
LIMITS = Limits()


def evaluate_instant(
    expression: str,
    storage: Storage,
    at: int,
    *,
    lookback: int = LOOKBACK,
    limits: Limits = LIMITS,
    rolled: dict[Node, Rolled] | None = None,
) -> Answer:
    """What an expression comes to at one moment (epoch milliseconds). Raises QueryError.

    A vector keeps the order that sort(), topk() and their kin give it. A range selector answers with its samples.
    `rolled` is shared by expressions that are asked for at the same moment of a storage that has not changed, with
    the same limits: what several of them read is read once.
    """
    node = parse(expression)
    scope = _scope(storage, np.array([moment(at)], dtype=np.int64), at, lookback, limits)
    if rolled is not None:
        scope = replace(scope, rolled=rolled)
    if node.kind is ResultKind.MATRIX:
        lines = _guarded(lambda: tuple(_samples(node, scope)))
        return Answer(ResultKind.MATRIX, lines=_sorted(lines), notes=_notes(scope))
    value = _guarded(lambda: evaluate(node, scope))
    if isinstance(value, str):
        return Answer(ResultKind.STRING, text=value)
    if isinstance(value, Frame):
        rows = np.flatnonzero(value.present[:, 0])
        numbers = value.values[rows, 0].tolist()
        labels = (value.labels[row] for row in rows.tolist())
        samples = tuple(map(Sample, labels, numbers))
        return Answer(ResultKind.VECTOR, samples, notes=_notes(scope))
    return Answer(ResultKind.SCALAR, (Sample(NOTHING, float(value[0])),), notes=_notes(scope))


def evaluate_range(
    expression: str,
    storage: Storage,
    start: int,
    end: int,
    step: int,
    *,
    lookback: int = LOOKBACK,
    limits: Limits = LIMITS,
) -> Answer:
    """What an expression comes to from `start` to `end`, both included, every `step` (milliseconds): a matrix,
    sorted by labels. Raises QueryError."""
    node = parse(expression)
    if node.kind not in (ResultKind.SCALAR, ResultKind.VECTOR):
        message = f"a {node.kind.value} has no value at each step of a range"
        raise QueryError(message, "type", "use a scalar or an instant vector, as rate() makes one of a range")
    scope = _scope(storage, _steps(moment(start), moment(end), step, limits), end, lookback, limits)
    value = _guarded(lambda: evaluate(node, scope))
    frame = value if isinstance(value, Frame) else single(np.asarray(value, dtype=np.float64))
    return Answer(ResultKind.MATRIX, lines=_sorted(tuple(_lines(frame, scope.steps))), notes=_notes(scope))


def _scope(storage: Storage, steps: Indexes, end: int, lookback: int, limits: Limits) -> Scope:
    """What a query is evaluated for. Its end need not be a step, yet it is what `@ end()` means."""
    start = int(steps[0])
    return Scope(storage, start, end, steps, lookback, Budget(limits), set(), instant=start == end, rolled={})


def _steps(start: int, end: int, step: int, limits: Limits) -> Indexes:
    if step <= 0:
        raise QueryError(f"a step of {step} ms leads nowhere", "evaluation", "use one above 0")
    if end < start:
        raise QueryError("the range ends before it starts", "evaluation", "swap its ends")
    if (end - start) // step > limits.max_steps:
        message = f"the range has {(end - start) // step + 1:,} steps, more than {limits.max_steps:,}"
        raise QueryError(message, "limit", f"use a step of {-(-(end - start) // limits.max_steps):,} ms or more")
    return np.arange(start, end + 1, step, dtype=np.int64)


def _guarded(work: Callable[[], T]) -> T:
    """Run it; what runs out of stack or memory nested too deeply or asked for too much."""
    try:
        return work()
    except RecursionError:
        raise QueryError("the expression nests too deeply", "limit", "take it apart") from None
    except MemoryError:
        raise QueryError("the expression takes more memory than there is", "limit", "name more labels") from None


def _samples(node: Node, scope: Scope) -> Iterator[Line]:
    """The samples in a range selector's windows, stale markers left out."""
    for window in ranges(node, scope):
        inside = slice(int(window.first[0]), int(window.last[0]))
        times = window.times[inside]
        if times.size:
            for column, labels in enumerate(window.labels):
                yield Line(labels, times, window.values[inside, column])


def _lines(frame: Frame, steps: Indexes) -> Iterator[Line]:
    for labels, values, present in zip(frame.labels, frame.values, frame.present, strict=True):
        if present.all():
            yield Line(labels, steps, values)
        elif present.any():
            yield Line(labels, steps[present], values[present])


def _sorted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: line.labels))


def _notes(scope: Scope) -> tuple[str, ...]:
    return tuple(sorted(scope.notes))
