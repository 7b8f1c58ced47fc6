"""Binary operators: arithmetic and comparison of scalars and vectors, and the set operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.naming import nameless
from cockpit.metrics.promql.matching import (
    any_present,
    check_many_side,
    check_one_side,
    ordinals,
    pairs,
    result_labels,
)
from cockpit.metrics.promql.nodes import COMPARISONS, SET_OPERATORS, Cardinality, Matching
from cockpit.metrics.promql.shapes import empty, renamed, stacked, united

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.promql.frames import Flags, Floats
    from cockpit.metrics.promql.nodes import Binary
    from cockpit.metrics.promql.scope import Budget

ARITHMETIC: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "atan2": np.arctan2,
}
COMPARING: dict[str, Callable[[Floats, Floats], Flags]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def scalars(node: Binary, left: Floats, right: Floats) -> Floats:
    """Of two scalars one."""
    return _numbers(node.operator, left, right)


def vector_and_scalar(node: Binary, vector: Frame, scalar: Floats, *, swapped: bool) -> Frame:
    """Of a vector and a scalar; `swapped` where the scalar stands on the left.

    A comparison keeps the samples for which it is true, with the vector's values.
    """
    left, right = (scalar[np.newaxis, :], vector.values) if swapped else (vector.values, scalar[np.newaxis, :])
    if node.operator in COMPARISONS and not node.gives_bool:
        kept = COMPARING[node.operator](left, right)
        return Frame(vector.labels, vector.values, vector.present & kept)
    result = Frame(vector.labels, _numbers(node.operator, left, right), vector.present)
    return renamed(result, nameless(vector))


def vectors(node: Binary, left: Frame, right: Frame, budget: Budget) -> Frame:
    """Of two vectors. Raises QueryError("evaluation") where what belongs together is not clear."""
    matching = node.matching or Matching()
    if node.operator in SET_OPERATORS:
        return _sets(node.operator, left, right, matching)
    if not left.labels or not right.labels:
        return empty(left.values.shape[1])
    left_numbers, right_numbers, _ = ordinals(left, right, matching)
    mirrored = matching.cardinality is Cardinality.ONE_TO_MANY
    many, one = (right, left) if mirrored else (left, right)
    many_numbers, one_numbers = (right_numbers, left_numbers) if mirrored else (left_numbers, right_numbers)
    check_one_side(one, one_numbers, many, matching)
    many_rows, one_rows = pairs(many_numbers, one_numbers, left.values.shape[1], budget)
    present = many.present[many_rows] & one.present[one_rows]
    names = [
        result_labels(many.labels[row], one.labels[other], node, matching)
        for row, other in zip(many_rows.tolist(), one_rows.tolist(), strict=True)
    ]
    check_many_side(present, many_numbers[many_rows], names, matching)
    values, others = many.values[many_rows], one.values[one_rows]
    if mirrored:
        values, others = others, values
    if node.operator in COMPARISONS and not node.gives_bool:
        present &= COMPARING[node.operator](values, others)
    else:
        values = _numbers(node.operator, values, others)
    return united(Frame(tuple(names), values, present))


def _numbers(operator: str, left: Floats, right: Floats) -> Floats:
    """The result as a number: a comparison's is 1 or 0."""
    with np.errstate(all="ignore"):
        if operator in COMPARISONS:
            return COMPARING[operator](left, right).astype(np.float64)
        return ARITHMETIC[operator](left, right)


def _sets(operator: str, left: Frame, right: Frame, matching: Matching) -> Frame:
    left_numbers, right_numbers, count = ordinals(left, right, matching)
    if operator == "or":
        there = any_present(left, left_numbers, count)[right_numbers]
        added = Frame(right.labels, right.values, right.present & ~there)
        return united(stacked([left, added], left.values.shape[1]))
    there = any_present(right, right_numbers, count)[left_numbers]
    return Frame(left.labels, left.values, left.present & (there if operator == "and" else ~there))
