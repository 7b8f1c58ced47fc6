"""The tree, evaluated over all steps at once: each node comes to a frame, a scalar at every step, or a string."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql import binary
from cockpit.metrics.promql.aggregate import aggregate
from cockpit.metrics.promql.calls import SPECIAL
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions import INSTANT, RANGE, Context
from cockpit.metrics.promql.functions.naming import nameless
from cockpit.metrics.promql.nodes import (
    Aggregation,
    Binary,
    Call,
    MatrixSelector,
    Negation,
    Node,
    Number,
    String,
    Subquery,
    VectorSelector,
)
from cockpit.metrics.promql.scope import SUBQUERY_STEP, Rolled
from cockpit.metrics.promql.select import dense, moments, newest, windows
from cockpit.metrics.promql.shapes import empty, renamed, spread, united
from cockpit.metrics.series import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.promql.frames import Floats, Indexes, Window
    from cockpit.metrics.promql.scope import Scope

    Value = Frame | Floats | str

AT_EDGES = frozenset(
    {
        *("count_over_time", "present_over_time", "first_over_time", "last_over_time"),
        *("rate", "increase", "delta", "irate", "idelta", "changes", "resets"),
    }
)
"""Functions that look at the windows' edges, all at once; the others look at each window and what it holds."""

EFFORT = {"quantile_over_time": 10, "deriv": 5, "predict_linear": 5}
"""How much more than others a function does for a window."""

WINDOW = 1000
"""Samples that take as long as what is done for a window beside them."""

MOST_KNOWN = 10_000
"""Series of a result that is kept for the next time: more of them would hold too much memory."""

PER_STEP = frozenset({"predict_linear"})
"""Functions of a range that look at the step itself, too, so that @ does not make them the same at all steps."""


def evaluate(node: Node, scope: Scope) -> Value:
    """What an expression comes to: a frame, a scalar (float64, one a step) or a string. Raises QueryError."""
    value = _evaluated(node, scope)
    if isinstance(value, Frame):
        scope.budget.name(len(value.labels))
    return value


def _evaluated(node: Node, scope: Scope) -> Value:
    match node:
        case Number(value=number):
            return np.full(scope.steps.size, number)
        case String(value=text):
            return text
        case VectorSelector():
            return newest(node, scope)
        case Call():
            return _call(node, scope)
        case Aggregation(expression=inner, parameter=parameter):
            asked = None if parameter is None else evaluate(parameter, scope)
            return aggregate(node, vector(inner, scope), asked, scope)  # type: ignore[arg-type]
        case Binary():
            return _binary(node, scope)
        case Negation(expression=inner):
            return _negated(evaluate(inner, scope))
        case MatrixSelector() | Subquery():
            raise QueryError("only a function makes a vector of a range", "type", "use rate() or its like")


def vector(node: Node, scope: Scope) -> Frame:
    """What an expression that is a vector comes to."""
    value = evaluate(node, scope)
    if not isinstance(value, Frame):
        raise QueryError(f"expected a vector, got a {node.kind.value}", "type")
    return value


def ranges(node: Node, scope: Scope) -> Iterator[Window]:
    """The windows of a range selector or a subquery."""
    if isinstance(node, MatrixSelector):
        yield from windows(node, scope)
    elif isinstance(node, Subquery):
        ends = moments(node, scope)
        steps = _substeps(node, ends, scope)
        if not steps.size:
            return
        frame = vector(node.expression, scope.at(steps))
        scope.budget.take(len(frame.labels), steps.size)
        missing = None if frame.present.all() else ~frame.present.T
        block = Block(frame.labels, steps, frame.values.T)
        yield from dense(block, missing, ends, node.range, scope.steps)
    else:
        raise QueryError(f"expected a range of samples, got a {node.kind.value}", "type")


def _substeps(node: Subquery, ends: Indexes, scope: Scope) -> Indexes:
    """Whole multiples of the subquery's step, whenever the query is asked."""
    step = node.step or SUBQUERY_STEP
    first, last = (int(ends.min()) - node.range) // step + 1, int(ends.max()) // step
    scope.budget.check_substeps(last - first + 1)
    return np.arange(first, last + 1, dtype=np.int64) * step


def _negated(value: Value) -> Value:
    if isinstance(value, Frame):
        return renamed(Frame(value.labels, -value.values, value.present), nameless(value))
    return -np.asarray(value)


def _binary(node: Binary, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if isinstance(left, Frame) and isinstance(right, Frame):
        return binary.vectors(node, left, right, scope.budget)
    if isinstance(left, Frame):
        return binary.vector_and_scalar(node, left, np.asarray(right), swapped=False)
    if isinstance(right, Frame):
        return binary.vector_and_scalar(node, right, np.asarray(left), swapped=True)
    return binary.scalars(node, np.asarray(left), np.asarray(right))


def _call(node: Call, scope: Scope) -> Value:
    name = node.function
    if name == "absent_over_time":
        # By a function that keeps the names: series that differ in nothing else are no error here.
        there = _rolled(Call("last_over_time", node.arguments, node.kind), scope)
        return SPECIAL[name](node, [there], scope)
    if name in RANGE:
        return _rolled(node, scope)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if name in SPECIAL:
        return SPECIAL[name](node, arguments, scope)
    if name in INSTANT:
        return united(INSTANT[name](arguments, Context(scope.steps, scope.notes, scope.budget)))
    raise QueryError(f"{name}() is not supported here", "unsupported", "query an engine that has it")


def _rolled(node: Call, scope: Scope) -> Frame:
    """A function of a range, from what is known of it already, if it is."""
    known = scope.rolled.get(node)
    if known is not None:
        scope.notes.update(known.notes)
        return known.frame
    inner = replace(scope, notes=set())
    frame = _roll(node, inner)
    scope.notes.update(inner.notes)
    if len(frame.labels) <= MOST_KNOWN:
        frame.values.flags.writeable = frame.present.flags.writeable = False
        scope.rolled[node] = Rolled(frame, frozenset(inner.notes))
    return frame


def _roll(node: Call, scope: Scope) -> Frame:
    """A function of a range, called once for the windows of all series."""
    function = RANGE[node.function]
    argument = node.arguments[function.window_argument]
    others = [each for at, each in enumerate(node.arguments) if at != function.window_argument]
    size = scope.steps.size
    if size > 1 and _is_fixed(argument) and not others and function.name not in PER_STEP:
        once = _roll(node, scope.at(scope.steps[:1]))
        shape = (len(once.labels), size)
        return Frame(once.labels, spread(once.values, shape), spread(once.present, shape))
    scalars = [np.asarray(evaluate(other, scope)) for other in others]
    held = [window for window in ranges(argument, scope) if window.times.size]
    for window in held:
        scope.budget.take(len(window.labels), size)
        if function.name not in AT_EDGES:
            inside = window.last - window.first
            visits = int(inside.sum()) * len(window.labels) + int(np.count_nonzero(inside)) * WINDOW
            scope.budget.visit(visits * EFFORT.get(function.name, 1))
    if not held:
        return empty(size)
    rolled = function(held, *scalars)
    scope.notes.update(function.hints(held, *scalars))
    labels = tuple(chain.from_iterable(window.labels for window in held))
    result = Frame(labels, rolled.values, spread(rolled.present, rolled.values.shape))
    return united(result) if function.keeps_name else renamed(result, nameless(result))


def _is_fixed(node: Node) -> bool:
    """Whether a range is the same at every step, as it has an @."""
    at = node.vector.at if isinstance(node, MatrixSelector) else node.at if isinstance(node, Subquery) else None
    return at is not None
