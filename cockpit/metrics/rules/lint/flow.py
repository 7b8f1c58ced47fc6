"""Which label sets an expression can answer, from those of the series it reads. Names of metrics are left aside.

None stands for label sets that cannot be told; an empty set for none at all, whatever the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.engine import ResultKind
from cockpit.metrics.labels import NAME, NOTHING, only, without
from cockpit.metrics.promql.nodes import (
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    Cardinality,
    Matching,
    MatrixSelector,
    Negation,
    Node,
    Subquery,
    VectorSelector,
)
from cockpit.metrics.rules.lint.known import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Collection

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.rules.lint.known import KnownSeries

Sets = frozenset[tuple[tuple[str, str], ...]] | None

_KEEP = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
_RELABEL = frozenset({"label_replace", "label_join", "info"})
_ABSENT = frozenset({"absent", "absent_over_time"})
_NO_LABELS = frozenset({"vector", "time"})


class Flow:
    """Follows label sets through expressions. `recorded` are metrics that rules make, of unknown labels."""

    def __init__(self, known: KnownSeries, recorded: Collection[str] = ()) -> None:
        self.known = known
        self._unknown = ALWAYS | frozenset(recorded)
        self._told: dict[Node, Sets] = {}

    def sets(self, node: Node) -> Sets:
        """The label sets an expression can answer."""
        if node not in self._told:
            self._told[node] = self._tell(node)
        return self._told[node]

    def _tell(self, node: Node) -> Sets:
        match node:
            case VectorSelector():
                return self._select(node)
            case MatrixSelector(vector=inner) | Subquery(expression=inner) | Negation(expression=inner):
                return self.sets(inner)
            case Call():
                return self._called(node)
            case Aggregation():
                return self._aggregated(node)
            case Binary():
                return self._combined(node)
            case _:
                return None

    def selected(self, selector: VectorSelector) -> Sets:
        """The label sets that a selector finds; None for a metric that is told about and has no series yet."""
        return self.sets(selector)

    def _select(self, selector: VectorSelector) -> Sets:
        name = selector.name
        if not name or name in self._unknown:
            return None
        found = self.known.sets(name)
        if not found and self.known.family(name):
            return None
        tested = [each for each in selector.matchers if each.name not in self.known.added | {NAME}]
        return frozenset(labels for labels in found if all(each.matches(labels) for each in tested))

    def is_made(self, metric: str) -> bool:
        """Whether rules or whoever evaluates them make this metric."""
        return metric in self._unknown

    def partners(self, join: Binary) -> tuple[Sets, Sets]:
        """What the two sides of a binary operator are matched by: the labels that have to agree."""
        matching = join.matching or Matching()
        return _keys(self.sets(join.left), matching), _keys(self.sets(join.right), matching)

    def _called(self, node: Call) -> Sets:
        if node.function in _RELABEL or node.function in _ABSENT:
            return None
        if node.function in _NO_LABELS or node.kind is ResultKind.SCALAR:
            return frozenset({NOTHING})
        series = [each for each in node.arguments if each.kind in (ResultKind.VECTOR, ResultKind.MATRIX)]
        if not series:
            return frozenset({NOTHING})
        found = self.sets(series[0])
        if node.function == "histogram_quantile" and found is not None:
            return frozenset(without(labels, ("le",)) for labels in found)
        return found

    def _aggregated(self, node: Aggregation) -> Sets:
        found = self.sets(node.expression)
        if found is None or node.operator in _KEEP:
            return found
        if node.operator == "count_values":
            return None
        drop = without if node.without else only
        return frozenset(drop(labels, node.labels) for labels in found)

    def _combined(self, node: Binary) -> Sets:
        if node.matching is None:
            return self.sets(node.left if node.left.kind is ResultKind.VECTOR else node.right)
        left, right = self.sets(node.left), self.sets(node.right)
        if node.operator == "unless":
            return left
        if node.operator == "or":
            return None if left is None or right is None else left | right
        keys, others = self.partners(node)
        if (left is not None and not left) or (right is not None and not right):
            return frozenset()
        if keys is None or others is None or left is None or right is None:
            return None
        if not keys & others:
            return frozenset()
        if node.operator in SET_OPERATORS:
            return frozenset(labels for labels in left if _key(labels, node.matching) in others)
        return None if node.matching.include else _joined(node.matching, left, right, keys & others)


def label_names(sets: Collection[Labels]) -> frozenset[str]:
    """Every label that one of the label sets has."""
    return frozenset(name for labels in sets for name, _ in labels)


def names_kept(node: Node) -> frozenset[str] | None:
    """The labels an expression can have at most, by what it is alone; None where that cannot be told."""
    match node:
        case Aggregation(operator=operator) if operator in _KEEP or operator == "count_values" or node.without:
            return names_kept(node.expression) if operator in _KEEP else None
        case Aggregation():
            return frozenset(node.labels)
        case Negation(expression=inner):
            return names_kept(inner)
        case Call(function=function) if function not in _RELABEL | _ABSENT:
            found = [names_kept(each) for each in node.arguments if each.kind is ResultKind.VECTOR]
            return found[0] if len(found) == 1 else None
        case Binary(matching=None):
            return names_kept(node.left if node.left.kind is ResultKind.VECTOR else node.right)
        case Binary(operator="or"):
            left, right = names_kept(node.left), names_kept(node.right)
            return None if left is None or right is None else left | right
        case Binary() if node.matching and not node.matching.include:
            return names_kept(node.right if node.matching.cardinality is Cardinality.ONE_TO_MANY else node.left)
        case _:
            return None


def _key(labels: Labels, matching: Matching) -> Labels:
    return only(labels, matching.labels) if matching.on else without(labels, matching.labels)


def _keys(sets: Sets, matching: Matching) -> Sets:
    if sets is None or not (matching.on or matching.labels):
        return sets
    return frozenset(_key(labels, matching) for labels in sets)


def _joined(matching: Matching, left: Collection[Labels], right: Collection[Labels], shared: Sets) -> Sets:
    if matching.cardinality is Cardinality.ONE_TO_ONE:
        return shared
    many = left if matching.cardinality is Cardinality.MANY_TO_ONE else right
    return frozenset(labels for labels in many if _key(labels, matching) in (shared or ()))
