"""Text to tree, by the Rust parser that `promql-parser` binds, with its errors as QueryError."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import promql_parser as library

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.labels import NAME
from cockpit.metrics.matchers import Matcher, Op, RegexError
from cockpit.metrics.promql.durations import LONGEST_RANGE, check_durations, too_long
from cockpit.metrics.promql.functions.unsupported import refuse_unsupported
from cockpit.metrics.promql.mends import mend_of
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
from cockpit.metrics.promql.scope import moment
from cockpit.metrics.promql.spelling import respelled
from cockpit.metrics.promql.tokens import is_operator, misplaced, tokens, unbalanced

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 32_768
"""Characters of an expression."""

MOST_NESTED = 250
"""Operators and brackets of an expression: beyond a few thousand the parser overruns its thread's stack."""

_PANICS = "pyo3_runtime"
"""Where the class is from that a panic of the parser raises. It is no Exception, so that no caller would be ready
for it; it cannot be imported."""

_TYPE_ERROR = re.compile(r"expected|allowed|must|only")
_FUNCTION = re.compile(r"(?:function|call to|name) '(\w+)'")
_AT = re.compile(r"@ (\d+\.\d{3})(?: offset \S+)?$")
# The binding's enumerations cannot be hashed, so they go by their names.
_OPS = {
    "MatchOp.Equal": Op.EQUAL,
    "MatchOp.NotEqual": Op.NOT_EQUAL,
    "MatchOp.Re": Op.REGEX,
    "MatchOp.NotRe": Op.NOT_REGEX,
}
_CARDINALITIES = {
    "VectorMatchCardinality.OneToOne": Cardinality.ONE_TO_ONE,
    "VectorMatchCardinality.ManyToOne": Cardinality.MANY_TO_ONE,
    "VectorMatchCardinality.OneToMany": Cardinality.ONE_TO_MANY,
    "VectorMatchCardinality.ManyToMany": Cardinality.MANY_TO_MANY,
}
_KINDS = {
    "ValueType.Scalar": ResultKind.SCALAR,
    "ValueType.Vector": ResultKind.VECTOR,
    "ValueType.Matrix": ResultKind.MATRIX,
    "ValueType.String": ResultKind.STRING,
}


@lru_cache(1024)
def parse(expression: str) -> Node:
    """The tree of an expression.

    Raises QueryError: "syntax", "type", "unsupported" for what is experimental in Prometheus, "limit" for one
    that is too long or too deep, or looks too far away.
    """
    _check_size(expression)
    _check_functions(expression)
    check_durations(expression)
    try:
        parsed = library.parse(respelled(expression))
    except ValueError as error:
        raise _refused(expression, str(error)) from None
    except OverflowError:
        raise too_long() from None
    except BaseException as error:
        if type(error).__module__ != _PANICS:
            raise
        raise QueryError("the parser gives up on this expression", "syntax", "write it another way") from None
    return _node(parsed)


def _check_size(expression: str) -> None:
    nested = sum(token.kind == "open" or is_operator(token) for token in tokens(expression[: LONGEST + 1]))
    if len(expression) > LONGEST or nested > MOST_NESTED:
        mend = f"use at most {MOST_NESTED} operators and brackets and {LONGEST:,} characters"
        raise QueryError("the expression is too long or nests too deeply", "limit", mend)


def _check_functions(expression: str) -> None:
    pieces = list(tokens(expression))
    for before, token, after in zip([None, *pieces], pieces, pieces[1:], strict=False):
        if token.kind == "word" and after.text == "(" and not (before and before.text == "@"):
            refuse_unsupported(token.text, token.at)


def _refused(expression: str, message: str) -> QueryError:
    """The parser's words, with the place in the expression where it can be known."""
    named = _FUNCTION.search(message)
    position: int | None
    if "invalid promql query" in message:
        position = misplaced(expression)
        rest = expression[position:].split()
        shown = repr(rest[0][:20]) if rest else "end of the expression"
        return QueryError(f"unexpected {shown}", "syntax", position=position)
    if "unclosed" in message or "unexpected right" in message:
        position = unbalanced(expression)
    elif "unexpected end" in message or "no expression" in message:
        position = len(expression)
    elif named:
        position = _word(expression, named[1])
    elif "unexpected character" in message:
        position = next((token.at for token in tokens(expression) if token.kind == "other"), None)
    else:
        position = _quoted_part(expression, message)
    kind = "type" if _TYPE_ERROR.search(message) and "unexpected" not in message else "syntax"
    return QueryError(message, kind, mend_of(message), position)


def _word(expression: str, name: str) -> int | None:
    return next((token.at for token in tokens(expression) if token.text == name), None)


def _quoted_part(expression: str, message: str) -> int | None:
    """Where the expression has what the message quotes at its end."""
    part = re.search(r"(?:'([^']+)'[^']*|illegal regex for (.+)|string: (.+))$", message)
    found = expression.find(next(filter(None, part.groups()))) if part else -1
    return found if found >= 0 else None


def _node(parsed: Any) -> Node:
    return _MAKERS[type(parsed)](parsed)


def _selector(parsed: Any) -> VectorSelector:
    if parsed.matchers.or_matchers:
        raise QueryError('"or" between label matchers is not PromQL', "syntax", "use =~ or the operator or")
    named = (Matcher(NAME, Op.EQUAL, parsed.name),) if parsed.name else ()
    try:
        matchers = tuple(Matcher(each.name, _OPS[repr(each.op)], each.value) for each in parsed.matchers.matchers)
    except RegexError as error:
        raise QueryError(str(error), "syntax") from None
    return VectorSelector(named + matchers, _duration(parsed.offset), _at(parsed))


def _matrix(parsed: Any) -> MatrixSelector:
    return MatrixSelector(_selector(parsed.vector_selector), _duration(parsed.range))


def _subquery(parsed: Any) -> Subquery:
    step = None if parsed.step is None else _duration(parsed.step)
    return Subquery(_node(parsed.expr), _duration(parsed.range), step, _duration(parsed.offset), _at(parsed))


def _duration(span: timedelta | None) -> int:
    milliseconds = 0 if span is None else span // timedelta(milliseconds=1)
    if abs(milliseconds) > LONGEST_RANGE:
        raise too_long()
    return milliseconds


def _at(parsed: Any) -> int | Edge | None:
    modifier = parsed.at
    if modifier is None:
        return None
    if modifier.type == library.AtModifierType.Start:
        return Edge.START
    if modifier.type == library.AtModifierType.End:
        return Edge.END
    # The binding panics on a moment before 1970 and overflows after 9999; its text does neither.
    written = _AT.search(parsed.prettify())
    return moment(round(float(written[1]) * 1000)) if written else 0


def _call(parsed: Any) -> Call:
    arguments = tuple(_node(argument) for argument in parsed.args)
    return Call(parsed.func.name, arguments, _KINDS[repr(parsed.func.return_type)])


def _aggregation(parsed: Any) -> Aggregation:
    operator = str(parsed.op)
    if operator in ("limitk", "limit_ratio"):
        mend = "query an engine that has it enabled"
        raise QueryError(f"{operator}() is experimental in Prometheus and not supported here", "unsupported", mend)
    modifier = parsed.modifier
    labels = tuple(modifier.labels) if modifier else ()
    without = modifier is not None and modifier.type == library.AggModifierType.Without
    parameter = None if parsed.param is None else _node(parsed.param)
    return Aggregation(operator, _node(parsed.expr), parameter, labels, without, modifier is not None)


def _binary(parsed: Any) -> Binary:
    left, right, modifier = _node(parsed.lhs), _node(parsed.rhs), parsed.modifier
    matching = None
    if left.kind is right.kind is ResultKind.VECTOR:
        matching = Matching() if modifier is None else _match(modifier)
    return Binary(str(parsed.op), left, right, matching, modifier is not None and modifier.return_bool)


def _match(modifier: Any) -> Matching:
    if modifier.fill_values.lhs is not None or modifier.fill_values.rhs is not None:
        raise QueryError("fill is experimental in Prometheus and not supported here", "unsupported")
    labels = tuple(modifier.matching.labels) if modifier.matching else ()
    on = modifier.matching is not None and modifier.matching.type == library.LabelModifierType.Include
    return Matching(_CARDINALITIES[repr(modifier.card)], labels, on, tuple(modifier.group_labels or ()))


_MAKERS: dict[type, Callable[[Any], Node]] = {
    library.NumberLiteral: lambda parsed: Number(parsed.val),
    library.StringLiteral: lambda parsed: String(parsed.val),
    library.ParenExpr: lambda parsed: _node(parsed.expr),
    library.UnaryExpr: lambda parsed: Negation(_node(parsed.expr)),
    library.VectorSelector: _selector,
    library.MatrixSelector: _matrix,
    library.SubqueryExpr: _subquery,
    library.Call: _call,
    library.AggregateExpr: _aggregation,
    library.BinaryExpr: _binary,
}
