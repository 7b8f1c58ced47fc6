"""Functions that need the expression or the steps and not only values: absent(), timestamp(), time(), sort()."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from cockpit.metrics.labels import NAME, NOTHING, labels_of
from cockpit.metrics.matchers import Op
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.naming import nameless
from cockpit.metrics.promql.functions.notes import range_has_no_order
from cockpit.metrics.promql.nodes import MatrixSelector, VectorSelector
from cockpit.metrics.promql.select import newest_times
from cockpit.metrics.promql.shapes import renamed, single, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Floats
    from cockpit.metrics.promql.functions.kinds import Argument
    from cockpit.metrics.promql.nodes import Call, Node
    from cockpit.metrics.promql.scope import Scope

    SpecialCall = Callable[[Call, Sequence[Argument], Scope], Frame | Floats]


def _absent(call: Call, arguments: Sequence[Argument], _: Scope) -> Frame:
    """1 where nothing is, under the labels that what is missing would have had."""
    there = cast("Frame", arguments[0]).present
    missing = np.logical_not(np.logical_or.reduce(there, axis=0, keepdims=True))
    return Frame((_missing_labels(call.arguments[0]),), np.ones(missing.shape), missing)


def _missing_labels(node: Node) -> Labels:
    """The labels that a selector asks for by `=`, unless it says something else about them, too."""
    selector = node.vector if isinstance(node, MatrixSelector) else node
    if not isinstance(selector, VectorSelector):
        return NOTHING
    asked: dict[str, str] = {}
    for matcher in selector.matchers:
        first = matcher.op is Op.EQUAL and matcher.name not in asked
        asked[matcher.name] = matcher.value if first else ""
    return labels_of({**asked, NAME: ""})


def _scalar(_: Call, arguments: Sequence[Argument], __: Scope) -> Floats:
    """The value of the only series; NaN where there is none or another."""
    vector = cast("Frame", arguments[0])
    alone = vector.present.sum(axis=0) == 1
    with np.errstate(all="ignore"):
        values: Floats = np.where(alone, np.where(vector.present, vector.values, 0.0).sum(axis=0), np.nan)
    return values


def _vector(_: Call, arguments: Sequence[Argument], __: Scope) -> Frame:
    return single(cast("Floats", arguments[0]))


def _time(_: Call, __: Sequence[Argument], scope: Scope) -> Floats:
    return scope.steps / 1000


def _pi(_: Call, __: Sequence[Argument], scope: Scope) -> Floats:
    return np.full(scope.steps.size, np.pi)


def _timestamp(call: Call, arguments: Sequence[Argument], scope: Scope) -> Frame:
    """When the sample was taken; of anything but a plain selector when it was asked for."""
    selector = call.arguments[0]
    if isinstance(selector, VectorSelector):
        stamped = newest_times(selector, scope)
    else:
        vector = cast("Frame", arguments[0])
        times = np.broadcast_to(scope.steps / 1000, vector.values.shape)
        stamped = Frame(vector.labels, times, vector.present)
    return renamed(stamped, nameless(stamped))


def _sort(call: Call, arguments: Sequence[Argument], scope: Scope) -> Frame:
    vector = cast("Frame", arguments[0])
    if not scope.instant:
        scope.notes.add(range_has_no_order())
        return vector
    rows = np.flatnonzero(vector.present[:, 0])
    values = vector.values[rows, 0]
    keys = -values if call.function == "sort_desc" else values
    return taken(vector, rows[np.lexsort((keys, np.isnan(values)))])


SPECIAL: dict[str, SpecialCall] = {
    "absent": _absent,
    "absent_over_time": _absent,
    "pi": _pi,
    "scalar": _scalar,
    "sort": _sort,
    "sort_desc": _sort,
    "time": _time,
    "timestamp": _timestamp,
    "vector": _vector,
}
"""By name, called with the call itself, its evaluated arguments and what they are evaluated for.
absent_over_time() is given last_over_time() of its range."""
