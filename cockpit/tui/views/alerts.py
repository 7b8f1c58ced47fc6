"""The alerts pane and the header's badge: every rule with its state, since when, and value against threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.alerts import AlertState
from cockpit.release.state import short_name
from cockpit.text import clean, duration
from cockpit.tui.lines import Line, Span, left, right

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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

_STATE, _SINCE, _VALUE, _NAME = 8, 6, 22, 30
_ROOMY = 90


def by_gravity(alerts: Iterable[Alert]) -> list[Alert]:
    """The alerts, what fires first; among equals in the order of their rules."""
    order = list(MARKS)
    return sorted(alerts, key=lambda alert: order.index(alert.state))


def alert_line(alert: Alert, snapshot: Snapshot, slots: Mapping[str, int], cells: int) -> Line:
    """One alert: state, rule, revision, value against threshold, since when; what it means, if there is room."""
    mark, role = MARKS[alert.state]
    state = left(f"{mark} {alert.state.value}", _STATE + 2, role)
    name = left(clean(alert.rule), min(_NAME, max(12, cells - 50)), "bold" if role.startswith("bad") else "")
    spans: Spans = (Span(" "), state, Span(" "), name, Span(" "), *_revision(alert, snapshot, slots))
    since = right(_since(alert, snapshot), _SINCE, "muted")
    spans += (Span(" "), right(against(alert), _VALUE, role), Span(" "), since)
    said = alert.problem or alert.summary
    if said and cells >= _ROOMY:
        spans += (Span(f"  {clean(said)}", "warn" if alert.problem else "muted"),)
    return Line(spans, f"{alert.group}/{alert.rule}/{alert.labels}")


def against(alert: Alert) -> str:
    """The value against its threshold, as "0.148 > 0.1"; what is known of it."""
    if alert.value is None:
        return f"? {alert.comparison} {alert.threshold:.4g}" if alert.threshold is not None else ""
    if alert.threshold is None:
        return f"{alert.value:.4g}"
    return f"{alert.value:.4g} {alert.comparison} {alert.threshold:.4g}"


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


def _revision(alert: Alert, snapshot: Snapshot, slots: Mapping[str, int]) -> Spans:
    slot = slots.get(alert.revision)
    role = "muted" if slot is None else f"revision-{slot + 1}"
    return (left(clean(short_name(alert.revision, snapshot.ref.service)) if alert.revision else "", 10, role),)


def _since(alert: Alert, snapshot: Snapshot) -> str:
    if alert.since is None or alert.state is AlertState.INACTIVE:
        return ""
    return duration(max(0.0, snapshot.wall.timestamp() - alert.since))
