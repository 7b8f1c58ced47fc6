"""The alerts pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import ALERTS
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot


class Alerts(Pane):
    """Every alert rule, what fires first."""

    NUMBER: ClassVar[int] = ALERTS
    NAME: ClassVar[str] = "Alerts"

    def picture(self, snapshot: Snapshot, slots: Mapping[str, int] | None = None) -> None:
        """Show the alerts of a snapshot; `slots` are the revisions' colours."""
        from cockpit.tui.views.alerts import alert_lines, by_gravity

        alerts = by_gravity(snapshot.metrics.alerts) if snapshot.metrics else []
        if alerts:
            self.draw(lambda size: alert_lines(alerts, snapshot, slots or {}, size.width))
        else:
            nothing = " no alert rules: [metrics] rules and groups in config.toml name them"
            self.draw(lambda _size: [Line((Span(nothing, "muted"),))])
        self.title()
        self.note_place()
