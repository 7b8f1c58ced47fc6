"""Expressions as text again, in one line: what a pane shows of a part, or what a remote engine is asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, label_name, notation, quoted
from cockpit.metrics.matchers import Op
from cockpit.metrics.promql.durations import duration
from cockpit.metrics.promql.nodes import (
    Aggregation,
    Binary,
    Call,
    Cardinality,
    Edge,
    Matching,
    MatrixSelector,
    Negation,
    Node,
    Number,
    String,
    Subquery,
    VectorSelector,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def written(node: Node) -> str:
    """PromQL that parses to the same expression; operators inside operators are parenthesised."""
    match node:
        case Number(value=value):
            return _number(value)
        case String(value=value):
            return quoted(value)
        case VectorSelector():
            return _selector(node) + _modifiers(node)
        case MatrixSelector(vector=vector, range=length):
            return f"{_selector(vector)}[{duration(length)}]{_modifiers(vector)}"
        case Subquery(expression=inner, range=length, step=step):
            every = "" if step is None else duration(step)
            return f"{_operand(inner)}[{duration(length)}:{every}]{_modifiers(node)}"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(written, arguments))})"
        case Aggregation():
            return _aggregation(node)
        case Binary(operator=operator, left=left, right=right):
            return f"{_operand(left)} {operator}{_matching(node)} {_operand(right)}"
        case Negation(expression=inner):
            return f"-{_operand(inner)}"


def _number(value: float) -> str:
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return "NaN" if math.isnan(value) else f"{value!r}".removesuffix(".0")


def _operand(node: Node) -> str:
    inside = written(node)
    signed = isinstance(node, Number) and inside.startswith("-")
    return f"({inside})" if signed or isinstance(node, Binary | Negation) else inside


def _selector(node: VectorSelector) -> str:
    name = node.name if notation(((NAME, node.name),)) == node.name else ""
    shown = [each for each in node.matchers if not (name and each.name == NAME and each.op is Op.EQUAL)]
    body = ", ".join(f"{label_name(each.name)}{each.op.value}{quoted(each.value)}" for each in shown)
    return f"{name}{{{body}}}" if body or not name else name


def _modifiers(node: VectorSelector | Subquery) -> str:
    at = node.at.value if isinstance(node.at, Edge) else node.at if node.at is None else f"{node.at / 1000:.3f}"
    sign = "-" if node.offset < 0 else ""
    offset = f" offset {sign}{duration(abs(node.offset))}" if node.offset else ""
    return offset if at is None else f" @ {at}{offset}"


def _aggregation(node: Aggregation) -> str:
    keyword = "without" if node.without else "by"
    grouping = f" {keyword} {_labels(node.labels)} " if node.grouped else ""
    inside = [written(each) for each in (node.parameter, node.expression) if each is not None]
    return f"{node.operator}{grouping}({', '.join(inside)})"


def _matching(node: Binary) -> str:
    text = " bool" if node.gives_bool else ""
    matching = node.matching
    if matching is None or (matching == Matching(matching.cardinality) and not _groups(matching)):
        return text
    text += f" {'on' if matching.on else 'ignoring'} {_labels(matching.labels)}"
    if _groups(matching):
        side = "left" if matching.cardinality is Cardinality.MANY_TO_ONE else "right"
        text += f" group_{side} {_labels(matching.include)}"
    return text


def _groups(matching: Matching) -> bool:
    return matching.cardinality in (Cardinality.MANY_TO_ONE, Cardinality.ONE_TO_MANY)


def _labels(names: Iterable[str]) -> str:
    return f"({', '.join(map(label_name, names))})"
