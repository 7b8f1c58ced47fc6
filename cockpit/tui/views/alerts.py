"""The alerts pane and the header's badge: every rule with its state, since when, and value against threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.metrics.picture import sample_time
from cockpit.metrics.alerts import AlertState, against
from cockpit.release.state import short_name
from cockpit.text import clean, duration, width
from cockpit.tui.lines import Line, Span, left, right, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.alerts import Alert
    from cockpit.tui.lines import Spans

MARKS = {
    AlertState.FIRING: ("▲", "bad bold"),
    AlertState.PENDING: ("△", "warn"),
    AlertState.BROKEN: ("✗", "warn"),
    AlertState.NO_DATA: ("?", "warn"),
    AlertState.INACTIVE: ("·", "muted"),
}
"""Shape and role by state, the gravest first. No data is a warning: nobody knows whether all is well."""

_STATE, _RULE = 10, 40
_INDENT, _SAID_LINES = 3, 3
"""What alerts mean stands beside them where all of it fits, else below, indented, in at most so many lines."""


class _Columns(NamedTuple):
    """Cells of each column, as wide as its longest text; 0 for one that is empty or left out."""

    state: int
    rule: int
    revision: int
    value: int
    since: int

    @property
    def cells(self) -> int:
        """All of them, with a space before each."""
        return sum(cells + 1 for cells in self if cells)


def by_gravity(alerts: Iterable[Alert]) -> list[Alert]:
    """The alerts, what fires first; among equals in the order of their rules."""
    order = list(MARKS)
    return sorted(alerts, key=lambda alert: order.index(alert.state))


def alert_lines(alerts: Sequence[Alert], snapshot: Snapshot, slots: Mapping[str, int], cells: int) -> list[Line]:
    """The alerts in columns: state, rule, revision, value against threshold, since when; and what each means."""
    columns = _columns(alerts, snapshot, cells)
    beside = all(columns.cells + 2 + width(_said(alert)) <= cells for alert in alerts)
    return [line for alert in alerts for line in _alert(alert, snapshot, slots, columns, 0 if beside else cells)]


def _columns(alerts: Sequence[Alert], snapshot: Snapshot, cells: int) -> _Columns:
    """What the alerts need; in too narrow a pane first the state's word goes, then since when, then the value."""

    def longest(texts: Iterable[str]) -> int:
        return max(map(width, texts), default=0)

    whole = _Columns(
        _STATE,
        min(_RULE, longest(clean(alert.rule) for alert in alerts)),
        longest(_revision(alert, snapshot) for alert in alerts),
        longest(against(alert) for alert in alerts),
        longest(_since(alert, snapshot) for alert in alerts),
    )
    marked = whole._replace(state=1)
    undated = marked._replace(since=0)
    bare = undated._replace(value=0)
    fitting = next((columns for columns in (whole, marked, undated, bare) if columns.cells <= cells), bare)
    return fitting._replace(rule=max(1, min(fitting.rule, fitting.rule + cells - fitting.cells)))


def _alert(
    alert: Alert, snapshot: Snapshot, slots: Mapping[str, int], columns: _Columns, below: int
) -> list[Line]:
    """One alert; what it means in lines of `below` cells below it, or beside it where that is 0."""
    mark, role = MARKS[alert.state]
    slot = slots.get(alert.revision)
    texts = (
        left(f"{mark} {alert.state.value}" if columns.state > 1 else mark, columns.state, role),
        left(clean(alert.rule), columns.rule, "bold" if alert.state is AlertState.FIRING else ""),
        left(_revision(alert, snapshot), columns.revision, "muted" if slot is None else f"revision-{slot + 1}"),
        right(against(alert), columns.value, role),
        right(_since(alert, snapshot), columns.since, "muted"),
    )
    spans = tuple(piece for text in texts if text.text for piece in (Span(" "), text))
    key = f"{alert.group}/{alert.rule}/{alert.labels}"
    said, role = _said(alert), "warn" if alert.problem else "muted"
    if not below:
        return [Line((*spans, Span("  "), Span(said, role)), key)]
    dated = " · ".join(filter(None, ("" if columns.since else _since(alert, snapshot), said)))
    pieces = wrap(dated, below - _INDENT)[:_SAID_LINES] if dated else []
    return [Line(spans, key), *(Line((Span(" " * _INDENT), Span(piece, role)), key) for piece in pieces)]


def _said(alert: Alert) -> str:
    """What an alert means, or why it cannot be judged; nothing while all is well."""
    return "" if alert.state is AlertState.INACTIVE else clean(alert.problem or alert.summary)


def badge(alerts: Iterable[Alert]) -> Spans:
    """What the header says: how many fire, else are pending, else cannot be judged; nothing where all is well."""
    states = [alert.state for alert in alerts]
    firing, pending = states.count(AlertState.FIRING), states.count(AlertState.PENDING)
    unknown = states.count(AlertState.NO_DATA) + states.count(AlertState.BROKEN)
    if firing:
        return (Span(f" ▲ {firing} alert{'s' if firing > 1 else ''} ", "bad reverse bold"),)
    if pending:
        return (Span(f"△ {pending} pending", "warn"),)
    return (Span(f"? {unknown} without data", "muted"),) if unknown else ()


def _revision(alert: Alert, snapshot: Snapshot) -> str:
    return clean(short_name(alert.revision, snapshot.ref.service)) if alert.revision else ""


def _since(alert: Alert, snapshot: Snapshot) -> str:
    if alert.since is None or alert.state is AlertState.INACTIVE:
        return ""
    return duration(max(0.0, sample_time(snapshot) - alert.since))
