"""The questions of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.model import Target, TargetFormat

if TYPE_CHECKING:
    from cockpit.metrics.dashboards.reading.parts import Part
    from cockpit.metrics.dashboards.reading.sources import Sources

_MOST_TARGETS = 100
_FORMATS = {each.value: each for each in TargetFormat}


def read_targets(panel: Part, sources: Sources) -> tuple[Target, ...]:
    """The questions of a panel, also those that cannot be asked here, which say why."""
    of_panel = sources.missing(panel["datasource"])
    targets = []
    for at, item in enumerate(panel.objects("targets")):
        if at >= _MOST_TARGETS:
            item.notes.add(
                item.place, f"more than {_MOST_TARGETS} targets; the rest is not read", "make another panel"
            )
            break
        own = sources.missing(item["datasource"]) if "datasource" in item else of_panel
        targets.append(_target(item, own, at))
    return tuple(target for target in targets if target.expression or target.missing)


def _target(item: Part, missing: str, at: int) -> Target:
    expression = item.text("expr").strip()
    instant = item.flag("instant")
    if not missing and not expression and _asks_otherwise(item):
        missing = "a question that is not PromQL"
    return Target(
        ref=item.text("refId") or chr(ord("A") + at % 26),
        expression=expression,
        legend=item.text("legendFormat"),
        instant=instant,
        range=item.flag("range") or not instant,
        format=_FORMATS.get(item.text("format"), TargetFormat.TIME_SERIES),
        min_step=item.text("interval").strip(),
        interval_factor=item.whole("intervalFactor", 1, least=1, most=1000),
        hidden=item.flag("hide"),
        missing=missing,
        place=item["expr"].place,
    )


def _asks_otherwise(item: Part) -> bool:
    """Whether it asks something in the language of another data source; else it was never filled in."""
    return any(key in item for key in ("rawSql", "query", "target", "metricQuery", "scenarioId"))
