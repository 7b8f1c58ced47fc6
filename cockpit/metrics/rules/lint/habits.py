"""What can be told about rules without any series: doubles, and habits that lead to rules that mislead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.promql.describe import nodes
from cockpit.metrics.promql.nodes import (
    COMPARISONS,
    SET_OPERATORS,
    Aggregation,
    Binary,
    Call,
    MatrixSelector,
    Node,
    Subquery,
    VectorSelector,
)
from cockpit.metrics.promql.written import written
from cockpit.metrics.rules.findings import Finding, Severity
from cockpit.metrics.rules.lint.flow import names_kept
from cockpit.metrics.rules.model import AlertRule
from cockpit.metrics.rules.templates.render import labels_used
from cockpit.metrics.rules.templates.syntax import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.metrics.rules.model import Group, Pairs, Rule

    KindOf = Callable[[str], MetricKind]

_BY_NAME = ("_total", "_bucket")
_OF_COUNTERS = frozenset({"rate", "irate", "increase"})
_INDIFFERENT = frozenset({"absent", "timestamp", "count", "group"})
_FAILED = re.compile(r"(?P<before>.*_)?(?:failure|failures|failed|error|errors)(?P<after>_.*)?")
_SUCCEEDED = r"(?:success|successes|succeeded|successful|ok)"


def doubles(groups: Sequence[Group]) -> Iterator[Finding]:
    """Rules of the same kind, name and labels: they cannot be told apart."""
    seen: dict[tuple[type, str, frozenset[tuple[str, str]]], Rule] = {}
    for group in groups:
        for rule in group.rules:
            labels: Pairs = (*group.labels, *rule.labels)
            first = seen.setdefault((type(rule), rule.name, frozenset(dict(labels).items())), rule)
            if first is not rule:
                message = f"the same name and labels as the rule at {first.place}"
                mend = "give one another name or label"
                yield Finding(Severity.WARNING, "double", rule.place, message, mend, rule.name)


def habits(rule: Rule, tree: Node, kind_of: KindOf) -> Iterator[Finding]:
    """Findings about one rule; `kind_of` gives the types of metrics where they are known."""

    def warning(code: str, message: str, mend: str) -> Finding:
        return Finding(Severity.WARNING, code, rule.place, message, mend, rule.name)

    for selector in _read_as_they_are(tree):
        if _counts(selector.name, kind_of):
            text = written(selector)
            message = f"{selector.name} only ever grows until a restart"
            yield warning("counter", message, f"use rate({text[:60]}[5m]), or increase()")
    for call in nodes(tree):
        if isinstance(call, Call) and call.function in _OF_COUNTERS:
            for inner in call.arguments:
                if isinstance(inner, MatrixSelector) and kind_of(inner.vector.name) is MetricKind.GAUGE:
                    message = f"{call.function}() of {inner.vector.name}, which is a gauge"
                    yield warning("gauge", message, "use deriv() or delta(), or the gauge itself")
    for ratio in nodes(tree):
        if isinstance(ratio, Binary) and ratio.operator == "/" and ratio.matching:
            yield from _of_successes(ratio, warning)
    if isinstance(rule, AlertRule):
        yield from _of_alert(rule, tree, warning)


def _of_alert(rule: AlertRule, tree: Node, warning: Callable[[str, str, str], Finding]) -> Iterator[Finding]:
    if not _decides(tree):
        message = "no comparison: it fires whenever the series is there, even at 0"
        yield warning("always", message, "compare it with a threshold, like > 0")
    if not rule.for_seconds:
        message = "without for: one bad moment fires it"
        mend = "add for: 5m, or leave it if one moment is enough"
        yield Finding(Severity.INFO, "for", rule.place, message, mend, rule.name)
    kept = names_kept(tree)
    for where, text in (*rule.labels, *rule.annotations):
        try:
            used = labels_used(text)
        except TemplateError:
            # The check of the rule itself has said so.
            continue
        for name in sorted(used - (kept if kept is not None else used)):
            message = f"{where} uses $labels.{name}, which the expression has not: it is always empty"
            mend = f"add {name} to by (…), or take it out of the text"
            yield warning("label", message, mend)


def _read_as_they_are(tree: Node) -> Iterator[VectorSelector]:
    """The selectors whose values count as they are: not those of ranges, nor where only their presence matters."""
    match tree:
        case VectorSelector():
            yield tree
        case MatrixSelector() | Subquery():
            return
        case Call(function=name) | Aggregation(operator=name) if name in _INDIFFERENT:
            return
        case Binary(operator=operator, left=left, right=right):
            yield from _read_as_they_are(left)
            if operator != "unless":
                yield from _read_as_they_are(right)
        case Call(arguments=arguments):
            for each in arguments:
                yield from _read_as_they_are(each)
        case _:
            inner = getattr(tree, "expression", None)
            if inner is not None:
                yield from _read_as_they_are(inner)


def _counts(name: str, kind_of: KindOf) -> bool:
    kind = kind_of(name)
    return kind is MetricKind.COUNTER or (kind is MetricKind.UNKNOWN and name.endswith(_BY_NAME))


def _decides(tree: Node) -> bool:
    """Whether an expression answers only sometimes."""
    return any(
        (isinstance(node, Binary) and not node.gives_bool and node.operator in COMPARISONS | SET_OPERATORS)
        or (isinstance(node, Call) and node.function.startswith("absent"))
        for node in nodes(tree)
    )


def _of_successes(ratio: Binary, warning: Callable[[str, str, str], Finding]) -> Iterator[Finding]:
    """Failures divided by successes: 10 % of all is 11.1 % of these, and an outage divides by zero."""
    over = [each.name for each in nodes(ratio.left) if isinstance(each, VectorSelector)]
    under = [each.name for each in nodes(ratio.right) if isinstance(each, VectorSelector)]
    failed = _FAILED.fullmatch(over[0]) if len(over) == len(under) == 1 else None
    if failed is None:
        return
    success = rf"{re.escape(failed['before'] or '')}{_SUCCEEDED}{re.escape(failed['after'] or '')}"
    if re.fullmatch(success, under[0]):
        message = f"{over[0]} is divided by {under[0]}, the successes alone, and not by all"
        yield warning("ratio", message, "divide by the sum of failures and successes")
