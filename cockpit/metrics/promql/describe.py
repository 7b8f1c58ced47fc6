"""What an expression reads and compares, for those that show or check it and do not evaluate it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.engine import ResultKind
from cockpit.metrics.promql.nodes import (
    COMPARISONS,
    Binary,
    Call,
    Negation,
    Node,
    Number,
    VectorSelector,
    children,
)
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.promql.written import written

if TYPE_CHECKING:
    from collections.abc import Iterator

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A vector compared with a number, the vector on the left whichever way round it is written."""

    left: str
    operator: str
    threshold: float


def nodes(root: Node) -> Iterator[Node]:
    """An expression's parts, itself first, from left to right."""
    yield root
    for child in children(root):
        yield from nodes(child)


def selectors(expression: str) -> tuple[VectorSelector, ...]:
    """Every selector of series, from left to right, those inside ranges included. Raises QueryError."""
    return tuple(node for node in nodes(parse(expression)) if isinstance(node, VectorSelector))


def comparison(expression: str) -> Comparison | None:
    """The comparison of a vector with a number that the expression comes to at its top, None where it is none.

    Raises QueryError.
    """
    node = parse(expression)
    if not isinstance(node, Binary) or node.operator not in COMPARISONS or node.gives_bool:
        return None
    left, right = _constant(node.left), _constant(node.right)
    if right is not None and node.left.kind is ResultKind.VECTOR:
        return Comparison(written(node.left), node.operator, right)
    if left is not None and node.right.kind is ResultKind.VECTOR:
        return Comparison(written(node.right), MIRRORED[node.operator], left)
    return None


def _constant(node: Node) -> float | None:
    match node:
        case Number(value=value):
            return value
        case Negation(expression=Number(value=value)):
            return -value
        case Call(function="vector", arguments=(inner,)):
            return _constant(inner)
        case _:
            return None
