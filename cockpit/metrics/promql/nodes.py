"""What an expression is made of: a small immutable tree. Parentheses leave no node, as they change no meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cockpit.metrics.engine import ResultKind
from cockpit.metrics.labels import NAME
from cockpit.metrics.matchers import Op

if TYPE_CHECKING:
    from cockpit.metrics.matchers import Matcher

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
SET_OPERATORS = frozenset({"and", "or", "unless"})


class Edge(Enum):
    """The ends of the range a query is asked for, as `@` names them."""

    START = "start()"
    END = "end()"


class Cardinality(Enum):
    """How many series of each side of a binary operator may belong together."""

    ONE_TO_ONE = "one-to-one"
    MANY_TO_ONE = "many-to-one"
    ONE_TO_MANY = "one-to-many"
    MANY_TO_MANY = "many-to-many"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a duration in seconds."""

    value: float
    kind: ResultKind = ResultKind.SCALAR


@dataclass(frozen=True, slots=True)
class String:
    """A string."""

    value: str
    kind: ResultKind = ResultKind.STRING


@dataclass(frozen=True, slots=True)
class VectorSelector:
    """Series by their labels, their name among them. `offset` and `at` are milliseconds, `at` since the epoch."""

    matchers: tuple[Matcher, ...]
    offset: int = 0
    at: int | Edge | None = None
    kind: ResultKind = ResultKind.VECTOR

    @property
    def name(self) -> str:
        """The metric it asks for, "" where it asks for none in particular."""
        return next((each.value for each in self.matchers if each.name == NAME and each.op is Op.EQUAL), "")


@dataclass(frozen=True, slots=True)
class MatrixSelector:
    """The samples of the last `range` milliseconds."""

    vector: VectorSelector
    range: int
    kind: ResultKind = ResultKind.MATRIX


@dataclass(frozen=True, slots=True)
class Subquery:
    """An expression evaluated over `range` milliseconds, every `step`; None is the default."""

    expression: Node
    range: int
    step: int | None
    offset: int = 0
    at: int | Edge | None = None
    kind: ResultKind = ResultKind.MATRIX


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    kind: ResultKind


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Many series made one a group. `labels` are those of `by`, or of `without` where that is set."""

    operator: str
    expression: Node
    parameter: Node | None = None
    labels: tuple[str, ...] = ()
    without: bool = False
    grouped: bool = False
    """Whether `by` or `without` is written, which `sum(x)` and `sum by () (x)` differ in."""
    kind: ResultKind = ResultKind.VECTOR


@dataclass(frozen=True, slots=True)
class Matching:
    """Which series of the two sides belong together: those that agree on `labels`, or but for them.

    `include` are the labels that group_left or group_right takes over from the "one" side.
    """

    cardinality: Cardinality = Cardinality.ONE_TO_ONE
    labels: tuple[str, ...] = ()
    on: bool = False
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions and the operator between them; `matching` is None unless both are vectors."""

    operator: str
    left: Node
    right: Node
    matching: Matching | None = None
    gives_bool: bool = False

    @property
    def kind(self) -> ResultKind:
        """A vector where either side is one."""
        scalar = self.left.kind is self.right.kind is ResultKind.SCALAR
        return ResultKind.SCALAR if scalar else ResultKind.VECTOR


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    expression: Node

    @property
    def kind(self) -> ResultKind:
        """The kind of what is negated."""
        return self.expression.kind


Node = Number | String | VectorSelector | MatrixSelector | Subquery | Call | Aggregation | Binary | Negation


def children(node: Node) -> tuple[Node, ...]:
    """The expressions directly below one, from left to right."""
    match node:
        case MatrixSelector(vector=vector):
            return (vector,)
        case Subquery(expression=inner) | Negation(expression=inner):
            return (inner,)
        case Call(arguments=arguments):
            return arguments
        case Aggregation(expression=inner, parameter=parameter):
            return (inner,) if parameter is None else (parameter, inner)
        case Binary(left=left, right=right):
            return (left, right)
        case _:
            return ()
