"""What is asked for one alert rule at one moment: its expression, its value, and whether what it reads is there.

An alert's expression answers nothing when all is well, and nothing when nothing is measured. So the parts of it
that answer whatever their value are asked too: of `A > 5` that is `A`, of `A and B` both, of `A or B` either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.metrics.engine import Answer, ResultKind
from cockpit.metrics.promql.describe import Comparison, comparison, nodes
from cockpit.metrics.promql.nodes import COMPARISONS, Binary, Call, Node, children
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.promql.written import written
from cockpit.metrics.rules.model import RecordRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.metrics.engine import QueryError
    from cockpit.metrics.rules.model import Rule

    Outcomes = Mapping[str, Answer | QueryError]

_TAKE_AWAY = frozenset({"and", "unless"})
_ABSENT = frozenset({"absent", "absent_over_time"})


@dataclass(frozen=True, slots=True)
class Reads:
    """An expression that answers something wherever what it reads is there."""

    expression: str


@dataclass(frozen=True, slots=True)
class All:
    """Needs that must all be met."""

    parts: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Needs of which one must be met."""

    parts: tuple[Need, ...]


Need = Reads | All | Either


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for a rule. `compared` is the comparison at the top of its expression, if it is one; `steady`
    says that its left side answers something wherever what it reads is there."""

    expression: str
    compared: Comparison | None
    need: Need
    steady: bool = False

    @property
    def queries(self) -> tuple[str, ...]:
        """Every expression to be evaluated, at the same moment, each once, the rule's own first."""
        value = () if self.compared is None else (self.compared.left,)
        return tuple(dict.fromkeys((self.expression, *value, *_asked(self.need))))

    def missing(self, outcomes: Outcomes) -> tuple[str, ...]:
        """The expressions that answer nothing although the rule stands on them; none where enough is there."""
        return _missing(self.need, outcomes)


@lru_cache(1024)
def plan_of(rule: Rule) -> Plan:
    """What is asked for a rule; of a recording rule its expression alone. Raises QueryError."""
    if isinstance(rule, RecordRule):
        return Plan(rule.expression, None, All())
    compared = comparison(rule.expression)
    steady = compared is not None and not _filters(parse(compared.left))
    return Plan(rule.expression, compared, _need(parse(rule.expression)), steady)


def queries(rule: Rule) -> tuple[str, ...]:
    """Every expression that is evaluated for a rule, at the same moment. Raises QueryError."""
    return plan_of(rule).queries


def _need(node: Node) -> Need:
    if node.kind is ResultKind.VECTOR and not _filters(node):
        return Reads(written(node))
    match node:
        case Binary(operator="or", left=left, right=right):
            return Either((_need(left), _need(right)))
        case Binary(operator="unless", left=left):
            return _need(left)
        case Call(function=function) if function in _ABSENT:
            return All()
        case _:
            return All(tuple(_need(each) for each in children(node)))


def _filters(node: Node) -> bool:
    """Whether an expression may answer nothing although what it reads is there."""
    return any(
        (isinstance(each, Binary) and each.operator in COMPARISONS and not each.gives_bool)
        or (isinstance(each, Binary) and each.operator in _TAKE_AWAY)
        or (isinstance(each, Call) and each.function in _ABSENT)
        for each in nodes(node)
    )


def _asked(need: Need) -> Iterator[str]:
    if isinstance(need, Reads):
        yield need.expression
    else:
        for part in need.parts:
            yield from _asked(part)


def _missing(need: Need, outcomes: Outcomes) -> tuple[str, ...]:
    match need:
        case Reads(expression=expression):
            answer = outcomes.get(expression)
            return (expression,) if isinstance(answer, Answer) and not answer.samples else ()
        case All(parts=parts):
            return tuple(each for part in parts for each in _missing(part, outcomes))
        case Either(parts=parts):
            found = [_missing(part, outcomes) for part in parts]
            return () if any(not each for each in found) else tuple(each for part in found for each in part)
