"""The linter as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.promql.parse import parse
from cockpit.metrics.rules.lint.flow import Flow
from cockpit.metrics.rules.lint.habits import doubles, habits
from cockpit.metrics.rules.lint.reach import unreachable
from cockpit.metrics.rules.model import RecordRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cockpit.metrics.rules.findings import Finding
    from cockpit.metrics.rules.lint.known import KnownSeries
    from cockpit.metrics.rules.model import Group


def lint(groups: Sequence[Group], known: KnownSeries | None = None) -> tuple[Finding, ...]:
    """What can be told about rules that were read; with series also which of them can never fire.

    Expressions that are no PromQL are passed over: reading the file has said so.
    """
    found = [*doubles(groups), *_each(groups, known)]
    return tuple(sorted(found, key=lambda finding: (finding.place.file, finding.place.line)))


def _each(groups: Sequence[Group], known: KnownSeries | None) -> Iterator[Finding]:
    rules = [rule for group in groups for rule in group.rules]
    made = {rule.name for rule in rules if isinstance(rule, RecordRule)}
    flow = None if known is None else Flow(known, made)
    for rule in rules:
        try:
            tree = parse(rule.expression)
        except QueryError:
            continue
        yield from habits(rule, tree, (lambda _: MetricKind.UNKNOWN) if known is None else known.kind)
        if flow is not None:
            yield from unreachable(rule, tree, flow)
