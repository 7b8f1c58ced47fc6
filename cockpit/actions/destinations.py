"""The screens that can be asked for by name, and the actions that lead to each from the cockpit as it starts."""

from __future__ import annotations

from cockpit.actions.panes import PANES

DESTINATIONS: dict[str, tuple[str, ...]] = {
    "cockpit": (),
    "chart": ("whole_chart",),
    "logs": ("whole_logs",),
    "dashboards": ("dashboards",),
    "fleet": ("fleet",),
    "metrics": ("metrics",),
    "promql": ("promql",),
    "detail": ("detail",),
    "help": ("help",),
} | {
    name.lower().replace(" ", "-"): (f"pane_{number}", "whole_pane")
    for number, name, _ in PANES
    if name not in {"Chart", "Logs"}
}
