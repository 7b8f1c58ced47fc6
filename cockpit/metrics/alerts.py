"""How the alert rules stand: what the alerts pane, the header's badge and the headless commands show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels


class AlertState(Enum):
    """How an alert stands. NO_DATA: its expression reads series that are not there, so nobody knows; it is never
    shown as good. BROKEN: its expression could not be evaluated."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    NO_DATA = "no data"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: a rule, and the label set it fires for. A rule that fires for none is one alert too.

    `since` is the moment (epoch seconds) the state began, for PENDING and FIRING the moment the expression began
    to hold; `fires_at` when a pending one will fire. `value` is what the compared side of the expression came to,
    `threshold` the number it is compared with by `comparison` ("" and None where the rule is no plain comparison).
    `revision` is the one that causes it, "" where its labels name none. `problem` says what is missing or broken.
    """

    rule: str
    group: str
    state: AlertState
    labels: Labels = ()
    annotations: tuple[tuple[str, str], ...] = ()
    since: float | None = None
    fires_at: float | None = None
    value: float | None = None
    comparison: str = ""
    threshold: float | None = None
    expression: str = ""
    revision: str = ""
    problem: str = ""

    @property
    def severity(self) -> str:
        """The label by that name, "" where the rule gives none."""
        return next((value for name, value in self.labels if name == "severity"), "")

    @property
    def summary(self) -> str:
        """The annotation people read first: summary, else description, else ""."""
        found = dict(self.annotations)
        return found.get("summary") or found.get("description") or ""


def against(alert: Alert) -> str:
    """The value against its threshold, as "0.148 > 0.1"; what is known of it."""
    if alert.value is None:
        return f"? {alert.comparison} {alert.threshold:.4g}" if alert.threshold is not None else ""
    if alert.threshold is None:
        return f"{alert.value:.4g}"
    return f"{alert.value:.4g} {alert.comparison} {alert.threshold:.4g}"
