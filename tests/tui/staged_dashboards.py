"""Small dashboards in Grafana's JSON, and the staged cockpit with some of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from cockpit.tui.dashboard_sight import Sights
from tests.tui import staged
from tests.tui.staged_metrics import measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.dashboards.model import Dashboard
    from cockpit.metrics.engine import Engine
    from cockpit.tui.app import CockpitApp

FAILURES = "sum by (revision) (rate(memory_analysis_failure_total[1m]))"
SIZE = "sum(memory_analysis_cache_size)"
MISSING = "sum(rate(no_such_thing_total[1m]))"
BROKEN = "sum(rate(memory_analysis_failure_total[1m]"


def panel(kind: str, title: str, *expressions: str, at: tuple[int, int, int, int], **more: Any) -> dict[str, Any]:
    """One panel; `at` is x, y, w and h on the grid."""
    x, y, w, h = at
    targets = [
        {"refId": chr(65 + number), "expr": each, "legendFormat": "__auto"}
        for number, each in enumerate(expressions)
    ]
    return {"type": kind, "title": title, "gridPos": {"x": x, "y": y, "w": w, "h": h}, "targets": targets, **more}


def row(title: str, y: int, *panels: dict[str, Any], collapsed: bool = False) -> dict[str, Any]:
    """A headline; a collapsed one has its panels inside."""
    grid = {"x": 0, "y": y, "w": 24, "h": 1}
    return {"type": "row", "title": title, "gridPos": grid, "collapsed": collapsed, "panels": list(panels)}


def dashboard(*panels: dict[str, Any], title: str = "staged", **more: Any) -> Dashboard:
    """A dashboard over the last hour, read as from a file."""
    tree = {"title": title, "schemaVersion": 39, "time": {"from": "now-1h", "to": "now"}, "panels": list(panels)}
    return read_dashboard(json.dumps({**tree, **more}).encode())


def variable(name: str, *options: str, kind: str = "custom", **more: Any) -> dict[str, Any]:
    """A template variable, its first option chosen."""
    chosen = {"text": options[0], "value": options[0]} if options else {}
    return {"name": name, "type": kind, "query": ",".join(options), "current": chosen, **more}


def cockpit(engine: Engine, *dashboards: Dashboard, theme: str = "dark") -> CockpitApp:
    """The staged cockpit with an engine and dashboards."""
    app = staged.cockpit(measured(staged.healthy()), theme, engine=engine)
    app.sights = Sights(dashboards)
    return app


def overview() -> Dashboard:
    """A panel of most kinds: two that draw, one without data, one that fails, text, and a row that is folded."""
    return dashboard(
        panel("gauge", "Cache", SIZE, at=(0, 0, 6, 5), fieldConfig=_field(max=200, thresholds=_steps())),
        panel("stat", "Size", SIZE, at=(6, 0, 6, 5)),
        panel("stat", "Nothing", MISSING, at=(12, 0, 6, 5)),
        panel("text", "", at=(18, 0, 6, 5), options={"mode": "markdown", "content": "# Read me\n- one\n- two"}),
        panel("timeseries", "Failures", FAILURES, at=(0, 5, 12, 8)),
        panel("timeseries", "Broken", BROKEN, at=(12, 5, 12, 8)),
        row("More", 13, panel("bargauge", "Bars", FAILURES, at=(0, 14, 24, 6)), collapsed=True),
    )


def _field(**defaults: Any) -> dict[str, Any]:
    return {"defaults": defaults, "overrides": []}


def _steps(*steps: Sequence[Any]) -> dict[str, Any]:
    named = steps or ((None, "green"), (100, "yellow"), (150, "red"))
    return {"mode": "absolute", "steps": [{"value": value, "color": colour} for value, colour in named]}


def hostile(text: str) -> Dashboard:
    """A panel of every kind in which everything that a file can say is the text."""
    field = _field(
        unit=f"suffix:{text}",
        displayName=f"{text}${{__field.name}}",
        noValue=text,
        mappings=[{"type": "range", "options": {"from": 0, "to": 0.5, "result": {"text": text, "color": text}}}],
        color={"mode": "fixed", "fixedColor": text},
    )
    kinds = ("timeseries", "stat", "gauge", "bargauge", "piechart", "heatmap", "table", text)
    drawn = [
        panel(kind, f"{kind}{text}", "x", at=(number % 4 * 6, number // 4 * 6, 6, 6), fieldConfig=field)
        for number, kind in enumerate(kinds)
    ]
    written = [
        panel("text", text, at=(x, 12, 12, 4), options={"mode": mode, "content": f"# {text}\n- {text}\n\n{text}"})
        for x, mode in ((0, "markdown"), (12, "html"))
    ]
    choice = variable(f"v{text}", f"a{text}", "b", label=text, description=text, multi=True)
    return dashboard(
        *drawn, *written, row(text, 16, drawn[0], collapsed=True), title=text, templating={"list": [choice]}
    )
