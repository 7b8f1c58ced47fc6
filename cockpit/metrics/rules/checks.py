"""What is wrong with one rule by itself: its expression and its templates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.rules.findings import Finding, Severity
from cockpit.metrics.rules.model import AlertRule
from cockpit.metrics.rules.templates.render import check
from cockpit.metrics.rules.templates.syntax import FillError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.rules.model import Rule

_LOADABLE = frozenset({"unsupported", "limit"})
"""What Prometheus may take, though nobody can evaluate it here."""

SUPPORTED = "the raw text is shown; $labels, $value, if, with, printf and the humanize functions are supported"


def check_rule(rule: Rule) -> Iterator[Finding]:
    """Findings about the expression and, of an alert rule, the templates."""
    yield from _check_expression(rule)
    if isinstance(rule, AlertRule):
        for what, pairs in (("label", rule.labels), ("annotation", rule.annotations)):
            for name, text in pairs:
                yield from _check_template(rule, f"{what} {name}", text)


def _check_expression(rule: Rule) -> Iterator[Finding]:
    try:
        kind = parse(rule.expression).kind
    except QueryError as error:
        place = rule.place
        if error.position is not None and place.line:
            place = replace(place, line=place.line + rule.expression.count("\n", 0, error.position))
        at = "" if error.position is None else f", at {_around(rule.expression, error.position)}"
        mend = error.mend or "mend the expression"
        invalid = error.kind not in _LOADABLE
        yield Finding(Severity.ERROR, error.kind, place, f"{error}{at}", mend, rule.name, invalid)
        return
    if kind not in (ResultKind.VECTOR, ResultKind.SCALAR):
        message = f"a rule wants a vector or a scalar, and this is a {kind.value}"
        mend = (
            "wrap it in a function like rate()" if kind is ResultKind.MATRIX else "write an expression of series"
        )
        yield Finding(Severity.ERROR, "type", rule.place, message, mend, rule.name)


def _around(expression: str, position: int) -> str:
    rest = " ".join(expression[position : position + 40].split())
    return f"{rest[:24]!r}" if rest else "its end"


def _check_template(rule: AlertRule, where: str, text: str) -> Iterator[Finding]:
    try:
        check(text)
    except TemplateError as error:
        message = f"{where}: {error}"
        if error.word:
            yield Finding(Severity.WARNING, "template", rule.place, message, SUPPORTED, rule.name)
        else:
            invalid = not isinstance(error, FillError)
            yield Finding(Severity.ERROR, "template", rule.place, message, "mend the template", rule.name, invalid)
