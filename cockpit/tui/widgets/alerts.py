"""The alerts pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import ALERTS
from cockpit.tui.lines import told
from cockpit.tui.widgets.framed import Pictured
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot

NO_RULES = "no alert rules: [metrics] rules and groups in config.toml name them"


class Alerts(Pane, Pictured):
    """Every alert rule, what fires first."""

    NUMBER: ClassVar[int] = ALERTS
    NAME: ClassVar[str] = "Alerts"

    def picture(self, snapshot: Snapshot, slots: Mapping[str, int]) -> None:
        """Show the alerts of a snapshot; `slots` are the revisions' colours."""
        from cockpit.tui.views.alerts import alert_lines, by_gravity
        from cockpit.tui.views.signal_reasons import absence

        alerts = by_gravity(snapshot.metrics.alerts) if snapshot.metrics else []
        if alerts:
            self.draw(lambda size: alert_lines(alerts, snapshot, slots, size.width))
        else:
            nothing = [NO_RULES] if snapshot.metrics else absence(snapshot)
            self.draw(lambda size: told(nothing, size.width))
        self.title()
        self.note_place()
